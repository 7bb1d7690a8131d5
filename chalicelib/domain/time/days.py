"""What a calendar is made of: shifts, days, and what the wall clock of a zone shows.

Lengths are microseconds; an instant is microseconds since ORIGIN in UTC; a day is the ordinal of its date.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ORIGIN = datetime(1, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE

Pieces = tuple[tuple[int, int], ...]  # half-open, sorted, apart; from local midnight


class CalendarError(ValueError):
    """The calendar contradicts itself, or is asked what it can't answer."""


class NoCountedTime(CalendarError):
    """Nothing ever counts, or nothing within a year ahead."""


class Day(NamedTuple):
    """What is open from one local midnight to the next; 23 or 25 hours where the clocks change."""

    open: Pieces
    total: int
    length: int


def instant(at: datetime) -> datetime:
    """The same instant in UTC, where differences and comparisons are exact. Raises CalendarError without a zone."""
    if at.tzinfo is UTC:
        return at
    if at.utcoffset() is None:
        raise CalendarError(f"{at.isoformat()} has no time zone")
    return at.astimezone(UTC)


def since_origin(at: datetime) -> int:
    return (at - ORIGIN) // MICROSECOND


def at_origin(microseconds: int) -> datetime:
    return ORIGIN + timedelta(microseconds=microseconds)


def zone_of(tz: str) -> ZoneInfo:
    try:
        return ZoneInfo(tz)
    except (KeyError, ValueError, OSError) as error:
        raise CalendarError(f"{tz!r} is no time zone") from error


def ordinal(day: date) -> int:
    if isinstance(day, datetime):
        raise CalendarError(f"{day.isoformat()} is a point in time, not a date")
    return day.toordinal()


def taken_weekday(day: date, work: bool | str, hours: Sequence[Pieces]) -> int:
    """The weekday whose shifts a make-up workday takes."""
    if isinstance(work, str):
        if work not in WEEKDAYS:
            raise CalendarError(f"{day}: {work!r} is no weekday; they are {', '.join(WEEKDAYS)}")
        return WEEKDAYS.index(work)
    if work is not True:
        raise CalendarError(f"{day}: {work!r} is neither day off (False), make-up workday (True) nor a weekday's name")
    working = [at for at in range(5) if hours[at]] or [at for at in range(7) if hours[at]] or [day.weekday()]
    back = [(day.weekday() - at) % 7 for at in working]
    return (day.weekday() - min(back, key=lambda days: (min(days, 7 - days), days))) % 7


def parse(shifts: Iterable[tuple[str, str]], where: str) -> Pieces:
    pieces = []
    for start, end in shifts:
        low, high = _time(start, where), _time(end, where)
        if low in (high, DAY):
            raise CalendarError(f"{where}: {start} to {end} is no shift")
        pieces.append((low, high if high > low else high + DAY))
    return join(pieces)


def _time(text: str, where: str) -> int:
    if not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d|24:00", text):
        raise CalendarError(f"{where}: {text!r} is no time of day, 00:00 to 24:00")
    return (int(text[:2]) * 60 + int(text[3:])) * MINUTE


def join(pieces: Iterable[tuple[int, int]]) -> Pieces:
    """Sorted, and one where they touch or overlap."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(pieces):
        if joined and low <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return tuple(joined)


@lru_cache(maxsize=4096)
def plain_day(yesterday: Pieces, today: Pieces) -> Day:
    """A day of 24 hours: what yesterday's shifts left over, and today's up to midnight."""
    left = [(max(low - DAY, 0), high - DAY) for low, high in yesterday if high > DAY]
    joined = join(left + [(low, min(high, DAY)) for low, high in today if low < DAY])
    return Day(joined, sum(high - low for low, high in joined), DAY)


def offset(zone: ZoneInfo, local: datetime) -> int:
    """How far the zone's wall clock is ahead of UTC when it first shows this time."""
    ahead = zone.utcoffset(local)
    assert ahead is not None
    return ahead // MICROSECOND


@lru_cache(maxsize=4096)
def clock_changes(tz: str, year: int) -> tuple[int, ...]:
    """The days of a year that are not 24 hours long. Looks week by week: no zone changes to and fro within one."""
    zone = zone_of(tz)
    first, last = date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal()

    def midnight(day: int) -> int:
        return offset(zone, datetime.fromordinal(day))

    weeks = [*range(first, last + 1, 7), last + 1]
    return tuple(
        day
        for week, following in pairwise(weeks)
        if midnight(week) != midnight(following)
        for day in range(week, following)
        if midnight(day) != midnight(day + 1)
    )


def steady(zone: ZoneInfo, start: int, end: int) -> Iterator[tuple[int, int, int]]:
    """A day cut where the clocks change, each part with its offset. Changes happen on full seconds, one a day."""

    def ahead(at: int) -> int:
        return offset(zone, at_origin(at).astimezone(zone))

    if start >= end:
        return
    before, after = ahead(start), ahead(end - 1)
    if before == after:
        yield start, end, before
        return
    low, high = start, end
    while high - low > SECOND:
        middle = low + (high - low) // (2 * SECOND) * SECOND
        low, high = (middle, high) if ahead(middle) == before else (low, middle)
    yield start, high, before
    yield high, end, after
