"""What services know of surveys: whom one reaches, by which link, at which desk it is called, what comes of it.

calls      the call list of a desk: a link and one stretch of the index
contact    who is to be called: as registered there now; else whoever reported there last
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.measures import survey
from chalicelib.domain.measures.asked import Outcome
from chalicelib.domain.measures.survey import OUTCOMES, PREFIX, SURVEYS, Shown, Survey, caller, shown, step
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.roles import DESKS, ROLES, Role, covers, desk_of, role_in
from chalicelib.language import surveys as wording
from chalicelib.language.catalogue import LANGS
from chalicelib.services import staffed
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import Recipient, RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store import places, surveys
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.reading import each
from chalicelib.store.records import NEVER, list_key, named
from chalicelib.store.table import Row, Write, table

PAGE = 50
RESIDENT = "resident"


@dataclass(frozen=True, slots=True)
class Call:
    """A line of a call list. `by`: until when."""

    id: str
    by: datetime | None
    line: Shown


@dataclass(frozen=True, slots=True)
class Contact:
    """Who is to be called. Personal."""

    name: str
    phone: str


def calls(desk: str, *, limit: int = PAGE, start: Any = None) -> tuple[Sequence[Call], Any]:
    """Who is to be called by a desk, by deadline; one page and where to go on. One call."""
    page = table().index("queue", list_key(f"{PREFIX}#", "DESK", desk), limit=limit, start=start)
    return each(page.rows, _call), page.next


def _call(row: Row) -> Call:
    by = row.get("by", NEVER)
    return Call(named(row["pk"]), None if by == NEVER else datetime.fromisoformat(by), shown(json.loads(row["line"])))


def contact(one: Survey) -> Contact | None:
    """Whom to call, as things stand; None where nobody is known there any more. One call."""
    if one.resident:
        there = places.with_residents(one.place.get("unit", ""))[1]
        resident = next((r for r in there if r.id == one.resident), None)
        return Contact(resident.name, resident.phone) if resident and resident.phone else None
    if not one.ticket:
        return None
    try:
        said = record.load(one.ticket).said("reported")
    except record.NotFound:  # erased meanwhile
        return None
    return Contact(said.get("name", ""), said.get("phone", "")) if said.get("phone") else None


def own_grant(reference: str) -> Grant:
    """The link of who was drawn to the page with the stars."""
    return Grant(id=f"survey/{reference}", kind="survey", holder=RESIDENT, record=reference)


# what the mechanism asks


def _moment(due: Due, one: Survey, at: datetime) -> Command:
    return staffed.moment(due, lambda turn: "", lambda level: staffed.at_developer_desk(one.place, at))


def _recipients(telling: Telling, event: Event, after: Survey, one: Survey, at: datetime) -> Iterable[str]:
    if telling.to == RESIDENT:
        return [RESIDENT] if one.verified and one.resident and one.state is survey.State.ASKED else []
    person = str(event.data.get("person", ""))
    if telling.to == "desk":
        person = dispatch.somebody(caller(one, policy_for(one.place)), at)
    return [person] if person and person != event.by else []


def _recipient(one: Survey, to: str) -> Recipient | None:
    if to == RESIDENT:
        there = places.with_residents(one.place.get("unit", ""))[1]
        resident = next((r for r in there if r.id == one.resident), None)
        return Recipient(resident.name, resident.phone, resident.email, LANGS[0], True) if resident else None
    return staffed.recipient(one, to)


def _link(one: Survey, message: Message) -> Grant | None:
    return own_grant(one.id) if message.link == "survey" else None


_sms, _mail = staffed.posts(wording.TEXTS, wording.facts)


def _actor_on(grant: Grant, one: Survey) -> Actor:
    """Whoever was drawn, by the link; a desk that calls, and those above it. Raises NoAccess."""
    if grant.kind == "survey" and grant.record == one.id:
        return Actor("reporter", Role.OWNER, grant.id)
    role = access.role_of(grant) if grant.kind == "staff" else None
    if role is None or role not in DESKS or not covers(grant.team, one.place):
        raise NoAccess
    ours = ROLES[role].level >= ROLES[role_in(caller(one, policy_for(one.place))) or Role.HOTLINE].level
    if not ours or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, role, grant.id)


def _desks() -> Sequence[str]:
    """Where surveys wait for owners, and every desk that may have to call."""
    heres = [project.as_fact() for project in places.projects()]
    calling = {desk_of(level, here) for here in heres for level in (1, 2, 3)}
    return sorted(calling | {survey.waiting(here["project"]) for here in heres})


def _joins(before: Any, after: Survey, events: Sequence[Event], numbers: Policy, head: Row) -> Sequence[Write]:
    """What came of it, with the very change."""
    ending = next((event for event in events if event.kind in OUTCOMES), None)
    if ending is None:
        return ()
    made = Outcome(
        project=after.place.get("project", ""),
        month=after.month,
        unit=after.place.get("unit", ""),
        building=after.place.get("building", ""),
        stage=after.stage,
        outcome=ending.kind,
        at=ending.at,
        how=str(ending.data.get("how", "")),
        scores=after.scores if ending.kind == "answered" else {},
        still=ending.kind == "answered" and after.still,
        verified=after.verified,
    )
    return [surveys.outcome(made)]


register(
    RecordService(
        kind=SURVEYS,
        moment=_moment,
        hands=staffed.hands,
        recipients=_recipients,
        recipient=_recipient,
        link=_link,
        grants=_link,
        sms=_sms,
        mail=_mail,
        actor_on=_actor_on,
        path=lambda grant: "s",
        desks=_desks,
        comes=staffed.comes(step),
        joins=_joins,
        undelivered=staffed.undelivered,
    )
)
