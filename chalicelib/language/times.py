"""Moments and spans as people read them, in the zone that they are asked for.

clock_time    今天 16:30 · 3月2日 周一 16:30 · today 16:30 · Mon 2 Mar 16:30
window_time   今天 14:00–16:00
time_left     剩 2 小时 15 分 · 已超 35 分 · 2 h 15 min left · 35 min late
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from chalicelib.language.catalogue import word

WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NEAR = {-1: "yesterday", 0: "today", 1: "tomorrow"}


def clock_time(at: datetime, tz: str, lang: str, now: datetime) -> str:
    """Day and time: by name for yesterday, today and tomorrow, else by date; the year only when it is another one."""
    return f"{day_of(at, tz, lang, now)} {at.astimezone(_zone(tz)):%H:%M}"


def day_of(at: datetime, tz: str, lang: str, now: datetime) -> str:
    """今天, 3月2日 周一; today, Mon 2 Mar."""
    local, here = at.astimezone(_zone(tz)), now.astimezone(_zone(tz))
    near = NEAR.get((local.date() - here.date()).days)
    if near:
        return word("day", near, lang)
    form = "{weekday} {day} {month}" if local.year == here.year else "{weekday} {day} {month} {year}"
    return _say("day", form, lang, local, weekday=word("day", WEEKDAYS[local.weekday()], lang))


def date_of(at: datetime, tz: str, lang: str) -> str:
    """3月2日 周一; Mon 2 Mar: never by a name that the next day makes wrong."""
    return day_of(at, tz, lang, at - timedelta(days=2))


def short_time(at: datetime, tz: str, lang: str, now: datetime) -> str:
    """The same where every letter counts: 16:30, 明天16:30, 3月2日16:30; 16:30, 2 Mar 16:30."""
    local, here = at.astimezone(_zone(tz)), now.astimezone(_zone(tz))
    if local.date() == here.date():
        return f"{local:%H:%M}"
    near = NEAR.get((local.date() - here.date()).days)
    # A language may have a shorter word for a near day, or none: each has a sentence of its own.
    return _say(f"{near} in short" if near else "in short", "{day} {month} {time}", lang, local)


def short_window(start: datetime, end: datetime, tz: str, lang: str) -> str:
    """An appointment where every letter counts, always with its day and end: 3月2日14:00–16:00."""
    local, last = start.astimezone(_zone(tz)), end.astimezone(_zone(tz))
    begins = _say("in short", "{day} {month} {time}", lang, local)
    return f"{begins}–{last:%H:%M}" if local.date() == last.date() else begins


def window_time(start: datetime, end: datetime, tz: str, lang: str, now: datetime) -> str:
    """An appointment: 今天 14:00–16:00; over midnight both days are named."""
    last = end.astimezone(_zone(tz))
    if start.astimezone(_zone(tz)).date() == last.date():
        return f"{clock_time(start, tz, lang, now)}–{last:%H:%M}"
    return f"{clock_time(start, tz, lang, now)} – {clock_time(end, tz, lang, now)}"


def time_left(due: datetime, now: datetime, lang: str) -> str:
    """How long until `due`, or by how much it is missed; whole minutes, seconds dropped."""
    said = "{span} late" if now > due else "{span} left"
    return word("span", said, lang).format(span=span_of(abs(due - now), lang))


def span_of(span: timedelta, lang: str) -> str:
    """A length of time by its two largest units: 3 天 4 小时, 2 小时 15 分, 35 分."""
    return _largest(int(span.total_seconds()) // 60, lang)


@lru_cache(maxsize=4096)
def _largest(minutes: int, lang: str) -> str:
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    return _units(lang, ("{n} d", days), ("{n} h", hours), ("{n} min", 0 if days else minutes))


def hours_of(span: timedelta, lang: str) -> str:
    """The same in hours, never in days: a day of service hours is not 24 of them."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    return _units(lang, ("{n} h", hours), ("{n} min", minutes))


def _units(lang: str, *counts: tuple[str, int]) -> str:
    said = [word("span", unit, lang).format(n=n) for unit, n in counts if n]
    return " ".join(said) or word("span", "less than 1 min", lang)


def _say(context: str, form: str, lang: str, local: datetime, weekday: str = "") -> str:
    month = word("month", MONTHS[local.month - 1], lang)
    return word(context, form, lang).format(
        weekday=weekday, day=local.day, month=month, year=local.year, time=f"{local:%H:%M}"
    )


@cache
def _zone(tz: str) -> ZoneInfo:
    return ZoneInfo(tz)
