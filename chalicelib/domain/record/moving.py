"""A record's life as a table of moves, and its fold: what every kind does alike, besides the ticket's own.

A kind gives its table (name → Move) and how one event changes it; here stand what is refused, the events' keys and
times, and the book that the system keeps of clocks and messages.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, ClassVar, Protocol, TypeVar

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import MARKED, Command, event_of, made_already
from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.making import Made, Plain, plain
from chalicelib.domain.record.roles import Role


class Folded(Protocol):
    """What a fold writes first of any record."""

    version: int
    events: tuple[Event, ...]


class Moved(Protocol):
    """What is asked of a record that a table of moves is for."""

    @property
    def events(self) -> tuple[Event, ...]: ...
    @property
    def state(self) -> Any: ...


class Life:
    """What is true of any record that events made. A kind says by which of them it ends, its state being the last's."""

    __slots__ = ()

    ends: ClassVar[frozenset[Any]] = frozenset()  # both the states and the events
    events: tuple[Event, ...]
    state: Any

    @property
    def is_open(self) -> bool:
        return self.state not in self.ends

    @property
    def outstanding(self) -> bool:
        """Whether another record has still to hear of it."""
        return False

    @property
    def closed_under(self) -> str | None:
        """The version of the policy that it ended under ("": not on record); None while it is open."""
        return None if self.is_open else next((e.policy for e in reversed(self.events) if e.kind in self.ends), "")

    def said(self, kind: str) -> Mapping[str, Any]:
        """The personal part of the last event of a kind; empty when there is none or it was erased."""
        return next((e.said for e in reversed(self.events) if e.kind == kind), {})

    def knows(self, key: str) -> bool:
        return bool(key) and any(e.key.partition(MARKED)[0] == key for e in self.events)


class Timed(Protocol):
    """A record with the clock of its state. `since`: when that began, by the event of that `step`."""

    state: Any
    since: datetime | None
    step: int
    recorded: frozenset[str]


F = TypeVar("F", bound=Folded)


@dataclass(frozen=True, slots=True)
class Move:
    """From any of `states`, `by` any of the roles, where `when` holds."""

    states: frozenset[Any]
    by: frozenset[Role]
    makes: Plain
    when: Callable[[Any], bool] = lambda one: True


Table = Mapping[str, Move]


def folded(one: F, events: Iterable[Event], change: Callable[[F, Event], None]) -> F:
    """A record with some more events, which `change` applies one after the other. `one`: a copy that is nobody's."""
    for event in events:
        one.version += 1
        event = event if event.version == one.version else replace(event, version=one.version)
        one.events += (event,)
        change(one, event)
    return one


def reached(one: Timed, event: Event, states: Mapping[str, Any]) -> None:
    """What an event does to any record with the clock of its state. `states`: by the event that they begin with."""
    if "moment" in event.data:
        one.recorded |= {event.data["moment"]}
    if event.kind in states:
        one.state, one.since, one.step = states[event.kind], event.at, event.version


def legal(table: Table, one: Moved, name: str, role: Role) -> bool:
    """Whether the move is open to the role in this state."""
    move = table[name]
    return role in move.by and one.state in move.states and move.when(one)


def moves(table: Table, one: Moved, role: Role) -> list[str]:
    """The moves open to the role now, in the order of the table."""
    return [name for name in table if legal(table, one, name, role)]


def events_of(
    table: Table, one: Moved, command: Command, at: datetime, policy: Policy, then: Callable[[list[Event]], Made]
) -> list[Event]:
    """The events that a command makes, and those that follow from them (`then`). Nothing is changed here.

    A move that was made already under the same key makes none. Raises IllegalMove, NotAllowed, Invalid.
    """
    if made_already(one, command):
        return []
    move = table.get(command.name)
    if move is None or command.by.role not in move.by:
        raise NotAllowed("not_allowed", move=command.name)
    if not legal(table, one, command.name, command.by.role):
        raise IllegalMove("illegal_move", move=command.name, state=str(one.state))
    at = at.replace(microsecond=0)
    made = move.makes(one, command, at, policy)
    events = [event_of(kind, data, command, at, policy.version, first=n == 0) for n, (kind, data) in enumerate(made)]
    if events:
        events += [event_of(kind, data, command, at, policy.version, first=False) for kind, data in then(events)]
    return events


def nothing_follows(events: list[Event]) -> Made:
    return []


def book(going: frozenset[Any], whatever: frozenset[Any]) -> dict[str, Move]:
    """What the system notes: moments of clocks, those that are over already in `whatever` state; messages that reached
    nobody. `quiet`: it was said to the same person with something graver."""
    system = frozenset({Role.SYSTEM})
    moment = ("moment", "clock", "person", "quiet")
    return {
        "warn": Move(going, system, plain("warned", *moment, "fraction")),
        "breach": Move(whatever, system, plain("breached", *moment, "deadline")),
        "escalate": Move(whatever, system, plain("escalated", *moment, "level", "cause")),
        "remind": Move(going, system, plain("reminded", *moment, "level")),
        "note_failed_message": Move(whatever, system, plain("message_failed", "message", "template", "to")),
    }
