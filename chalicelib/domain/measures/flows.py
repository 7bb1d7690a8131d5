"""Money that a fault moved, as figures count it: a flow for each event that moves any, added with that very event.

    what         of            fen
    paid         a deduction   what a third party was paid for the repair
    firm         a deduction   what the contractor owes from then on
    lessened     a deduction   what was reversed or written off of that
    recovered    a deduction   what finance took
    refunded     a deduction   what the contractor was given back
    compensated  a claim       what the owner was paid

A ticket's fact says what was done and when; what it cost is known long afterwards, of several tickets at once, and in
parts. So money counts in the month in which it moved, and no ticket's fact is corrected by it. A flow names records and
companies, no person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

from chalicelib.domain.record.event import Event

What = Literal["paid", "firm", "lessened", "recovered", "refunded", "compensated"]


@dataclass(frozen=True, slots=True)
class Flow:
    """`record`, `n`: of which record, and the version of the event. `company`: the contractor. `ticket`: the first."""

    project: str
    at: datetime
    record: str
    n: int
    what: What
    fen: int
    ticket: str = ""
    company: str = ""
    category: str = ""
    component: str = ""


def of_deduction(after: Any, events: Sequence[Event]) -> list[Flow]:
    """The flows of a change of a deduction, by its own events."""

    def flow(event: Event, what: What, fen: int) -> Flow:
        return Flow(
            project=after.place.get("project", ""),
            at=event.at.astimezone(UTC).replace(microsecond=0),
            record=after.id,
            n=event.version,
            what=what,
            fen=fen,
            ticket=after.tickets[0] if after.tickets else "",
            company=after.company,
            category=after.about.get("category", ""),
            component=after.about.get("component", ""),
        )

    return [flow(e, *moved) for e in _numbered(after, events) if (moved := _moved(after, e)) and moved[1]]


def _numbered(after: Any, events: Sequence[Event]) -> Sequence[Event]:
    """A change's events with the versions that they have in the record."""
    return tuple(after.events[len(after.events) - len(events) :])


def _moved(after: Any, event: Event) -> tuple[What, int] | None:
    if event.kind == "firm":
        return "firm", after.total - after.reversed - after.written_off
    if event.kind == "third_paid":  # of an invoice for several deductions, its own part
        return "paid", after.invoice.allocated if after.invoice else int(event.data["fen"])
    known = _OF_EVENT.get(event.kind)
    return (known, int(event.data["fen"])) if known else None


_OF_EVENT: Mapping[str, What] = {
    "reversed": "lessened",
    "written_off": "lessened",
    "recovered": "recovered",
    "refunded": "refunded",
}


def of_compensation(after: Any, events: Sequence[Event]) -> list[Flow]:
    """The flow of a compensation that was paid."""
    return [
        Flow(
            project=after.place.get("project", ""),
            at=event.at.astimezone(UTC).replace(microsecond=0),
            record=after.id,
            n=event.version,
            what="compensated",
            fen=int(event.data["fen"]),
            ticket=after.ticket,
        )
        for event in _numbered(after, events)
        if event.kind == "paid"
    ]
