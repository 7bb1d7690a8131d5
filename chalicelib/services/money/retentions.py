"""What stands behind a contract's deductions, as the table has it now.

sheet      rate, balance, what is not booked yet, open defects, the ends of both periods      5 calls
seen       the same for a page: what other records add is kept for some seconds                none, once it is kept
blocked    the ground of a stop on a contract: nothing of it is paid back, and nothing deducted
sources    where a deduction may be taken from, in order, with what is left
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from chalicelib.domain.contractor.clocks import works
from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.money import retention
from chalicelib.domain.money.ledger import RECOVERED
from chalicelib.domain.money.release import Release, named
from chalicelib.domain.money.retention import Balance, Sheet, Source
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.retention import rules_of
from chalicelib.services.contractor import listing
from chalicelib.services.recent import Recent
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts, ledger, places
from chalicelib.store.records import list_key
from chalicelib.store.table import table

MOST = 500  # cases and deductions of a company that are looked at
DEDUCTION = "DEDUCTION#"
FROM_RETENTION = f"{RECOVERED}:retention"


class Added(NamedTuple):
    """What other records add: open defects (category, tickets, agreed), fen pending, fen recovered since a day."""

    defects: tuple[tuple[str, int, int], ...]
    pending: int
    recovered: int


_added: Recent[Added] = Recent(seconds=15, most=500)
_ends: Recent[tuple[date | None, date | None]] = Recent(seconds=600, most=500)


def of_contract(contract: str, *, consistent: bool = False) -> Release | None:
    """The record of a contract's retention; None where nothing was ever stated or stopped. One call."""
    try:
        found: Release = record.load(named(contract), consistent=consistent)
    except record.NotFound:
        return None
    return found


def blocked(contract: str) -> str:
    """The ground of a stop that stands on a contract, "" for none; as it is now. One or two calls."""
    found = of_contract(contract, consistent=True)
    return found.stops[0].ground.value if found and found.stops else ""


def forget() -> None:
    """What is kept for a while is read anew."""
    _added.forget()
    _ends.forget()


def seen(contract: Contract, one: Release | None) -> Sheet:
    """A contract's retention for a page; no more than looking: what is decided is looked up anew."""
    on = one.balance.on if one and one.balance else None
    added = _added.get((contract.id, on), lambda: _adding(contract, on))
    return _sheet(contract, one, added, _ends.get(contract.id, lambda: ends(contract, _numbers(contract))))


def sheet(contract: Contract, one: Release | None = None) -> Sheet:
    """A contract's retention as it stands. `one`: its record, where it is read already."""
    found = one or of_contract(contract.id)
    on = found.balance.on if found and found.balance else None
    return _sheet(contract, found, _adding(contract, on), ends(contract, _numbers(contract)))


def _adding(contract: Contract, on: date | None) -> Added:
    """Three calls, two where finance has stated no balance."""
    recovered = _recovered_since(contract, on) if on else 0
    return Added(tuple(_defects(contract)), sum(_pending(contract)), recovered)


def _numbers(contract: Contract) -> Policy:
    return policy_for({"project": contract.projects[0]} if contract.projects else {})


def _sheet(contract: Contract, found: Release | None, added: Added, ending: tuple[date | None, date | None]) -> Sheet:
    rules = rules_of(_numbers(contract))
    liability, warranty = ending
    return Sheet(
        rate=retention.rate_of(contract),
        balance=found.balance if found else None,
        booked=(found.paid_since + added.recovered) if found and found.balance else 0,
        pending=added.pending,
        estimate=retention.estimate(added.defects, rules),
        defects=sum(tickets for _, tickets, _ in added.defects),
        liability_ends=liability,
        warranty_ends=warranty,
        warnings=retention.warnings_of(contract, rules),
    )


def ends(contract: Contract, numbers: Policy) -> tuple[date | None, date | None]:
    """The last days of defect liability and of warranty. Two calls."""
    lots = places.several(contract.lots)
    accepted = [_day(lots[lot].facts.get("acceptance", "")) if lot in lots else None for lot in contract.lots]
    handed = max((day for lot in lots.values() if (day := _day(lot.facts.get("handover", "")))), default=None)
    held = contracts.of_project(contract.projects[0]) if contract.projects else None
    seasons = held.seasons.seasons if held and held.seasons else {}
    workdays, known = works(numbers), [day for day in accepted if day]
    last = max(known, default=None)
    liability = retention.liability_end(contract, accepted, workdays)
    return liability, retention.warranty_end(contract, last, handed, seasons, workdays)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _defects(contract: Contract) -> Iterator[tuple[str, int, int]]:
    """The open cases of a contract: category, tickets, what was agreed with a third party."""
    found, _ = listing.of_company(contract.company, limit=MOST)
    for item in found:
        if item.line.contract == contract.id:
            yield item.line.category, item.line.tickets, item.line.cost


def _pending(contract: Contract) -> Iterator[int]:
    """What deductions that were put to the contractor may still take of a contract, in fen."""
    key = list_key(DEDUCTION, "HOLDER", contract.company)
    for row in table().index("work", key, limit=MOST).rows:
        line: dict[str, Any] = json.loads(row["line"])
        if line.get("u") == contract.id:
            yield max(0, int(line.get("o", 0)))


def _recovered_since(contract: Contract, on: date) -> int:
    """What was recovered from the retention after the day of its balance: the next file has it."""
    entries = ledger.of_company(contract.company, f"{on:%Y-%m}")
    later = (one for one in entries if one.contract == contract.id and one.day > on)
    lines = (line for entry in later for line in entry.lines if line.account == FROM_RETENTION)
    return sum(line.fen if line.side == "debit" else -line.fen for line in lines)


def sources(contract: Contract, fen: int, agreed: Iterable[str] = ()) -> list[Source]:
    """Where a deduction may be taken from, in order, with what is left there. A call for each other contract."""
    one = of_contract(contract.id)
    theirs = contracts.contracts(contracts.contracts_of(contract.company))
    others: list[tuple[Contract, Balance]] = []
    for other in theirs.values():
        found = of_contract(other.id) if other.id != contract.id else None
        if found and found.balance and not found.stopped:
            others.append((other, found.balance))
    stopped = bool(one and one.stopped)
    return retention.sources(fen, contract, sheet(contract, one), others, stopped=stopped, agreed=agreed)
