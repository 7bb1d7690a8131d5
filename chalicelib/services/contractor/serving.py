"""What services know of cases, for the mechanism of records.

who reaches a case        contractor's contacts · people of an engaged third party · warranty office, and the desks that
                          answer for its place; a worker reaches the tickets that he was given, and no case
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.heading import beside
from chalicelib.domain.contractor.kind import CASES
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import roles
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.roles import ROLES, Role
from chalicelib.domain.ticket.trade import Priority
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import (
    batching,
    contacts,
    delegating,
    disputing,
    engaging,
    entrusting,
    hearing,
    releasing,
)
from chalicelib.services.record.registry import Posted, Recipient, RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store import people, places
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.places import GROUP
from chalicelib.store.table import Row, Write, iso

WATCHED = frozenset({"engaged", "price_agreed"})


def _moment(due: Due, case: Case, at: datetime) -> Command:
    """The command that records a moment."""
    moment, clock, hands = due.moment, due.promise.clock, due.promise.rule.hands
    data: dict[str, Any] = {"moment": moment.key, "clock": due.promise.name}
    if moment.kind in ("warning", "deadline"):
        data["person"] = contacts.in_hand(hands, case, at)
    if moment.kind == "warning":
        return Command("warn", SYSTEM, data | {"fraction": moment.which})
    if moment.kind == "deadline":
        return Command("breach", SYSTEM, data | {"deadline": iso(clock.due_at or moment.at)})
    if moment.kind == "level":
        assert isinstance(moment.which, int)
        person = contacts.at_level(moment.which, case, at)
        return Command("escalate", SYSTEM, data | {"level": moment.which, "cause": "breach", "person": person})
    assert isinstance(moment.which, date)
    level = max((n for n, _ in due.promise.levels), default=2)
    return Command("remind", SYSTEM, data | {"level": level, "person": contacts.at_level(level, case, at)})


def _hands(due: Due) -> str:
    return f"whoever must act: {due.promise.rule.hands}"


def _recipients(telling: Telling, event: Event, after: Case, case: Case, at: datetime) -> Iterable[str]:
    """Whom it concerns. `after`: the case as the change left it; `case`: as it is now."""
    if telling.to == "level":
        person = str(event.data.get("person", ""))
    elif telling.to == "contact":
        person = contacts.written_to(after)
    elif telling.to == "third_party":
        job = after.stop if event.data.get("route") == "stop_of_damage" else after.job or after.stop
        person = job.contact if job else ""
    else:
        person = contacts.at_office(case, at)
    return [person] if person and person != event.by else []


def _recipient(case: Case, to: str) -> Recipient | None:
    """Whoever it goes to, with the addresses as they are now; None when there is nobody any more."""
    staff = people.get(to)
    if staff is None or not staff.person.active:
        return None
    return Recipient(staff.person.name, staff.phone, "" if staff.phone else staff.email, staff.lang)


def _link(case: Case, message: Message) -> Grant | None:
    """What the message's link opens; None for no link, or one that is dead by now."""
    if message.link != "case":
        return None
    grant = access.ticket_grant(case.id, message.to, contacts.team_of(case, message.to))
    try:
        actor_on(grant, case)
    except NoAccess:
        return None
    return grant


def actor_on(grant: Grant, case: Case) -> Actor:
    """Who a grant's holder is on a case, if it reaches it now. Raises NoAccess."""
    if grant.kind not in ("staff", "ticket") or (grant.kind == "ticket" and grant.record != case.id):
        raise NoAccess
    role = access.role_of(grant)
    company = roles.company_of(grant.team)
    engaged = {job.company for job in (case.job, case.stop) if job}
    reaches = roles.covers(grant.team, case.place)
    reaches = reaches or (role is Role.CONTRACTOR and company == case.company)
    reaches = reaches or (role is Role.THIRD_PARTY and company in engaged)
    if not reaches or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, role, grant.id)


def _path(grant: Grant) -> str:
    """A link to one case begins where its holder's own pages do; the desks see it as the warranty office does."""
    role = access.role_of(grant)
    return ROLES[role if role in roles.OUTSIDE else Role.OFFICE].home.strip("/")


