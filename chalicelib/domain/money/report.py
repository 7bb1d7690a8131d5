"""What is open of an entity's deductions, and how old it is: from the entries of its ledger alone.

ageing                   what is approved and not recovered, by how long it has been firm, noticed or approved
approved_not_exported    approved and in no live batch: not firm yet, or firm and not sealed
exported_not_booked      firm, sealed, and not recovered
incurred_not_approved    put forward, and nobody's approval yet
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from chalicelib.domain.money.ledger import (
    APPROVED,
    DEBIT_SIDE,
    DISPUTED,
    FIRM,
    NOTICED,
    PROPOSED,
    RECEIVABLE,
    REFUND_DUE,
    Posting,
)

AGES = (30, 60, 90, 180, 365)  # days; what is older has a column of its own
WATCHED = (PROPOSED, *RECEIVABLE, REFUND_DUE)


@dataclass(slots=True)
class Open:
    """A deduction of which something is open. `since`: account → the day on which something first stood there."""

    deduction: str
    number: str
    company: str
    contract: str
    project: str
    balances: Counter[str] = field(default_factory=Counter)
    since: dict[str, str] = field(default_factory=dict)

    @property
    def receivable(self) -> int:
        return sum(self.balances[account] for account in RECEIVABLE)

    @property
    def stage(self) -> str:
        """The account that has most of it."""
        return max((PROPOSED, *RECEIVABLE), key=lambda account: self.balances[account])

    @property
    def day(self) -> str:
        """Since when it is what it is: firm, noticed or approved, whichever came last."""
        return next((self.since[a] for a in (FIRM, DISPUTED, NOTICED, APPROVED, PROPOSED) if a in self.since), "")

    def age(self, on: date) -> int:
        """Whole days."""
        return (on - date.fromisoformat(self.day)).days if self.day else 0


@dataclass(frozen=True, slots=True)
class Aged:
    """Of a contract: fen by age, in the order of AGES, the oldest last."""

    company: str
    contract: str
    project: str
    fen: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.fen)


@dataclass(frozen=True, slots=True)
class Line:
    """A deduction in a report. `stage`: the account that it stands on; `days`: how long."""

    number: str
    company: str
    contract: str
    project: str
    stage: str
    fen: int
    since: str
    days: int


def opened(entries: Iterable[Posting], onto: Mapping[str, Open] | None = None) -> dict[str, Open]:
    """What is open after some entries, by deduction; what is settled by then is left out."""
    found = dict(onto or {})
    for entry in entries:
        one = found.get(entry.deduction)
        if one is None:
            one = found[entry.deduction] = Open(
                entry.deduction, entry.number, entry.company, entry.contract, entry.project
            )
        one.number = entry.number or one.number
        for line in entry.lines:
            one.balances[line.account] += line.fen if line.side == DEBIT_SIDE else -line.fen
            if line.side == DEBIT_SIDE and line.account in WATCHED:
                one.since.setdefault(line.account, entry.day.isoformat())
    return {name: one for name, one in found.items() if any(one.balances[account] for account in WATCHED)}


def ageing(found: Iterable[Open], on: date) -> list[Aged]:
    """By contract, in order; those with nothing receivable are left out."""
    sums: dict[tuple[str, str, str], list[int]] = {}
    for one in found:
        if one.receivable:
            columns = sums.setdefault((one.company, one.contract, one.project), [0] * (len(AGES) + 1))
            age = one.age(on)
            columns[next((n for n, most in enumerate(AGES) if age <= most), len(AGES))] += one.receivable
    return [Aged(*key, tuple(fen)) for key, fen in sorted(sums.items())]


def incurred_not_approved(found: Iterable[Open], on: date) -> list[Line]:
    return _lines(found, on, lambda one: one.balances[PROPOSED])


def approved_not_exported(found: Iterable[Open], unsealed: Mapping[str, int], on: date) -> list[Line]:
    """`unsealed`: fen by deduction that is ready to be sealed."""

    def fen(one: Open) -> int:
        return unsealed.get(one.deduction, 0) + one.receivable - one.balances[FIRM]

    return _lines(found, on, fen)


def exported_not_booked(found: Iterable[Open], unsealed: Mapping[str, int], on: date) -> list[Line]:
    return _lines(found, on, lambda one: one.balances[FIRM] if unsealed.get(one.deduction, 0) <= 0 else 0)


def _lines(found: Iterable[Open], on: date, fen: Callable[[Open], int]) -> list[Line]:
    rows = [
        Line(one.number, one.company, one.contract, one.project, one.stage, amount, one.day, one.age(on))
        for one in found
        if (amount := fen(one))
    ]
    return sorted(rows, key=lambda row: (-row.days, row.number))
