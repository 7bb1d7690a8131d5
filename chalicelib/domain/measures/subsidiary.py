"""A subsidiary's score of a month: points added to its plan and taken from it, by rule, with the tickets behind each.

    of a figure    for each full step that it is better or worse than its target, at most so many points
    of tickets     for each ticket of a kind that must not happen, at most so many points

    total          plan + the points of every rule
    factor         total / plan between floor and cap, what the head's bonus is multiplied by
    rank           by total, among the subsidiaries that have cases enough
    consequences   rewards and penalties by rule, with the reasons

Points are whole tenths: nothing is rounded. A figure of too few cases gives and takes none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction
from typing import NamedTuple

from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.measures.figures import Figure

TOP_LEVEL = 3
TWICE = 2
THOUSANDTH = Decimal("0.001")
# What must not happen, by a ticket's last fact of the month.
HAPPENED: Mapping[str, Callable[[Fact], bool]] = {
    "reached_group": lambda fact: any(level >= TOP_LEVEL for level, _ in fact.climbed),
    "emergency_late": lambda fact: (
        fact.priority == "emergency" and any(c.name == "arrive" and c.verdict == "late" for c in fact.clocks)
    ),
    "dissatisfied_twice": lambda fact: fact.dissatisfied >= TWICE,
    "reworked_twice": lambda fact: fact.rounds >= TWICE,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """`of`: a measure, or a word of HAPPENED. `step`: percentage points of a share; 0 for tickets.

    `better`, `worse`: tenths of a point for each step (or, `worse`, each ticket); `most`: of either, in tenths.
    """

    name: str
    of: str
    step: int
    better: int
    worse: int
    most: int


@dataclass(frozen=True, slots=True)
class Consequence:
    """A reward or penalty where the total is at least or at most so much, and the rank is among the first (0: any)."""

    name: str
    reward: bool
    total: int
    rank: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What subsidiaries are measured by. `plan`, `floor` and `cap` are tenths of points, and of one."""

    plan: int = 1000
    floor: Decimal = Decimal("0.8")
    cap: Decimal = Decimal("1.2")
    rules: tuple[Rule, ...] = ()
    consequences: tuple[Consequence, ...] = ()


class Point(NamedTuple):
    """What a rule gave (tenths, negative: took). `n`, `d`, `target`: of the figure; `tickets`: those behind it."""

    rule: str
    of: str
    tenths: int
    n: int
    d: int
    target: str
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A subsidiary's month. `cases`: of the figures that counted most; `rank` and `among`: 0 where it has none."""

    subsidiary: str
    month: str
    plan: int
    points: tuple[Point, ...]
    cases: int = 0
    rank: int = 0
    among: int = 0
    factor: str = ""
    rewards: tuple[str, ...] = ()
    penalties: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.plan + sum(point.tenths for point in self.points)


def points(
    plan: Plan,
    figures: Mapping[str, Figure],
    targets: Mapping[str, Fraction],
    least: int,
    behind: Mapping[str, Sequence[str]],
) -> tuple[Point, ...]:
    """The points of every rule that gave or took some. `behind`: measure or happening → its tickets, in any order."""
    found = []
    for rule in plan.rules:
        tickets = tuple(sorted(set(behind.get(rule.of, ()))))
        if rule.of in HAPPENED:
            tenths = -min(rule.most, rule.worse * len(tickets))
            point = Point(rule.name, rule.of, tenths, len(tickets), 0, "", tickets)
        else:
            figure, target = figures.get(rule.of), targets.get(rule.of)
            if figure is None or target is None or figure.d < least:
                continue
            tenths = _by_steps(rule, figure, target)
            point = Point(rule.name, rule.of, tenths, figure.n, figure.d, str(target), tickets)
        if point.tenths:
            found.append(point)
    return tuple(found)


def _by_steps(rule: Rule, figure: Figure, target: Fraction) -> int:
    ahead = (figure.value - target) * 100 / rule.step
    ahead = -ahead if figure.row.better == "down" else ahead
    steps = abs(ahead.numerator) // ahead.denominator
    return min(rule.most, rule.better * steps) if ahead > 0 else -min(rule.most, rule.worse * steps)


def behind(last: Iterable[Fact]) -> dict[str, list[str]]:
    """The tickets of which something happened that must not. `last`: each ticket's last fact of the month."""
    found: dict[str, list[str]] = {name: [] for name in HAPPENED}
    for fact in last:
        for name, happened in HAPPENED.items():
            if happened(fact):
                found[name].append(fact.ticket)
    return found


def ranked(standings: Iterable[Standing], plan: Plan, least: int) -> list[Standing]:
    """Every standing with its rank, factor and consequences; the best first, those with too few cases at the end.

    Those alike share a rank. Who has too few cases is neither ranked nor rewarded nor penalised.
    """
    every = list(standings)
    enough = [one for one in every if one.cases >= least]
    made = []
    for one in sorted(every, key=lambda s: (s.cases < least, -s.total, s.subsidiary)):
        if one.cases < least:
            made.append(one)
            continue
        rank = 1 + sum(other.total > one.total for other in enough)
        due = [c for c in plan.consequences if _applies(c, one.total, rank)]
        made.append(
            Standing(
                one.subsidiary,
                one.month,
                one.plan,
                one.points,
                one.cases,
                rank,
                len(enough),
                str(factor(one.total, plan)),
                tuple(c.name for c in due if c.reward),
                tuple(c.name for c in due if not c.reward),
            )
        )
    return made


def _applies(one: Consequence, total: int, rank: int) -> bool:
    enough = total >= one.total if one.reward else total <= one.total
    return enough and (not one.rank or rank <= one.rank)


def factor(total: int, plan: Plan) -> Decimal:
    """What the head's bonus is multiplied by, to a thousandth."""
    exact = Decimal(total) / Decimal(plan.plan)
    return min(plan.cap, max(plan.floor, exact)).quantize(THOUSANDTH, ROUND_HALF_EVEN)


def tenths_text(tenths: int, *, signed: bool = False) -> str:
    """Points as they are read: 97.5, +2, -1.5."""
    whole, rest = divmod(abs(tenths), 10)
    sign = "-" if tenths < 0 else "+" if signed and tenths else ""
    return f"{sign}{whole}.{rest}" if rest else f"{sign}{whole}"