def _sms(case: Case, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    from chalicelib.services.contractor import posting

    return posting.sms(case, message, to, at, link, code, page)


def _mail(case: Case, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    from chalicelib.services.contractor import posting

    return posting.mail(case, message, to, at, link)


def desks() -> Sequence[str]:
    """Both lists of the warranty office of every subsidiary that has a project, in a fixed order."""
    projects = [places.get(child.id) for child in places.children(GROUP) if child.kind == "project"]
    offices = {roles.office_of(project.as_fact()) for project in projects if project}
    return sorted({desk for office in offices for desk in (office, beside(office))})


def _opens(case: Case, at: datetime) -> bool:
    """The notice that goes by itself; tickets that should be in other hands. Whether the case changed."""
    if case.release_ready:
        return releasing.release_by_itself(case, at)
    if case.to_entrust:
        return entrusting.entrust(case, at)
    return bool(case.to_deduct) and _deduct(case, at)


def _deduct(case: Case, at: datetime) -> bool:
    from chalicelib.services.money import gathering

    return gathering.open_for(case, at)


def _undelivered(message: Message) -> Command:
    facts = {"message": message.sk, "template": message.template, "to": message.to}
    return Command("note_failed_message", SYSTEM, facts, key=f"failed/{message.sk}")


def _tidies(case: Case, at: datetime) -> int:
    """Workers who were taken back, and whose links a cut left alive; what it could not hear of its tickets."""
    retired = sum(delegating.retire(case, person, at) for person in delegating.taken_back(case))
    return retired + hearing.catch_up(case, at)


def _informed(command: Command, case: Case, at: datetime) -> Command:
    if command.name != "seal" or case.knows(command.key):
        return engaging.informed(command, case, at)
    from chalicelib.services.contractor import sealing

    return sealing.informed(command, case, legal(case, command.name, command.by.role))


def _joins(before: Case | None, after: Case, events: Sequence[Event], numbers: Policy, head: Row) -> Sequence[Write]:
    """What the public page of a letter shows of its sealed files; a third party's job that is over, or begun."""
    kinds = {event.kind for event in events}
    jobs = _over(before, after, events) if kinds & {"invoiced", "disengaged"} else []
    if kinds & WATCHED:
        from chalicelib.services.money import watching

        jobs += watching.jobs_of(after, numbers)
    if "letter_sealed" not in kinds:
        return jobs
    from chalicelib.services.contractor import sealing

    return [*sealing.joins(events), *jobs]


def _over(before: Case | None, after: Case, events: Sequence[Event]) -> list[Write]:
    """A row for each job that the events end, whose figures third parties' files are made of."""
    from chalicelib.domain.contractor.engaged import over
    from chalicelib.store import engagements

    office = roles.office_of(after.place)
    found: list[Write] = []
    for event in events:
        stop = event.data.get("route") == "stop_of_damage"
        job = before.job if event.kind == "disengaged" and before else after.stop if stop else after.job
        if job and event.kind in ("invoiced", "disengaged"):
            one = over(after, job, given_up=event.kind == "disengaged")
            found.append(engagements.put(office, one, job.event))
    return found


def _together(name: str) -> Callable[..., Case] | None:
    """Releasing writes a letter too; joining other cases and their tickets; delegating a worker; a dispute a ticket."""
    if name in releasing.KINDS:
        return releasing.release
    if name == "join":
        return batching.join
    return delegating.together(name) or disputing.together(name)


def _shows(case: Case) -> list[str]:
    """All tickets that ever stood under it."""
    joined = [ticket for e in case.events if e.kind == "joined" for ticket in e.data["tickets"]]
    return sorted({case.ticket, *joined})


def _pressing(case: Case) -> bool:
    return case.priority is Priority.EMERGENCY


register(
    RecordService(
        kind=CASES,
        moment=_moment,
        hands=_hands,
        recipients=_recipients,
        recipient=_recipient,
        link=_link,
        grants=_link,
        sms=_sms,
        mail=_mail,
        actor_on=actor_on,
        path=_path,
        desks=desks,
        informed=_informed,
        joins=_joins,
        together=_together,
        opens=_opens,
        undelivered=_undelivered,
        tidies=_tidies,
        shows=_shows,
        pressing=_pressing,
    )
)
