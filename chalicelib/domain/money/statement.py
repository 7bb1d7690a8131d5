"""A contractor's statement 对账单: what was put to it and what became of it, from the entries of the sub-ledger alone.

    noticed − reversed − recovered − written off + refunded = open − to be refunded

A deduction stands in it from its notice on; what was put forward and approved before is none of the contractor's.
Money is in fen.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.money.ledger import (
    CLAIMS,
    DISPUTED,
    RECEIVABLE,
    RECOVERED,
    REFUND_DUE,
    REFUNDED,
    REVERSED,
    WRITTEN_OFF,
    Posting,
    balances,
)

OUT = "letter_released"
DISPUTES = frozenset({"disputed", "dispute_decided"})
SETTLES = frozenset({"recovered", "refunded"})


@dataclass(frozen=True, slots=True)
class Owed:
    """A deduction. `recovered`: fen by source, before anything was refunded; `since`: the day of its notice."""

    deduction: str
    number: str
    entity: str
    contract: str
    since: date
    noticed: int
    reversed: int
    recovered: Mapping[str, int]
    written_off: int
    refunded: int
    refund_due: int
    disputed: int
    open: int


@dataclass(frozen=True, slots=True)
class Moved:
    """What happened. `fen`: by how much what is open rose, refunds due taken off; of a dispute, what it is about."""

    day: date
    period: str
    number: str
    entity: str
    event: str
    fen: int
    source: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """Of one entity: a company may work for several, and what one owes is no other's."""

    entity: str
    owed: Sequence[Owed]
    moved: Sequence[Moved]

    def sum(self, name: str) -> int:
        return sum(getattr(one, name) for one in self.owed)

    @property
    def recovered(self) -> Mapping[str, int]:
        found: Counter[str] = Counter()
        for one in self.owed:
            found.update(one.recovered)
        return found

    @property
    def disputes(self) -> Sequence[Moved]:
        return [one for one in self.moved if one.event in DISPUTES]

    @property
    def settlements(self) -> Sequence[Moved]:
        return [one for one in self.moved if one.event in SETTLES]


@dataclass(slots=True)
class _Deduction:
    entries: list[Posting] = field(default_factory=list)


def statements(entries: Iterable[Posting]) -> list[Statement]:
    """The statements that a company's entries make, by entity; deductions by number, what happened by day."""
    by_deduction: dict[str, _Deduction] = {}
    for entry in entries:
        by_deduction.setdefault(entry.deduction, _Deduction()).entries.append(entry)
    found: dict[str, tuple[list[Owed], list[Moved]]] = {}
    for one in by_deduction.values():
        one.entries.sort(key=lambda entry: entry.version)
        first = next((n for n, entry in enumerate(one.entries) if entry.event == OUT), None)
        if first is not None:
            owed, moved = found.setdefault(one.entries[0].entity, ([], []))
            owed.append(_owed(one.entries, first))
            moved += _moved(one.entries, first)
    return [
        Statement(
            entity, sorted(owed, key=lambda one: one.number), sorted(moved, key=lambda one: (one.day, one.number))
        )
        for entity, (owed, moved) in sorted(found.items())
    ]


def _owed(entries: Sequence[Posting], first: int) -> Owed:
    last, now = entries[-1], balances(entries)
    prefix = f"{RECOVERED}:"
    return Owed(
        last.deduction,
        next((entry.number for entry in reversed(entries) if entry.number), ""),
        last.entity,
        last.contract,
        entries[first].day,
        -now[CLAIMS],
        now[REVERSED],
        {
            account.removeprefix(prefix): fen
            for account, fen in sorted(now.items())
            if account.startswith(prefix) and fen
        },
        now[WRITTEN_OFF],
        -now[REFUNDED],
        -now[REFUND_DUE],
        now[DISPUTED],
        sum(now[account] for account in RECEIVABLE),
    )


def _net(now: Mapping[str, int]) -> int:
    return sum(now.get(account, 0) for account in (*RECEIVABLE, REFUND_DUE))


def _moved(entries: Sequence[Posting], first: int) -> list[Moved]:
    found = []
    for n, entry in enumerate(entries[first:], first):
        was, now = balances(entries[:n]), balances(entries[: n + 1])
        fen = _net(now) - (0 if n == first else _net(was))
        if entry.event == "disputed":
            fen = now[DISPUTED]
        source = next(
            (line.account.partition(":")[2] for line in entry.lines if line.account.startswith(RECOVERED)), ""
        )
        found.append(Moved(entry.day, entry.period, entry.number, entry.entity, entry.event, fen, source))
    return found
