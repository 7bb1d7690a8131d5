"""The report of a month 管理月报: made once, when the month is final, and sent to the managers of its scope by link.

issued      the files are there; whoever manages the scope is told. It has no clock, and nothing follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.policy.actions import terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.moving import Life, Move, book, folded, nothing_follows

PREFIX = "MONTHLY"
ISSUED = frozenset({"issued"})


@dataclass(slots=True)
class Monthly(Life):
    """The state after `version` events. `pdf`, `xlsx`: where the files lie."""

    ends = ISSUED

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    place: Mapping[str, str] = field(default_factory=dict)
    scope: str = ""
    month: str = ""
    pdf: str = ""
    xlsx: str = ""
    state: str = "issued"


def fold(
    reference: str, events: Iterable[Event], onto: Monthly | None = None, *, refused: frozenset[str] = frozenset()
) -> Monthly:
    return folded(replace(onto) if onto else Monthly(reference), events, _apply)


def _apply(one: Monthly, event: Event) -> None:
    if event.kind == "issued":
        facts = event.data
        one.place, one.scope, one.month = facts["place"], facts["scope"], facts["month"]
        one.pdf, one.xlsx = facts["pdf"], facts["xlsx"]


MOVES: Mapping[str, Move] = {"note_failed_message": book(ISSUED, ISSUED)["note_failed_message"]}


def decide(one: Monthly, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """Nothing but messages that reached nobody. Raises IllegalMove, NotAllowed."""
    return moving.events_of(MOVES, one, command, at, numbers, nothing_follows)


def heading(one: Monthly, numbers: Policy) -> Heading:
    return Heading(None, None, {"m": one.month})


def due_moments(one: Monthly, numbers: Policy, at: datetime) -> list[Any]:
    return []


def next_moment(one: Monthly, numbers: Policy, at: datetime | None = None) -> datetime | None:
    return None


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return terms_of(numbers).tellings


REPORTS = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, _tellings)
register(REPORTS)
