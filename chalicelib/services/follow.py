"""What the reporter's page shows: how things stand, what comes next and by when, who comes, what happened.

    headline    one of HEADLINES' words: what the page says first
    next        the promise that the reporter waits for now; late when it is missed
    rows        what happened, newest first; what staff note among themselves is not in it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.adapters.policies import policy
from chalicelib.domain.promises import Promise, may_climb, promises
from chalicelib.domain.ticket import Event, Role, State, Ticket
from chalicelib.services import dispatch

S = State
# The promises that the reporter waits for in a state; the first one that runs is shown.
AWAITED: Mapping[State, tuple[str, ...]] = {
    S.REPORTED: ("response", "relay", "feedback", "dispatch"),
    S.ASSIGNED: ("arrive",),
    S.ACKNOWLEDGED: ("arrive",),
    S.SCHEDULED: ("arrive",),
    S.ON_SITE: ("resolve",),
    S.WAITING: ("resolve",),
    S.COMPLETED: ("sign_off",),
    S.SIGNED_OFF: ("follow_up",),
    S.RELAYED: ("feedback",),
}
PROMISED_TO_OWNER = ("response", "arrive", "resolve", "relay", "feedback", "follow_up", "dispatch")
DOUBLE = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 司徒 夏侯 司空 端木 南宫 独孤 轩辕 百里 呼延 澹台 淳于 太史 申屠 闻人".split()
)
HIDDEN = frozenset({"checklist_ticked", "warned", "reminded", "linked", "message_failed", "declined"})


@dataclass(frozen=True, slots=True)
class Awaited:
    """The promise waited for: its clock, its deadline, the one first made where an appointment moved it."""

    clock: str
    due: datetime
    first: datetime
    late: bool


@dataclass(frozen=True, slots=True)
class Row:
    """Something that happened. `words`: what was said with it; `photos`: numbers, see `photos_of`."""

    event: Event
    words: str
    photos: Sequence[int]


@dataclass(frozen=True, slots=True)
class Following:
    next: Awaited | None
    late: Sequence[Awaited]
    may_climb: bool
    surname: str
    names: Mapping[str, str]
    rows: Sequence[Row]
    photos: int
    reported: Mapping[str, Any]


def look(ticket: Ticket, at: datetime) -> Following:
    """What the reporter sees of a ticket now. No call, save for a roster that is not kept."""
    runs = promises(ticket, policy())
    running = {p.name: p for p in runs if p.running and p.clock.due_at is not None}
    wanted = AWAITED.get(ticket.state, ())
    names = surnames(ticket)
    rows, numbered = [], 0
    for event in ticket.events:
        photos = photos_in(event)
        numbers = range(numbered, numbered + len(photos))
        numbered += len(photos)
        if shown(event):
            rows.append(Row(event, _words(event), numbers))
    return Following(
        next=next((_awaited(running[name], at) for name in wanted if name in running), None),
        late=[_awaited(p, at) for name, p in running.items() if name in PROMISED_TO_OWNER and p.clock.breached(at)],
        may_climb=may_climb(ticket, runs, at),
        surname=names.get(ticket.holder, ""),
        names=names,
        rows=rows[::-1],
        photos=numbered,
        reported=ticket.said("reported"),
    )


def next_desk(ticket: Ticket, at: datetime) -> dict[str, Any]:
    """The desk that a climb by the reporter reaches, and who answers there now."""
    level = min(3, ticket.level + 1)
    return {"level": level, "person": dispatch.at_level(level, ticket, at)}


def shown(event: Event) -> bool:
    """Whether the reporter is told of an event at all."""
    if event.kind in HIDDEN or event.data.get("quiet"):
        return False
    if event.kind == "noted":
        return event.role is Role.OWNER
    if event.kind == "breached":
        return str(event.data.get("clock", "")).partition(".")[0] in PROMISED_TO_OWNER
    return True


def photos_in(event: Event) -> Sequence[str]:
    """The uploads that the reporter may see of an event: the reporter's own, and those of the finished work."""
    if event.role is Role.OWNER or event.kind in ("reported", "completed"):
        photos = event.said.get("photos", ())
        return [str(p) for p in photos] if isinstance(photos, (list, tuple)) else []
    return []


def photo(ticket: Ticket, number: int) -> str | None:
    """The upload behind a number on the page; None where there is none."""
    photos = [p for event in ticket.events for p in photos_in(event)]
    return photos[number] if 0 <= number < len(photos) else None


def surnames(ticket: Ticket) -> Mapping[str, str]:
    """Staff of the ticket's team by surname alone: enough to know who rings the bell."""
    team = dispatch.roster(ticket.team) if ticket.team and not ticket.team.endswith(("desk", "desk2")) else []
    return {s.id: surname(s.person.name) for s in team}


def surname(name: str) -> str:
    """欧阳明 → 欧阳, 张伟 → 张, Maria Weber → Weber."""
    name = name.strip()
    if not name or name[0].isascii():
        return name.rpartition(" ")[2]
    return name[:2] if name[:2] in DOUBLE and len(name) > 2 else name[:1]


def _words(event: Event) -> str:
    """What was said with an event, where it was said to or by the reporter."""
    if event.role is Role.OWNER or event.kind in ("answered", "result_written", "completed", "checked"):
        return str(event.said.get("words", ""))
    return ""


def _awaited(promise: Promise, at: datetime) -> Awaited:
    due = promise.clock.due_at
    assert due is not None
    return Awaited(promise.name, due, promise.clock.first_due, promise.clock.breached(at))
