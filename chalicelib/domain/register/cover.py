"""When in a week nobody is on duty, of some people together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

DAY, WEEK = 24 * 60, 7 * 24 * 60


@dataclass(frozen=True, slots=True)
class Gap:
    """From a minute of the day to one that may be of a later day (beyond 1440), on weekdays 0-6."""

    days: tuple[int, ...]
    start: int
    end: int


def gaps(duties: Iterable[Mapping[int, tuple[int, int]]]) -> list[Gap]:
    """When nobody is there: the same hours of several days as one, the longest week's share first.

    A duty is a day's (opens, closes) in minutes, by weekday; a shift may run past midnight. Nobody at all: every day.
    """
    there = bytearray(WEEK)
    for duty in duties:
        for day, (opens, closes) in duty.items():
            for minute in range(opens, closes if closes > opens else closes + DAY) if opens != closes else ():
                there[(day * DAY + minute) % WEEK] = 1
    if not any(there):
        return [Gap(tuple(range(7)), 0, DAY)]
    by_hours: dict[tuple[int, int], list[int]] = {}
    for start, end in _runs(there):
        day, begins = divmod(start, DAY)
        by_hours.setdefault((begins, begins + end - start), []).append(day)
    found = [Gap(tuple(sorted(days)), begins, ends) for (begins, ends), days in by_hours.items()]
    return sorted(found, key=lambda gap: (-len(gap.days), gap.days, gap.start))


def _runs(there: bytearray) -> Iterator[tuple[int, int]]:
    """(start, end) of each stretch without anybody; one over the end of the week is one, and ends beyond it."""
    first = there.index(1)
    start = -1
    for at in range(first, first + WEEK + 1):
        if not there[at % WEEK] and start < 0:
            start = at
        elif there[at % WEEK] and start >= 0:
            yield start % WEEK, start % WEEK + at - start
            start = -1
