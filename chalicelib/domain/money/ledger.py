"""The sub-ledger 扣款台账: what each change of a deduction moves from one account to another, in double entry.

    account              side     what stands on it
    proposed             debit    put forward, not approved: a memo, against `proposed_counter`
    approved             debit    approved, its notice not out
    noticed              debit    its notice is out
    disputed             debit    disputed, not decided
    firm                 debit    what may be exported and recovered
    recovered:<source>   debit    what was really recovered from there
    reversed             debit    taken back by a counter-entry        written_off   debit
    refund_due           credit   recovered before it was reversed     refunded      credit
    claims               credit   the counter of all that was approved

The balances of a deduction are a function of how it stands, and sum up to nothing: a change posts the difference.
Money is in fen. Entries are only ever added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from chalicelib.domain.record.event import Event

PROPOSED, PROPOSED_COUNTER = "proposed", "proposed_counter"
APPROVED, NOTICED, DISPUTED, FIRM = "approved", "noticed", "disputed", "firm"
RECOVERED, REVERSED, WRITTEN_OFF = "recovered", "reversed", "written_off"
REFUND_DUE, REFUNDED, CLAIMS = "refund_due", "refunded", "claims"
CREDIT = frozenset({PROPOSED_COUNTER, REFUND_DUE, REFUNDED, CLAIMS})
RECEIVABLE = (APPROVED, NOTICED, DISPUTED, FIRM)
STAGES: Mapping[str, str] = {  # where what is open of a deduction stands, by its state
    "approved": APPROVED,
    "noticed": NOTICED,
    "delivered": NOTICED,
    "disputed": NOTICED,
}  # later: firm
BEFORE, DROPPED = frozenset({"proposed", "half"}), frozenset({"", "gathering", "rejected", "dropped"})
DEBIT_SIDE, CREDIT_SIDE = "debit", "credit"


class Debt(Protocol):
    """What the ledger reads of a deduction. `recovered`: by source, before anything was refunded; `reversed` in all."""

    @property
    def id(self) -> str: ...
    @property
    def number(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def entity(self) -> str: ...
    @property
    def company(self) -> str: ...
    @property
    def contract(self) -> str: ...
    @property
    def place(self) -> Mapping[str, str]: ...
    @property
    def state(self) -> str: ...
    @property
    def total(self) -> int: ...
    @property
    def disputed_fen(self) -> int: ...
    @property
    def recovered(self) -> Mapping[str, int]: ...
    @property
    def reversed(self) -> int: ...
    @property
    def written_off(self) -> int: ...
    @property
    def refunded(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Line:
    """One side of an entry: `fen` is always more than nothing."""

    account: str
    side: str
    fen: int


@dataclass(frozen=True, slots=True)
class Posting:
    """A balanced entry: what one event of a deduction moved. `version`: of that event; `period`: YYYY-MM."""

    deduction: str
    version: int
    event: str
    number: str
    entity: str
    company: str
    contract: str
    project: str
    day: date
    period: str
    lines: tuple[Line, ...]


def standing(debt: Debt | None) -> dict[str, int]:
    """The balance of each account of a deduction as it stands, debit positive; sums up to nothing."""
    if debt is None:
        return {}
    if debt.state in BEFORE:
        return {PROPOSED: debt.total, PROPOSED_COUNTER: -debt.total} if debt.total else {}
    if debt.state in DROPPED:
        return {}
    left = debt.total - sum(debt.recovered.values()) - debt.reversed - debt.written_off + debt.refunded
    open_fen, due = max(0, left), max(0, -left)
    disputed = min(debt.disputed_fen, open_fen) if debt.state == "disputed" else 0
    found: Counter[str] = Counter({f"{RECOVERED}:{source}": fen for source, fen in debt.recovered.items()})
    found[STAGES.get(debt.state, FIRM)] += open_fen - disputed
    found[DISPUTED] += disputed
    found[REVERSED] += debt.reversed
    found[WRITTEN_OFF] += debt.written_off
    found[REFUND_DUE] -= due
    found[REFUNDED] -= debt.refunded
    found[CLAIMS] -= debt.total
    return {account: fen for account, fen in found.items() if fen}


def postings(before: Debt | None, after: Debt, event: Event, zone: str, period: str = "") -> list[Posting]:
    """The entry that an event makes, none where it moves no money. `period`: "" for that of its day in the zone."""
    was, now = standing(before), standing(after)
    moved = {account: now.get(account, 0) - was.get(account, 0) for account in sorted({*was, *now})}
    lines = tuple(Line(a, DEBIT_SIDE if fen > 0 else CREDIT_SIDE, abs(fen)) for a, fen in moved.items() if fen)
    if not lines:
        return []
    day = event.at.astimezone(ZoneInfo(zone)).date()
    project = after.place.get("project", "")
    return [
        Posting(
            after.id,
            after.version,
            event.kind,
            after.number,
            after.entity,
            after.company,
            after.contract,
            project,
            day,
            period or month(day),
            lines,
        )
    ]


def month(day: date) -> str:
    """The accounting period that a day lies in."""
    return f"{day:%Y-%m}"


def following(period: str) -> str:
    """The period after one."""
    year, number = int(period[:4]), int(period[5:])
    return f"{year + number // 12:04d}-{number % 12 + 1:02d}"


def balances(entries: Iterable[Posting], onto: Mapping[str, int] | None = None) -> Counter[str]:
    """The balance of each account after some entries, debit positive."""
    found: Counter[str] = Counter(onto or {})
    for entry in entries:
        for line in entry.lines:
            found[line.account] += line.fen if line.side == DEBIT_SIDE else -line.fen
    return found


def faults_of(entries: Sequence[Posting]) -> list[str]:
    """What is wrong with the entries of one deduction, in the order of its events: nothing, as a rule.

    unbalanced    debit and credit of an entry differ      negative   an account is on its wrong side
    no_amount     a line of nothing, or less               twice      one event has two entries
    beyond        more was recovered, reversed and written off than approved, and no refund is due for it
    """
    found: list[str] = []
    known: Counter[str] = Counter()
    seen: set[int] = set()
    for entry in entries:
        if sum(line.fen if line.side == DEBIT_SIDE else -line.fen for line in entry.lines):
            found.append("unbalanced")
        if any(line.fen <= 0 for line in entry.lines):
            found.append("no_amount")
        if entry.version in seen:
            found.append("twice")
        seen.add(entry.version)
        known = balances([entry], known)
        if any(fen > 0 if account in CREDIT else fen < 0 for account, fen in known.items()):
            found.append("negative")
    done = sum(fen for a, fen in known.items() if a.startswith(f"{RECOVERED}:") or a in (REVERSED, WRITTEN_OFF))
    if done + known[REFUNDED] + known[REFUND_DUE] > -known[CLAIMS]:
        found.append("beyond")
    return found


def plain(entry: Posting) -> dict[str, Any]:
    """An entry as it is stored beside its keys."""
    lines = [[line.account, line.side[0], line.fen] for line in entry.lines]
    return {
        "e": entry.event,
        "n": entry.number,
        "c": entry.company,
        "k": entry.contract,
        "p": entry.project,
        "d": entry.day.isoformat(),
        "l": lines,
    }


def made(deduction: str, version: int, entity: str, period: str, body: Mapping[str, Any]) -> Posting:
    """The entry that `plain` wrote."""
    sides = {"d": DEBIT_SIDE, "c": CREDIT_SIDE}
    lines = tuple(Line(account, sides[side], fen) for account, side, fen in body["l"])
    day = date.fromisoformat(body["d"])
    return Posting(
        deduction, version, body["e"], body["n"], entity, body["c"], body["k"], body["p"], day, period, lines
    )
