"""What would betray a score: counted every night beside the figures, and who stands out in it listed for the auditor.

look      goes over the facts of some months, keeps signs by scope and month, and hits by sign for group and subsidiary
note      keeps the signs of one month
beside    a scope's signs by month, for whoever is shown its figures

A subsidiary's auditor sees who of it stands out among all of the group. May run again: the same facts, the same answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.measures import gaming
from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.money.watch import Hit
from chalicelib.domain.policy.gaming import marks_of
from chalicelib.services.measures import counting
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import ended
from chalicelib.store import signs, tickets, watched
from chalicelib.store.signs import Signs


def look(at: datetime) -> dict[str, int]:
    """How many hits there are, by scope."""
    numbers = policy_for(NOWHERE)
    marks = marks_of(numbers)
    zone = numbers.calendars["office"].zone
    this = f"{at.astimezone(zone):%Y-%m}"
    months = [ended.beside(this, -back) for back in range(marks.months + 1)]
    subsidiaries: dict[str, str] = {}
    found: dict[str, list[Fact]] = {month: [] for month in months}
    for place in counting.projects():
        subsidiaries[place["project"]] = place["subsidiary"]
        for month in months:
            found[month] += counting.of_month(place["project"], month)
    every = [fact for month in months for fact in found[month]]
    shared = gaming.many_flats(gaming.last_of(every), marks)
    for month in counting.months_due(at, numbers):
        note(month, found.get(month, ()), shared)
    hits = _numbered(gaming.outliers(every, marks))
    counted: dict[str, int] = {}
    for scope in (watched.GROUP, *sorted(set(subsidiaries.values()))):
        theirs_of = hits if scope == watched.GROUP else _of(hits, scope, every)
        watched.keep(scope, theirs_of, at)
        counted[scope] = sum(map(len, theirs_of.values()))
    return counted


def note(month: str, stated: Iterable[Fact], shared: frozenset[str] = frozenset()) -> None:
    """Keep the signs of a month's facts by scope. `shared`: devices of many flats. May run again."""
    for scope, theirs in _by_scope(gaming.last_of(stated)).items():
        signs.keep(scope, month, gaming.beside(theirs, shared))


def beside(scope: str, until: str, count: int = 13) -> Sequence[Signs]:
    """A scope's signs by month, the newest first. One call."""
    return signs.months(scope, until, count)


def _by_scope(facts: Iterable[Fact]) -> Mapping[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        above = {level: fact.place.get(level, "") for level in ("subsidiary", "project")}
        named = above | {"team": fact.team, "person": gaming.person(fact)}
        for scope in ("group", *(f"{level}#{code}" for level, code in named.items() if code)):
            found.setdefault(scope, []).append(fact)
    return dict(sorted(found.items()))


def _of(hits: Mapping[str, Sequence[Hit]], subsidiary: str, facts: Iterable[Fact]) -> dict[str, list[Hit]]:
    """Those of a subsidiary's own people and teams."""
    there = [fact for fact in facts if fact.place.get("subsidiary") == subsidiary]
    own = {fact.team for fact in there} | {gaming.person(fact) for fact in there}
    return {sign: [hit for hit in those if own & {*hit.parties}] for sign, those in hits.items()}


def _numbered(hits: Mapping[str, Sequence[Hit]]) -> dict[str, list[Hit]]:
    """With the tickets' own numbers, where another has the one that follows from the id. A call per 100 tickets."""
    named = sorted({ticket for those in hits.values() for hit in those for ticket in hit.tickets})
    own = {entry.id: entry.said.number for entry in tickets.several(named) if entry.said}
    return {
        sign: [replace(hit, tickets={t: own.get(t, number) for t, number in hit.tickets.items()}) for hit in those]
        for sign, those in hits.items()
    }
