"""Two tickets for one fault: which may go on for both, and what either's history says of it.

merged    on the one that ends: with which it goes on
joined    on the one that goes on: which came to it; who watched that one watches this one too
"""

from __future__ import annotations

from typing import Any

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.ticket import Priority, State, Ticket

# Where work is still ahead: a fault that is reported again after it was mended is no part of what is finished.
GOES_ON = frozenset(
    {
        *(State.REPORTED, State.ASSIGNED, State.ACKNOWLEDGED, State.SCHEDULED, State.ON_SITE, State.WAITING),
        State.RELAYED,
    }
)
URGENCY = (Priority.NORMAL, Priority.URGENT, Priority.EMERGENCY)


def check(ticket: Ticket, into: Ticket) -> None:
    """Whether `into` may go on for both. Raises Invalid, at the field that named it."""
    if into.id == ticket.id or into.state not in GOES_ON:
        raise Invalid("into", "not_found")
    if into.kind is not ticket.kind and not (into.is_work and ticket.is_work):
        raise Invalid("into", "other_kind")
    if into.place.get("project") != ticket.place.get("project"):
        raise Invalid("into", "other_place")
    if URGENCY.index(into.priority) < URGENCY.index(ticket.priority):
        raise Invalid("into", "less_urgent")


def joining(ticket: Ticket) -> dict[str, Any]:
    """What the ticket that goes on takes over of the one that ends."""
    watchers = [[level, who] for level, who in sorted(ticket.watchers.items())]
    facts = {"ticket": ticket.id, "other": ticket.number, "level": ticket.level, "watchers": watchers}
    return {name: value for name, value in facts.items() if value}
