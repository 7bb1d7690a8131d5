"""The list of somebody's work, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.ticket import ENDED, Priority, State
from chalicelib.language import words
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import worklist
from chalicelib.web.staff.view import Clocks


@dataclass(frozen=True, slots=True)
class Line:
    """A ticket in the list of somebody's work, in words."""

    id: str
    what: str
    place: str
    number: str
    state: str
    tone: str
    priority: str
    priority_word: str
    clock: str
    left: str
    when: str
    late: bool


def groups(items: Sequence[worklist.Item], lang: str, at: datetime, tz: str) -> list[tuple[str, list[Line]]]:
    """What climbed to them, what is to be done, and what is paused; each by deadline."""
    said = Clocks(lang, at, tz)
    found: dict[str, list[Line]] = {"climbed": [], "todo": [], "paused": []}
    for item in items:
        found[item.group].append(_line(item, said))
    return list(found.items())


def _line(item: worklist.Item, said: Clocks) -> Line:
    line, lang, late = item.line, said.lang, item.late(said.at)
    return Line(
        item.id,
        words.category_word(line.category, lang)
        if line.category not in ("", "other")
        else words.kind_word(line.kind, lang),
        line.place,
        spoken(line.number),
        words.state_word(line.state, lang, line.kind),
        "waiting" if line.state == "waiting" else "late" if late else "open",
        line.priority,
        words.priority_word(line.priority, lang),
        words.clock_word(line.clock, lang) if item.by else "",
        said.left(item.by) if item.by else "",
        said.when(item.by) if item.by else "",
        late,
    )


@cache
def choices(table: str, lang: str) -> tuple[tuple[str, str], ...]:
    """(value, word) of a filter's select."""
    if table == "state":
        return tuple((s.value, words.state_word(s.value, lang)) for s in State if s not in ENDED)
    if table == "priority":
        return tuple((p.value, words.priority_word(p.value, lang)) for p in Priority)
    return tuple((name, words.category_word(name, lang)) for name in policy_for(NOWHERE).categories)
