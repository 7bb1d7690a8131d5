"""Why a clock is late, in one sentence: whose turn it was when the time ran out, whose it is, what took longest.

到期时张伟还没有接单；现在在等业主选上门时间；用时最长的是：在挂起（配件未到），前后共 1 天 3 小时。
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.ticket.turns import Cause, Stretch
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


def because(cause: Cause, names: Mapping[str, str], lang: str, audience: str) -> str:
    """The sentence for `owner` or `staff`. `names`: person id → name as this audience may see it."""
    text = catalogue(lang).gettext

    def said(stretch: Stretch) -> str:
        desk = words.level_word(1, lang)
        who = names.get(stretch.holder) or (words.role_word("technician", lang) if stretch.holder else desk)
        form = catalogue(lang).pgettext(f"turn, {audience}", (OWNER if audience == "owner" else STAFF)[stretch.turn])
        return form.format(who=who, desk=desk, reason=words.pause_word(stretch.why, lang))

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
