"""The list of a company's cases, in words."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.language import times, words
from chalicelib.language.cases import state_word
from chalicelib.language.deadlines import deadline
from chalicelib.services.contractor.desk import Desk
from chalicelib.services.contractor.listing import Item
from chalicelib.web.kit.choices import word

MINE = {Role.CONTRACTOR: "contractor", Role.THIRD_PARTY: "third_party"}
TO_DO = frozenset({State.NOTICED, State.ACKNOWLEDGED, State.REMINDED})


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


def groups(desk: Desk, lang: str, at: datetime, tz: str) -> list[tuple[str, list[Shown]]]:
    """What is new, what is to be done, what waits for others; each in the order of the list."""
    found: dict[str, list[Shown]] = {"new": [], "todo": [], "others": [], "ended": []}
    for item in desk.items:
        found[_group(item, desk.role)].append(_shown(item, desk.role, lang, at, tz))
    return [(name, items) for name, items in found.items() if items]


def _group(item: Item, role: Role) -> str:
    line = item.line
    if line.state in (State.CLOSED.value, State.DROPPED.value):
        return "ended"
    if role is Role.CONTRACTOR and ("undelivered" in line.flags or line.state == State.NOTICED.value):
        return "new"
    mine = line.hands == MINE[role] or (role is Role.CONTRACTOR and line.state in {one.value for one in TO_DO})
    return "todo" if mine else "others"


def _shown(item: Item, role: Role, lang: str, at: datetime, tz: str) -> Shown:
    line = item.line
    mine = line.hands == MINE[role]
    by = deadline(item.by, at, tz, lang, ours=mine) if item.by and mine else None
    ended = line.state in (State.CLOSED.value, State.DROPPED.value)
    opened = times.date_of(line.opened, tz, lang) if ended and line.opened else ""
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
        words.clock_word(line.clock, lang) if by else "",
        by.left if by else "",
        by.when if by else opened,
        bool(by and by.late),
    )
