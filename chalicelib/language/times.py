"""Moments and spans as people read them, in the zone that they are asked for. Deadlines: `deadlines.py`.

clock_time    今天 16:30 · 3月2日 周一 16:30 · today 16:30 · Mon 2 Mar 16:30; `dated`: never by the day's name
full_time     2026年3月2日 周一 16:30: on paper
letter_time   2026年3月2日 16:30, midnight as 24:00 of the day before: where a period ends; letter_day without the time
short_time    3月2日16:30: where every letter counts
window_time   今天 14:00–16:00
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from chalicelib.language.catalogue import word

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def clock_time(at: datetime, tz: str, lang: str, now: datetime, *, dated: bool = False) -> str:
    """Day and time: by name for yesterday, today and tomorrow, else by date; the year only when it is another one."""
    day, time = _local(at, tz)
    return f"{_day(day, _local(now, tz)[0], lang, dated)} {time}"


def day_of(at: datetime, tz: str, lang: str, now: datetime, *, dated: bool = False) -> str:
    """今天, 3月2日 周一; today, Mon 2 Mar."""
    return _day(_local(at, tz)[0], _local(now, tz)[0], lang, dated)


@lru_cache(maxsize=4096)
def _local(at: datetime, tz: str) -> tuple[date, str]:
    """The day and the time of day; a page asks for the same moments again and again."""
    local = at.astimezone(_zone(tz))
    return local.date(), f"{local:%H:%M}"


@lru_cache(maxsize=1024)
def _day(day: date, today: date, lang: str, dated: bool) -> str:
    near = None if dated else NEAR.get((day - today).days)
    if near:
        return word("day", near, lang)
    form = "{weekday} {day} {month}" if day.year == today.year else "{weekday} {day} {month} {year}"
    return _say("day", form, lang, day)


def date_of(at: datetime, tz: str, lang: str) -> str:
    """3月2日 周一; Mon 2 Mar: never by a name that the next day makes wrong."""
    return day_of(at, tz, lang, at, dated=True)


def full_time(at: datetime, tz: str, lang: str) -> str:
    """With its year, for what is kept: 2026年3月2日 周一 16:30."""
    local = at.astimezone(_zone(tz))
    return f"{_say('day', '{weekday} {day} {month} {year}', lang, local.date())} {local:%H:%M}"


def letter_time(at: datetime, tz: str, lang: str) -> str:
    """When a period ends, as a letter says it: 2026年3月2日 16:30; the end of a day, its last second too, is 24:00."""
    local = at.astimezone(_zone(tz))
    if (local.hour, local.minute, local.second) in ((0, 0, 0), (23, 59, 59)):
        return f"{letter_day((local - timedelta(seconds=1)).date(), lang)} 24:00"
    return f"{letter_day(local.date(), lang)} {local:%H:%M}"


def letter_day(day: date, lang: str) -> str:
    """2026年3月2日; 2 Mar 2026."""
    return _say("day", "{day} {month} {year}", lang, day)


def short_time(at: datetime, tz: str, lang: str) -> str:
    """With its date where every letter counts: 3月2日16:30; 2 Mar 16:30."""
    local = at.astimezone(_zone(tz))
    return _say("in short", "{day} {month} {time}", lang, local.date(), time=f"{local:%H:%M}")


def short_window(start: datetime, end: datetime, tz: str, lang: str) -> str:
    """An appointment where every letter counts, always with its day and end: 3月2日14:00–16:00."""
    begins, first, last = short_time(start, tz, lang), start.astimezone(_zone(tz)), end.astimezone(_zone(tz))
    return f"{begins}–{last:%H:%M}" if first.date() == last.date() else begins


def window_time(start: datetime, end: datetime, tz: str, lang: str, now: datetime, *, dated: bool = False) -> str:
    """An appointment: 今天 14:00–16:00; over midnight both days are named."""
    first, last = clock_time(start, tz, lang, now, dated=dated), end.astimezone(_zone(tz))
    if start.astimezone(_zone(tz)).date() == last.date():
        return f"{first}–{last:%H:%M}"
    return f"{first} – {clock_time(end, tz, lang, now, dated=dated)}"


def span_of(span: timedelta, lang: str) -> str:
    """A length of time by its two largest units: 3 天 4 小时, 2 小时 15 分, 35 分."""
    return _largest(int(span.total_seconds()) // 60, lang)


@lru_cache(maxsize=4096)
def _largest(minutes: int, lang: str) -> str:
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    return _units(lang, ("{n} d", days), ("{n} h", hours), ("{n} min", 0 if days else minutes))


def hours_of(span: timedelta, lang: str) -> str:
    """The same in hours, never in days: a day of service hours is not 24 of them."""
    return _hours(int(span.total_seconds()) // 60, lang)


@lru_cache(maxsize=4096)
def _hours(minutes: int, lang: str) -> str:
    hours, minutes = divmod(minutes, 60)
    return _units(lang, ("{n} h", hours), ("{n} min", minutes))


def _units(lang: str, *counts: tuple[str, int]) -> str:
    said = [word("span", unit, lang).format(n=n) for unit, n in counts if n]
    return " ".join(said) or word("span", "less than 1 min", lang)


def _say(context: str, form: str, lang: str, day: date, time: str = "") -> str:
    weekday = word("day", WEEKDAYS[day.weekday()], lang) if "{weekday}" in form else ""
    month = word("month", MONTHS[day.month - 1], lang)
    return word(context, form, lang).format(weekday=weekday, day=day.day, month=month, year=day.year, time=time)


@cache
def _zone(tz: str) -> ZoneInfo:
    return ZoneInfo(tz)
