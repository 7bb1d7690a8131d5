"""The lines of a desk's lists, in words. Cells that lists repeat over and over are made once and kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.heading import Listed
from chalicelib.domain.ticket.trade import time_of
from chalicelib.language import words
from chalicelib.language.catalogue import catalogue
from chalicelib.language.deadlines import deadline
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket.frontdesk import Queue, owners_clocks
from chalicelib.store.records import NEVER
from chalicelib.web.kit.choices import word
from chalicelib.web.kit.pages import root

# What a line's flags say, in the order they stand: flag → (short word, what it means)
FLAGS: Mapping[str, tuple[str, str]] = {
    "at_desk": ("Dispatch", "Nobody else was on duty: the desk has to find somebody"),
    "not_contacted": ("Not contacted", "Nobody has spoken to the owner yet"),
    "rework": ("Rework", "It was not fixed the first time"),
    "message_failed": ("Message failed", "A message could not be delivered: please phone"),
    "unverified": ("Unverified", "The phone is not registered for this unit"),
}


GROUPS: Mapping[str, str] = {  # a list's groups in their order
    "mine": "Escalated to me",
    "first": "Emergencies",
    "ours": "Escalated to this desk",
    "late": "Late",
    "over": "The owner's time is over",
    "today": "Due today",
    "later": "Due later",
    "rest": "No deadline runs",
}


def groups(token: str, found: Queue, lang: str, at: datetime) -> list[tuple[str, str, list[Row]]]:
    """(key, heading, rows) of a queue, each only if it has rows."""
    numbers = policy_for({"project": found.desk.project})
    tz, theirs = numbers.zone, owners_clocks(found.desk.project)
    zone = ZoneInfo(tz)
    rows: dict[str, list[Row]] = {}
    for one in found.lines:
        by = None if one.by == NEVER else time_of(one.by)
        ours = one.line.clock not in theirs
        if one.line.rung:
            key = _at_level(one, found.grant.holder)
        else:
            key = group_of(one.pinned, by, at, zone)
            key = "over" if key == "late" and not ours else key
        rows.setdefault(key, []).append(row(token, one, by, found.names, lang, at, tz, found.desk.name, ours=ours))
    return [(key, catalogue(lang).gettext(GROUPS[key]), rows[key]) for key in GROUPS if key in rows]


def group_of(pinned: bool, by: datetime | None, at: datetime, zone: ZoneInfo) -> str:
    """The group of a line by its deadline; what is pinned stands before all."""
    if pinned or by is None:
        return "first" if pinned else "rest"
    if by < at:
        return "late"
    return "today" if by.astimezone(zone).date() == at.astimezone(zone).date() else "later"


def _at_level(one: Listed, person: str) -> str:
    """In the list of a level: what climbed to whoever looks, emergencies, what climbed to others there."""
    return "mine" if one.line.answers == person else "first" if one.pinned else "ours"


class Row(NamedTuple):
    """A line as the table shows it. Cells that lists repeat over and over come as markup that is kept."""

    late: bool
    href: str
    left: str
    iso: str
    by: str
    number: str
    place: str
    what: Markup
    holder: str
    flags: Markup


def row(
    token: str,
    one: Listed,
    by: datetime | None,
    names: Mapping[str, str],
    lang: str,
    at: datetime,
    tz: str,
    within: str,
    *,
    ours: bool = True,
) -> Row:
    """A line in words; the place without what all have in common (`within`). `ours`: the company's deadline."""
    line = one.line
    clock = word("clock", line.clock, lang) if by and line.clock else ""
    said = deadline(by, at, tz, lang, ours=ours) if by else None
    return Row(
        late=said is not None and said.late,
        href=f"{root()}/d/{token}/{one.id}",
        left=said.left if said else "",
        iso=one.by if by else "",
        by=f"{said.when} {clock}" if said else "",
        number=spoken(line.number),
        place=line.place.removeprefix(within).strip() or line.place,
        what=_what(line.kind, line.category, line.priority, line.state, lang),
        holder=names.get(line.holder, ""),
        flags=_flags(line.flags, line.level, lang),
    )


@lru_cache(maxsize=512)
def about(kind: str, category: str, lang: str) -> Markup:
    about = word("category", category, lang)
    if kind == "repair":
        return escape(about)
    return Markup('<span class="q-kind">{}</span> {}').format(word("kind", kind, lang), about)


@lru_cache(maxsize=2048)
def _what(kind: str, category: str, priority: str, is_in: str, lang: str) -> Markup:
    """The cells that say what it is about, how urgent, and how far it is."""
    return Markup('<td class="q-about">{}</td><td class="q-prio">{}</td><td class="q-state">{}</td>').format(
        about(kind, category, lang), _priority(priority, lang), state(is_in, kind, lang)
    )


@lru_cache(maxsize=32)
def _priority(priority: str, lang: str) -> Markup:
    return Markup('<span class="prio prio--{}">{}</span>').format(priority, word("priority", priority, lang))


@lru_cache(maxsize=256)
def state(state: str, kind: str, lang: str) -> Markup:
    shape = "waiting" if state == "waiting" else "open"
    return Markup('<span class="state state--{}">{}</span>').format(shape, words.state_word(state, lang, kind))


@lru_cache(maxsize=256)
def _flags(flags: frozenset[str], level: int, lang: str) -> Markup:
    """What to look at: the level it climbed to, and the flags of the heading."""
    gettext = catalogue(lang).gettext
    found = [("level", words.level_word(level, lang), "")] if level > 1 else []
    found += [(x, gettext(short), gettext(means)) for x, (short, means) in FLAGS.items() if x in flags]
    one = Markup('<span class="flag flag--{}"{}>{}</span>')
    return Markup("").join(one.format(x, Markup(' title="{}"').format(m) if m else "", w) for x, w, m in found)


@lru_cache(maxsize=4)
def categories(numbers: Policy, lang: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(value, word, components) of every category, as the lists to choose from show them."""
    return [
        (
            c.name,
            words.category_word(c.name, lang),
            [(f"{c.name}/{x}", words.component_word(x, lang)) for x in c.components],
        )
        for c in numbers.categories.values()
    ]
