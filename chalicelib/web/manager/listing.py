"""Lists of a manager's pages: actions with what became of their figures, owners' words, what happened to a ticket.

Nobody's name or number stands in them: names are taken out as companies read them (`web/staff/hidden.py`), and what
people of the house are called to their face is left out too.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from chalicelib.domain.measures.action import moved
from chalicelib.domain.measures.portrait import Words
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.phone import uncalled
from chalicelib.domain.record.reference import parts
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import actions as wording
from chalicelib.language import measures as figures
from chalicelib.language import times, words
from chalicelib.language.deadlines import deadline
from chalicelib.services.measures import writing
from chalicelib.store.actions import Item
from chalicelib.store.measures import Month
from chalicelib.web.manager.door import Desk
from chalicelib.web.staff import hidden

NOT_TOLD = frozenset({"message_failed", "erased", "photo_kept"})


def lines(desk: Desk, items: Iterable[Item], months: Mapping[str, Month]) -> list[dict[str, Any]]:
    """Actions, and whether the figure of each has moved by the month that is shown."""
    return [line(desk, one, months.get(desk.month)) for one in items]


def line(desk: Desk, one: Item, now: Month | None) -> dict[str, Any]:
    its, lang = one.line, desk.lang
    figure = now.figures.get(its.measure) if now and now.month > its.before.month else None
    value = figures.small(figure) if figure else None
    late = its.state == "planned" and its.until < desk.today
    return {
        "href": f"{desk.base}/action/{parts(one.id)[1]}",
        "what": one.words,
        "measure": figures.measure_word(its.measure, lang),
        "state": wording.state_word(its.state, lang),
        "tone": "late"
        if late
        else "done"
        if its.state == "done"
        else "waiting"
        if its.state == "cancelled"
        else "open",
        "until": times.letter_day(its.until, lang),
        "before": figures.value_text(its.measure, its.before.value, lang),
        "before_month": its.before.month,
        "goal": figures.value_text(its.measure, its.goal, lang),
        "now": figures.value_text(its.measure, value, lang) if value is not None else "",
        "now_month": now.month if now and value is not None else "",
        "how": moved(its.before.value, its.goal, value) if value is not None else "",
        "how_word": wording.moved_word(moved(its.before.value, its.goal, value), lang) if value is not None else "",
    }


def written(desk: Desk, asked: Sequence[Words]) -> list[dict[str, Any]]:
    """What was written with the stars, the fewest first; who wrote nothing is left out. One call."""
    found = writing.of(asked)
    return [
        {"href": f"{desk.base}/ticket/{one.ticket}", "stars": one.stars, "words": uncalled(found[one.ticket])}
        for one in asked
        if found.get(one.ticket)
    ]


def clocks(one: Ticket, numbers: Policy, desk: Desk) -> list[dict[str, Any]]:
    """Each promise, and what became of it."""
    found = []
    for promise in promises(one, numbers):
        clock = promise.clock
        by = deadline(clock.due_at, clock.stopped_at or desk.at, numbers.zone, desk.lang) if clock.due_at else None
        late = clock.breached(clock.stopped_at or desk.at)
        found.append(
            {
                "word": words.clock_word(promise.name, desk.lang),
                "late": late,
                "running": promise.running,
                "left": by.left if by and late else "",
                "due": times.clock_time(clock.due_at, numbers.zone, desk.lang, desk.at) if clock.due_at else "",
            }
        )
    return found


def told(one: Ticket, numbers: Policy, desk: Desk) -> list[dict[str, Any]]:
    """What happened, the newest first, without a name."""
    return [
        {
            "at": event.at,
            "text": sentence,
            "words": uncalled(hidden.said(event, one, outside=True)),
            "late": event.kind in ("breached", "escalated", "reworked", "dissatisfied"),
        }
        for event in reversed(one.events)
        if event.kind not in NOT_TOLD
        and (sentence := words.event_sentence(event, desk.lang, numbers.zone, "staff", {}, desk.at))
    ]
