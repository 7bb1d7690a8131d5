"""What the reporter's page shows: how things stand, what comes next and by when, who comes, what happened.

headline    one of HEADLINES' words: what the page says first
next        the promise that the reporter waits for now; late when it is missed
rows        what happened, newest first; what staff note among themselves is not in it
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.domain.policy.categories import Safety
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.roles import DESKS, role_in
from chalicelib.domain.register.place import narrowest
from chalicelib.domain.ticket.promises import Promise, may_climb, promises
from chalicelib.domain.ticket.ticket import Event, Priority, Role, State, Ticket
from chalicelib.domain.time.clocks import Clock
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.ticket import dispatch

if TYPE_CHECKING:
    from chalicelib.domain.ticket.turns import Cause, NewTime

DOUBLE_LETTERS = (
    "欧阳司马上官诸葛东方皇甫尉迟公孙慕容令狐宇文长孙司徒夏侯司空端木南宫独孤轩辕百里呼延澹台淳于太史申屠闻人"
)
DOUBLE = frozenset(DOUBLE_LETTERS[i : i + 2] for i in range(0, len(DOUBLE_LETTERS), 2))
COMING = frozenset({State.REPORTED, State.ASSIGNED, State.ACKNOWLEDGED, State.SCHEDULED})
SAID_TO_OWNER = ("answered", "result_written", "completed", "checked", "paused", "wait_changed", "priority_changed")
HIDDEN = frozenset(
    {
        "checklist_ticked",
        "warned",
        "reminded",
        "linked",
        "link_asked",
        "message_failed",
        "declined",
        "joined",
        "left",
        "taken_away",
        "verdict_given",
        "verdict_decided",
        "money_moved",
        "compensation_claimed",
        "office_asked",
    }
)


@dataclass(frozen=True, slots=True)
class Awaited:
    """The promise waited for: its clock, its deadline, the one first made where an appointment moved it.

    `over`: past; `ours`: a promise of the company; `late`: both.
    """

    clock: str
    due: datetime
    first: datetime
    over: bool
    ours: bool

    @property
    def late(self) -> bool:
        return self.over and self.ours


@dataclass(frozen=True, slots=True)
class Row:
    """Something that happened. `words`: what was said with it; `photos`: numbers, see `photos_of`."""

    event: Event
    words: str
    photos: Sequence[int]


@dataclass(frozen=True, slots=True)
class Emergency:
    """What to do until somebody comes; by when somebody calls and is there (None: kept, or not known)."""

    safety: Safety
    contact: datetime | None
    arrival: datetime | None


@dataclass(frozen=True, slots=True)
class Following:
    """`awaited`: all that comes next; `names`: surnames of the ticket's team; `desks`: persons who had it at a desk.

    `call`: the phone of whoever comes, where the policy lets the owner call it. `why`: of each late clock; `anew`: what
    is arranged instead.
    """

    awaited: Sequence[Awaited]
    late: Sequence[Awaited]
    may_climb: bool
    surname: str
    names: Mapping[str, str]
    desks: frozenset[str]
    rows: Sequence[Row]
    photos: int
    reported: Mapping[str, Any]
    checklist: Sequence[str]
    emergency: Emergency | None = None
    call: str = ""
    why: Mapping[str, Cause] = field(default_factory=dict)
    anew: NewTime | None = None


def look(ticket: Ticket, at: datetime) -> Following:
    """What the reporter sees of a ticket now. No call, save for a roster that is not kept."""
    numbers = policy_of(ticket)
    runs = promises(ticket, numbers)
    running = {p.name: p for p in runs if p.running and p.clock.due_at is not None}
    wanted = [name for name, rule in numbers.clocks.items() if ticket.state in rule.awaited]
    names = surnames(ticket)
    rows: list[Row] = []
    numbered = 0
    for event in ticket.events:
        photos = range(numbered, numbered + len(photos_in(event)))
        numbered += len(photos)
        if shown(event, numbers):
            rows.append(Row(event, _words(event), photos))
    late = [_awaited(p, at) for p in running.values() if p.rule.promised and p.clock.breached(at)]
    return Following(
        awaited=[_awaited(running[name], at) for name in wanted if name in running],
        late=late,
        may_climb=may_climb(ticket, runs, at),
        surname=names.get(ticket.holder, ""),
        names=names,
        desks=frozenset(str(e.data["person"]) for e in ticket.events if e.kind == "assigned" and _is_desk(e)),
        rows=rows[::-1],
        photos=numbered,
        reported=ticket.said("reported"),
        checklist=numbers.categories[ticket.category].checklist if ticket.category in numbers.categories else (),
        emergency=_emergency(ticket, numbers, running),
        call=_call(ticket, at) if numbers.care.call == "technician" else "",
        **_excused(ticket, numbers, at) if late else {},
    )


def _call(ticket: Ticket, at: datetime) -> str:
    """The phone of whoever comes, while it is their work and they are on duty."""
    if ticket.state not in (*COMING, State.ON_SITE) or ticket.at_desk:
        return ""
    comes = next((s for s in dispatch.roster(ticket.team) if s.id == ticket.holder), None) if ticket.team else None
    return comes.phone if comes and comes.person.active and comes.person.on_duty(at) else ""


def _excused(ticket: Ticket, numbers: Policy, at: datetime) -> dict[str, Any]:
    """Why it is late, and what is arranged instead."""
    from chalicelib.domain.ticket.turns import causes, new_time

    return {"why": causes(ticket, numbers, at), "anew": new_time(ticket, at)}


def in_danger(ticket: Ticket) -> bool:
    """Whether somebody still has to get there: an emergency that nobody has come to."""
    return ticket.priority is Priority.EMERGENCY and ticket.is_work and ticket.state in COMING


def _emergency(ticket: Ticket, numbers: Policy, running: Mapping[str, Promise]) -> Emergency | None:
    if not in_danger(ticket):
        return None
    due = {name: running[name].clock.due_at for name in ("response", "dispatch", "arrive") if name in running}
    arrival, chosen_by, rule = due.get("arrive"), due.get("dispatch"), numbers.clocks.get("arrive")
    if arrival is None and chosen_by and rule:  # at the latest: as if somebody were chosen in the last moment
        target = rule.target_for(ticket.priority, ticket.category)
        arrival = Clock.start("arrive", chosen_by, target, numbers.calendars[rule.counts[ticket.priority]]).due_at
    return Emergency(numbers.safety(ticket.category), due.get("response"), arrival)


def shown(event: Event, numbers: Policy) -> bool:
    """Whether the reporter is told of an event at all."""
    if event.kind in HIDDEN or event.data.get("quiet"):
        return False
    if event.kind == "noted":
        return event.role is Role.OWNER
    if event.kind == "breached":
        rule = numbers.clocks.get(str(event.data.get("clock", "")).partition(".")[0])
        return rule is not None and rule.promised
    return True


def photos_in(event: Event) -> Sequence[str]:
    """The uploads that the reporter may see of an event: the reporter's own, and those of the finished work."""
    if event.role is Role.OWNER or event.kind in ("reported", "completed", "found"):
        photos = event.said.get("photos", ())
        return [str(p) for p in photos] if isinstance(photos, (list, tuple)) else []
    return []


