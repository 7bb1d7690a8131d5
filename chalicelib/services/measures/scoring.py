"""What services know of scores: made when a quarter is over, seen by the person and the employer's management alone.

score_all   after a quarter, each person of a team that is scored: computed from the facts of the project's three months
named       a person's quarter, by name
open_at     the list of an employer's management: what is not final yet

Whoever decides for a subsidiary answers what a project's management decided, where there is nobody else there; the
group's management answers where nobody is left there either, and what has climbed to it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.metrics import ring
from chalicelib.domain.measures import score as figures
from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.measures.period import begins, months_of, quarter_before
from chalicelib.domain.measures.scoring import (
    GROUP,
    PREFIX,
    SCORES,
    SUBSIDIARY,
    Score,
    Shown,
    State,
    managed,
    shown,
    step,
)
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.scores import Terms, terms_of
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.promise import Due
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import Role, covers, manages
from chalicelib.domain.register.place import Place
from chalicelib.language import scores as wording
from chalicelib.services import staffed
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.recent import Recent
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.registry import RecordService, register
from chalicelib.services.record.rounds import Round
from chalicelib.services.ticket import dispatch
from chalicelib.store import facts, places
from chalicelib.store.grants import Grant
from chalicelib.store.reading import each
from chalicelib.store.records import NEVER, StaleRecord, list_key
from chalicelib.store.records import named as named_by
from chalicelib.store.table import Row, table

PAGE = 100
MANAGEMENT = "group/management"
AFTER_DECISION = frozenset({State.OBJECTED, State.UNANSWERED})


@dataclass(slots=True)
class Scored(Round):
    """`begun`: quarters of persons, `thin`: those without a score for want of cases."""

    begun: int = 0
    thin: int = 0


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the list. `by`: until when the next step is to be taken."""

    id: str
    by: datetime | None
    line: Shown


