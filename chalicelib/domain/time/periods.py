"""How periods of years and months are counted, and when they end (Civil Code, art. 201 to 203; for counsel).

first day      not counted
end            with the day of the same number, or the month's last day where there is none, at its end
no workday     a period that ends on a weekend or public holiday ends with the next workday
seasons        whole ones that begin after the start; one that is under way doesn't count
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, timedelta

Workday = Callable[[date], bool]
Season = tuple[int, int, int, int]  # begins month, day; ends month, day, perhaps in the next year


def end_of(start: date, months: int, works: Workday) -> date:
    """The last day of a period of so many months, to whose end it lasts."""
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return on_workday(date(year, month, min(start.day, monthrange(year, month)[1])), works)


def end_of_seasons(start: date, seasons: int, season: Season, works: Workday) -> date:
    """The last day of so many whole seasons after a day."""
    first, _ = _season(start.year, season)
    year = start.year + (first <= start) + seasons - 1
    return on_workday(_season(year, season)[1], works)


def on_workday(day: date, works: Workday) -> date:
    """The day, or the next one that is a workday."""
    while not works(day):
        day += timedelta(days=1)
    return day


def workdays(holidays: Mapping[date, bool]) -> Workday:
    """Monday to Friday, without the public holidays and with the make-up workdays that are known."""
    return lambda day: holidays.get(day, day.weekday() < 5)


def _season(year: int, season: Season) -> tuple[date, date]:
    """The season that begins in a year. A last day that the year lacks is the month's last."""
    month, day, to_month, to_day = season
    ends = year + ((to_month, to_day) < (month, day))
    return date(year, month, day), date(ends, to_month, min(to_day, monthrange(ends, to_month)[1]))