def photos_of(ticket: Ticket) -> list[str]:
    """The uploads on the reporter's page; the place in the list is a photo's number there."""
    return [p for event in ticket.events for p in photos_in(event)]


def surnames(ticket: Ticket) -> Mapping[str, str]:
    """Staff of the ticket's team by surname alone: enough to know who rings the bell."""
    team = dispatch.roster(ticket.team) if ticket.team else []
    return {s.id: surname(s.person.name) for s in team}


def place_of(ticket: Ticket) -> str:
    """The id of the place that a ticket is about, the narrowest that it names."""
    return narrowest(ticket.place)


def surname(name: str) -> str:
    """欧阳明 → 欧阳, 张伟 → 张, Maria Weber → Weber."""
    name = name.strip()
    if not name or name[0].isascii():
        return name.rpartition(" ")[2]
    return name[:2] if name[:2] in DOUBLE and len(name) > 2 else name[:1]


def _is_desk(event: Event) -> bool:
    return role_in(str(event.data.get("team", ""))) in DESKS


def _words(event: Event) -> str:
    """What was said with an event, where it was said to or by the reporter."""
    if event.role is Role.OWNER or event.kind in SAID_TO_OWNER:
        return str(event.said.get("words", ""))
    return ""


def _awaited(promise: Promise, at: datetime) -> Awaited:
    due = promise.clock.due_at
    assert due is not None
    return Awaited(
        promise.name, due, promise.clock.first_due, promise.clock.breached(at), promise.rule.hands != "owner"
    )
