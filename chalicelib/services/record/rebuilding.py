"""A head made anew from its ticket's events: what lists, timers and sweep stand on can be derived again.

Nothing is lost with a head but the generation of its timer, which the next execution finds out by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from chalicelib.domain.ticket.heading import heading
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.record.record import TRIES, Busy, due_for, load_with_timer
from chalicelib.store import levels, places, records
from chalicelib.store.places import GROUP
from chalicelib.store.records import StaleRecord, Timer
from chalicelib.store.table import Conflict, Row

STRETCH = 100  # lines of a queue read at once


def rebuild(ticket_id: str, at: datetime) -> bool:
    """Write the head that the events make, if the one that stands there is another. May run again. Raises NotFound."""
    for _ in range(TRIES):
        ticket, timer = load_with_timer(ticket_id, consistent=True)
        stands = records.stored_head(ticket_id)
        derived = head_of(ticket, timer, at)
        if derived == stands:
            try:
                return levels.mend(ticket, derived)
            except Conflict:
                continue
        if stands and stands.get("v", 0) > ticket.version:
            continue
        try:
            records.put_head(derived, stands)
        except StaleRecord:
            continue
        return True
    raise Busy


def head_of(ticket: Ticket, timer: Timer, at: datetime) -> Row:
    """The head as the events make it. `due` may stand earlier than it need be, never later; done, nothing is armed."""
    top = heading(ticket, policy_of(ticket))
    due = due_for(ticket, top.due, at)
    if due and timer.due and timer.due < due:
        due = timer.due
    armed = timer.armed if ticket.is_open else ""
    return records.head(ticket, top, Timer(due, armed, timer.generation))


def open_tickets() -> Iterator[str]:
    """The ids of all open tickets, desk by desk."""
    for desk in desks():
        start = None
        while True:
            found, start = records.ids_at(desk, limit=STRETCH, start=start)
            yield from found
            if not start:
                break


def desks() -> list[str]:
    """The property desk of every project, in a fixed order."""
    return sorted(f"{child.id}/desk" for child in places.children(GROUP) if child.kind == "project")
