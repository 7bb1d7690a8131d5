"""Moments and spans as people read them, in the zone that they are asked for.

clock_time    今天 16:30 · 3月2日 周一 16:30 · today 16:30 · Mon 2 Mar 16:30
window_time   今天 14:00–16:00
time_left     剩 2 小时 15 分 · 已超 35 分 · 2 h 15 min left · 35 min late
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

WEEKDAYS = {"zh_CN": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NEAR = {"zh_CN": {-1: "昨天", 0: "今天", 1: "明天"}, "en": {-1: "yesterday", 0: "today", 1: "tomorrow"}}


def clock_time(at: datetime, tz: str, lang: str, now: datetime) -> str:
    """Day and time: by name for yesterday, today and tomorrow, else by date; the year only when it is another one."""
    local = at.astimezone(_zone(tz))
    return f"{day_of(at, tz, lang, now)} {local:%H:%M}"


def day_of(at: datetime, tz: str, lang: str, now: datetime) -> str:
    """今天, 3月2日 周一; today, Mon 2 Mar."""
    local, here = at.astimezone(_zone(tz)), now.astimezone(_zone(tz))
    lang = lang if lang in NEAR else "zh_CN"
    near = NEAR[lang].get((local.date() - here.date()).days)
    if near:
        return near
    day = WEEKDAYS[lang][local.weekday()]
    if lang == "en":
        year = "" if local.year == here.year else f" {local.year}"
        return f"{day} {local.day} {MONTHS[local.month - 1]}{year}"
    year = "" if local.year == here.year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 周{day}"


def short_time(at: datetime, tz: str, lang: str, now: datetime) -> str:
    """The same where every letter counts: 16:30, 明天16:30, 3月2日16:30; 16:30, 2 Mar 16:30."""
    local, here = at.astimezone(_zone(tz)), now.astimezone(_zone(tz))
    if local.date() == here.date():
        return f"{local:%H:%M}"
    if lang == "en":
        return f"{local.day} {MONTHS[local.month - 1]} {local:%H:%M}"
    near = NEAR["zh_CN"].get((local.date() - here.date()).days, f"{local.month}月{local.day}日")
    return f"{near}{local:%H:%M}"


def window_time(start: datetime, end: datetime, tz: str, lang: str, now: datetime) -> str:
    """An appointment: 今天 14:00–16:00; over midnight both days are named."""
    last = end.astimezone(_zone(tz))
    if start.astimezone(_zone(tz)).date() == last.date():
        return f"{clock_time(start, tz, lang, now)}–{last:%H:%M}"
    return f"{clock_time(start, tz, lang, now)} – {clock_time(end, tz, lang, now)}"


def time_left(due: datetime, now: datetime, lang: str) -> str:
    """How long until `due`, or by how much it is missed; whole minutes, seconds dropped."""
    late = now > due
    span = span_of(abs(due - now), lang)
    if lang == "en":
        return f"{span} late" if late else f"{span} left"
    return f"已超 {span}" if late else f"剩 {span}"


def span_of(span: timedelta, lang: str) -> str:
    """A length of time by its two largest units: 3 天 4 小时, 2 小时 15 分, 35 分."""
    minutes = int(span.total_seconds()) // 60
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    day, hour, minute = ("d", "h", "min") if lang == "en" else ("天", "小时", "分")
    parts = [(days, day), (hours, hour)] if days else [(hours, hour), (minutes, minute)]
    said = [f"{n} {unit}" for n, unit in parts if n]
    if not said:
        return "less than 1 min" if lang == "en" else "不到 1 分"
    return " ".join(said)


@cache
def _zone(tz: str) -> ZoneInfo:
    return ZoneInfo(tz)
