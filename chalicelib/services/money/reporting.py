"""What the sub-ledger says of an entity, by contract: how its accounts moved in a period, and how they stand.

opening + approved − reversed − recovered − written off = closing      refunds due lower a balance, refunds raise it
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.money import report
from chalicelib.domain.money.ledger import (
    CLAIMS,
    DEBIT_SIDE,
    RECEIVABLE,
    RECOVERED,
    REFUND_DUE,
    REFUNDED,
    REVERSED,
    WRITTEN_OFF,
    Posting,
    following,
    month,
)
from chalicelib.domain.money.report import Aged, Line, Open
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import entries, ledger, periods
from chalicelib.store.ledger import Balances
from chalicelib.store.periods import Periods

Key = tuple[str, str, str]  # company, contract, project
SLICE = 500


@dataclass(frozen=True, slots=True)
class Roll:
    """A contract's roll-forward of a period, in fen. `recovered`: less what was refunded."""

    company: str
    contract: str
    project: str
    opening: int = 0
    approved: int = 0
    reversed: int = 0
    recovered: int = 0
    written_off: int = 0
    closing: int = 0

    @property
    def adds_up(self) -> bool:
        return self.opening + self.approved - self.reversed - self.recovered - self.written_off == self.closing


def roll_forward(entity: str, period: str) -> list[Roll]:
    """Of each contract with a balance or a movement, by company and contract. Reads from the last closed period on."""
    before, moved = opening(entity, period), _moved(ledger.entries(entity, period))
    return [_roll(key, before.get(key, {}), moved.get(key, {})) for key in sorted({*before, *moved})]


def opening(entity: str, period: str, *, fresh: bool = False) -> Balances:
    """The balances by contract at the beginning of a period: from those kept last, and what came since."""
    seen = periods.of(entity)
    start = seen.first
    found: Balances = {}
    for kept in () if fresh else _closed(seen, period):
        if (stored := ledger.closing(entity, kept)) is not None:
            start, found = following(kept), stored
            break
    while start and start < period:
        _add(found, ledger.entries(entity, start))
        start = following(start)
    return found


def closing(entity: str, period: str, *, fresh: bool = False) -> Balances:
    """The balances by contract at the end of a period; `fresh`: from the entries alone, whatever was kept."""
    found = opening(entity, period, fresh=fresh)
    _add(found, ledger.entries(entity, period))
    return {key: accounts for key, accounts in found.items() if accounts}


def freeze(entity: str, period: str) -> None:
    """Keep what stood there at the end of a closed period, so that later reports need not read what lies before."""
    ledger.keep_closing(entity, period, closing(entity, period))
    ledger.keep_open(entity, period, _open(entity, period).values())


@dataclass(frozen=True, slots=True)
class Standing:
    """What is open of an entity on a day: by age and contract, and by what it waits for, the oldest first."""

    on: date
    ageing: Sequence[Aged]
    approved_not_exported: Sequence[Line]
    exported_not_booked: Sequence[Line]
    incurred_not_approved: Sequence[Line]


def standing(entity: str, at: datetime) -> Standing:
    """What is open now. Reads from the last closed period on, and what is ready to be sealed."""
    numbers = policy_for({})
    on = at.astimezone(ZoneInfo(numbers.zone)).date()
    seen = periods.of(entity)
    found = list(_open(entity, max(month(on), following(seen.closed) if seen.closed else "", *seen.states)).values())
    unsealed = _unsealed(entity)
    return Standing(
        on,
        report.ageing(found, on),
        report.approved_not_exported(found, unsealed, on),
        report.exported_not_booked(found, unsealed, on),
        report.incurred_not_approved(found, on),
    )


def _open(entity: str, until: str) -> dict[str, Open]:
    """What is open at the end of a period, by deduction."""
    seen = periods.of(entity)
    start = seen.first
    found: dict[str, Open] = {}
    for kept in _closed(seen, until):
        if (stored := ledger.open_then(entity, kept)) is not None:
            start, found = following(kept), stored
            break
    while start and start <= until:
        found = report.opened(ledger.entries(entity, start), found)
        start = following(start)
    return found


def _unsealed(entity: str) -> Counter[str]:
    found: Counter[str] = Counter()
    start = None
    while True:
        lines, start = entries.page(entity, limit=SLICE, start=start)
        for line in lines:
            found[line.deduction] += line.fen
        if not start:
            return found


def _closed(seen: Periods, before: str) -> list[str]:
    """The closed periods before one, the latest first."""
    return [p for p in sorted(seen.states, reverse=True) if p < before and seen.is_closed(p)]


def _add(found: Balances, entries: Iterable[Posting]) -> None:
    for key, accounts in _moved(entries).items():
        balance = Counter(found.get(key, {}))
        for account, fen in accounts.items():
            balance[account] += fen
        found[key] = {account: fen for account, fen in balance.items() if fen}


def _moved(entries: Iterable[Posting]) -> dict[Key, Counter[str]]:
    found: dict[Key, Counter[str]] = {}
    for entry in entries:
        accounts = found.setdefault((entry.company, entry.contract, entry.project), Counter())
        for line in entry.lines:
            accounts[line.account] += line.fen if line.side == DEBIT_SIDE else -line.fen
    return found


def _roll(key: Key, before: Mapping[str, int], moved: Mapping[str, int]) -> Roll:
    def receivable(accounts: Mapping[str, int]) -> int:
        return sum(accounts.get(account, 0) for account in (*RECEIVABLE, REFUND_DUE))

    opened = receivable(before)
    recovered = sum(fen for account, fen in moved.items() if account.startswith(f"{RECOVERED}:"))
    return Roll(
        *key,
        opening=opened,
        approved=-moved.get(CLAIMS, 0),
        reversed=moved.get(REVERSED, 0),
        recovered=recovered + moved.get(REFUNDED, 0),
        written_off=moved.get(WRITTEN_OFF, 0),
        closing=opened + receivable(moved),
    )
