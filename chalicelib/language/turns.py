"""Why a clock is late, in one sentence: whose turn it was when the time ran out, whose it is, what took longest.

到期时张伟还没有接单；现在在等业主选上门时间；用时最长的是：在挂起（配件未到），前后共 1 天 3 小时。
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from chalicelib.domain.ticket.ticket import Window
from chalicelib.domain.ticket.turns import Cause, NewTime, Stretch
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue

STAFF: Mapping[str, str] = {
    "dispatch": "for {desk} to find somebody",
    "contact": "for {who} to speak to the owner",
    "acknowledge": "for {who} to take it on",
    "choose": "for the owner to choose a time",
    "confirm": "for {who} to answer the time that the owner asked for",
    "visit": "for {who} to come",
    "work": "for {who} to finish the work",
    "pause": "because of: {reason}",
    "sign": "for the owner to sign",
    "answer": "for {who} to answer",
    "reply": "for the owner to answer",
}
OWNER: Mapping[str, str] = {
    **STAFF,
    "contact": "for {who} to speak to you",
    "choose": "for you to choose a time",
    "confirm": "for {who} to answer the time that you asked for",
    "sign": "for you to sign",
    "reply": "for you to answer",
}


NEW_TIME: Mapping[str, str] = {
    "visit": "The new time: {when}",
    "wait": "It goes on {when}",
    "plan": "We propose to be done by {when}",
    "choose": "Please choose one of the times that we offered: that is the new one",
    "confirm": "As soon as the time that you asked for is confirmed, it is the new one",
    "none": "We press for it, and you hear the new time as soon as it is fixed",
}


def waits(stretch: Stretch, names: Mapping[str, str], lang: str, audience: str) -> str:
    """What a stretch waited for, in a few words."""
    desk = words.level_word(1, lang)
    who = names.get(stretch.holder) or (words.role_word("technician", lang) if stretch.holder else desk)
    form = catalogue(lang).pgettext(f"turn, {audience}", (OWNER if audience == "owner" else STAFF)[stretch.turn])
    return form.format(who=who, desk=desk, reason=words.pause_word(stretch.why, lang))


def new_time_text(new: NewTime, tz: str, lang: str, now: datetime, *, dated: bool = False) -> str:
    """What stands in the place of a missed promise, in a sentence without its point, for the owner."""
    if isinstance(new.by, Window):
        when = times.window_time(new.by.start, new.by.end, tz, lang, now, dated=dated)
    elif new.what == "wait" and new.by:
        when = times.date_of(new.by, tz, lang) if dated else times.day_of(new.by, tz, lang, now)
    else:
        when = times.clock_time(new.by, tz, lang, now, dated=dated) if new.by else ""
    return catalogue(lang).pgettext("new time", NEW_TIME[new.what]).format(when=when)


def because(cause: Cause, names: Mapping[str, str], lang: str, audience: str) -> str:
    """The sentence for `owner` or `staff`. `names`: person id → name as this audience may see it."""
    text = catalogue(lang).gettext

    def said(stretch: Stretch) -> str:
        return waits(stretch, names, lang, audience)

    then, longest = said(cause.then), said(cause.longest)
    parts = [text("When the time ran out, it waited %(then)s") % {"then": then}]
    if cause.now and said(cause.now) != then:
        parts.append(text("now it waits %(now)s") % {"now": said(cause.now)})
    span = times.span_of(cause.share, lang)
    same = (cause.then.turn, cause.then.why) == (cause.longest.turn, cause.longest.why)
    parts.append(
        text("that took %(span)s in all") % {"span": span}
        if same
        else text("the longest wait, %(span)s in all, was %(longest)s") % {"span": span, "longest": longest}
    )
    return text("; ").join(parts) + text(".")
