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
from chalicelib.services.measures.scoring import Scored, found, named, people_of, walked
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store.records import StaleRecord

MONTHS = range(2, 7)


def score_all(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Scored:
    """The last year of everybody who is scored. Every night; may run again."""
    return walked("score of a year", at, goes_on, due, score)


def due(numbers: Policy, at: datetime) -> str:
    """The year whose scores are made now; "" for none."""
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    return str(today.year - 1) if today.month in MONTHS else ""


def score(project: Place, year: str, at: datetime, done: Scored) -> None:
    """A year of a project's people, where all its quarters have ended; those that are there stay as they are."""
    here = project.as_fact()
    numbers = policy_for(here)
    for who, team in people_of(project, terms_of(numbers)):
        theirs = [] if found(named(who, year)) else _quarters(who, year, here)
        if theirs and not any(one.is_open for one in theirs):
            _begin(who, team, year, here, [_ended(one) for one in theirs], numbers, at, done)


def _quarters(who: str, year: str, place: Mapping[str, str]) -> list[Score]:
    """Those that somebody has in a year at the same employer."""
    theirs = [one for quarter in quarters_of(year) if (one := found(named(who, quarter)))]
    return [one for one in theirs if one.place.get("subsidiary") == place.get("subsidiary")]


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
