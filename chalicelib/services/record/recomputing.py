"""When a calendar or a number changes: open tickets get their new deadlines, and whoever was told another one is told.

Deadlines are computed from events and policy, so they move by themselves; what is missing is the head that lists and
timers stand on, and the word to the owner. It goes slice by slice: each answers where the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.lifecycle import Command, told_anew
from chalicelib.domain.ticket.promises import new_deadlines, promises
from chalicelib.domain.ticket.ticket import SYSTEM, Ticket
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.rebuilding import desks, rebuild
from chalicelib.store import records
from chalicelib.store.reading import Unreadable

SLICE = 200
Policies = Callable[[Mapping[str, str]], Policy]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a walk over all open tickets stands: the desk, and how far in its queue."""

    desk: str = ""
    start: Mapping[str, str] | None = None


BEGIN = Place()


def stretch(place: Place, size: int) -> tuple[list[str], Place | None]:
    """Up to `size` open tickets from `place` on, and where to go on (None: that was all)."""
    left = [desk for desk in desks() if desk >= place.desk]
    if not left:
        return [], None
    start = dict(place.start) if place.start and left[0] == place.desk else None
    found, after = records.ids_at(left[0], limit=size, start=start)
    if after:
        return found, Place(left[0], after)
    return found, Place(left[1]) if len(left) > 1 else None


def recompute(before: Policies, at: datetime, place: Place = BEGIN, size: int = SLICE) -> tuple[int, Place | None]:
    """One slice: how many deadlines moved, and where to go on. `before`: the numbers that held until now, by place.

    May run again: the same new deadline is told once a day at most.
    """
    found, after = stretch(place, size)
    moved = 0
    for ticket_id in found:
        try:
            moved += recompute_one(ticket_id, before, at)
        except Unreadable:  # named already: one broken row must not keep the others from their deadlines
            continue
    return moved, after


def recompute_one(ticket_id: str, before: Policies, at: datetime) -> bool:
    """Whether a deadline of the ticket moved, which is then an event; its head is right afterwards in any case."""
    moved = False

    def commands(ticket: Ticket) -> list[Command]:
        nonlocal moved
        wanted = corrected(ticket, before(ticket.place), at)
        moved = bool(wanted)
        return wanted

    record.change(ticket_id, commands, at)
    rebuild(ticket_id, at)
    return moved


def corrected(ticket: Ticket, before: Policy, at: datetime) -> list[Command]:
    """What a corrected schedule asks for: that it is noted, and the new deadlines of what the owner was told."""
    numbers = policy_for(ticket.place)
    if not ticket.is_open or before is numbers:
        return []
    moved = new_deadlines(promises(ticket, before), promises(ticket, numbers))
    if not moved:
        return []
    [(_, facts)] = told_anew(moved, "schedule_corrected")
    marks = (f"{name}={due}" for name, due in sorted(facts["deadlines"].items()))
    mark = f"schedule/{at:%Y-%m-%d}/{'/'.join(marks)}"
    if ticket.knows(mark):
        return []
    return [
        Command("correct_schedule", SYSTEM, {"cause": numbers.version}, key=mark),
        Command("tell_new_deadline", SYSTEM, facts, key=f"{mark}/told"),
    ]
