"""What services know of cases, for the mechanism of records.

who reaches a case        contractor's contacts · people of an engaged third party · warranty office, and the desks that
                          answer for its place; a worker reaches the tickets that he was given, and no case
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.kind import CASES
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import roles
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.trade import Priority
from chalicelib.services import staffed
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
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.table import Row, Write

FILED = frozenset({"seal", "prove_delivery"})  # moves that a file of a letter may come with
WATCHED = frozenset({"engaged", "price_agreed"})


def _moment(due: Due, case: Case, at: datetime) -> Command:
    """The command that records a moment."""
    return staffed.moment(
        due,
        lambda hands: contacts.in_hand(hands, case, at),
        lambda level: contacts.at_level(level, case, at),
        cause="breach",
    )


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


def actor_on(grant: Grant, case: Case) -> Actor:
    """Who a grant's holder is on a case, if it reaches it now. Raises NoAccess."""

    def reaches(role: Role, company: str) -> bool:
        engaged = {job.company for job in (case.job, case.stop) if job}
        theirs = {Role.CONTRACTOR: {case.company}, Role.THIRD_PARTY: engaged}
        return company in theirs.get(role, ())

    return staffed.actor(grant, case, case.place, reaches)


def _sms(case: Case, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    from chalicelib.services.contractor import posting

    return posting.sms(case, message, to, at, link, code, page)


def _mail(case: Case, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    from chalicelib.services.contractor import posting

    return posting.mail(case, message, to, at, link)


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


def _tidies(case: Case, at: datetime) -> int:
    """Workers who were taken back, and whose links a cut left alive; what it could not hear of its tickets."""
    retired = sum(delegating.retire(case, person, at) for person in delegating.taken_back(case))
    return retired + hearing.catch_up(case, at)


def _informed(command: Command, case: Case, at: datetime) -> Command:
    if command.name not in FILED or case.knows(command.key):
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


LINK = staffed.link("case", contacts.team_of, actor_on)
register(
    RecordService(
        kind=CASES,
        moment=_moment,
        hands=staffed.hands,
        recipients=_recipients,
        recipient=staffed.recipient,
        link=LINK,
        grants=LINK,
        sms=_sms,
        mail=_mail,
        actor_on=actor_on,
        path=staffed.path,
        desks=staffed.offices,
        informed=_informed,
        joins=_joins,
        together=_together,
        opens=_opens,
        undelivered=staffed.undelivered,
        tidies=_tidies,
        shows=_shows,
        pressing=_pressing,
    )
)
