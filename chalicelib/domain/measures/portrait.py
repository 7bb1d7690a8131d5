"""What a month looks like besides its figures: where promises broke, its worst tickets, who worked there.

breaks        clock → place → three-hour stretch of the day: [late, judged], by the hour of the first deadline
worst         points of a ticket, most first: see `points`
contractors   company → [tickets, those with a promise broken]
words         tickets that came with stars, and the versions that may hold their words
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.measures.tally import ENDED, by_ticket
from chalicelib.domain.record.roles import company_of

STRETCHES, HOURS = 8, 3
MOST_CLOCKS, MOST_PLACES, MOST_WORST, MOST_WORDS = 4, 8, 10, 12
LONGEST = 72  # hours late beyond which a ticket is not worse
AN_HOUR = timedelta(hours=1)
BELOW: Mapping[str, str] = {"project": "building", "subsidiary": "project", "group": "subsidiary"}


class Worst(NamedTuple):
    """A ticket that went badly. `late`: seconds by which it missed most; `clocks`: those that it missed."""

    points: int
    ticket: str
    category: str
    unit: str
    clocks: tuple[str, ...]
    late: int
    stars: int
    rounds: int
    level: int


class Words(NamedTuple):
    """A ticket with stars, and its version then: what was written stands in one of the last events before it."""

    ticket: str
    n: int
    stars: int


@dataclass(slots=True)
class Portrait:
    """Of one scope and month. Joined in any order it comes to the same."""

    breaks: dict[str, dict[str, list[list[int]]]] = field(default_factory=dict)
    worst: list[Worst] = field(default_factory=list)
    contractors: dict[str, list[int]] = field(default_factory=dict)
    words: list[Words] = field(default_factory=list)
    flats: dict[str, int] = field(default_factory=dict)  # company → flats that it has in warranty
    unnamed: int = 0  # tickets with stars beyond those of `words`

    def put(self, clock: str, place: str, stretch: int, late: bool) -> None:
        cells = self.breaks.setdefault(clock, {}).setdefault(place, [[0, 0] for _ in range(STRETCHES)])
        cells[stretch][0] += late
        cells[stretch][1] += 1

    def worked(self, company: str, late: bool) -> None:
        count = self.contractors.setdefault(company, [0, 0])
        count[0] += 1
        count[1] += late


def portraits(facts: Iterable[Fact], zone: str, scopes: Sequence[str]) -> dict[str, Portrait]:
    """What the facts of a project's month look like in each of its scopes: `project#P1`, `subsidiary#S1`, `group`."""
    made = {scope: Portrait() for scope in scopes}
    for of_ticket in by_ticket(facts):
        fact = _ended(of_ticket)
        if fact is not None:
            _add(made, fact, ZoneInfo(zone))
        last = of_ticket[-1]
        if last.rated and last.scores.get("overall"):
            given = next((one for one in reversed(of_ticket) if one.why == "rated"), last)
            for portrait in made.values():
                portrait.words.append(Words(last.ticket, given.n, last.scores["overall"]))
    return made


def _ended(of_ticket: Sequence[Fact]) -> Fact | None:
    """How it ended in the month; None where it was opened again, or has not."""
    last = next((fact for fact in reversed(of_ticket) if fact.why in (*ENDED, "reopened")), None)
    return last if last and last.why in ENDED and last.state == "closed" else None


def _add(made: Mapping[str, Portrait], fact: Fact, zone: ZoneInfo) -> None:
    judged = [run for run in fact.clocks if run.verdict in ("kept", "late")]
    late = [run for run in judged if run.verdict == "late"]
    company = company_of(fact.team)
    worst = Worst(
        points(fact),
        fact.ticket,
        fact.category,
        fact.place.get("unit", "") or fact.place.get("area", ""),
        tuple(dict.fromkeys(run.name for run in late)),
        max((int(run.late_by.total_seconds()) for run in late), default=0),
        fact.scores.get("overall", 0),
        fact.rounds,
        fact.level,
    )
    for scope, one in made.items():
        below = fact.place.get(BELOW[scope.partition("#")[0]], "")
        for run in judged:
            stretch = run.first_due.astimezone(zone).hour // HOURS
            one.put(run.name, below, stretch, run.verdict == "late")
        if company:
            one.worked(company, bool(late))
        if worst.points:
            one.worst.append(worst)


