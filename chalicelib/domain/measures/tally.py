"""What the facts of a month add up to: whole numbers to divide later, by whatever a ticket belongs to.

A ticket counts by its last fact of the month; what it had become by an earlier one is not counted twice:

    closings    the last fact that says that it ended, unless it was opened again after that in the same month
    stars       the last that were given in the month, of reporters whose phone somebody vouches for
    complaints  the last that says that it was answered

`parts_of` is the one reading of a ticket: sums, percentiles and the list of tickets behind a number are made of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.facts import ClockResult, Fact
from chalicelib.domain.measures.measure import KEPT, TIMES

REPAIRS = frozenset({"repair", "emergency"})
ENDED = frozenset({"closed", "corrected"})
GIVEN_UP = frozenset({"closed", "cancelled", "waived"})  # merged ones count where they went
SATISFIED = 4
WHOLE = ""  # the group of everything


class Part(NamedTuple):
    """What one ticket adds to one measure. `n`, `d`: to numerator and denominator; `seconds`: a duration, else None."""

    measure: str
    ticket: str
    n: int
    d: int
    seconds: int | None = None


@dataclass(slots=True)
class Tally:
    """measure → [numerator, denominator]; measure → durations in seconds, in any order."""

    counts: dict[str, list[int]] = field(default_factory=dict)
    spreads: dict[str, list[int]] = field(default_factory=dict)

    def add(self, part: Part) -> None:
        if part.seconds is not None:
            self.spreads.setdefault(part.measure, []).append(part.seconds)
            return
        count = self.counts.setdefault(part.measure, [0, 0])
        count[0] += part.n
        count[1] += part.d

    def join(self, other: Tally) -> None:
        """Add another one's; in whatever order they are joined, the sum is the same."""
        for measure, (n, d) in other.counts.items():
            self.add(Part(measure, "", n, d))
        for measure, found in other.spreads.items():
            self.spreads.setdefault(measure, []).extend(found)


def tallies(
    facts: Iterable[Fact], month: str, zone: str, earlier: Mapping[tuple[str, str], Sequence[datetime]] | None = None
) -> dict[str, Tally]:
    """The tallies of a project's month by group: the whole (""), and one for each that `groups_of` names.

    `earlier`: (unit, component) → when repairs of it were reported before, for what is a repeat.
    """
    found: dict[str, Tally] = defaultdict(Tally)
    for of_ticket in by_ticket(facts):
        groups = groups_of(of_ticket[-1])
        for part in parts_of(of_ticket, month, zone, earlier):
            for group in groups:
                found[group].add(part)
    return dict(sorted(found.items()))


def by_ticket(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts of each ticket in the order of its versions; tickets by their ids."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.ticket].append(fact)
    return [sorted(found[ticket], key=lambda fact: fact.n) for ticket in sorted(found)]


def groups_of(fact: Fact) -> list[str]:
    """What a ticket is counted in beside its project: team, person, category, component."""
    person = fact.did.get("completed") or fact.did.get("answered") or fact.holder
    named = {
        "team": fact.team,
        "person": person,
        "category": fact.category,
        "component": f"{fact.category}/{fact.component}" if fact.component else "",
    }
    return [WHOLE, *(f"{level}#{code}" for level, code in named.items() if code)]


def parts_of(
    of_ticket: Sequence[Fact],
    month: str,
    zone: str,
    earlier: Mapping[tuple[str, str], Sequence[datetime]] | None = None,
) -> Iterator[Part]:
    """What a ticket adds to the figures of a month, by the facts that it stated in it, in the order of its versions."""
    last = of_ticket[-1]
    closing = _closing(of_ticket)
    stars = last.scores.get("overall", 0) if last.rated and _month(last.rated, zone) == month else 0
    if stars and last.verified:
        yield Part("satisfaction", last.ticket, int(stars >= SATISFIED), 1)
    if last.kind == "complaint":
        yield from _complaint(of_ticket)
    if closing is None:
        return
    if closing.kind in REPAIRS and closing.state in GIVEN_UP:
        yield Part("resolved", closing.ticket, int(closing.state == "closed"), 1)
    if closing.state != "closed":
        return
    if closing.verified:
        yield Part("rated", closing.ticket, int(bool(last.scores.get("overall"))), 1)
    if closing.kind in REPAIRS:
        yield from _repair(closing, earlier or {})


def _closing(of_ticket: Sequence[Fact]) -> Fact | None:
    for fact in reversed(of_ticket):
        if fact.why == "reopened":
            return None
        if fact.why in ENDED:
            return fact
    return None


def _complaint(of_ticket: Sequence[Fact]) -> Iterator[Part]:
    last = of_ticket[-1]
    yield Part("complaints", last.ticket, 1, 0)
    if any(fact.why == "answered" for fact in of_ticket):
        for result in last.clocks:
            if result.name == "feedback" and result.stopped and result.verdict in ("kept", "late"):
                yield Part("answered_in_time", last.ticket, int(result.verdict == "kept"), 1)
                break


def _repair(closing: Fact, earlier: Mapping[tuple[str, str], Sequence[datetime]]) -> Iterator[Part]:
    ticket, late = closing.ticket, False
    runs: dict[str, list[ClockResult]] = defaultdict(list)
    for result in closing.clocks:
        runs[result.name].append(result)
        late = late or result.verdict == "late"
    for clock, measure in KEPT.items():
        judged = [one.verdict for one in runs[clock] if one.verdict in ("kept", "late")]
        if judged:
            yield Part(measure, ticket, int("late" not in judged), 1)
    for clock, (counted, wall) in TIMES.items():
        done = [one for one in runs[clock] if one.stopped]
        if done:
            yield Part(counted, ticket, 0, 0, sum(int(one.counted.total_seconds()) for one in done))
            passed = max(one.stopped for one in done if one.stopped) - closing.reported
            yield Part(wall, ticket, 0, 0, int(passed.total_seconds()))
    again = bool(closing.repeats) or any(
        before < closing.reported for before in earlier.get((closing.place.get("unit", ""), _what(closing)), ())
    )
    yield Part("beyond_standard", ticket, int(late), 1)
    yield Part("first_time_fix", ticket, int(closing.rounds == 0), 1)
    yield Part("rework", ticket, int(closing.rounds > 0), 1)
    yield Part("repeats", ticket, int(again), 1)
    if closing.cost is not None:
        yield Part("cost", ticket, closing.cost, 1)


def _what(fact: Fact) -> str:
    return f"{fact.category}/{fact.component}"


def _month(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%Y-%m}"
