"""Whom a ticket reaches: who is told of an event, at which address, and what the message's link opens."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.policy.telling import GIVEN, Telling
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import DESKS, Role, office_of, role_in
from chalicelib.domain.ticket.ticket import Ticket, fold
from chalicelib.domain.ticket.trade import Kind
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.registry import WAYS, Recipient
from chalicelib.services.ticket import dispatch
from chalicelib.store import people
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message

CLIMBED = frozenset({"escalated"})


def recipients(telling: Telling, event: Event, after: Ticket, ticket: Ticket, at: datetime) -> Iterable[str]:
    """Whom it concerns. `after`: the ticket as the change left it; `ticket`: as it is now."""
    holder = after.holder
    if telling.to == "reporter":
        return [] if ticket.by_system else ["reporter"]
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
    if telling.to == "stead" and not ticket.by_system:
        return []
    if telling.to in ("desk", "stead"):
        theirs = ticket.holder if role_in(ticket.team) is Role.DESK else ""  # they have it already
        return [p for p in [theirs or dispatch.at_level(1, ticket, at)] if p]
    if telling.to == "office":
        office = office_of(ticket.place) if ticket.place.get("subsidiary") else ""
        return [p for p in [dispatch.somebody(office, at) or dispatch.at_level(2, ticket, at)] if p]
    if not holder and event.role is Role.OWNER and not ticket.holder and not ticket.route_due:
        return [p for p in [dispatch.at_level(1, ticket, at)] if p]  # whoever did the work works here no more
    person = event.data.get("person", holder)
    if event.kind not in GIVEN and person == event.by:  # who did it knows it
        return []
    return [person] if person and person == ticket.holder else []


def _visits(ticket: Ticket) -> bool:
    """Whether the owner expects somebody at a time, or was asked to choose one."""
    return ticket.is_open and bool(ticket.window or ticket.windows or ticket.proposed)


def suits(telling: Telling, ticket: Ticket) -> bool:
    """Whether the row is for such a ticket. Of a snag its case tells; without one, where it climbed to."""
    if ticket.kind is Kind.SNAG:
        return ticket.kind in telling.kinds or (telling.event in CLIMBED and not ticket.cases)
    return not telling.kinds or ticket.kind in telling.kinds


def recipient(ticket: Ticket, to: str) -> Recipient | None:
    """Whoever it goes to, with the addresses as they are now; None when there is nobody any more."""
    if to == "reporter":
        said, sure = ticket.said("reported"), ticket.vouched
        name = said.get("name", "") if "name" in sure else ""
        return Recipient(name, said.get("phone", ""), said.get("email", ""), ticket.lang, True, sure & WAYS)
    staff = people.get(to)
    if staff is None or not staff.person.active:
        return None
    return Recipient(staff.person.name, staff.phone, "" if staff.phone else staff.email, staff.lang)


def grants(ticket: Ticket, message: Message) -> Grant | None:
    """The holder has the link already: it was made with the event that gave them the ticket."""
    given = ticket.events[message.event - 1].data.get("person") == message.to
    if message.link != "ticket" or (message.to == ticket.holder and not given):
        return None
    return access.ticket_grant(ticket.id, message.to, _answers(ticket, message))


def _answers(ticket: Ticket, message: Message) -> str:
    """The desk or office as which somebody is told; "" for who is told as somebody who stands on the ticket."""
    if message.to == ticket.holder and role_in(ticket.team) not in DESKS:
        return ""
    teams = [t for t in access.answering(ticket) if message.role == "office" or role_in(t) is not Role.SUPERVISOR]
    return next((t for t in teams if any(s.id == message.to and s.person.active for s in dispatch.roster(t))), "")


def link(ticket: Ticket, message: Message) -> Grant | None:
    """What the message's link opens; None for no link, or one that is dead by now."""
    if message.link == "own":
        return access.own_grant(_goes_on(ticket) if message.template == "merged" else ticket.id)
    if message.link != "ticket":
        return None
    try:
        grant = access.ticket_grant(
            ticket.id, message.to, "" if ticket.stands(message.to) else _answers(ticket, message)
        )
        access.actor_on(grant, ticket)
    except NoAccess:
        return None
    return grant


def _goes_on(ticket: Ticket) -> str:
    """Where whoever reported a merged ticket follows it from now on: at the other one, if that is theirs too."""
    from chalicelib.services.ticket.merging import theirs_too

    other = theirs_too(ticket)
    return other.id if other else ticket.id