def points(fact: Fact) -> int:
    """How badly a ticket went: an hour late 1 (72 at most), each round again 48, one star 72, two stars 48, a level
    that it climbed 24."""
    late = sum((run.late_by for run in fact.clocks), timedelta(0))
    stars = {1: 72, 2: 48}.get(fact.scores.get("overall", 0), 0)
    return min(late // AN_HOUR, LONGEST) + 48 * fact.rounds + stars + 24 * (fact.level - 1)


def joined(into: Portrait, other: Portrait) -> None:
    """Add another one's."""
    for clock, of_places in other.breaks.items():
        for place, cells in of_places.items():
            mine = into.breaks.setdefault(clock, {}).setdefault(place, [[0, 0] for _ in range(STRETCHES)])
            for stretch, (late, judged) in enumerate(cells):
                mine[stretch][0] += late
                mine[stretch][1] += judged
    into.worst.extend(other.worst)
    into.words.extend(other.words)
    into.unnamed += other.unnamed
    for company, (count, late) in other.contractors.items():
        mine_ = into.contractors.setdefault(company, [0, 0])
        mine_[0] += count
        mine_[1] += late
    for company, count in other.flats.items():
        into.flats[company] = into.flats.get(company, 0) + count


def packed(one: Portrait) -> dict[str, Any]:
    """As it is stored: the clocks and places that broke most, the worst tickets, the lowest stars."""
    sums = {
        clock: {place: sum(late for late, _ in cells) for place, cells in of_places.items()}
        for clock, of_places in one.breaks.items()
    }
    clocks = _most({clock: sum(of_places.values()) for clock, of_places in sums.items()}, MOST_CLOCKS)
    places: dict[str, int] = defaultdict(int)
    for clock in clocks:
        for place, late in sums[clock].items():
            places[place] += late
    shown = _most(places, MOST_PLACES)
    worst = sorted(one.worst, key=lambda w: (-w.points, w.ticket))[:MOST_WORST]
    words = sorted(one.words, key=lambda w: (w.stars, w.ticket))[:MOST_WORDS]
    return {
        "b": {c: {p: one.breaks[c][p] for p in shown if p in one.breaks[c]} for c in clocks},
        "w": [[*w[:4], list(w.clocks), *w[5:]] for w in worst],
        "c": {company: one.contractors[company] for company in sorted(one.contractors)},
        "f": {company: one.flats[company] for company in sorted(one.contractors) if one.flats.get(company)},
        "o": [list(w) for w in words],
        "os": len(one.words) + one.unnamed,
    }


def whole(one: Portrait) -> dict[str, Any]:
    """As `packed`, but with every clock and place: such can be joined, and comes to the same."""
    return {**packed(one), "b": {clock: dict(sorted(places.items())) for clock, places in sorted(one.breaks.items())}}


def _most(sums: Mapping[str, int], count: int) -> list[str]:
    return sorted((name for name, late in sums.items() if late), key=lambda name: (-sums[name], name))[:count]


def unpacked(stored: Mapping[str, Any]) -> Portrait:
    """What was stored."""
    return Portrait(
        breaks=stored.get("b", {}),
        worst=[Worst(w[0], w[1], w[2], w[3], tuple(w[4]), *w[5:]) for w in stored.get("w", ())],
        contractors=stored.get("c", {}),
        words=[Words(*w) for w in stored.get("o", ())],
        flats=stored.get("f", {}),
        unnamed=stored.get("os", 0) - len(stored.get("o", ())),
    )
