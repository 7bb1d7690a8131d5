"""What stands on top of a ticket for lists, timers and the sweep: derived from the ticket, never decided elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.promises import Promise, deadline, next_moment, promises
from chalicelib.domain.ticket.ticket import Ticket


@dataclass(frozen=True, slots=True)
class Heading:
    """`by`: the next deadline (None: none runs); `due`: the next moment of any clock (None: nothing ahead)."""

    by: datetime | None
    due: datetime | None
    clock: str
    line: dict[str, Any]


def heading(ticket: Ticket, policy: Policy) -> Heading:
    """The heading of a ticket; `line` is what a list shows of it, short keys because every index entry carries it."""
    runs = promises(ticket, policy)
    next_deadline = deadline([p for p in runs if not _in_hand(p, ticket)]) if ticket.is_open else None
    clock, by = next_deadline or ("", None)
    line = {
        "n": ticket.number,
        "k": ticket.kind.value,
        "s": ticket.state.value,
        "p": ticket.priority.value,
        "c": ticket.category,
        "l": ticket.place.get("label", ""),
        "h": ticket.holder,
        "x": clock,
        "v": ticket.level,
        "r": int(ticket.reported_at.timestamp()) if ticket.reported_at else 0,
    }
    flags = "".join(
        letter
        for letter, is_so in (
            ("u", not ticket.verified),
            ("d", ticket.at_desk),
            ("f", bool(ticket.failed_messages)),
            ("w", bool(ticket.rounds)),
            ("c", not ticket.contacted),
        )
        if is_so
    )
    if flags:
        line["f"] = flags
    return Heading(by, next_moment(ticket, policy, runs), clock, line)


def _in_hand(promise: Promise, ticket: Ticket) -> bool:
    """What the system is at itself: a matter of seconds that no list needs to be sorted by."""
    return promise.rule.unlisted == "routing" and ticket.route_due
