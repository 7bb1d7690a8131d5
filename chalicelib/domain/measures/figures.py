"""Figures: what a tally comes to, with its interval, and whether it may carry pay. Exact: whole numbers all the way.

The interval of a share is Wilson's (1927, "Probable inference, the law of succession, and statistical inference"). It
holds for few cases and near 0 and 1, where the usual one does not. A percentile is that of the nearest rank: the least
duration that so many percent of all don't exceed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from statistics import NormalDist

from chalicelib.domain.measures.measure import MEASURES, Measure
from chalicelib.domain.measures.tally import Tally
from chalicelib.domain.policy.measures import Terms

TEN_THOUSAND = 10_000


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one scope and month. `n`, `d`: numerator and denominator; of durations both how many.

    `p50`, `p90`: seconds, of durations alone. A figure without cases is not made.
    """

    measure: str
    n: int
    d: int
    p50: int = 0
    p90: int = 0

    @property
    def row(self) -> Measure:
        return MEASURES[self.measure]

    @property
    def value(self) -> Fraction:
        """A share of 1; complaints per 1,000 flats; fen; seconds (the median)."""
        if self.row.unit == "seconds":
            return Fraction(self.p50)
        return Fraction(self.n, self.d) * (1000 if self.row.unit == "per_thousand" else 1)

    def interval(self, terms: Terms) -> tuple[int, int] | None:
        """Of a share, in hundredths of a percent, rounded outwards; None of anything else."""
        return wilson(self.n, self.d, terms.confidence) if self.row.unit == "share" else None

    def target(self, terms: Terms) -> Fraction | None:
        return terms.targets.get(self.measure)

    def met(self, terms: Terms) -> bool | None:
        """Whether it keeps its target; None where it has none."""
        target = self.target(terms)
        if target is None:
            return None
        return self.value <= target if self.row.better == "down" else self.value >= target

    def carries_pay(self, terms: Terms) -> bool:
        """Whether there are cases enough for anybody's pay to hang on it."""
        return self.row.unit != "ratio" and self.d >= terms.least


def figures(tally: Tally, flats: int = 0, warranty: int = 0) -> dict[str, Figure]:
    """The figures of a tally, in the order of the table. `flats`, `warranty`: the scope's, and those in warranty."""
    found, there = {}, {"flats": flats, "warranty": warranty}
    for name, measure in MEASURES.items():
        if measure.unit == "seconds":
            if durations := sorted(tally.spreads.get(name, ())):
                count = len(durations)
                found[name] = Figure(name, count, count, percentile(durations, 50), percentile(durations, 90))
        elif measure.unit == "per_thousand":
            if of := there[measure.per]:
                found[name] = Figure(name, tally.counts.get(name, (0, 0))[0], of)
        elif (count_of := tally.counts.get(name)) and count_of[1] > 0:
            found[name] = Figure(name, *count_of)
    return found


def percentile(ordered: Sequence[int], percent: int) -> int:
    """The nearest rank: of n values in order the ⌈n · percent / 100⌉th."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def wilson(n: int, d: int, confidence: int) -> tuple[int, int]:
    """The interval of n of d, in hundredths of a percent, rounded outwards and kept within 0 and 10,000."""
    z = _z(confidence)
    middle = n + z * z / 2
    around = z * math.sqrt(n * (d - n) / d + z * z / 4)
    low, high = (middle - around) / (d + z * z), (middle + around) / (d + z * z)
    exact = (math.floor(low * TEN_THOUSAND + 1e-9), math.ceil(high * TEN_THOUSAND - 1e-9))
    return max(0, exact[0]), min(TEN_THOUSAND, exact[1])


@lru_cache(maxsize=8)
def _z(confidence: int) -> float:
    return NormalDist().inv_cdf(0.5 + confidence / 200)


def ranked(of_siblings: Mapping[str, Figure], least: int) -> dict[str, tuple[int, int]]:
    """scope → (rank, of how many), the best first; those with too few cases have none, those alike share one."""
    enough = {scope: one for scope, one in of_siblings.items() if one.d >= least and one.row.better}
    if len(enough) < 2:
        return {}
    up = next(iter(enough.values())).row.better == "up"
    values = {scope: one.value if up else -one.value for scope, one in enough.items()}
    return {
        scope: (1 + sum(other > value for other in values.values()), len(values))
        for scope, value in sorted(values.items())
    }


def packed(found: Mapping[str, Figure]) -> dict[str, list[int]]:
    """Figures as they are stored: measure → [n, d] or [n, d, p50, p90]."""
    return {
        name: [one.n, one.d, one.p50, one.p90] if one.row.unit == "seconds" else [one.n, one.d]
        for name, one in found.items()
    }


def unpacked(stored: Mapping[str, Sequence[int]]) -> dict[str, Figure]:
    """Figures of a stored row; of a measure that there is no more, none."""
    return {name: Figure(name, *numbers) for name, numbers in stored.items() if name in MEASURES}
