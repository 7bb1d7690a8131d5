"""What the facts of a month add up to: whole numbers to divide later, by whatever a ticket belongs to.

A ticket counts by its last fact of the month; what it had become by an earlier one is not counted twice:

    closings    the last fact that says that it ended, unless it was opened again after that in the same month
    stars       the last that were given in the month, of reporters whose phone somebody vouches for
    complaints  in the month of the first answer, or of the end where there was none
    repeats     closings of a unit and component of which another, closed one had been reported within the policy's days

`parts_of` is the one reading of a ticket: sums, percentiles and the list of tickets behind a number are made of it.
`of_flows` is that of money; a template reply, the same words in so many tickets, is no answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.facts import ClockResult, Fact
from chalicelib.domain.measures.flows import Flow
from chalicelib.domain.measures.measure import KEPT, TIMES

REPAIRS = frozenset({"repair", "emergency"})
ENDED = frozenset({"closed", "corrected"})
GIVEN_UP = frozenset({"closed", "cancelled", "waived"})  # merged ones count where they went
SATISFIED = 4
WHOLE = ""  # the group of everything
Seen = Mapping[tuple[str, str], Sequence[datetime]]


@dataclass(frozen=True, slots=True)
class Known:
    """What the facts of a project's month don't say themselves.

    `earlier`: (unit, category/component) → when repairs of it that were closed had been reported; `within`: what of
    that is a repeat. `stock`: marks of template replies. `companies`: contract → contractor. `final`: when the month
    was; tickets of which something became known after that are told apart.
    """

    earlier: Seen = field(default_factory=dict)
    within: timedelta = timedelta(days=90)
    stock: frozenset[str] = frozenset()
    companies: Mapping[str, str] = field(default_factory=dict)
    final: datetime | None = None


NOTHING = Known()


class Part(NamedTuple):
    """What one ticket adds to one measure. `n`, `d`: to numerator and denominator; `seconds`: a duration, else None."""

    measure: str
    ticket: str
    n: int
    d: int
    seconds: int | None = None


@dataclass(slots=True)
class Tally:
    """measure → [numerator, denominator]; measure → durations in seconds, in any order.

    `late`: tickets of which something became known after the month was final.
    """

    counts: dict[str, list[int]] = field(default_factory=dict)
    spreads: dict[str, list[int]] = field(default_factory=dict)
    late: set[str] = field(default_factory=set)

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
        self.late |= other.late


def tallies(facts: Iterable[Fact], month: str, zone: str, known: Known = NOTHING) -> dict[str, Tally]:
    """The tallies of a project's month by group: the whole (""), and one for each that `groups_of` names."""
    found: dict[str, Tally] = defaultdict(Tally)
    for of_ticket in by_ticket(facts):
        groups = groups_of(of_ticket[-1], known.companies)
        late = known.final is not None and any(fact.at > known.final for fact in of_ticket)
        for part in parts_of(of_ticket, month, zone, known):
            for group in groups:
                found[group].add(part)
                if late:
                    found[group].late.add(part.ticket)
    return dict(sorted(found.items()))


def of_flows(flows: Iterable[Flow], month: str, zone: str) -> dict[str, Tally]:
    """The tallies of money, by group. `flows`: of the twelve months to the month's end; cost and deductions are the
    month's own, what was recovered is set against what was owed in all of them.
    """
    found: dict[str, Tally] = defaultdict(Tally)
    for flow in flows:
        named = {
            "category": flow.category,
            "component": f"{flow.category}/{flow.component}" if flow.component else "",
            "contractor": flow.company,
        }
        for part in moved_by(flow, _month(flow.at, zone) == month):
            for group in (WHOLE, *(f"{level}#{code}" for level, code in named.items() if code)):
                found[group].add(part)
    return dict(sorted(found.items()))


def moved_by(flow: Flow, now: bool) -> Iterator[Part]:
    """What a flow adds to measures of money (fen). `now`: whether it is of the month itself, not of one before it."""
    if now and flow.what in ("paid", "compensated"):
        yield Part("cost", flow.ticket, flow.fen, 0)
    if flow.what in ("firm", "lessened"):
        owed = flow.fen if flow.what == "firm" else -flow.fen
        yield Part("recovery", flow.ticket, 0, owed)
        if now:
            yield Part("deductions", flow.ticket, owed, int(flow.what == "firm"))
    if flow.what in ("recovered", "refunded"):
        yield Part("recovery", flow.ticket, flow.fen if flow.what == "recovered" else -flow.fen, 0)


