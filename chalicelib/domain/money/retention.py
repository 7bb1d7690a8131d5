"""What stands behind a contract's deductions: its retention 质保金, when its two periods end, which source comes next.

left       held − deducted − released, less what is deducted and not booked yet
estimate   what open defects may cost: as priced, else by policy
ends       of defect liability 缺陷责任期, from completion acceptance; of warranty 保修期, by the clauses: two of them
sources    retention → bond → progress or final payment → other contracts of the entity → claim, each with what is left

Money is in fen, rates in basis points. What the law warns of (3 %, 24 months, beside a bond) is warned of, not refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.contractor.contract import Clause, Contract, Starts
from chalicelib.domain.policy.retention import Rules
from chalicelib.domain.time.periods import Workday, period_end, season_end
from chalicelib.domain.warranty.terms import Season

WHOLE = 10_000  # basis points
SOURCES = ("retention", "bond", "progress", "other_contract", "claim")


@dataclass(frozen=True, slots=True)
class Balance:
    """As finance's system has it at the end of a day: withheld in all, deducted and paid back of it, in fen.

    `payable`: what is still to be paid of the contract's price; `bond`: what the performance bond still covers.
    """

    on: date
    held: int
    deducted: int = 0
    released: int = 0
    payable: int = 0
    bond: int = 0

    @property
    def left(self) -> int:
        return self.held - self.deducted - self.released


@dataclass(frozen=True, slots=True)
class Sheet:
    """A contract's retention as it stands. `booked`: recovered or paid since the balance; `pending`: not booked yet.

    `liability_ends`, `warranty_ends`: None where what they are counted from is not on file.
    """

    rate: int
    balance: Balance | None
    booked: int
    pending: int
    estimate: int
    defects: int
    liability_ends: date | None
    warranty_ends: date | None
    warnings: tuple[str, ...] = ()

    @property
    def left(self) -> int:
        """What may still be deducted or paid back; below nothing where more is claimed than there is."""
        return (self.balance.left if self.balance else 0) - self.booked - self.pending


def rate_of(contract: Contract) -> int:
    """The rate as the contract says it, else as its sums do; 0 where there is none."""
    if contract.retention_rate or not contract.amount:
        return contract.retention_rate
    return -(-contract.retention * WHOLE // contract.amount)


def warnings_of(contract: Contract, rules: Rules) -> tuple[str, ...]:
    """What of a contract's retention the law does not have."""
    kept = bool(contract.retention or contract.retention_rate)
    found = {
        "rate_high": rate_of(contract) > rules.rate_most,
        "liability_long": contract.defect_liability_months > rules.liability_most,
        "beside_bond": kept and bool(contract.bond),
        "beside_insurance": kept and contract.quality_insurance,
    }
    return tuple(name for name, so in found.items() if so)


def liability_end(contract: Contract, accepted: Iterable[date | None], works: Workday) -> date | None:
    """The last day of defect liability: from the acceptance of the last of its lots; None while one is not accepted."""
    days = list(accepted)
    last = max((day for day in days if day), default=None)
    if last is None or None in days or not contract.defect_liability_months:
        return None
    return period_end(last, months=contract.defect_liability_months, workdays=works)


def warranty_end(
    contract: Contract, accepted: date | None, handover: date | None, seasons: Mapping[str, Season], works: Workday
) -> date | None:
    """The last day of the longest clause; None where none can be counted."""
    starts = {Starts.ACCEPTANCE: accepted, Starts.HANDOVER: handover}
    ends = (_clause_end(c, starts.get(c.starts, c.starts_on), seasons, works) for c in contract.clauses)
    return max((end for end in ends if end), default=None)


def _clause_end(clause: Clause, start: date | None, seasons: Mapping[str, Season], works: Workday) -> date | None:
    if start is None:
        return None
    if clause.months:
        return period_end(start, months=clause.months, workdays=works)
    season = seasons.get(clause.season)
    return season_end(start, clause.seasons, *season, workdays=works) if season and clause.seasons else None


def estimate(defects: Iterable[tuple[str, int, int]], rules: Rules) -> int:
    """What open defects may cost, in fen. Each: its category, how many tickets, what was agreed for it (0: nothing)."""
    return sum(agreed or rules.costs(category) * max(1, tickets) for category, tickets, agreed in defects)


def alerts(sheet: Sheet) -> tuple[str, ...]:
    """What somebody has to know before a retention is paid back."""
    found = {
        "defects_exceed": sheet.estimate > max(0, sheet.left),
        "overdrawn": sheet.left < 0,
        "pending": sheet.pending > 0,
        "no_balance": sheet.balance is None,
    }
    return tuple(name for name, so in found.items() if so)


@dataclass(frozen=True, slots=True)
class Source:
    """Where a deduction may be taken from. `left`: fen that are there (None: no bound); `takes`: of this deduction."""

    kind: str
    contract: str
    left: int | None
    takes: int


def sources(
    fen: int,
    contract: Contract,
    sheet: Sheet,
    others: Sequence[tuple[Contract, Balance]],
    *,
    stopped: bool = False,
    agreed: Iterable[str] = (),
) -> list[Source]:
    """The sources of a deduction in order, each with what is left there and what it takes; the claim has the rest.

    `others`: contracts of the same company with what is payable; those of another entity only where a three-party
    agreement names them (`agreed`). Where a stop stands nothing but the claim is left.
    """
    known = sheet.balance
    named = frozenset(agreed)
    there: list[tuple[str, str, int]] = []
    if not stopped:
        there += [
            ("retention", contract.id, max(0, sheet.left)),
            ("bond", contract.id, known.bond if known else contract.bond),
            ("progress", contract.id, known.payable if known else 0),
        ]
        there += [
            ("other_contract", other.id, balance.payable)
            for other, balance in others
            if other.id != contract.id and (other.entity == contract.entity or other.id in named)
        ]
    found: list[Source] = []
    for kind, of, left in there:
        if left > 0:
            takes = min(fen, left)
            fen -= takes
            found.append(Source(kind, of, left, takes))
    return [*found, Source("claim", contract.id, None, fen)]
