"""How periods are counted, and when they end (Civil Code, art. 201 to 203; for counsel).

first day      not counted
end            years and months: with the day of the same number, or the month's last day where there is none; days
               are counted on from there; to the end of that day
no workday     a period that ends on a weekend or public holiday ends with the next workday
seasons        whole ones that begin after the start; one that is under way, or begins that day, doesn't count
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

Workday = Callable[[date], bool]
MonthDay = tuple[int, int]


def period_end(start: date, *, years: int = 0, months: int = 0, days: int = 0, workdays: Workday | None = None) -> date:
    """The last day of a period, to whose end it lasts. Without `workdays` it may end on a day off.

    Raises ValueError for a length below nothing, and for an end beyond the year 9999.
    """
    if min(years, months, days) < 0:
        raise ValueError("a period is not negative")
    try:
        end = _in_month(*divmod(start.year * 12 + start.month - 1 + years * 12 + months, 12), start.day)
        return on_workday(end + timedelta(days=days), workdays)
    except OverflowError as beyond:
        raise ValueError("a period ends before the year 10000") from beyond


def season_end(start: date, seasons: int, begins: MonthDay, ends: MonthDay, *, workdays: Workday | None = None) -> date:
    """The last day of so many whole seasons after a day; month and day each, across New Year too. Raises ValueError."""
    if seasons < 1:
        raise ValueError("a period in seasons has one at least")
    first = _in_month(start.year, begins[0] - 1, begins[1])
    year = start.year + (first <= start) + seasons - 1
    return on_workday(_in_month(year + (ends < begins), ends[0] - 1, ends[1]), workdays)


def on_workday(day: date, works: Workday | None) -> date:
    """The day, or the next one that is a workday; the day itself where workdays are nothing to it."""
    while works and not works(day):
        day += timedelta(days=1)
    return day


def workdays(holidays: Mapping[date, bool]) -> Workday:
    """Monday to Friday, without the public holidays and with the make-up workdays that are known."""
    return lambda day: holidays.get(day, day.weekday() < 5)


def _in_month(year: int, month: int, day: int) -> date:
    """A day of a month (0 to 11), or its last where it lacks that day."""
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))
