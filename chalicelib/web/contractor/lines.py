"""The list of a company's cases, in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import NamedTuple

from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.language import words
from chalicelib.language.cases import outcome_word, state_word
from chalicelib.language.deadlines import deadline
from chalicelib.services.contractor.desk import Desk
from chalicelib.services.contractor.listing import Item
from chalicelib.web.kit.choices import word

MINE = {Role.CONTRACTOR: "contractor", Role.THIRD_PARTY: "third_party"}
ENDED = frozenset({State.CLOSED.value, State.DROPPED.value})
LAST = datetime.max.replace(tzinfo=UTC)


class Shown(NamedTuple):
    """A case in the list, in words, in the order in which the page takes them."""

    id: str
    what: str
    place: str
    number: str
    tickets: int
    state: str
    tone: str
    priority: str
    priority_word: str
    clock: str
    left: str
    when: str
    late: bool


@dataclass(frozen=True, slots=True)
class Record:
    """Of cases that ended: how many, how many repaired in time, how often the owner did not accept the work."""

    ended: int
    kept: int
    failures: int


def record(items: Sequence[Item]) -> Record:
    """Of a page of what has ended."""
    kept = sum(one.line.outcome == "cured" and "missed" not in one.line.flags for one in items)
    return Record(len(items), kept, sum(one.line.failures for one in items))


def groups(desk: Desk, lang: str, at: datetime, tz: str) -> list[tuple[str, list[Shown]]]:
    """What is new, what is to be done, what waits for others; each by the reader's own deadline."""
    found: dict[str, list[Item]] = {"new": [], "todo": [], "others": [], "ended": []}
    for item in desk.items:
        found[_group(item, desk.role)].append(item)
    for name in ("new", "todo"):
        found[name].sort(key=lambda item: (_own(item, desk.role)[1] or LAST, item.id))
    return [(name, [_shown(item, desk.role, lang, at, tz) for item in items]) for name, items in found.items() if items]


def _own(item: Item, role: Role) -> tuple[str, datetime | None]:
    """What the reader has to do next, and by when; ("", None) where it is somebody else's turn."""
    line = item.line
    if role is Role.CONTRACTOR:
        return line.owed, line.owed_by
    return (line.clock, item.by) if line.hands == "third_party" else ("", None)


def _group(item: Item, role: Role) -> str:
    line = item.line
    if line.state in ENDED:
        return "ended"
    if role is Role.CONTRACTOR and ("undelivered" in line.flags or line.state == State.NOTICED.value):
        return "new"
    return "todo" if _own(item, role)[0] else "others"


def _shown(item: Item, role: Role, lang: str, at: datetime, tz: str) -> Shown:
    line, ended = item.line, item.line.state in ENDED
    clock, due = _own(item, role)
    by = deadline(due, at, tz, lang) if due else None
    about = word("category", line.category, lang)
    return Shown(
        parts(item.id)[1],
        f"{about} · {words.component_word(line.component, lang)}" if line.component else about,
        line.place,
        spoken(line.number),
        line.tickets,
        state_word(line.state, lang),
        "done" if ended else "late" if by and by.late else "open",
        line.priority,
        word("priority", line.priority, lang),
        words.clock_word(clock, lang) if by else "",
        by.left if by else "",
        by.when if by else outcome_word(line.outcome, lang) if line.outcome else "",
        bool(by and by.late),
    )
