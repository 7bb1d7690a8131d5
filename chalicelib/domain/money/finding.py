"""What the auditor says of something that a rule found: looked at and explained, or open again.

    open → explained        by the auditor, with words; of the tickets that the page showed
    explained → open        undone by the auditor; what comes to it later stands again by itself (`covers`)

One record a finding, named by its rule and whom it is about. No clock runs: nobody is late who explains nothing.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.money.watch import Hit
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import MARKED, Command
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.making import Made, plain, words
from chalicelib.domain.record.moving import Move, folded, nothing_follows
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import Role

PREFIX = "FINDING"
DESK = "group/audit"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class State(StrEnum):
    OPEN = "open"
    EXPLAINED = "explained"


@dataclass(slots=True)
class Finding:
    """The state after `version` events. `about`: rule and parties; `tickets`: those that the explanation is about."""

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    state: State = State.OPEN
    about: Mapping[str, Any] = field(default_factory=dict)
    tickets: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        return True

    @property
    def outstanding(self) -> bool:
        return False

    @property
    def closed_under(self) -> str | None:
        return None

    def knows(self, key: str) -> bool:
        return bool(key) and any(e.key.partition(MARKED)[0] == key for e in self.events)


def named(hit: Hit) -> str:
    """The record of a finding: the same rule about the same parties, and the same thing that they share."""
    about = [hit.rule, *sorted(hit.parties), *(str(hit.figures.get(name, "")) for name in ("what", "picture"))]
    digest = hashlib.sha256("\0".join(about).encode()).digest()
    return reference(PREFIX, "0" + "".join(LETTERS[byte & 31] for byte in digest[:25]))


def seen(hit: Hit) -> str:
    """What a page showed of a finding, as its form carries it."""
    return hashlib.sha256("\0".join(sorted(hit.tickets)).encode()).hexdigest()[:16]


def about(hit: Hit) -> Mapping[str, Any]:
    """What stays known of a finding when its rule finds it no more."""
    return {"rule": hit.rule, "parties": list(hit.parties)}


def covers(tickets: Iterable[str], hit: Hit) -> bool:
    """Whether an explanation is about all that is found now."""
    return hit.tickets.keys() <= {*tickets}


def fold(
    reference: str, events: Iterable[Event], onto: Finding | None = None, *, refused: frozenset[str] = frozenset()
) -> Finding:
    return folded(replace(onto) if onto else Finding(reference), events, _apply)


def _apply(one: Finding, event: Event) -> None:
    if event.kind == "opened":
        one.about = event.data
    elif event.kind == "explained":
        one.state, one.tickets = State.EXPLAINED, tuple(event.data["tickets"])
    elif event.kind == "reopened":
        one.state, one.tickets = State.OPEN, ()


def _explain(one: Finding, command: Command, at: datetime, numbers: Policy) -> Made:
    """Of the tickets that are found now (looked up by services), if the page showed the same."""
    words(command)
    tickets = command.data.get("tickets")
    if not isinstance(tickets, list) or command.data.get("seen") != command.data.get("now"):
        raise IllegalMove("changed_meanwhile")
    return [("explained", {"tickets": tickets})]


AUDITOR = frozenset({Role.AUDITOR})
MOVES: Mapping[str, Move] = {
    "explain": Move(frozenset(State), AUDITOR, _explain),
    "reopen": Move(frozenset({State.EXPLAINED}), AUDITOR, plain("reopened")),
}


def decide(one: Finding, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed, Invalid."""
    return moving.events_of(MOVES, one, command, at, numbers, nothing_follows)


def heading(one: Finding, numbers: Policy) -> Heading:
    """In the auditor's list, with what its explanation is about."""
    line = {"s": one.state.value, "t": list(one.tickets), "r": one.about["rule"], "p": list(one.about["parties"])}
    return Heading(None, None, line, {"desk": DESK})


class Shown(NamedTuple):
    """A finding that was looked at, in the list."""

    explained: bool
    tickets: Sequence[str]
    rule: str
    parties: Sequence[str]


def shown(stored: Mapping[str, Any]) -> Shown:
    """Of a line as `heading` made it."""
    return Shown(stored["s"] == State.EXPLAINED, stored["t"], stored["r"], stored["p"])


def _no_moments(*_: Any) -> Sequence[Any]:
    return ()


def _no_moment(*_: Any) -> datetime | None:
    return None


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return {}


FINDINGS = RecordKind(PREFIX, fold, decide, heading, _no_moments, _no_moment, _tellings)
register(FINDINGS)
