"""The proof of an entity's ledger, from its entries, its batches and their files alone; nothing is put right here.

entries     each balances; none is missing, none is there twice; no account is on its wrong side in the end
closings    what was kept when a period was closed is what its entries make
batches     numbers without gaps; each has what was hashed, no entry is in two live ones, each entry knows its batch
files       each has its SHA-256, and its amounts sum up to the batch's
deductions  what batches have and what is ready of each is what the ledger says that finance is to have

Whatever looks wrong while others write is looked at once more before it counts.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from chalicelib.adapters import archive, mappings, objects
from chalicelib.domain.money.batch import Batch, State
from chalicelib.domain.money.content import Counting
from chalicelib.domain.money.entry import IN, READY, Shown
from chalicelib.domain.money.ledger import (
    CLAIMS,
    CREDIT,
    DEBIT_SIDE,
    FIRM,
    RECEIVABLE,
    RECOVERED,
    REFUND_DUE,
    REVERSED,
    WRITTEN_OFF,
    Posting,
    faults_of,
    following,
)
from chalicelib.services.money import contents, reporting
from chalicelib.services.record import record
from chalicelib.store import batches, entries, ledger, periods

AHEAD = 13  # months behind the last known one in which an entry may lie
PAGE = 200


@dataclass(frozen=True, slots=True)
class Wrong:
    """`about`: a deduction, batch, period or file; `what`: as `language.ledger` says it; `more`: what else."""

    about: str
    what: str
    more: str = ""


@dataclass(slots=True)
class Project:
    """What the ledger says of a project, in fen."""

    entity: str
    project: str
    deductions: int = 0
    approved: int = 0
    reversed: int = 0
    recovered: int = 0
    written_off: int = 0
    left: int = 0
    refund_due: int = 0
    exported: int = 0
    wrong: int = 0


@dataclass(slots=True)
class Proof:
    entity: str
    entries: int = 0
    batches: int = 0
    projects: dict[str, Project] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)

    def project(self, name: str) -> Project:
        return self.projects.setdefault(name, Project(self.entity, name))


@dataclass(slots=True)
class _Account:
    """What the entries say of a deduction."""

    project: str
    number: str = ""
    balances: Counter[str] = field(default_factory=Counter)
    versions: set[int] = field(default_factory=set)
    was_firm: bool = False
    faults: set[str] = field(default_factory=set)

    def take(self, entry: Posting) -> None:
        if entry.version in self.versions:
            self.faults.add("twice")
        self.versions.add(entry.version)
        self.faults |= {fault for fault in faults_of([entry]) if fault in ("unbalanced", "no_amount")}
        self.number = entry.number or self.number
        for line in entry.lines:
            self.balances[line.account] += line.fen if line.side == DEBIT_SIDE else -line.fen
            self.was_firm |= line.account == FIRM

    @property
    def to_have(self) -> int:
        """What finance is to have of it."""
        return -self.balances[CLAIMS] - self.balances[REVERSED] - self.balances[WRITTEN_OFF] if self.was_firm else 0

    def found(self) -> set[str]:
        wrong = any(fen > 0 if account in CREDIT else fen < 0 for account, fen in self.balances.items())
        found = {"wrong_side": wrong, "unbalanced": bool(sum(self.balances.values()))}
        return self.faults | {what for what, so in found.items() if so}


def check(entity: str) -> Proof:
    """The proof of an entity's ledger. Reads all of its entries and batches, and every file of these."""
    proof = Proof(entity)
    accounts = _entries(proof)
    had = _batches(proof)
    ready = Counter[str]()
    for shown in _ready(entity):
        ready[shown.deduction] += shown.fen
    for deduction in sorted({*accounts, *had, *ready}):
        one = accounts.get(deduction) or _Account("")
        faults = one.found()
        if had[deduction] + ready[deduction] != one.to_have and not _agrees(entity, deduction):
            faults.add("differ")
        project = proof.project(one.project)
        _add(project, one, had[deduction])
        project.wrong += len(faults)
        proof.wrong += [Wrong(one.number or deduction, fault) for fault in sorted(faults)]
    return proof


def _entries(proof: Proof) -> dict[str, _Account]:
    """Every entry of an entity, by deduction; the closings on the way."""
    seen = periods.of(proof.entity)
    accounts: dict[str, _Account] = {}
    period, last = seen.first, max((seen.closed, *seen.states), default="")
    ahead = AHEAD
    while period and (period <= last or proof.entries < seen.entries) and ahead:
        ahead -= period > last
        for entry in ledger.entries(proof.entity, period):
            proof.entries += 1
            accounts.setdefault(entry.deduction, _Account(entry.project)).take(entry)
        kept = ledger.closing(proof.entity, period) if seen.states.get(period) == periods.CLOSED else None
        if kept is not None and kept != reporting.closing(proof.entity, period, fresh=True):
            proof.wrong.append(Wrong(period, "closing_differs"))
        period = following(period)
    if proof.entries < seen.entries:
        proof.wrong.append(Wrong(proof.entity, "missing", str(seen.entries - proof.entries)))
    if proof.entries > seen.entries and proof.entries > periods.of(proof.entity).entries:
        proof.wrong.append(Wrong(proof.entity, "too_many", str(proof.entries - seen.entries)))
    return accounts


