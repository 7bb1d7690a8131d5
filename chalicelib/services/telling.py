"""Who is told: from events to message items, by the table in `policy/telling.toml`.

The item's key is natural (event, recipient, template), so that telling twice writes once; what is written and not yet
sent is queued again, and sending looks at the item's state first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from chalicelib.adapters.messages import enqueue
from chalicelib.adapters.policies import policy
from chalicelib.domain.policy import Telling
from chalicelib.domain.ticket import Event, Ticket
from chalicelib.services import access, dispatch
from chalicelib.services.record import load
from chalicelib.store import grants, messages
from chalicelib.store.messages import Message

FACTS = ("clock", "deadline", "fraction", "level", "start", "end", "reason", "moment", "cause", "to", "windows")


def tell(ticket_id: str, first: int, count: int, at: datetime) -> int:
    """Write and queue the messages of the change of `count` events that begins with `first`; how many. May run again."""
    ticket = load(ticket_id)
    if ticket.version < first + count - 1:
        ticket = load(ticket_id, consistent=True)
    written: list[Message] = []
    for event in ticket.events[first - 1 : first - 1 + count]:
        for telling in policy().tellings.get(event.kind, ()):
            if _applies(telling, event, ticket):
                written += [_message(ticket, event, telling, person) for person in _recipients(telling, event, ticket, at)]
    queued = [m for m in written if _add(m, ticket.desk if m.to in _desk(ticket) else "")]
    if queued:
        enqueue((m.ticket, m.sk) for m in queued)
    return len(queued)


def _applies(telling: Telling, event: Event, ticket: Ticket) -> bool:
    if event.data.get("quiet") or (telling.by and event.role.value not in telling.by):
        return False
    return not (telling.unless and event.data.get("how") == telling.unless)


def _recipients(telling: Telling, event: Event, ticket: Ticket, at: datetime) -> Iterable[str]:
    if telling.to == "reporter":
        return ["reporter"]
    if telling.to == "holder":
        person = event.data.get("person", ticket.holder)
        return [person] if person and person == ticket.holder else []
    if telling.to == "level":
        return [p for p in [event.data.get("person", "")] if p]
    if telling.to == "watchers":
        return sorted(set(ticket.watchers.values()))
    if telling.to == "previous":
        return [p for p in [event.data.get("person", "")] if p]
    return [p for p in [dispatch.at_level(1, ticket, at)] if p]


def _message(ticket: Ticket, event: Event, telling: Telling, person: str) -> Message:
    facts: dict[str, Any] = {k: event.data[k] for k in FACTS if k in event.data}
    return Message(ticket.id, event.version, person, telling.template, telling.link, event.at, facts=facts)


def _add(message: Message, team: str) -> bool:
    """Write the message, and the grant behind its link before it; whether it is still to be sent."""
    if message.link == "ticket":
        grant = access.ticket_grant(message.ticket, message.to, team)
        grants.put(grant, access.hash_of(access.token(grant)))
    if messages.add(message):
        return True
    known = messages.get(message.ticket, message.sk)
    return known is not None and known.state == "queued"


def _desk(ticket: Ticket) -> set[str]:
    """Who is on the ticket's property desk: their link stays good while they are."""
    return {s.id for s in dispatch.roster(ticket.desk) if s.person.active}
