"""The list of somebody's work, in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.record.number import spoken
from chalicelib.language import words
from chalicelib.services.ticket import worklist
from chalicelib.web.kit.choices import word
from chalicelib.web.staff.view import Clocks


class Shown(NamedTuple):
    """A ticket in the list of somebody's work, in words, in the order in which the page takes them."""

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


def groups(items: Sequence[worklist.Item], lang: str, at: datetime, tz: str) -> list[tuple[str, list[Shown]]]:
    """What climbed to them, what is to be done, and what is paused; each by deadline."""
    said = Clocks(lang, at, tz)
    found: dict[str, list[Shown]] = {"climbed": [], "todo": [], "paused": []}
    for item in items:
        found[item.group].append(_shown(item, said))
    return list(found.items())


def _shown(item: worklist.Item, said: Clocks) -> Shown:
    line, lang = item.line, said.lang
    by = said.deadline(item.by) if item.by else None
    late = by is not None and by.late
    return Shown(
        item.id,
        word("category", line.category, lang) if line.category not in ("", "other") else word("kind", line.kind, lang),
        line.place,
        spoken(line.number),
        words.state_word(line.state, lang, line.kind),
        "waiting" if line.state == "waiting" else "late" if late else "open",
        line.priority,
        word("priority", line.priority, lang),
        word("clock", line.clock, lang) if by else "",
        by.left if by else "",
        by.when if by else "",
        late,
    )
