"""`python -m tests.e2e.audit`: what the deployed table lacks of some tickets, as a JSON list of sentences.

stdin: {"now": when it is, "tickets": [id, …]}. It reads as the system does; it changes nothing.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta

from chalicelib.domain.ticket.promises import next_moment
from chalicelib.domain.ticket.ticket import ENDS, Ticket
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import dispatch
from tests.domain.ahead import lacks

LATE = timedelta(minutes=10)
CLOCKS = ("warned", "breached", "escalated", "reminded")


def faults(ticket: Ticket, now: datetime) -> list[str]:
    """What is wrong with one ticket; complaints that it opened are asked for by themselves."""
    numbers = policy_for(ticket.place)
    found = [lack] if (lack := lacks(ticket, numbers)) else []
    coming = next_moment(ticket, numbers, at=now) if ticket.is_open else None
    if coming and coming < now - LATE:
        found.append(f"a moment passed at {coming} and nothing was recorded")
    if ticket.is_open and ticket.outstanding:
        found.append("the system still owes it something")
    on_it = {ticket.holder, *ticket.watchers.values()} - {""} if ticket.is_open else set()
    found += [f"{who} works here no more" for who in sorted(on_it) if not dispatch.is_active(who)]
    end = next((e.version for e in ticket.events if e.kind in ENDS), ticket.version)
    change = ticket.events[end - 1].change
    found += [f"{e.kind} after its end" for e in ticket.events[end:] if e.kind in CLOCKS and e.change != change]
    return [f"{ticket.number} {ticket.kind.value} {ticket.state.value}: {fault}" for fault in found]


def main() -> None:
    asked = json.load(sys.stdin)
    ahead, seen, found = list(asked["tickets"]), set[str](), list[str]()
    while ahead:
        if (ticket_id := ahead.pop()) in seen:
            continue
        seen.add(ticket_id)
        ticket = record.load(ticket_id, consistent=True)
        ahead += ticket.linked
        found += faults(ticket, datetime.fromisoformat(asked["now"]))
    print(json.dumps(found, ensure_ascii=False))


if __name__ == "__main__":
    main()