def _batches(proof: Proof) -> Counter[str]:
    """Every batch; fen by deduction that live ones have."""
    had: Counter[str] = Counter()
    of: dict[str, str] = {}  # entry → the live batch that has it
    sequences: dict[int, list[int]] = defaultdict(list)
    for one in _numbered(proof.entity):
        proof.batches += 1
        year, _, sequence = one.number.partition("-B-")[2].partition("-")
        sequences[int(year)].append(int(sequence))
        counting = Counting()
        for entry in counting.through(contents.of(one)):
            if one.live:
                had[entry.deduction] += entry.fen
                if entry.ref in of:
                    proof.wrong.append(Wrong(entry.ref, "in_two", f"{of[entry.ref]}, {one.number}"))
                of[entry.ref] = one.number
        tally = counting.tally()
        if (tally.hash, tally.count, tally.fen) != (one.hash, one.count, one.fen):
            proof.wrong.append(Wrong(one.number, "content_differs"))
        proof.wrong += [*_claims(one), *_files(one)]
    for in_year, found in sequences.items():
        if sorted(found) != list(range(1, len(found) + 1)):
            proof.wrong.append(Wrong(f"{proof.entity}-B-{in_year}", "gap"))
    return had


def _numbered(entity: str) -> Iterator[Batch]:
    start = None
    while True:
        listed, start = batches.listed(entity, limit=PAGE, start=start)
        for line in listed:
            yield record.load(line.id, consistent=True)
        if not start:
            return


def _claims(one: Batch) -> Iterator[Wrong]:
    """Whether each entry of a live batch knows that it is there."""
    if not one.live or one.state is State.COUNTERING:
        return
    mine = IN + one.id.partition("#")[2]
    for part in batches.plan(one.id):
        got = part.got()
        for first in range(0, len(got), entries.SLICE):
            for ref, state in entries.states(got[first : first + entries.SLICE]).items():
                if state != mine and entries.state(ref) != mine:
                    yield Wrong(f"{ref[0]}/{ref[1]}", "elsewhere", one.number)


def _files(one: Batch) -> Iterator[Wrong]:
    """Whether each file is what was noted, and its amounts are the batch's."""
    for file in one.files:
        try:
            content = archive.read(file.key, file.size)
        except objects.Absent:
            yield Wrong(file.name, "file_absent")
            continue
        if hashlib.sha256(content).hexdigest() != file.sha256:
            yield Wrong(file.name, "file_changed")
        elif file.name.endswith(".csv") and _summed(content, file.name, one) != one.fen:
            yield Wrong(file.name, "file_sum")


def _summed(content: bytes, name: str, one: Batch) -> int:
    """Fen of a CSV: of its gross amounts, or of the debit side of its vouchers."""
    layout = mappings.layout(name.removeprefix(f"{one.number}-").removesuffix(".csv"))
    column = next((c.name for c in layout.columns if c.field in ("gross", "debit")), "")
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return sum(int(Decimal(row[column]) * 100) for row in rows) if column else one.fen


def _ready(entity: str) -> Iterator[Shown]:
    start = None
    while True:
        lines, start = entries.page(entity, limit=PAGE, start=start)
        yield from lines
        if not start:
            return


def _agrees(entity: str, deduction: str) -> bool:
    """Whether a deduction is right when it is read once more, all of it at once."""
    again = _Account("")
    seen = periods.of(entity)
    period, last = seen.first, max((seen.closed, *seen.states), default="")
    for _ in range(AHEAD + len(seen.states) + 600):
        if not period or period > following(following(last or period)):
            break
        for entry in ledger.entries_of(entity, period, deduction):
            again.take(entry)
        period = following(period)
    there = entries.of_deduction(again.number) if again.number else []
    counted = sum(shown.fen for shown, state in there if state == READY or state.startswith(IN))
    return counted == again.to_have


def _add(project: Project, one: _Account, exported: int) -> None:
    project.deductions += 1
    project.approved -= one.balances[CLAIMS]
    project.reversed += one.balances[REVERSED]
    project.written_off += one.balances[WRITTEN_OFF]
    project.recovered += sum(fen for a, fen in one.balances.items() if a.startswith(f"{RECOVERED}:"))
    project.left += sum(one.balances[account] for account in RECEIVABLE)
    project.refund_due -= one.balances[REFUND_DUE]
    project.exported += exported