def stock_of(facts: Iterable[Fact], often: int) -> frozenset[str]:
    """The marks of template replies: the same words as the answer of so many tickets."""
    tickets: dict[str, set[str]] = defaultdict(set)
    for fact in facts:
        if fact.reply:
            tickets[fact.reply].add(fact.ticket)
    return frozenset(reply for reply, those in tickets.items() if len(those) >= often)


def by_ticket(facts: Iterable[Fact]) -> list[list[Fact]]:
    """The facts of each ticket in the order of its versions; tickets by their ids."""
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts:
        found[fact.ticket].append(fact)
    return [sorted(found[ticket], key=lambda fact: fact.n) for ticket in sorted(found)]


def groups_of(fact: Fact, companies: Mapping[str, str] | None = None) -> list[str]:
    """What a ticket is counted in beside its project: team, person, category, component, stage, contractor."""
    person = fact.did.get("completed") or fact.did.get("answered") or fact.holder
    named = {
        "team": fact.team,
        "person": person,
        "category": fact.category,
        "component": _what(fact) if fact.component else "",
        "stage": fact.stage,
        "contractor": (companies or {}).get(fact.contract, ""),
    }
    return [WHOLE, *(f"{level}#{code}" for level, code in named.items() if code)]


def parts_of(of_ticket: Sequence[Fact], month: str, zone: str, known: Known = NOTHING) -> Iterator[Part]:
    """What a ticket adds to the figures of a month, by the facts that it stated in it, in the order of its versions."""
    last = of_ticket[-1]
    closing = _closing(of_ticket)
    stars = last.scores.get("overall", 0) if last.rated and _month(last.rated, zone) == month else 0
    if stars and last.verified:
        yield Part("satisfaction", last.ticket, int(stars >= SATISFIED), 1)
    if last.kind == "complaint":
        yield from _complaint(of_ticket, month, zone, known)
    if closing is None:
        return
    if closing.kind in REPAIRS and closing.state in GIVEN_UP:
        yield Part("resolved", closing.ticket, int(closing.state == "closed"), 1)
    if closing.state != "closed":
        return
    if closing.verified:
        by_then = bool(last.scores.get("overall") and last.rated and _month(last.rated, zone) <= month)
        yield Part("rated", closing.ticket, int(by_then), 1)
    if closing.kind in REPAIRS:
        yield from _repair(closing, known)


def _closing(of_ticket: Sequence[Fact]) -> Fact | None:
    for fact in reversed(of_ticket):
        if fact.why == "reopened":
            return None
        if fact.why in ENDED:
            return fact
    return None


def _complaint(of_ticket: Sequence[Fact], month: str, zone: str, known: Known) -> Iterator[Part]:
    last = of_ticket[-1]
    first = next((run for run in last.clocks if run.name == "feedback"), None)
    if last.state == "merged" or first is None or first.stopped is None or _month(first.stopped, zone) != month:
        return
    yield Part("complaints", last.ticket, 1, 0)
    if first.verdict in ("kept", "late"):
        template = any(fact.reply in known.stock for fact in of_ticket if fact.reply)
        yield Part("answered_in_time", last.ticket, int(first.verdict == "kept" and not template), 1)


def _repair(closing: Fact, known: Known) -> Iterator[Part]:
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
        done = [one for one in runs[clock] if one.stopped and one.verdict != "void"]
        if done:
            yield Part(counted, ticket, 0, 0, sum(int(one.counted.total_seconds()) for one in done))
            passed = max(one.stopped for one in done if one.stopped) - closing.reported
            yield Part(wall, ticket, 0, 0, int(passed.total_seconds()))
    again = bool(closing.repeats) or any(
        closing.reported - known.within <= before < closing.reported
        for before in known.earlier.get((closing.place.get("unit", ""), _what(closing)), ())
    )
    yield Part("beyond_standard", ticket, int(late), 1)
    yield Part("first_time_fix", ticket, int(closing.rounds == 0), 1)
    yield Part("rework", ticket, int(closing.rounds > 0), 1)
    yield Part("repeats", ticket, int(again), 1)
    yield Part("cost", ticket, closing.cost or 0, 1)
    yield Part("faults", ticket, int(bool(closing.contract)), 0)


def _what(fact: Fact) -> str:
    return f"{fact.category}/{fact.component}"


def _month(at: datetime, zone: str) -> str:
    """Of the calendar that facts are listed by."""
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.year:04d}-{local.month:02d}"