def score_all(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Scored:
    """The last quarter of everybody who is scored, from the policy's day on. Every night; may run again."""
    return walked("score", at, goes_on, _due, score)


def walked(
    what: str,
    at: datetime,
    goes_on: Callable[[], bool],
    due: Callable[[Policy, datetime], str],
    score: Callable[[Place, str, datetime, Scored], None],
) -> Scored:
    """Every project, scored for the period that is `due` there; one that fails is noted as `what` and holds up none."""
    done = Scored()
    for project in places.projects():
        if not goes_on():
            done.more = True
            break
        with done.spared(project.id, what):
            if period := due(policy_for(project.as_fact()), at):
                score(project, period, at, done)
    return done


def _due(numbers: Policy, at: datetime) -> str:
    """The quarter whose scores are made now: in the month after it, from the policy's day on; "" for none."""
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    first_month = (today.month - 1) % 3 == 0
    return quarter_before(today) if first_month and today.day >= terms_of(numbers).day else ""


def score(project: Place, quarter: str, at: datetime, done: Scored) -> None:
    """A quarter of a project's people; those that are there stay as they are."""
    here = project.as_fact()
    numbers = policy_for(here)
    terms = terms_of(numbers)
    missing = [(who, team) for who, team in people_of(project, terms) if not found(named(who, quarter))]
    stated = list(_facts(project.id, quarter)) if missing else []
    for who, team in missing:
        rows = figures.rows(stated, who)
        if rows and _begin(who, team, quarter, here, rows, numbers, at):
            done.begun += 1
            done.thin += figures.computed(rows)["satisfaction"].n < terms.cases


def people_of(project: Place, terms: Terms) -> list[tuple[str, str]]:
    """Everybody of a project who is scored, and their team."""
    teams = [f"{project.id}/{name}" for name in terms.teams]
    return [(staff.id, team) for team in teams for staff in dispatch.roster(team)]


def found(name: str) -> Score | None:
    """The score that is called so; None where it was never begun."""
    try:
        one: Score = record.load(name)
    except record.NotFound:
        return None
    return one


def _facts(project: str, quarter: str) -> Iterable[Fact]:
    for month in months_of(quarter):
        start = None
        while True:
            page, start = facts.of_month(project, month, start=start)
            yield from page
            if not start:
                break


def _begin(
    who: str,
    team: str,
    quarter: str,
    place: dict[str, str],
    rows: Sequence[figures.Row],
    numbers: Policy,
    at: datetime,
) -> bool:
    terms, at = terms_of(numbers), at.replace(microsecond=0)
    data = {
        "person": who,
        "team": team,
        "quarter": quarter,
        "place": place,
        "rows": [list(row) for row in rows],
        "sample": list(figures.sample(rows, terms.checks, f"{who}/{quarter}")),
    }
    events = [Event("gathering", at, SYSTEM.id, SYSTEM.role, data, channel="system", policy=numbers.version)]
    if figures.computed(rows)["satisfaction"].n < terms.cases:
        events.append(Event("thin", at, SYSTEM.id, SYSTEM.role, {}, channel="system", policy=numbers.version))
    try:
        record.begin(named(who, quarter), events)
    except StaleRecord:
        return False
    return True


def named(person: str, quarter: str) -> str:
    """The record of a person's quarter."""
    first = datetime.combine(begins(quarter), time(), UTC)
    return reference(PREFIX, ulid(first, sha256(f"{person}/{quarter}".encode()).digest()[:10]))


def open_at(project: str, *, limit: int = PAGE, start: Any = None) -> tuple[Sequence[Listed], Any]:
    """What is not final yet in a project, by deadline; one page and where to go on. One call."""
    desk = managed({"project": project})
    page = table().index("queue", list_key(f"{PREFIX}#", "DESK", desk), limit=limit, start=start)
    return each(page.rows, _listed), page.next


def come_to(grant: Grant, found: Sequence[Listed]) -> Sequence[Listed]:
    """What of a list its management opens; the group's only objections that have come to it. A call for each."""
    if grant.team != MANAGEMENT:
        return found
    objected = [one for one in found if one.line.state == State.OBJECTED]
    return [one for one in objected if _come_to_the_group(record.load(one.id), grant.holder)]


def _listed(row: Row) -> Listed:
    by = row.get("by", NEVER)
    when = None if by == NEVER else datetime.fromisoformat(by)
    return Listed(named_by(row["pk"]), when, shown(json.loads(row["line"])))


_managed: Recent[tuple[tuple[str, str], ...]] = Recent(seconds=600, most=200)


def projects_of(grant: Grant) -> Sequence[tuple[str, str]]:
    """(id, name) of the projects whose scores a link reaches. Calls only when nothing is kept."""
    role = access.role_of(grant)
    if role is Role.TECHNICIAN:
        return [(grant.team.partition("/")[0], "")]
    reaches = manages if role is Role.MANAGER else covers
    return _managed.get(
        grant.team, lambda: tuple((p.id, p.name) for p in places.projects() if reaches(grant.team, p.as_fact()))
    )


# what the mechanism asks


def _managements(one: Score) -> tuple[str, str]:
    """Who may decide and answer: the project's, and the subsidiary's above it."""
    return managed(one.place), f"{one.place.get('subsidiary', '')}/manager2"


def _above(one: Score, at: datetime, level: int = SUBSIDIARY) -> str:
    """Of the subsidiary's management, or the group's; an objection goes to the other where nobody is there who may
    answer it, what is to be decided to the developer desk."""
    teams = (_managements(one)[1], MANAGEMENT)
    if one.state not in AFTER_DECISION:
        return dispatch.somebody(teams[0], at) or staffed.at_developer_desk(one.place, at)
    others = frozenset({one.decided_by})
    for team in teams if level < GROUP else teams[::-1]:
        if found := dispatch.on_duty(team, at, others) or next(iter(_there_besides(one, team)), ""):
            return found
    ring("NobodyAtLevel")
    return ""


def _there_besides(one: Score, *teams: str) -> Sequence[str]:
    """Who works there, but for who decided already."""
    there = (s for team in teams for s in dispatch.roster(team))
    return [s.id for s in there if s.person.active and s.id != one.decided_by]


def _manager(one: Score, at: datetime) -> str:
    """Who decides or answers: not who decided already."""
    return next(iter(_there_besides(one, *_managements(one))), "") or _above(one, at)


def _moment(due: Due, one: Score, at: datetime) -> Command:
    return staffed.moment(due, lambda turn: _manager(one, at), lambda level: _above(one, at, level))


def _recipients(telling: Telling, event: Event, after: Score, one: Score, at: datetime) -> Iterable[str]:
    person = {"person": lambda: one.person, "manager": lambda: _manager(one, at), "above": lambda: _above(one, at)}
    found = str(event.data.get("person", "")) if telling.to == "above" else ""
    found = found or person[telling.to]()
    return [found] if found and found != event.by else []


def _team_of(one: Score, person: str) -> str:
    return staffed.team_among((one.team, *_managements(one), MANAGEMENT), person)


def _come_to_the_group(one: Score, who: str) -> bool:
    """An objection that climbed there, or that nobody else is left to answer; afterwards, for whoever answered it."""
    if one.state in AFTER_DECISION:
        return one.climbed >= GROUP or not _there_besides(one, *_managements(one))
    return bool(who) and who == one.answered_by


def actor_on(grant: Grant, one: Score) -> Actor:
    """The person, a colleague of the team, the developer desk, the employer's management; the group's for an objection
    that has come to it. Raises NoAccess."""
    if grant.kind not in ("staff", "ticket") or (grant.kind == "ticket" and grant.record != one.id):
        raise NoAccess
    role = access.role_of(grant)
    theirs = (
        (role is Role.TECHNICIAN and grant.team == one.team)
        or (role is Role.SUPERVISOR and covers(grant.team, one.place))
        or (manages(grant.team, one.place) and (grant.team != MANAGEMENT or _come_to_the_group(one, grant.holder)))
    )
    if not theirs or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return Actor(grant.holder, role, grant.id)


_link = staffed.link("score", _team_of, actor_on)


_sms, _mail = staffed.posts(wording.TEXTS, wording.facts)


def _desks() -> Sequence[str]:
    return sorted(managed(project.as_fact()) for project in places.projects())


register(
    RecordService(
        kind=SCORES,
        moment=_moment,
        hands=staffed.hands,
        recipients=_recipients,
        recipient=staffed.recipient,
        link=_link,
        grants=_link,
        sms=_sms,
        mail=_mail,
        actor_on=actor_on,
        path=lambda grant: "q",
        desks=_desks,
        comes=staffed.comes(step),
        undelivered=staffed.undelivered,
    )
)
