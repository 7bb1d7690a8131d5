"""Kinds of record: what the mechanism asks of one. Tickets were the first; nothing in the mechanism knows them.

A record's `id` is its reference (`reference.py`). A kind is a row in SHIPPED, or registers itself.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.reference import parts

SHIPPED: Mapping[str, str] = {  # where each registers itself
    "TICKET": "chalicelib.domain.ticket.kind",
    "CASE": "chalicelib.domain.contractor.kind",
    "AMENDMENT": "chalicelib.domain.contractor.amendment",
    "COMPENSATION": "chalicelib.domain.warranty.compensation",
    "DEDUCTION": "chalicelib.domain.money.kind",
    "BATCH": "chalicelib.domain.money.batch",
    "RELEASE": "chalicelib.domain.money.release_kind",
    "FINDING": "chalicelib.domain.money.finding",
    "SURVEY": "chalicelib.domain.measures.survey",
    "SCORE": "chalicelib.domain.measures.scoring",
    "ACTION": "chalicelib.domain.measures.action",
    "MONTHLY": "chalicelib.domain.measures.monthly",
}


class Record(Protocol):
    """What is true of any record: it is what its events say."""

    @property
    def id(self) -> str: ...
    @property
    def version(self) -> int: ...
    @property
    def events(self) -> tuple[Event, ...]: ...
    @property
    def place(self) -> Mapping[str, str]: ...
    @property
    def closed_under(self) -> str | None: ...
    @property
    def is_open(self) -> bool: ...
    @property
    def outstanding(self) -> bool: ...
    def knows(self, key: str) -> bool: ...


@dataclass(frozen=True, slots=True)
class Heading:
    """What stands on top of a record for lists, timers and the sweep. `line`: what a list shows, as it is stored.

    `by`: the next deadline (None: none runs); `due`: the next moment of any clock (None: nothing ahead). `pinned`: it
    stands before all that are not. `lists`: where it stands, none once it is done: `desk` (every open record is on
    one, so that the nightly walk finds it), `holder`, `place`.
    """

    by: datetime | None
    due: datetime | None
    line: Mapping[str, Any]
    lists: Mapping[str, str] = field(default_factory=dict)
    pinned: bool = False


@dataclass(frozen=True, slots=True)
class RecordKind:
    """A kind of record: data and functions, nothing of the world. What has a default, a simple kind does without."""

    prefix: str
    # (reference, events, onto=record or None, refused=uploads that were no pictures) → the record
    fold: Callable[..., Any]
    # (record, command, at, numbers) → events; raises what it refuses
    decide: Callable[[Any, Command, datetime, Policy], Sequence[Event]]
    # (record, numbers) → its heading
    heading: Callable[[Any, Policy], Heading]
    # (record, numbers, at) → the moments (`domain.ticket.promises.Due`) that have come and are not recorded
    due_moments: Callable[[Any, Policy, datetime], Iterable[Any]]
    # (record, numbers, at) → when its next moment comes, stale ones left out
    next_moment: Callable[[Any, Policy, datetime], datetime | None]
    # numbers → who is told of which event
    tellings: Callable[[Policy], Mapping[str, Sequence[Telling]]]
    # (moment, record) → the command that follows from a moment that was recorded, such as losing what was not begun
    follows: Callable[[Any, Any], Command | None] = lambda due, record: None
    # the short number that a new one claims, "" for none
    number: Callable[[Any], str] = lambda record: ""


_kinds: dict[str, RecordKind] = {}


def register(kind: RecordKind) -> None:
    """Make a kind known. The same prefix again replaces it."""
    _kinds[kind.prefix] = kind


def forget(prefix: str) -> None:
    """Know a kind no more."""
    _kinds.pop(prefix, None)


def kind_of(reference: str) -> RecordKind:
    """The kind of a record. Raises KeyError where nobody has registered it."""
    prefix = parts(reference)[0]
    if prefix not in _kinds and prefix in SHIPPED:
        importlib.import_module(SHIPPED[prefix])
    return _kinds[prefix]


def known() -> list[str]:
    """The prefixes of all kinds, in a fixed order: those that ship first."""
    return [*SHIPPED, *sorted(_kinds.keys() - SHIPPED.keys())]
