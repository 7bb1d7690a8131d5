"""The score of a person's year: begun once each of its quarters has ended, from those that have a score.

From February on no quarter of the year before can begin any more; by the end of June the last objection has ended.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.period import quarters_of
from chalicelib.domain.measures.score import Quarter, computed
from chalicelib.domain.measures.scoring import Score, State
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.scores import terms_of
from chalicelib.domain.record.event import SYSTEM, Event
from chalicelib.domain.register.place import Place
from chalicelib.services.measures.scoring import Scored, named
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import dispatch
from chalicelib.store import places
from chalicelib.store.records import StaleRecord

MONTHS = range(2, 7)


def score_all(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Scored:
    """The last year of everybody who is scored. Every night; may run again."""
    done = Scored()
    for project in places.projects():
        if not goes_on():
            done.more = True
            break
        with done.spared(project.id, "score of a year"):
            if year := due(policy_for(project.as_fact()), at):
                score(project, year, at, done)
    return done


def due(numbers: Policy, at: datetime) -> str:
    """The year whose scores are made now; "" for none."""
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    return str(today.year - 1) if today.month in MONTHS else ""


def score(project: Place, year: str, at: datetime, done: Scored) -> None:
    """A year of a project's people, where all its quarters have ended; those that are there stay as they are."""
    here = project.as_fact()
    numbers = policy_for(here)
    teams = [f"{project.id}/{name}" for name in terms_of(numbers).teams]
    people = [(staff.id, team) for team in teams for staff in dispatch.roster(team)]
    for who, team in people:
        theirs = [] if _found(named(who, year)) else _quarters(who, year, here)
        if theirs and not any(one.is_open for one in theirs):
            _begin(who, team, year, here, [_ended(one) for one in theirs], numbers, at, done)


def _quarters(who: str, year: str, place: Mapping[str, str]) -> list[Score]:
    """Those that somebody has in a year at the same employer."""
    found = [one for quarter in quarters_of(year) if (one := _found(named(who, quarter)))]
    return [one for one in found if one.place.get("subsidiary") == place.get("subsidiary")]


def _found(name: str) -> Score | None:
    try:
        one: Score = record.load(name)
    except record.NotFound:
        return None
    return one


def _ended(one: Score) -> Quarter:
    final = one.state is State.FINAL
    return Quarter(
        one.quarter,
        one.id,
        one.place.get("project", ""),
        one.state.value,
        str(Fraction(one.awarded["points"])) if final else "",
        computed(one.rows)["satisfaction"].n,
    )


def _begin(
    who: str,
    team: str,
    year: str,
    place: dict[str, str],
    quarters: Sequence[Quarter],
    numbers: Policy,
    at: datetime,
    done: Scored,
) -> None:
    at = at.replace(microsecond=0)
    data: dict[str, Any] = {"person": who, "team": team, "quarter": year, "place": place, "rows": [], "sample": []}
    data["quarters"] = [list(quarter) for quarter in quarters]
    thin = sum(one.n for one in quarters if one.points) < terms_of(numbers).cases
    kinds = [("gathering", data), *([("thin", {})] if thin else [])]
    try:
        record.begin(
            named(who, year),
            [
                Event(kind, at, SYSTEM.id, SYSTEM.role, facts, channel="system", policy=numbers.version)
                for kind, facts in kinds
            ],
        )
    except StaleRecord:
        return
    done.begun += 1
    done.thin += thin
