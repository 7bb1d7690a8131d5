"""A deadline in words, said here and nowhere else: places differ in how much of it they show, never in what it says.

left    剩 2 小时 15 分 · 逾期 35 分 · 已过 2 天 (the owner's own time: nobody is late)
when    今天 16:30 on a page · 3月2日 周一 16:30 in a letter · 3月2日16:30 in an SMS

What is read later than it is said carries its date. Minutes are whole ones, seconds dropped; a deadline is kept in its
last second and missed from the next one.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.language import times
from chalicelib.language.catalogue import word


class Deadline(NamedTuple):
    """`late`: missed, by whom it was promised. `over`: past, whoever's it is. `span`: the time left or over."""

    due: datetime
    late: bool
    over: bool
    left: str
    when: str
    span: str

    @property
    def iso(self) -> str:
        return self.due.isoformat(timespec="seconds")


def deadline(due: datetime, now: datetime, tz: str, lang: str, *, ours: bool = True) -> Deadline:
    """A deadline as a page says it at `now`. `ours`: a promise of the company, not something the owner has to do."""
    over = now > due
    span = times.span_of(abs(due - now), lang)
    form = ("{span} late" if ours else "{span} over") if over else "{span} left"
    left = word("span", form, lang).format(span=span)
    return Deadline(due, over and ours, over, left, times.clock_time(due, tz, lang, now), span)


def dated(due: datetime, now: datetime, tz: str, lang: str, *, short: bool = False) -> str:
    """A deadline as a message says it, which is read at any later time. `short`: where every letter counts."""
    return times.short_time(due, tz, lang) if short else times.clock_time(due, tz, lang, now, dated=True)
