"""A person's score of a quarter: five parts of 100 points each, weighed; computed from facts, or entered by people.

    satisfaction   computed   4 or 5 stars / rated tickets that the person completed, of phones somebody vouches for
    efficiency     computed   mean of: personal clocks kept, right the first time, not reported again
    quality        entered    mean of the checks on a sample of the person's tickets
    teamwork       entered    half what peers say, half what the developer desk says
    improvement    entered    accepted suggestions, so many points each, to 100

    score          Σ weight × points / Σ weight, with the deciding person's adjustment
    coefficient    (score / target) ^ exponent, between floor and cap

Arithmetic is exact; what is shown is rounded once. A personal clock is one on a ticket that nobody else had.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction
from hashlib import sha256
from typing import NamedTuple

from chalicelib.domain.measures.facts import Fact

PARTS = ("satisfaction", "efficiency", "quality", "teamwork", "improvement")
COMPUTED = frozenset({"satisfaction", "efficiency"})
PERSONAL = frozenset({"acknowledge", "arrive"})
WORKS = frozenset({"repair", "emergency", "patrol", "maintenance"})
SATISFIED = 4
FULL = Fraction(100)
STAR = Fraction(20)  # points of one star of five
TENTH, THOUSANDTH = Decimal("0.1"), Decimal("0.001")
DIGITS = 50


class Row(NamedTuple):
    """A ticket behind a score: who reads the score opens it. `kept`, `late`: personal clocks; `stars`: 0 not rated."""

    ticket: str
    category: str
    stars: int
    counts: bool  # for satisfaction: somebody vouches for the phone
    kept: int
    late: int
    reworked: bool
    repeated: bool


class Quarter(NamedTuple):
    """A quarter behind a year, as it ended. `points`: "" where it has no score; `n`: rated tickets."""

    quarter: str
    id: str
    project: str
    state: str
    points: str
    n: int


class Part(NamedTuple):
    """`points`: 0 to 100, None where there is nothing to go by; `n`: of how many."""

    points: Fraction | None
    n: int


@dataclass(frozen=True, slots=True)
class Entered:
    """What people entered: checks of quality in points; stars of peers and of the developer desk; suggestions taken."""

    checks: Sequence[int] = ()
    peers: Sequence[int] = ()
    desk: Sequence[int] = ()
    suggestions: int = 0


def latest(facts: Iterable[Fact]) -> list[Fact]:
    """The last fact of each ticket."""
    found: dict[str, Fact] = {}
    for fact in facts:
        if fact.ticket not in found or found[fact.ticket].n < fact.n:
            found[fact.ticket] = fact
    return [found[ticket] for ticket in sorted(found)]


def rows(facts: Iterable[Fact], person: str) -> tuple[Row, ...]:
    """The tickets that a person completed in the time that the facts are of."""
    last = latest(facts)
    again = {fact.repeats for fact in last if fact.repeats}
    return tuple(
        Row(
            fact.ticket,
            fact.category,
            fact.scores.get("overall", 0),
            fact.verified and fact.reporter != "staff",
            *_personal(fact, person),
            bool(fact.rounds),
            fact.ticket in again,
        )
        for fact in last
        if fact.kind in WORKS and fact.did.get("completed") == person
    )


def _personal(fact: Fact, person: str) -> tuple[int, int]:
    if fact.held != (person,):  # whose it was can't be told
        return 0, 0
    verdicts = [clock.verdict for clock in fact.clocks if clock.name in PERSONAL]
    return verdicts.count("kept"), verdicts.count("late")


def computed(found: Sequence[Row]) -> Mapping[str, Part]:
    """The parts that follow from the tickets."""
    rated = [row for row in found if row.stars and row.counts]
    satisfied = sum(row.stars >= SATISFIED for row in rated)
    kept, late = sum(row.kept for row in found), sum(row.late for row in found)
    shares = [
        _share(kept, kept + late),
        _share(sum(not row.reworked for row in found), len(found)),
        _share(sum(not row.repeated for row in found), len(found)),
    ]
    return {
        "satisfaction": Part(_share(satisfied, len(rated)), len(rated)),
        "efficiency": Part(_mean([share for share in shares if share is not None]), len(found)),
    }


def entered(given: Entered, suggestion: int) -> Mapping[str, Part]:
    """The parts that people gave. `suggestion`: points of one that was taken."""
    sides = [_mean([Fraction(stars) * STAR for stars in side]) for side in (given.peers, given.desk)]
    return {
        "quality": Part(_mean([Fraction(points) for points in given.checks]), len(given.checks)),
        "teamwork": Part(_mean([s for s in sides if s is not None]), len(given.peers) + len(given.desk)),
        "improvement": Part(min(FULL, Fraction(given.suggestions * suggestion)), given.suggestions),
    }


def _share(some: int, of: int) -> Fraction | None:
    return Fraction(100 * some, of) if of else None


def _mean(values: Sequence[Fraction]) -> Fraction | None:
    return sum(values, Fraction(0)) / len(values) if values else None


def score(parts: Mapping[str, Part], weights: Mapping[str, int], adjust: int = 0) -> Fraction | None:
    """The score, 0 to 100; None while a part that has weight has nothing to go by."""
    if any(parts[name].points is None for name in PARTS if weights[name]):
        return None
    total = sum((Fraction(weights[name]) * (parts[name].points or 0) for name in PARTS), Fraction(0))
    return min(FULL, max(Fraction(0), total / sum(weights[name] for name in PARTS) + adjust))


def coefficient(points: Fraction, target: int, exponent: Decimal, floor: Decimal, cap: Decimal) -> Decimal:
    """(points / target) ^ exponent, at least the floor, at most the cap; to a thousandth."""
    with localcontext() as context:
        context.prec = DIGITS
        ratio = Decimal(points.numerator) / Decimal(points.denominator * target)
        raised = ratio**exponent if ratio else Decimal(0)
        return min(cap, max(floor, raised)).quantize(THOUSANDTH, ROUND_HALF_EVEN)


def yearly(quarters: Sequence[Fraction], adjust: int = 0) -> Fraction | None:
    """The score of a year, 0 to 100: the mean of its quarters that are final, with the deciding person's adjustment."""
    mean = _mean(quarters)
    return None if mean is None else min(FULL, max(Fraction(0), mean + adjust))


def shown(points: Fraction | None) -> str:
    """To a tenth, as it is read; "" where there is nothing."""
    if points is None:
        return ""
    with localcontext() as context:
        context.prec = DIGITS
        return str((Decimal(points.numerator) / Decimal(points.denominator)).quantize(TENTH, ROUND_HALF_EVEN))


def sample(found: Sequence[Row], many: int, seed: str) -> tuple[str, ...]:
    """The tickets whose quality is checked: nobody chooses, and the same seed gives the same ones."""
    drawn = sorted(found, key=lambda row: (sha256(f"{seed}|{row.ticket}".encode()).digest(), row.ticket))
    return tuple(sorted(row.ticket for row in drawn[:many]))
