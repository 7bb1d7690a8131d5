"""Who is told: from events to message items, by the table in `policy/telling.toml`.

One change tells a person once, however many of its events concern them: by the row that comes first.
The item's key is natural (event, recipient, template), so that telling twice writes once; what is written and not yet
sent is queued again, and sending looks at the item's state first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.messages import enqueue
from chalicelib.domain.policy.telling import GIVEN, Telling, told_at
from chalicelib.domain.record.roles import role_in
from chalicelib.domain.ticket.ticket import Event, Role, Ticket, fold
from chalicelib.services.access import access
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.record import load
from chalicelib.services.ticket import dispatch
from chalicelib.store import grants, messages
from chalicelib.store.messages import Message

FACTS = (
    *("clock", "deadline", "deadlines", "fraction", "level", "start", "end", "until"),
    *("reason", "moment", "cause", "to", "windows", "other"),
)
LATELY = timedelta(days=10)  # how far back `missing` looks
TAKES = timedelta(hours=1)  # a message that is younger may be on its way


def tell(ticket_id: str, first: int, count: int, at: datetime) -> int:
    """Write and queue the messages of a change: `count` events from `first` on. How many; may run again."""
    ticket = load(ticket_id)
    if ticket.version < first + count - 1:
        ticket = load(ticket_id, consistent=True)
    queued = [m for m in _wanted(ticket, range(first, first + count), at) if _add(m, ticket, at) and not m.waits]
    if queued:
        enqueue((m.ticket, m.sk) for m in queued)
    return len(queued)


def tell_missing(ticket: Ticket, at: datetime) -> int:
    """Write what should have been told lately and was not, and queue again what waits; how many. May run again."""
    since, until = at - LATELY, at - TAKES
    recent = [e.version for e in ticket.events if since <= e.at <= until]
    wanted = _wanted(ticket, recent, at)
    known = messages.known(ticket.id, wanted)
    there = {m.told for m in known}
    late = [m for m in wanted if m.told not in there and _add(m, ticket, at)]
    late += [m for m in known if m.state == "queued" and m.made <= until]
    if late:
        enqueue((m.ticket, m.sk) for m in late)
    return len(late)


def _wanted(ticket: Ticket, versions: Iterable[int], at: datetime) -> list[Message]:
    """The messages of some events' changes, each to whoever it concerned then and still concerns."""
    tellings = policy_for(ticket.place).tellings
    first: dict[tuple[int, str], tuple[int, Message]] = {}
    for change in sorted({ticket.events[version - 1].change for version in versions}):
        events = [event for event in ticket.events if event.change == change]
        if not any(event.kind in tellings for event in events):
            continue
        last = events[-1].version
        after = fold(ticket.id, ticket.events[:last]) if last < ticket.version else ticket
        for event in events:
            for telling in tellings.get(event.kind, ()):
                when = _when(telling, event, ticket)
                if when is None:
                    continue
                for person in _recipients(telling, event, ticket, after, at):
                    message = _message(ticket, event, telling, person, when)
                    known = first.get((change, person))
                    if known is None or telling.rank < known[0]:
                        first[change, person] = (telling.rank, message)
    return [message for _, message in first.values()]


def _when(telling: Telling, event: Event, ticket: Ticket) -> datetime | None:
    """When an event is told; None for never."""
    if not telling.applies(event) or (telling.kinds and ticket.kind not in telling.kinds):
        return None
    return told_at(telling, ticket.events[: event.version]) if telling.bundle else event.at


def _recipients(telling: Telling, event: Event, ticket: Ticket, after: Ticket, at: datetime) -> Iterable[str]:
    """Whom it concerns. `after`: the ticket as the change left it; `ticket`: as it is now."""
    holder = after.holder
    if telling.to == "reporter":
        return ["reporter"]
    if telling.to in ("loser", "expecting"):
        before = fold(ticket.id, ticket.events[: event.change - 1])
        if telling.to == "expecting":
            return ["reporter"] if _visits(before) and not _visits(after) else []
        lost = before.holder and before.holder not in (holder, ticket.holder, event.by)
        return [before.holder] if lost else []
    if telling.to == "watchers":
        return sorted(set(ticket.watchers.values()))
    if telling.to == "level":
        below = int(event.data.get("from", 0)) - 1
        return [p for p in [event.data.get("person", "") or after.watchers.get(below, "")] if p]
    if telling.to == "desk":
        theirs = ticket.holder if role_in(ticket.team) is Role.DESK else ""  # they have it already
        return [p for p in [theirs or dispatch.at_level(1, ticket, at)] if p]
    if not holder and event.role is Role.OWNER and not ticket.holder and not ticket.route_due:
        return [p for p in [dispatch.at_level(1, ticket, at)] if p]  # whoever did the work works here no more
    person = event.data.get("person", holder)
    if event.kind not in GIVEN and person == event.by:  # who did it knows it
        return []
    return [person] if person and person == ticket.holder else []


def _visits(ticket: Ticket) -> bool:
    """Whether the owner expects somebody at a time, or was asked to choose one."""
    return ticket.is_open and bool(ticket.window or ticket.windows or ticket.proposed)


def _message(ticket: Ticket, event: Event, telling: Telling, person: str, when: datetime) -> Message:
    facts: dict[str, Any] = {k: event.data[k] for k in FACTS if k in event.data}
    if telling.to == "loser":
        facts.setdefault("cause", event.kind)
    if when > event.at:  # it speaks for what follows too: the sweep queues it then
        facts["waits"] = when.isoformat()
    role = "desk" if telling.to == "desk" else ""
    return Message(ticket.id, event.version, person, telling.template, telling.link, event.at, facts=facts, role=role)


def _add(message: Message, ticket: Ticket, at: datetime) -> bool:
    """Write the message, and the grant behind its link before it; whether it is still to be sent."""
    if message.link == "ticket" and not _linked(message, ticket):
        team = ticket.desk if message.to in _desk(ticket) else ""
        grant = access.ticket_grant(message.ticket, message.to, team)
        grants.put(grant, access.hash_of(access.token(grant)))
    if messages.add(message, at):
        return True
    known = messages.get(message.ticket, message.sk)
    return known is not None and known.state == "queued"


def _linked(message: Message, ticket: Ticket) -> bool:
    """Whether the holder has the link already: it was made with the event that gave them the ticket."""
    return message.to == ticket.holder and ticket.events[message.event - 1].data.get("person") != message.to


def _desk(ticket: Ticket) -> set[str]:
    """Who is on the ticket's property desk: their link stays good while they are."""
    return {s.id for s in dispatch.roster(ticket.desk) if s.person.active}
