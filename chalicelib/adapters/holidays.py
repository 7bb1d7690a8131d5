"""China's public holidays and make-up workdays, as the State Council publishes them each November for the next year.

    china(year)        the year's dates: False is a day off, True a make-up workday     raises UnknownYear
    known_years()      the years that `policy/holidays_cn.toml` has
    check(schedule)    refuses a schedule that can't be right, naming the date          raises BadSchedule

The file is written by `python -m chalicelib.adapters.holidays 2026 …` from the package chinesecalendar, which does not
ship. A holiday's weekend days are in it too: they are off even where Saturdays are worked.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from types import MappingProxyType

FILE = Path(__file__).parents[1] / "policy" / "holidays_cn.toml"
HEADING = """\
# China's public holidays (off) and make-up workdays (work), year by year.
# Written by: python -m chalicelib.adapters.holidays YEAR...
"""


class UnknownYear(LookupError):
    """Nobody knows this year's schedule yet."""

    def __init__(self, year: int) -> None:
        super().__init__(f"no holiday schedule is known for {year}")
        self.year = year


class BadSchedule(ValueError):
    """The schedule contradicts itself or the week; the text names the date."""


def china(year: int) -> Mapping[date, bool]:
    """The schedule of a year. Raises UnknownYear."""
    schedules = _schedules()
    if year not in schedules:
        raise UnknownYear(year)
    return schedules[year]


def known_years() -> frozenset[int]:
    """The years whose schedule is known."""
    return frozenset(_schedules())


def check(schedule: Mapping[date, bool]) -> None:
    """Refuses a year's schedule with a slip in it. Raises BadSchedule for the first date at fault.

    A weekend day may be off only beside a weekday that is, or beside the turn of the year.
    """
    if not schedule:
        raise BadSchedule("the schedule is empty")
    days = sorted(schedule, key=lambda day: (day.year, day.month, day.day))
    for day in days:
        work = schedule[day]
        if isinstance(day, datetime) or not isinstance(work, bool):
            raise BadSchedule(f"{day}: a date with True (make-up workday) or False (day off) is wanted, not {work!r}")
        if day.year != days[0].year:
            raise BadSchedule(f"{day}: the schedule is that of {days[0].year}")
        if work and day.weekday() < 5:
            raise BadSchedule(f"{day}: a {day:%A} needs no make-up")
        if not work and day.weekday() >= 5 and not _gives_a_day(day, schedule):
            raise BadSchedule(f"{day}: a {day:%A} is off anyway")
    off = sum(not work and day.weekday() < 5 for day, work in schedule.items())
    make_up = [day for day in days if schedule[day]]
    if len(make_up) > off:
        raise BadSchedule(f"{make_up[off]}: {len(make_up)} make-up workdays for {off} weekdays off")


def write(years: Iterable[int]) -> None:
    """Writes the years from the package into the file; those it has and that aren't named stay. Checks each."""
    schedules = dict(_schedules()) if FILE.exists() else {}
    for year in years:
        schedules[year] = from_package(year)
    FILE.write_text(HEADING + "".join(_table(year, schedules[year]) for year in sorted(schedules)), encoding="utf-8")
    _schedules.cache_clear()


def from_package(year: int) -> Mapping[date, bool]:
    """The schedule that the package chinesecalendar knows. Raises UnknownYear, BadSchedule, ImportError."""
    from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped,unused-ignore]

    schedule = {day: False for day in holidays if day.year == year} | {
        day: True for day in workdays if day.year == year
    }
    if not schedule:
        raise UnknownYear(year)
    check(schedule)
    return schedule


def _gives_a_day(day: date, schedule: Mapping[date, bool]) -> bool:
    """Whether the days off around a weekend day reach a weekday or the next or last year."""
    for step in (timedelta(days=-1), timedelta(days=1)):
        beside = day
        while schedule.get(beside) is False:
            if beside.weekday() < 5 or (beside + step).year != day.year:
                return True
            beside += step
    return False


def _table(year: int, schedule: Mapping[date, bool]) -> str:
    def months(work: bool) -> str:
        rows: dict[int, list[str]] = {}
        for day in sorted(day for day in schedule if schedule[day] is work):
            rows.setdefault(day.month, []).append(day.isoformat())
        return "".join(f"    {', '.join(row)},\n" for row in rows.values())

    return f"\n[{year}]\noff = [\n{months(False)}]\nwork = [\n{months(True)}]\n"


@cache
def _schedules() -> Mapping[int, Mapping[date, bool]]:
    tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found: dict[int, Mapping[date, bool]] = {}
    for year, table in tables.items():
        schedule = dict.fromkeys(table["off"], False) | dict.fromkeys(table["work"], True)
        if any(day.year != int(year) for day in schedule) or len(schedule) != len(table["off"]) + len(table["work"]):
            raise BadSchedule(f"{FILE.name}: [{year}] has a date twice or one of another year")
        check(schedule)
        found[int(year)] = MappingProxyType(schedule)
    return found


if __name__ == "__main__":
    write(int(year) for year in sys.argv[1:])
