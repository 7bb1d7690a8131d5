"""Accounting periods 会计期间 of an entity: months that finance opens and closes, in order.

item     pk                 sk         what
gate     PERIODS#<entity>   GATE       `line` the last closed period, `body` the first with an entry; `n` entries there
                                       are; `v` rises with every change
period   PERIODS#<entity>   <YYYY-MM>  `state` open | closed; `n-batches` being sealed in it

All up to the last closed one is closed, whether it was ever opened or not. Whoever writes into the ledger does so on
the condition that the gate stands where it was seen; whoever seals holds the period open until he is done.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.money.ledger import following
from chalicelib.store.table import Change, Conflict, Write, table

GATE = "GATE"
OPEN, CLOSED = "open", "closed"


class Elsewise(Exception):
    """Somebody else opened or closed a period meanwhile, or seals in it."""


@dataclass(frozen=True, slots=True)
class Periods:
    """`closed`: the last closed one; `first`: that of the first entry; "" for none. `entries`: how many there are.

    `states`: of those that were opened.
    """

    entity: str
    closed: str
    first: str
    version: int
    entries: int
    states: Mapping[str, str]

    def is_closed(self, period: str) -> bool:
        return period <= self.closed

    def is_open(self, period: str) -> bool:
        """Whether finance opened it, and has not closed it."""
        return self.states.get(period) == OPEN and not self.is_closed(period)

    def opened(self) -> list[str]:
        return sorted(period for period in self.states if self.is_open(period))

    def for_entry(self, wanted: str) -> str:
        """Where an entry of a period goes: there, or where that is closed into the first that is not."""
        return following(self.closed) if self.is_closed(wanted) else wanted


def of(entity: str) -> Periods:
    """One query."""
    rows = table().query(f"PERIODS#{entity}", consistent=True).rows
    gate = next((row for row in rows if row["sk"] == GATE), {})
    states = {row["sk"]: row.get("state", "") for row in rows if row["sk"] != GATE}
    return Periods(entity, gate.get("line", ""), gate.get("body", ""), gate.get("v", 0), gate.get("n", 0), states)


def passed(seen: Periods, into: Sequence[str]) -> Write:
    """The write that lets entries into periods of the ledger, while none was closed since that was seen."""
    when = {"line": seen.closed or None}
    first = min(into)
    if seen.first and seen.first <= first:
        return Change(_gate(seen.entity), adds={"n": len(into)}, when=when)
    return Change(
        _gate(seen.entity), sets={"body": first}, adds={"n": len(into)}, when={**when, "body": seen.first or None}
    )


def held(entity: str, period: str) -> Write:
    """The write that holds an open period open, for the change that begins a batch in it: one at a time."""
    return Change((f"PERIODS#{entity}", period), adds={"n-batches": 1}, when={"state": OPEN}, below={"n-batches": 1})


def let_go(entity: str, period: str) -> Write:
    """The write that holds it no longer."""
    return Change((f"PERIODS#{entity}", period), adds={"n-batches": -1}, when={"state": OPEN})


def open_one(seen: Periods, period: str) -> None:
    """Open a period. Raises Elsewise."""
    _both(seen, Change((f"PERIODS#{seen.entity}", period), sets={"state": OPEN}, when={"state": None}))


def close_one(seen: Periods, period: str) -> None:
    """Close an open period, and all before it with it. Raises Elsewise; also while a batch is being sealed in it."""
    row = Change(
        (f"PERIODS#{seen.entity}", period), sets={"state": CLOSED}, when={"state": OPEN}, below={"n-batches": 1}
    )
    _both(seen, row, period)


def _both(seen: Periods, row: Change, closed: str = "") -> None:
    when = {"v": seen.version or None, "line": seen.closed or None}
    gate = Change(_gate(seen.entity), sets={"line": closed} if closed else {}, adds={"v": 1}, when=when)
    try:
        table().transact([gate, row])
    except Conflict as lost:
        raise Elsewise(row.key[1]) from lost


def _gate(entity: str) -> tuple[str, str]:
    return f"PERIODS#{entity}", GATE
