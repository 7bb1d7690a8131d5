"""The lines of a warranty office's lists, in words; cells that lists repeat are made once and kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.heading import Listed
from chalicelib.domain.ticket.trade import time_of
from chalicelib.language import cases, office, words
from chalicelib.language.catalogue import catalogue
from chalicelib.language.deadlines import deadline
from chalicelib.services.contractor.listing import Item
from chalicelib.store.records import NEVER
from chalicelib.web.desk.lines import GROUPS, group_of
from chalicelib.web.kit.choices import word
from chalicelib.web.kit.pages import root

FLAGS: Mapping[str, tuple[str, str]] = {  # of a case: flag → (short word, what it means)
    "stopping": ("Stop of damage", "A third party stops the damage now"),
    "undelivered": ("Not arrived", "A letter is out that nobody has confirmed"),
    "missed": ("Missed", "The repair was missed, refused, or failed twice"),
    "message_failed": ("Message failed", "A message could not be delivered: please phone"),
}
Links = Callable[[str], str]


class Row(NamedTuple):
    """A line as the table shows it."""

    late: bool
    href: str
    left: str
    iso: str
    by: str
    number: str
    place: str
    about: Markup
    task: str
    company: str
    flags: Markup


def groups(
    shown: Sequence[Item | Listed], names: Mapping[str, str], token: str, lang: str, at: datetime, tz: str
) -> list[tuple[str, str, list[Row]]]:
    """(key, heading, rows): emergencies, late, due today, later, without a deadline; each only if it has rows."""
    zone = ZoneInfo(tz)
    found: dict[str, list[tuple[datetime, Row]]] = {}
    for one in shown:
        by = _by(one)
        key = group_of(one.pinned, by, at, zone)
        found.setdefault(key, []).append((by or at, row(one, by, names, token, lang, at, tz)))
    say = catalogue(lang).gettext
    return [
        (key, say(GROUPS[key]), [made for _, made in sorted(found[key], key=lambda pair: pair[0])])
        for key in GROUPS
        if key in found
    ]


def _by(one: Item | Listed) -> datetime | None:
    """The office's own deadline where it has one, else the next of the record."""
    if isinstance(one, Item):
        return one.line.task_by or one.by
    return one.line.asks_by or (None if one.by == NEVER else time_of(one.by))


def row(
    one: Item | Listed, by: datetime | None, names: Mapping[str, str], token: str, lang: str, at: datetime, tz: str
) -> Row:
    """A case or ticket in words."""
    said = deadline(by, at, tz, lang) if by else None
    line = one.line
    case = isinstance(one, Item)
    link = f"/b/{token}/{one.id.rpartition('#')[2]}" if case else f"/w/{token}/{one.id}"
    return Row(
        said is not None and said.late,
        f"{root()}{link}",
        said.left if said else "",
        said.iso if said else "",
        said.when if said else "",
        spoken(line.number),
        line.place,
        _about(line.category, line.component, line.priority, _state(one, lang), lang),
        _task(one, lang),
        _whose(one, names),
        _flags(one.line.flags, lang) if isinstance(one, Item) else Markup(""),
    )


def _state(one: Item | Listed, lang: str) -> str:
    if isinstance(one, Item):
        return cases.state_word(one.line.state, lang)
    return words.state_word(one.line.state, lang, one.line.kind)


def _task(one: Item | Listed, lang: str) -> str:
    """What has to be done next: by the office, else by whoever it waits for."""
    task = (one.line.task if isinstance(one, Item) else one.line.asks) or one.line.clock
    return office.task_word(task, lang) if task else ""


def _whose(one: Item | Listed, names: Mapping[str, str]) -> str:
    if not isinstance(one, Item):
        return ""
    who = one.line.third_party if one.line.hands == "third_party" else one.line.company
    return names.get(who, who)


@lru_cache(maxsize=2048)
def _about(category: str, component: str, priority: str, state: str, lang: str) -> Markup:
    what = word("category", category, lang)
    part = f" · {words.component_word(component, lang)}" if component else ""
    return Markup(
        '<td class="q-about">{}{}</td><td class="q-prio"><span class="prio prio--{}">{}</span></td>'
        '<td class="q-state"><span class="state state--open">{}</span></td>'
    ).format(what, part, priority, word("priority", priority, lang), state)


@lru_cache(maxsize=256)
def _flags(flags: frozenset[str], lang: str) -> Markup:
    say = catalogue(lang).gettext
    one = Markup('<span class="flag flag--{}" title="{}">{}</span>')
    return Markup("").join(one.format(x, say(means), say(short)) for x, (short, means) in FLAGS.items() if x in flags)
