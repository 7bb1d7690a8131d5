"""Settlements come back from finance's system by file: checked as a whole, then booked, each row once.

checked   every row: the deduction is this entity's and was exported; the period is open; not more is recovered than is
          left, nor refunded than is due; whoever brings it sealed no batch that has the deduction
booked    a row is a move of its deduction under a key of voucher, deduction and source: sent again it changes nothing

Nothing is booked where anything is at fault. Cut off half-way, the same file goes on where it stopped: of one that was
found sound before, what is at fault by now is left out, and named. A row of what was found sound is read as it is
booked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.adapters.ooxml import NotAWorkbook
from chalicelib.adapters.workbook import open_book
from chalicelib.domain.money.batch import PREFIX, Batch, may_finance
from chalicelib.domain.money.entry import IN
from chalicelib.domain.record.command import MARKED, Command
from chalicelib.domain.record.errors import NotAllowed, Refused
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.reference import reference
from chalicelib.domain.register.faults import Fault, Remark, TooMany
from chalicelib.domain.register.settlements import MOST, REFUNDED, SETTLED, SHEET, Settled, SettlementReader, amiss
from chalicelib.services.loading.known import Stored, policy_numbers
from chalicelib.services.record import record
from chalicelib.store import entries, periods

MOVES = {REFUNDED: "refund"}
Faults = list[Fault]


@dataclass(slots=True)
class Settlement:
    """`rows` of the file, `booked` now, `known` from before. `faults`: nothing was booked. `unread`: it is no table.

    `stopped`: time was out before the last one.
    """

    rows: int = 0
    booked: int = 0
    known: int = 0
    faults: Faults = field(default_factory=list)
    more_faults: bool = False
    unread: Remark | None = None
    stopped: bool = False

    @property
    def too_long(self) -> bool:
        """Whether it has more rows than are booked while somebody waits."""
        return any(fault.reason == "too_many_rows" for fault in self.faults)


Goes = Callable[[Settlement], bool]


def settle(
    entity: str,
    content: bytes,
    name: str,
    by: Actor,
    at: datetime,
    *,
    write: bool = True,
    sound: bool = False,
    most: int = MOST,
    goes_on: Goes = lambda done: True,
) -> Settlement:
    """Check a file (CSV or XLSX, by its `name`, of `most` rows) and book its rows, as long as `goes_on`.

    `sound`: all of it was, when it was checked before: rows that are at fault by now keep no other from being booked.
    May run again: what is booked is known. Raises NotAllowed, Busy.
    """
    if not may_finance(by.role):
        raise NotAllowed("not_allowed")
    done, rows = _read(content, name, most)
    if done.faults or done.unread:
        return done
    number = hashlib.sha256(content).hexdigest()[:16]
    return book(entity, rows, by, at, settlement=number, write=write, sound=sound, goes_on=goes_on)


def post(entity: str, rows: Sequence[Settled], by: Actor, at: datetime) -> Settlement:
    """Check rows that came without a file, as those of a file are, and book them. May run again. Raises NotAllowed,
    Busy."""
    done, seen = Settlement(rows=len(rows)), dict[str, int]()
    for row in rows:
        if wrong := amiss(row, seen):
            column, reason, more = wrong
            done.faults.append(Fault(SHEET.name, row.row, column, reason, more))
        seen.setdefault(row.key, row.row)
    return done if done.faults else book(entity, rows, by, at)


def book(
    entity: str,
    rows: Sequence[Settled],
    by: Actor,
    at: datetime,
    *,
    settlement: str = "",
    write: bool = True,
    sound: bool = False,
    goes_on: Goes = lambda done: True,
) -> Settlement:
    """Check rows as a whole and book them. `sound`: see `settle`. May run again. Raises NotAllowed, Busy."""
    if not may_finance(by.role):
        raise NotAllowed("not_allowed")
    done = Settlement(rows=len(rows))
    found: Iterable[tuple[Settled, str]] = _checked(entity, rows, by, done)
    if not (sound and write):  # what is sound row by row is booked row by row, and a run reads no more than it books
        found = list(found)
        if done.faults or not write:
            return done
    for row, deduction in found:
        if not goes_on(done):
            done.stopped = True
            break
        facts = {
            "voucher": row.voucher,
            "posted": row.posted.isoformat(),
            "period": row.period,
            "source": row.source,
            "fen": row.fen,
            "application": row.application,
            "settlement": settlement,
        }
        move = Command(MOVES.get(row.kind, "recover"), by, facts, key=row.key, correlation=row.key, mark=_mark(row))
        try:
            record.perform(move, deduction, at)
        except Refused as refused:  # somebody moved it since it was checked
            done.faults.append(Fault(SHEET.name, row.row, "", "settled_meanwhile", {"why": refused.reason}))
            continue
        done.booked += 1
    return done


def _read(content: bytes, name: str, most: int) -> tuple[Settlement, list[Settled]]:
    done = Settlement()
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"settlements{Path(name).suffix.lower() or '.csv'}"
        path.write_bytes(content)
        try:
            reader = SettlementReader(open_book(path), Stored(), policy_numbers())
            rows = list(_all(reader, done, most))
        except NotAWorkbook as fault:
            done.unread = fault.remark
            return done, []
    done.faults = reader.faults
    if not rows and not done.faults:
        done.faults.append(Fault(SHEET.name, 0, "", "nothing"))
    return done, rows


def _all(reader: SettlementReader, done: Settlement, most: int) -> Iterable[Settled]:
    try:
        yield from reader.settled(most)
    except TooMany:
        done.more_faults = True


def _checked(entity: str, rows: Sequence[Settled], by: Actor, done: Settlement) -> Iterator[tuple[Settled, str]]:
    """The rows that are to be booked, each with its deduction; what is wrong stands in `done`."""
    seen = periods.of(entity)
    known: dict[str, _Known | None] = {}
    sealers: dict[str, str] = {}
    for row in rows:
        if row.number not in known:
            known[row.number] = _known(entity, row.number, sealers)
        one = known[row.number]
        if one is None:
            done.faults.append(Fault(SHEET.name, row.row, "number", "unknown_deduction", {"code": row.number}))
            continue
        if one.has(row):
            done.known += 1
            continue
        column, why, more = one.fault_of(row, by)
        if not why and not seen.is_open(row.period):
            column, why = "period", "period_closed" if seen.is_closed(row.period) else "period_not_open"
        if why:
            done.faults.append(Fault(SHEET.name, row.row, column, why, more))
            continue
        one.take(row)
        yield row, one.deduction


@dataclass(slots=True)
class _Known:
    """What a file needs of a deduction: of 10,000 there is no room for more. `left`: after the rows before.

    `booked`: the mark under which each key of a settlement is booked.
    """

    deduction: str
    sealers: frozenset[str]
    left: int
    booked: Mapping[str, str]

    def has(self, row: Settled) -> bool:
        """Whether this very row is booked. One booked otherwise is a fault, by the mark of its key."""
        return self.booked.get(row.key) == _mark(row)

    def fault_of(self, row: Settled, by: Actor) -> tuple[str, str, dict[str, Any]]:
        """(column, why, details); "" for none."""
        if row.key in self.booked:
            return "voucher", "settled_otherwise", {}
        if not self.sealers:
            return "number", "not_exported", {}
        if by.id in self.sealers:
            return "number", "sealed_by_you", {}
        if row.kind == REFUNDED:
            return ("fen", "refunded_too_much", {"fen": _yuan(-self.left)}) if row.fen > -self.left else ("", "", {})
        return ("fen", "recovered_too_much", {"fen": _yuan(self.left)}) if row.fen > self.left else ("", "", {})

    def take(self, row: Settled) -> None:
        self.left += row.fen if row.kind == REFUNDED else -row.fen


def _known(entity: str, number: str, sealers: dict[str, str]) -> _Known | None:
    """A deduction of this entity by its number; None where there is none that finance was to have.

    `sealers`: who sealed each batch that was read before; a batch is read once.
    """
    there = entries.of_deduction(number)
    if not there or there[0][0].entity != entity:
        return None
    batches = {state.removeprefix(IN) for _, state in there if state.startswith(IN)}
    for name in batches - sealers.keys():
        sealers[name] = _batch(name).by
    one = record.load(there[0][0].deduction, consistent=True)
    keys = (event.key.partition(MARKED) for event in one.events)
    booked = {key: mark for key, _, mark in keys if key.startswith(SETTLED)}
    return _Known(one.id, frozenset(sealers[name] for name in batches), one.left, booked)


def _batch(name: str) -> Batch:
    found: Batch = record.load(reference(PREFIX, name))
    return found


def _mark(row: Settled) -> str:
    """What tells two bookings under one key apart."""
    told = f"{row.posted}/{row.period}/{row.fen}/{row.application}"
    return hashlib.blake2b(told.encode(), digest_size=3).hexdigest()


def _yuan(fen: int) -> str:
    return f"{max(0, fen) / 100:,.2f}"
