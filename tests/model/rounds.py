"""A second kind of record, for the tests alone: a patrol round. All that a kind has to say stands here.

planned → started → done        one clock: within two hours of its planning it is done; warned of at half time,
                                level 2 hears of a miss at once
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.kinds import Heading, RecordKind
from chalicelib.domain.record.roles import Role
from chalicelib.domain.time.calendar import ALWAYS_OPEN
from chalicelib.domain.time.clocks import Clock, Moment
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.registry import Posted, Recipient, RecordService
from chalicelib.store import people
from chalicelib.store.grants import Grant
from chalicelib.store.messages import Message
from chalicelib.store.table import iso

LEVELS = ((2, timedelta(0)),)
WITHIN = timedelta(hours=2)
TELLINGS = {
    "planned": (Telling("planned", "walker", "round_planned", "ticket"),),
    "warned": (Telling("warned", "walker", "round_late_soon", "ticket"),),
    "escalated": (Telling("escalated", "level", "round_missed", "none"),),
}
AT = {"planned": "planned", "started": "started", "done": "done"}


@dataclass(slots=True)
class Round:
    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    place: dict[str, str] = field(default_factory=dict)
    state: str = ""
    walker: str = ""
    recorded: frozenset[str] = frozenset()
    clock: Clock | None = None

    closed_under: str | None = None

    @property
    def is_open(self) -> bool:
        return self.state != "done"

    @property
    def outstanding(self) -> bool:
        return False

    def knows(self, key: str) -> bool:
        return bool(key) and any(e.key == key for e in self.events)


@dataclass(frozen=True, slots=True)
class Due:
    moment: Moment


def fold(reference: str, events: Iterable[Event], onto: Round | None = None, **_: Any) -> Round:
    one = replace(onto) if onto else Round(reference)
    for event in events:
        one.version += 1
        one.events += (replace(event, version=one.version),)
        one.state = AT.get(event.kind, one.state)
        if event.kind == "planned":
            one.place, one.walker = dict(event.data["place"]), event.data["walker"]
            one.clock = Clock.start("walk", event.at, WITHIN, ALWAYS_OPEN, warn=(0.5,))
        elif event.kind == "done" and one.clock:
            one.clock = one.clock.stop(event.at)
        elif "moment" in event.data:
            one.recorded |= {event.data["moment"]}
    return one


def decide(one: Round, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    if one.knows(command.key):
        return []
    made = {"plan": "planned", "start": "started", "finish": "done"}.get(command.name, command.name)
    if not one.is_open:
        raise IllegalMove("illegal_move", move=command.name)
    who = command.by
    return [Event(made, at, who.id, who.role, command.data, command.said, key=command.key, policy=numbers.version)]


def _moments(one: Round, at: datetime | None) -> list[Moment]:
    return one.clock.moments(LEVELS, one.recorded, None, at) if one.clock else []


def due_moments(one: Round, numbers: Policy, at: datetime) -> list[Due]:
    return [Due(m) for m in _moments(one, at) if m.at < at]


def next_moment(one: Round, numbers: Policy, at: datetime) -> datetime | None:
    return min((m.at + timedelta(seconds=1) for m in _moments(one, at)), default=None)


def heading(one: Round, numbers: Policy) -> Heading:
    lists = {"desk": f"{one.place['project']}/desk", "holder": one.walker} if one.is_open else {}
    due = min((m.at + timedelta(seconds=1) for m in _moments(one, None)), default=None)
    by = one.clock.due_at if one.clock and one.is_open else None
    return Heading(by, due, {"state": one.state}, lists)


ROUNDS = RecordKind("ROUND", fold, decide, heading, due_moments, next_moment, lambda numbers: TELLINGS)


def _moment(due: Due, one: Round, at: datetime) -> Command:
    what = {"warning": "warned", "deadline": "breached", "level": "escalated"}[due.moment.kind]
    facts: dict[str, Any] = {"moment": due.moment.key}
    if due.moment.kind == "level":
        facts |= {"level": due.moment.which, "person": "s1"}
    return Command(what, SYSTEM, facts)


def _recipients(telling: Telling, event: Event, after: Round, one: Round, at: datetime) -> Sequence[str]:
    return [one.walker] if telling.to == "walker" else [event.data["person"]]


def _recipient(one: Round, to: str) -> Recipient | None:
    staff = people.get(to)
    return Recipient(staff.person.name, staff.phone, "", staff.lang) if staff else None


def grant(one: Round) -> Grant:
    return Grant(id=f"ticket/{one.id}/{one.walker}", kind="ticket", holder=one.walker, record=one.id)


def _link(one: Round, message: Message) -> Grant | None:
    return grant(one) if message.link == "ticket" else None


def _actor_on(held: Grant, one: Round) -> Actor:
    if held.record != one.id or held.holder != one.walker:
        raise NoAccess
    return Actor(held.holder, Role.TECHNICIAN, held.id)


def _sms(one: Round, message: Message, to: Recipient, at: datetime, link: str, code: str, page: str) -> Posted:
    return Posted(f"{message.template} {link or code}")


def _mail(one: Round, message: Message, to: Recipient, at: datetime, link: str) -> Posted:
    return Posted(f"{message.template} {link}", message.template)


SERVICE = RecordService(
    kind=ROUNDS,
    moment=_moment,
    hands=lambda due: "walker",
    recipients=_recipients,
    recipient=_recipient,
    link=_link,
    grants=_link,
    sms=_sms,
    mail=_mail,
    actor_on=_actor_on,
    path=lambda held: "r",
    desks=lambda: ["P1/desk", "P2/desk"],
    opened_by=lambda one: [grant(one)],
)


def planned(walker: str, at: datetime) -> list[Event]:
    place = {"project": "P1", "subsidiary": "S1"}
    said = {"words": "先查地下室"}
    return [Event("planned", at, "d1", Role.DESK, {"place": place, "walker": walker, "by": iso(at)}, said, key="plan")]
