"""Counted time: when an office works, when a promise ends, and how much of a span counted.

    a date's shifts    closed > shifts_on > holidays > weekly
    a shift            half-open; belongs to the date it starts on; 22:00 to 06:00 ends on the next date
    open               whenever the wall clock of the zone shows a time within a shift, by then counted once

    CalendarError(ValueError)    the calendar contradicts itself, or is asked what it can't answer
    └── NoCountedTime            nothing ever counts, or nothing within a year ahead

A day reaches from local midnight to local midnight and is kept as elapsed microseconds; a year is the running sum of
its days: seven patterns, repeated, save on dates of their own and where the clocks change. Results are in UTC.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Literal, NamedTuple

from chalicelib.domain.time.days import (
    DAY,
    MICROSECOND,
    WEEKDAYS,
    CalendarError,
    Day,
    NoCountedTime,
    Pieces,
    at_origin,
    clock_changes,
    instant,
    join,
    offset,
    ordinal,
    parse,
    plain_day,
    since_origin,
    steady,
    taken_weekday,
    zone_of,
)

__all__ = ["ALWAYS_OPEN", "WEEKDAYS", "Calendar", "CalendarError", "NoCountedTime", "Span", "Why", "instant"]

Why = Literal["always", "shift", "own shift", "make-up", "outside", "off", "holiday", "closed"]

_YEAR = 366  # days within which something must count
_KEPT = 1024  # instants whose place is remembered: the clocks of a ticket ask for the same few again and again


class Span(NamedTuple):
    """A piece of time that counted or didn't, and why."""

    start: datetime
    end: datetime
    counted: bool
    why: Why


class _Date(NamedTuple):
    """The shifts that start on a date; they may end on the next one."""

    shifts: Pieces
    why: Why


class _Year(NamedTuple):
    """`sums[i]` counts what is open before day i of the year; `odd` has the days that break the week's pattern."""

    first: int
    sums: list[int]
    odd: dict[int, Day]


