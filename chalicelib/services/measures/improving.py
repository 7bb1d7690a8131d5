"""What services know of improvement actions: who may enter one, who does it, who reaches it, who hears above.

plan      by a manager of the scope, for somebody who works there
people    who may be given one: the managers of the scope and its desks
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.domain.measures import action
from chalicelib.domain.measures.action import ACTIONS, LEVELS, PREFIX, STATES, Action, Before, climbs_to
from chalicelib.domain.measures.scope import GROUP, of_place, scope_of, team_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command, event_of
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import DESK_TEAMS, ROLES, Role, manages, role_in
from chalicelib.language import actions as wording
from chalicelib.services import staffed
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import record
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.registry import RecordService, register
from chalicelib.services.ticket import dispatch
from chalicelib.store import actions, people, places
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import Row, Write

LINK = "action"
LEVELS_ABOVE = tuple(level for level, _ in LEVELS)


@dataclass(frozen=True, slots=True)
class Doer:
    """Somebody who may be given an action."""

    id: str
    name: str
    team: str


def home(team: str) -> Mapping[str, str]:
    """The place that a team of managers answers for, with its label; the group has none. A call, but for the group."""
    kind, _, name = scope_of(team).partition("#")
    if kind == GROUP:
        return NOWHERE
    place = places.get(name)
    if place is None:
        raise NoAccess
    return {**place.as_fact(), kind: name}


def doers(scope: str) -> Sequence[Doer]:
    """Who may be given an action of a scope. From rosters that are kept for a minute."""
    kind, _, name = scope.partition("#")
    desks = [f"{name or GROUP}/{team}" for team, row in DESK_TEAMS.items() if row.scope == kind]
    return [
        Doer(staff.id, staff.person.name, team)
        for team in (team_of(scope), *desks)
        for staff in dispatch.roster(team)
        if staff.person.active
    ]


def plan(
    grant: Grant, place: Mapping[str, str], before: Before, facts: Mapping[str, Any], words: str, at: datetime, key: str
) -> Action:
    """A new action; the same again, under the same key, is the one that is there. `facts`: measure, goal, who, until.

    Raises Invalid.
    """
    numbers = policy_for(place)
    if facts.get("who") not in {doer.id for doer in doers(of_place(place))}:
        raise Invalid("who", "required")
    by = Actor(grant.holder, access.role_of(grant), grant.id)
    command = Command("plan", by, facts, {"words": words}, key=key, correlation=key)
    known = action.planned(place, {**facts, "before": before}, command, at, numbers)
    event = event_of("planned", known, command, at.replace(microsecond=0), numbers.version)
    name = reference(PREFIX, key if is_ulid(key) else ulid(at))
    try:
        made: Action = record.begin(name, [event])
    except StaleRecord:
        made = record.load(name, consistent=True)
    return made


# what the mechanism asks


def _moment(due: Due, one: Action, at: datetime) -> Command:
    return staffed.moment(due, lambda turn: _in_hand(one, at), lambda level: _above(one, level, at))


def _in_hand(one: Action, at: datetime) -> str:
    """Whoever does it; once they are gone who entered it, else somebody who manages its scope."""
    there = {doer.id for doer in doers(one.scope)}
    return one.who if one.who in there else _planner(one, at)


def _planner(one: Action, at: datetime) -> str:
    managing = (team_of(one.scope), *(climbs_to(one, level) for level in LEVELS_ABOVE))
    return one.by if staffed.team_among(managing, one.by) else dispatch.somebody(team_of(one.scope), at)


def _above(one: Action, level: int, at: datetime) -> str:
    """A level without people leaves it to the next one up, else down. "" where nobody works."""
    levels = (level, *sorted(LEVELS_ABOVE, reverse=True))
    return next((who for each in levels if (who := dispatch.somebody(climbs_to(one, each), at))), "")


def _recipients(telling: Telling, event: Event, after: Action, one: Action, at: datetime) -> Iterable[str]:
    person = str(event.data.get("person", ""))
    if telling.to == "planner":
        person = _planner(one, at)
    elif telling.to == "doer":
        person = person or one.who
        if event.kind == "done" and person == one.by:  # told as who entered it
            return []
    return [person] if person and person != event.by else []


def _team(one: Action, person: str) -> str:
    """The team by which somebody reaches an action; read anew where they are on none that is at hand."""
    above = [climbs_to(one, level) for level in LEVELS_ABOVE]
    known = staffed.team_among([team_of(one.scope), *above], person)
    staff = None if known else people.get(person)
    return known or (staff.person.team if staff else "")


def _actor_on(grant: Grant, one: Action) -> Actor:
    """Managers of its scope and above, by their own link or its message; whoever does it, by that. Raises NoAccess."""
    if grant.kind not in ("staff", "ticket") or (grant.kind == "ticket" and grant.record != one.id):
        raise NoAccess
    role = role_in(grant.team)
    ours = role is Role.MANAGER and (manages(grant.team, one.place) or one.scope == scope_of(grant.team))
    if role is None or not (ours or grant.holder == one.who) or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, role, grant.id)


_opens = staffed.link(LINK, _team, _actor_on)


def _grants(one: Action, message: Message) -> Grant | None:
    return _opens(one, message)


_sms, _mail = staffed.posts(wording.TEXTS, wording.facts)


def _desks() -> Sequence[str]:
    """The managers of every scope."""
    heres = [project.as_fact() for project in places.projects()]
    scopes = {of_place(here) for here in heres} | {f"subsidiary#{here['subsidiary']}" for here in heres} | {GROUP}
    return sorted(team_of(scope) for scope in scopes)


def _joins(before: Any, after: Action, events: Sequence[Event], numbers: Policy, head: Row) -> Sequence[Write]:
    """Its line in the list of its scope, with the very change."""
    return [actions.as_put(after)] if any(e.kind in STATES for e in events) else ()


register(
    RecordService(
        kind=ACTIONS,
        moment=_moment,
        hands=staffed.hands,
        recipients=_recipients,
        recipient=staffed.recipient,
        link=_opens,
        grants=_grants,
        sms=_sms,
        mail=_mail,
        actor_on=_actor_on,
        path=lambda grant: ROLES[Role.MANAGER].home.strip("/"),
        desks=_desks,
        joins=_joins,
        undelivered=staffed.undelivered,
    )
)
