"""A project's months before this system and since: what was promised of it, and what came of it.

measure       entered for a month before        since                              change                      target
efficiency    minutes to repair / repairs       seconds by the wall / repairs      (before − since) / before   +30 %
satisfaction  satisfied / asked                 4 and 5 stars / stars given        (since − before) / before   +15 %
complaints    complaints / flats                complaints / flats                 (since − before) / before   −30 %
cost          yuan paid / closed tickets        fen paid / closed tickets          (since − before) / before   −20 %

Paid is what third parties and owners were paid, as the figure counts it.

Months are pooled: numerators over denominators, not a mean of means. All in whole numbers; a change is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

MEASURES = ("efficiency", "satisfaction", "complaints", "cost")
TARGETS: Mapping[str, Fraction] = {
    "efficiency": Fraction(30, 100),
    "satisfaction": Fraction(15, 100),
    "complaints": Fraction(-30, 100),
    "cost": Fraction(-20, 100),
}
ENTERED: Mapping[str, int] = {"efficiency": 60, "cost": 100}  # of what is kept, where the file has minutes or yuan
TRAINED = "trained"  # entered beside them, for every month: a figure of its own, with nothing before and after
INDUSTRY = "industry"  # whose figures may stand beside a project's
MONTHS = 12  # since, at most


@dataclass(frozen=True, slots=True)
class Entry:
    """A measure of a month: `n` of `d`. Efficiency in seconds, of so many repairs; cost in fen."""

    month: str
    measure: str
    n: int
    d: int


@dataclass(frozen=True, slots=True)
class Sum:
    """Months pooled. `value` None: there is nothing to divide by."""

    n: int = 0
    d: int = 0
    months: int = 0

    @property
    def value(self) -> Fraction | None:
        return Fraction(self.n, self.d) if self.d else None


@dataclass(frozen=True, slots=True)
class Change:
    """One measure before and since; `industry`: as somebody entered it."""

    measure: str
    before: Sum
    since: Sum
    industry: Sum

    @property
    def change(self) -> Fraction | None:
        """As the table has it; None where it can't be said."""
        before, since = self.before.value, self.since.value
        if not before or since is None:
            return None
        return (before - since if self.measure == "efficiency" else since - before) / before

    @property
    def met(self) -> bool | None:
        """Whether it came as promised; None where it can't be said."""
        if self.change is None:
            return None
        target = TARGETS[self.measure]
        return self.change >= target if target > 0 else self.change <= target


def compared(before: Iterable[Entry], since: Iterable[Entry], industry: Iterable[Entry]) -> tuple[Change, ...]:
    """Every measure. `since`: its latest months alone, and of them none in which before was entered."""
    entered, ours, theirs = list(before), list(since), list(industry)
    first = max((one.month for one in entered), default="")
    found = []
    for measure in MEASURES:
        months = sorted({one.month for one in ours if one.measure == measure and one.month > first})[-MONTHS:]
        found.append(
            Change(
                measure,
                _sum(one for one in entered if one.measure == measure),
                _sum(one for one in ours if one.measure == measure and one.month in months),
                _sum(one for one in theirs if one.measure == measure),
            )
        )
    return tuple(found)


def _sum(entries: Iterable[Entry]) -> Sum:
    pooled = list(entries)
    return Sum(sum(one.n for one in pooled), sum(one.d for one in pooled), len({one.month for one in pooled}))