class Calendar:
    """When time counts in a zone. A value: never changed after it was made, equal by content, hashable.

    A make-up workday (True) takes the shifts of the nearest Monday to Friday that has any, the earlier of two as near;
    a weekday's name in place of True takes that weekday's. `known_years` are those whose holidays are known; None where
    the calendar doesn't follow any.
    """

    __slots__ = (
        "_always",
        "_dates",
        "_key",
        "_odd",
        "_positions",
        "_week",
        "_weekly",
        "_years",
        "known_years",
        "tz",
        "zone",
    )

    def __init__(
        self,
        tz: str,
        weekly: Mapping[str, Sequence[tuple[str, str]]],
        closed: Collection[date] = (),
        shifts_on: Mapping[date, Sequence[tuple[str, str]]] = {},
        holidays: Mapping[date, bool | str] = {},
        *,
        known_years: Collection[int] | None = None,
    ) -> None:
        self.tz = tz
        self.zone = zone_of(tz)
        self.known_years = None if known_years is None else frozenset(known_years)
        if strange := [name for name in weekly if name not in WEEKDAYS]:
            raise CalendarError(f"{strange[0]!r} is no weekday; they are {', '.join(WEEKDAYS)}")
        hours = [parse(weekly.get(name, ()), name) for name in WEEKDAYS]
        self._weekly = tuple(_Date(shifts, "shift" if shifts else "off") for shifts in hours)

        dates: dict[int, _Date] = {}
        for day, work in holidays.items():
            shifts = hours[taken_weekday(day, work, hours)] if work is not False else ()
            dates[ordinal(day)] = _Date(shifts, "holiday" if work is False else "make-up" if shifts else "off")
        for day, own in shifts_on.items():
            shifts = parse(own, day.isoformat())
            dates[ordinal(day)] = _Date(shifts, "own shift" if shifts else "closed")
        for day in closed:
            dates[ordinal(day)] = _Date((), "closed")
        if not any(hours) and not any(on.shifts for on in dates.values()):
            raise NoCountedTime("the calendar has no counted time")

        self._dates = dates
        self._odd = sorted({day + after for day in dates for after in (0, 1)})
        self._week = tuple(plain_day(hours[at - 1], hours[at]) for at in range(7))
        self._always = not dates and all(day.total == DAY for day in self._week)
        self._years: dict[int, _Year] = {}
        self._positions: dict[datetime, tuple[int, int, int]] = {}
        self._key = (tz, self._weekly, tuple(sorted(dates.items())), self.known_years)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Calendar) and self._key == other._key)

    def __hash__(self) -> int:
        return hash((self.tz, self._weekly, len(self._dates)))

    def __repr__(self) -> str:
        return f"Calendar({self.tz!r}, {len(self._dates)} dates of their own)"

    def deadline(self, start: datetime, counted: timedelta) -> datetime:
        """The first instant by which so much has counted since `start`: a shift's end, not the next one's start.

        Raises NoCountedTime where nothing counts for a year on the way.
        """
        at = instant(start)
        if counted < timedelta(0):
            raise CalendarError(f"a deadline lies ahead, not {counted}")
        if self._always or not counted:
            return at + counted
        day, number, before = self._position(at)
        year = self._year(number)
        goal = before + counted // MICROSECOND
        while goal > (total := year.sums[-1]):
            goal -= total
            if total:
                day = max(day, year.first + bisect_left(year.sums, total) - 1)
            number += 1
            year = self._year(number)
            if year.first + bisect_right(year.sums, 0) - 1 - day > _YEAR:
                raise NoCountedTime(f"nothing counts within a year after {date.fromordinal(day)}")
        index = bisect_left(year.sums, goal) - 1
        return at_origin(self._midnight(year.first + index) + self._reach(year.first + index, goal - year.sums[index]))

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """What counted from `start` to `end`; zero where `end` is not after `start`."""
        begin, finish = instant(start), instant(end)
        if finish <= begin:
            return timedelta(0)
        if self._always:
            return finish - begin
        _, first, before = self._position(begin)
        _, last, until = self._position(finish)
        between = sum(self._year(number).sums[-1] for number in range(first, last))
        return timedelta(microseconds=until - before + between)

    def is_open(self, at: datetime) -> bool:
        """Whether time counts at this instant."""
        day, into = self._locate(since_origin(instant(at)))
        return any(start <= into < end for start, end in self._on(day).open)

    def spans(self, start: datetime, end: datetime) -> Iterator[Span]:
        """The time from `start` to `end` in pieces without a gap: what counted, what didn't, and why."""
        begin, finish = instant(start), instant(end)
        if finish <= begin:
            return
        if self._always:
            yield Span(begin, finish, True, "always")
            return
        held: tuple[int, int, bool, Why] | None = None
        for low, high, counted, why in self._pieces(since_origin(begin), since_origin(finish)):
            if held and held[2:] == (counted, why):
                held = (held[0], high, counted, why)
                continue
            if held:
                yield Span(at_origin(held[0]), at_origin(held[1]), held[2], held[3])
            held = (low, high, counted, why)
        if held:
            yield Span(at_origin(held[0]), at_origin(held[1]), held[2], held[3])

    def unknown(self, start: datetime, end: datetime) -> frozenset[int]:
        """The years touched from `start` to `end`, in local time, whose holidays are not known yet."""
        if self.known_years is None:
            return frozenset()
        first = instant(start).astimezone(self.zone).year
        last = max(instant(start), instant(end) - MICROSECOND).astimezone(self.zone).year
        return frozenset(range(first, last + 1)) - self.known_years

    def _pieces(self, begin: int, finish: int) -> Iterator[tuple[int, int, bool, Why]]:
        """Day by day, cut to begin and finish, and not yet joined."""
        day = self._locate(begin)[0]
        while (midnight := self._midnight(day)) < finish:
            today, yesterday, on = self._date(day), self._date(day - 1), self._on(day)
            overnight = max((end for _, end in yesterday.shifts), default=0) - DAY
            idle: Why = "outside" if today.shifts else today.why
            done = 0
            for low, high in (*on.open, (on.length, on.length)):
                worked = yesterday.why if low < overnight else today.why
                for piece in ((done, low, False, idle), (low, high, True, worked)):
                    start, end = max(begin, midnight + piece[0]), min(finish, midnight + piece[1])
                    if start < end:
                        yield start, end, piece[2], piece[3]
                done = high
            day += 1

    def _date(self, day: int) -> _Date:
        return self._dates.get(day) or self._weekly[(day - 1) % 7]

    def _on(self, day: int) -> Day:
        return self._year(date.fromordinal(day).year).odd.get(day) or self._week[(day - 1) % 7]

    def _midnight(self, day: int) -> int:
        """The day's first instant."""
        return (day - 1) * DAY - offset(self.zone, datetime.fromordinal(day))

    def _locate(self, at: int) -> tuple[int, int]:
        """The day of an instant, and how far into it."""
        day = (at + offset(self.zone, datetime.fromordinal(at // DAY + 1))) // DAY + 1
        while (into := at - self._midnight(day)) < 0:
            day -= 1
        while into >= (length := self._on(day).length):
            day, into = day + 1, into - length
        return day, into

    def _position(self, at: datetime) -> tuple[int, int, int]:
        """The day and the year of an instant, and what counted from the year's start up to it."""
        if (known := self._positions.get(at)) is not None:
            return known
        day, into = self._locate(since_origin(at))
        number = date.fromordinal(day).year
        year = self._year(number)
        before = year.sums[day - year.first]
        for start, end in self._on(day).open:
            if start >= into:
                break
            before += min(end, into) - start
        if len(self._positions) >= _KEPT:
            self._positions.clear()
        self._positions[at] = day, number, before
        return day, number, before

    def _reach(self, day: int, counted: int) -> int:
        """How far into the day so much has counted."""
        for start, end in self._on(day).open:
            if counted <= end - start:
                return start + counted
            counted -= end - start
        raise AssertionError("the day holds less than its year says")

    def _year(self, number: int) -> _Year:
        if (year := self._years.get(number)) is not None:
            return year
        first, last = date(number, 1, 1).toordinal(), date(number, 12, 31).toordinal()
        odd = {
            day: plain_day(self._date(day - 1).shifts, self._date(day).shifts)
            for day in self._odd[bisect_left(self._odd, first) : bisect_right(self._odd, last)]
        }
        odd |= {day: self._day_of_change(day) for day in clock_changes(self.tz, number)}
        weekday = (first - 1) % 7
        totals = ([day.total for day in self._week] * 54)[weekday : weekday + last - first + 1]
        for day, pattern in odd.items():
            totals[day - first] = pattern.total
        year = self._years[number] = _Year(first, list(accumulate(totals, initial=0)), odd)
        return year

    def _day_of_change(self, day: int) -> Day:
        """A day on which the wall clock jumps: what it shows decides, on either side of the jump."""
        start, end = self._midnight(day), self._midnight(day + 1)
        shifts = [
            ((on - 1) * DAY + low, (on - 1) * DAY + high)
            for on in range(day - 2, day + 2)
            for low, high in self._date(on).shifts
        ]
        pieces = []
        for begin, finish, ahead in steady(self.zone, start, end):
            for low, high in shifts:
                cut = max(begin, low - ahead), min(finish, high - ahead)
                if cut[0] < cut[1]:
                    pieces.append((cut[0] - start, cut[1] - start))
        joined = join(pieces)
        return Day(joined, sum(high - low for low, high in joined), end - start)


ALWAYS_OPEN = Calendar("UTC", dict.fromkeys(WEEKDAYS, (("00:00", "24:00"),)))
