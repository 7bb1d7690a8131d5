"""What a ticket lacks after a change: the complaint that climbing opens, somebody who has it, a timer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.ticket.promises import next_moment
from chalicelib.domain.ticket.ticket import Ticket, fold
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.record import TRIES, Busy, append, decided, due_for, load_with_timer
from chalicelib.services.record.timers import arm, disarm, started
from chalicelib.services.ticket import climbing, dispatch
from chalicelib.store.records import StaleRecord, Timer


def act_on(ticket_id: str, version: int, at: datetime) -> dict[str, Any]:
    """Do what is outstanding, then arm its timer. `version`: what the waker has seen. May run again."""
    for attempt in range(TRIES):
        ticket, timer = load_with_timer(ticket_id, consistent=attempt > 0)
        if ticket.version < version:
            continue
        if ticket.complaint_due:
            climbing.open_complaint(ticket, at)
            ticket, timer = load_with_timer(ticket_id, consistent=True)
        try:
            if not ticket.is_open:
                return disarm(ticket, timer, at)
            if ticket.route_due:
                if ticket.said("reported").get("photos"):
                    from chalicelib.services.ticket import photos

                    photos.keep(ticket)
                return _route(ticket, timer, at)
            armed = arm(ticket, timer, at)
            return {"armed": armed.armed, "generation": armed.generation}
        except StaleRecord:
            continue
    raise Busy


def _route(ticket: Ticket, timer: Timer, at: datetime) -> dict[str, Any]:
    """Give it to somebody, with its timer armed in the same write. Raises StaleRecord."""
    events = decided(ticket, timer, lambda now: [dispatch.route(now, at)], at)
    after = fold(ticket.id, events, onto=ticket)
    ahead = replace(timer, due=due_for(after, next_moment(after, policy_for(after.place)), at))
    append(ticket, timer, events, timer=started(ticket.id, ahead))
    dispatch.given(after.holder)
    return {"routed": events[-1].kind, "person": after.holder}
