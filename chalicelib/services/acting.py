"""What a ticket lacks after a change: somebody who has it, and a timer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters.policies import policy
from chalicelib.domain.lifecycle import decide
from chalicelib.domain.promises import next_moment
from chalicelib.domain.ticket import fold
from chalicelib.services import dispatch
from chalicelib.services.record import TRIES, Busy, append, load_with_timer
from chalicelib.services.timers import arm, started
from chalicelib.store.tickets import StaleTicket, iso


def act_on(ticket_id: str, version: int, at: datetime) -> dict[str, Any]:
    """Route the ticket if nobody has it, then arm its timer. `version`: what the waker has seen. May run again."""
    for attempt in range(TRIES):
        ticket, timer = load_with_timer(ticket_id, consistent=attempt > 0)
        if ticket.version < version:
            continue
        try:
            if ticket.route_due and ticket.is_open:
                events = decide(ticket, dispatch.route(ticket, at), at, policy())
                due = next_moment(fold(ticket.id, events, onto=ticket), policy())
                ahead = replace(timer, due=iso(due) if due else "")
                append(ticket, timer, events, timer=started(ticket_id, ahead))
                return {"routed": events[0].kind, "person": events[0].data.get("person", "")}
            armed = arm(ticket, timer)
            return {"armed": armed.armed, "generation": armed.generation}
        except StaleTicket:
            continue
    raise Busy
