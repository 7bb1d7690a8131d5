"""What stands on top of a ticket for lists, timers and the sweep: derived from the ticket, never decided elsewhere.

A list shows a line of each ticket. It is stored in short letters, since every entry of an index carries it:

    n  number      k  kind       s  state      p  priority       c  category
    l  place       h  holder     x  clock      v  level          r  reported, in seconds since 1970
    f  flags:      u  unverified  d  at_desk   f  message_failed  w  rework    c  not_contacted
    o  component   e  ended, in seconds since 1970
    y  whose list, a  who answers there: only in the list of a level above the property's desk
    w  what the warranty office has to do, q  by when, in seconds since 1970

What is empty, and what an older line lacks, reads as nothing; letters that are not known are passed over.

An emergency stands on top of every list, whatever its deadline, until the work is finished.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.kinds import Heading
from chalicelib.domain.record.roles import ABOVE, ROLES, Reach, Role
from chalicelib.domain.ticket import waiting
from chalicelib.domain.ticket.liability import for_office
from chalicelib.domain.ticket.promises import Promise, deadline, next_moment, promises
from chalicelib.domain.ticket.ticket import ENDS, Priority, State, Ticket

WAIT = "wait"  # what stands for the clock where the day that it waits for comes first
FLAGS: Mapping[str, str] = {
    "u": "unverified",
    "d": "at_desk",
    "f": "message_failed",
    "w": "rework",
    "c": "not_contacted",
}
NONE: frozenset[str] = frozenset()
FINISHED = frozenset({State.COMPLETED, State.SIGNED_OFF, State.RESULT_WRITTEN})
UPPER: Mapping[int, Role] = {ROLES[role].level: role for role in Role if role in ABOVE}


class Line(NamedTuple):
    """A ticket in a list. `clock`: which is due next; `place`: its label; `holder`: a person's id.

    `rung`: the level in whose list it stands as that level's (0: in none), `answers`: the person who answers there.
    `asks`: what the warranty office has to do about it, and by when.
    """

    number: str = ""
    kind: str = ""
    state: str = ""
    priority: str = ""
    category: str = ""
    place: str = ""
    holder: str = ""
    clock: str = ""
    level: int = 1
    reported: datetime | None = None
    flags: frozenset[str] = NONE
    rung: int = 0
    answers: str = ""
    component: str = ""
    ended: datetime | None = None
    asks: str = ""
    asks_by: datetime | None = None


class Listed(NamedTuple):
    """A line where it stands. `by`: the next deadline; `spot`: the key by which the list is sorted."""

    id: str
    by: str
    line: Line
    spot: str = ""
    pinned: bool = False


class Stored(Protocol):
    """An entry of a list as the store has it."""

    @property
    def id(self) -> str: ...
    @property
    def by(self) -> str: ...
    @property
    def line(self) -> Mapping[str, Any]: ...
    @property
    def spot(self) -> str: ...
    @property
    def pinned(self) -> bool: ...
    @property
    def said(self) -> Line | None: ...


def listed(entries: Iterable[Stored]) -> list[Listed]:
    return [Listed(entry.id, entry.by, entry.said or unpack(entry.line), entry.spot, entry.pinned) for entry in entries]


OTHERS_TURN = frozenset({State.COMPLETED, State.SIGNED_OFF})  # the owner's and the desk's: off its maker's list


def heading(ticket: Ticket, policy: Policy) -> Heading:
    """The heading of a ticket; `line` is what a list shows of it, as it is stored."""
    runs = promises(ticket, policy)
    next_deadline = deadline([p for p in runs if not _in_hand(p, ticket)]) if ticket.is_open else None
    clock, by = next_deadline or ("", None)
    if (waits := waiting.step(ticket, policy)) and (by is None or waits.at < by):
        clock, by = WAIT, waits.at
    line = Line(
        number=ticket.number,
        kind=ticket.kind.value,
        state=ticket.state.value,
        priority=ticket.priority.value,
        category=ticket.category,
        place=ticket.place.get("label", ""),
        holder=ticket.holder,
        clock=clock,
        level=ticket.level,
        reported=ticket.reported_at,
        flags=_flags_of(ticket),
        component=ticket.component,
        asks=for_office(ticket),
        asks_by=_asked(runs) if for_office(ticket) else None,
        ended=next((e.at for e in reversed(ticket.events) if e.kind in ENDS), None) if not ticket.is_open else None,
    )
    return Heading(by, next_moment(ticket, policy, runs), pack(line), _lists(ticket), pinned(ticket))


def _lists(ticket: Ticket) -> dict[str, str]:
    """Where an open ticket stands: at its desk, with its holder while it is their turn, at its place.

    One that ended stands in what was at its place.
    """
    here = ticket.place
    place = here.get("unit") or here.get("building") or here.get("project", "")
    if not ticket.is_open:
        return {"past": place}
    lists = {"desk": ticket.desk, "place": place}
    return lists if not ticket.holder or ticket.state in OTHERS_TURN else lists | {"holder": ticket.holder}


def pinned(ticket: Ticket) -> bool:
    """Whether it stands on top of every list: an emergency that somebody still has to end."""
    return ticket.priority is Priority.EMERGENCY and ticket.is_open and ticket.state not in FINISHED


def levels(ticket: Ticket) -> Mapping[int, str]:
    """The levels above the property's desk that have a ticket in their list, and who answers there ("": nobody yet).

    What climbed to them and was not handed back; an emergency is everybody's until the work is finished.
    """
    if not ticket.is_open:
        return {}
    found = [n for n in UPPER if pinned(ticket) or n <= ticket.level or n in ticket.watchers]
    return {n: ticket.watchers.get(n, "") for n in found if ROLES[UPPER[n]].reach is Reach.GROUP or _lies_in(ticket, n)}


def _lies_in(ticket: Ticket, level: int) -> bool:
    return bool(ticket.place.get(ROLES[UPPER[level]].reach.value))


def _flags_of(ticket: Ticket) -> frozenset[str]:
    said = {
        "unverified": not ticket.verified,
        "at_desk": ticket.at_desk,
        "message_failed": bool(ticket.failed_messages),
        "rework": bool(ticket.rounds),
        "not_contacted": not ticket.contacted,
    }
    return frozenset(flag for flag, is_so in said.items() if is_so)


def _in_hand(promise: Promise, ticket: Ticket) -> bool:
    """What the system is at itself: a matter of seconds that no list needs to be sorted by."""
    return promise.rule.unlisted == "office" or (promise.rule.unlisted == "routing" and ticket.route_due)


def _asked(runs: Iterable[Promise]) -> datetime | None:
    """By when the warranty office has to act."""
    return next((p.clock.due_at for p in runs if p.running and p.rule.hands == "office"), None)


def pack(line: Line) -> dict[str, Any]:
    """As it is stored."""
    stored: dict[str, Any] = {
        "n": line.number,
        "k": line.kind,
        "s": line.state,
        "p": line.priority,
        "c": line.category,
        "l": line.place,
        "h": line.holder,
        "x": line.clock,
        "v": line.level,
        "r": int(line.reported.timestamp()) if line.reported else 0,
    }
    letters = "".join(letter for letter, flag in FLAGS.items() if flag in line.flags)
    more: dict[str, Any] = {"f": letters, "y": line.rung, "a": line.answers, "o": line.component}
    more["e"] = int(line.ended.timestamp()) if line.ended else 0
    more |= {"w": line.asks, "q": int(line.asks_by.timestamp()) if line.asks_by else 0}
    return stored | {letter: value for letter, value in more.items() if value}


def in_list_of(stored: Mapping[str, Any], level: int, person: str) -> dict[str, Any]:
    """A stored line as it stands in the list of a level, where `person` answers."""
    return {**stored, "y": level} | ({"a": person} if person else {})


def unpack(stored: Mapping[str, Any]) -> Line:
    """A stored line, whatever version wrote it."""
    get = stored.get
    return Line(
        get("n", ""),
        get("k", ""),
        get("s", ""),
        get("p", ""),
        get("c", ""),
        get("l", ""),
        get("h", ""),
        get("x", ""),
        get("v", 1),
        datetime.fromtimestamp(seconds, UTC) if (seconds := get("r", 0)) else None,
        _flags(get("f", "")),
        get("y", 0),
        get("a", ""),
        get("o", ""),
        datetime.fromtimestamp(seconds, UTC) if (seconds := get("e", 0)) else None,
        get("w", ""),
        datetime.fromtimestamp(seconds, UTC) if (seconds := get("q", 0)) else None,
    )


@lru_cache(maxsize=64)
def _flags(letters: str) -> frozenset[str]:
    return frozenset(FLAGS[letter] for letter in letters if letter in FLAGS)
