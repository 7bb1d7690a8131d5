"""A batch 导出批次: what finance is given at once, immutable; and the counter-batch 冲销批次 that takes it back.

    opened → sealed → made → acknowledged        its entries are claimed, counted and hashed, its files made, taken over
    opened → empty                               nothing was left for it: it takes no number
    made, acknowledged → countering → countered  once its counter-batch, which has its negatives, is sealed

Who seals is finance, and approved none of what is in it. What a batch contains never changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.money.entry import Filter, filter_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import MARKED, Command
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.making import Made, plain, words
from chalicelib.domain.record.moving import Move, book, folded, nothing_follows
from chalicelib.domain.record.promise import Due, Promise, come, coming, deadline
from chalicelib.domain.record.roles import Role
from chalicelib.domain.time.calendar import ALWAYS_OPEN
from chalicelib.domain.time.clocks import Clock

PREFIX = "BATCH"
FINANCE, SYSTEM = "finance", "system"
LEAST_DIGITS = 4
WARN = (0.5,)
WITHIN: Mapping[str, timedelta] = {"make": timedelta(minutes=30), "acknowledge": timedelta(days=3)}
LEVELS = ((2, timedelta(0)),)
TELLINGS: Mapping[str, tuple[Telling, ...]] = {
    "made": (Telling("made", "sealer", "batch_ready", "none"),),
    **{
        event: (Telling(event, "level", "batch_waits", "none"), Telling(event, "level", "batch_stuck", "none"))
        for event in ("escalated", "reminded")
    },
}


class State(StrEnum):
    OPENED = "opened"
    SEALED = "sealed"
    MADE = "made"
    ACKNOWLEDGED = "acknowledged"
    EMPTY = "empty"
    COUNTERING = "countering"
    COUNTERED = "countered"


S = State
STATES = frozenset(state.value for state in State)
ENDED = frozenset({S.ACKNOWLEDGED, S.EMPTY, S.COUNTERED})
AT_WORK = frozenset({S.OPENED, S.SEALED})
CLOCKS: Mapping[State, str] = {
    S.OPENED: "make",
    S.SEALED: "make",
    S.COUNTERING: "make",
    S.MADE: "acknowledge",
}


@dataclass(frozen=True, slots=True)
class File:
    """A file of a batch: its name, SHA-256, where it lies, its size in bytes."""

    name: str
    sha256: str
    key: str
    size: int = 0


@dataclass(slots=True)
class Batch:
    """The state after `version` events. `cutoff`: entries that came to be later are not in it.

    `counters`: the batch that it takes back, "" for none; `countered_by`: the one that takes it back. `count`, `fen`:
    of its entries; `left_out`: how many fitted and may not go. `hash`: of its content.
    """

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    state: State = State.OPENED
    entity: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    period: str = ""
    cutoff: str = ""
    filter: Filter = field(default_factory=Filter)
    mappings: tuple[str, ...] = ()
    by: str = ""
    counters: str = ""
    countered_by: str = ""
    number: str = ""
    count: int = 0
    left_out: int = 0
    fen: int = 0
    totals: Mapping[str, int] = field(default_factory=dict)
    hash: str = ""
    files: tuple[File, ...] = ()
    sealed_at: datetime | None = None
    since: datetime | None = None
    step: int = 0
    recorded: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def outstanding(self) -> bool:
        """Whether something has to go on with it at once."""
        return self.state in AT_WORK

    @property
    def closed_under(self) -> str | None:
        return None if self.is_open else next((e.policy for e in reversed(self.events) if e.kind in ENDED), "")

    @property
    def why_countered(self) -> str:
        """What was said when it was taken back; "" while it was not."""
        return next((str(e.said.get("words", "")) for e in reversed(self.events) if e.kind == "countering"), "")

    @property
    def live(self) -> bool:
        """Whether what it has counts as exported."""
        return bool(self.number) and not self.counters and self.state is not State.COUNTERED

    def knows(self, key: str) -> bool:
        return bool(key) and any(e.key.partition(MARKED)[0] == key for e in self.events)


def number_of(entity: str, year: int, sequence: int) -> str:
    """E1-B-2026-0007: by entity and year, from 1 on."""
    return f"{entity}-B-{year}-{sequence:0{LEAST_DIGITS}d}"


def fold(reference: str, events: Iterable[Event], onto: Batch | None = None, **_: Any) -> Batch:
    """The batch that the events make; `onto` continues a copy of one that is folded already."""
    return folded(replace(onto) if onto else Batch(reference), events, _apply)


def _apply(one: Batch, event: Event) -> None:
    d = event.data
    if event.kind == "opened":
        one.entity, one.place, one.period, one.cutoff = d["entity"], d.get("place", {}), d["period"], d["cutoff"]
        one.filter, one.mappings = filter_of(d.get("filter", {})), tuple(d.get("mappings", ()))
        one.by, one.counters = event.by, d.get("counters", "")
    elif event.kind == "sealed":
        one.number, one.count, one.fen, one.hash = d["number"], d["count"], d["fen"], d["hash"]
        one.left_out, one.totals, one.sealed_at = d.get("left_out", 0), d.get("totals", {}), event.at
    elif event.kind == "made":
        one.files = tuple(File(f["name"], f["sha256"], f["key"], f.get("size", 0)) for f in d["files"])
    elif event.kind == "countering":
        one.countered_by = d["batch"]
    if "moment" in d:
        one.recorded |= {d["moment"]}
    if event.kind in STATES:
        one.state, one.since, one.step = State(event.kind), event.at, event.version


# moves

FINANCES, SYSTEMS, ANY = frozenset({Role.FINANCE}), frozenset({Role.SYSTEM}), frozenset(State)


def _counter(one: Batch, command: Command, at: datetime, numbers: Policy) -> Made:
    """By a counter-batch, and why."""
    if one.counters:
        raise IllegalMove("counter_batch_stays")
    words(command)
    return [("countering", {"batch": command.data["batch"], "period": command.data["period"]})]


SEALED = ("number", "count", "left_out", "fen", "totals", "hash")
MOVES: Mapping[str, Move] = {
    "seal": Move(frozenset({S.OPENED}), SYSTEMS, plain("sealed", *SEALED)),
    "give_up": Move(frozenset({S.OPENED}), SYSTEMS, plain("empty", "left_out")),
    "note_made": Move(frozenset({S.SEALED}), SYSTEMS, plain("made", "files")),
    "acknowledge": Move(frozenset({S.MADE}), FINANCES, plain("acknowledged")),
    "counter": Move(frozenset({S.MADE, S.ACKNOWLEDGED}), FINANCES, _counter),
    "note_countered": Move(frozenset({S.COUNTERING}), SYSTEMS, plain("countered", "number")),
    **book(ANY, ANY),
}


def may_finance(role: Role) -> bool:
    """Whether a role is finance's: nobody else opens, seals, counters or takes over a batch."""
    return role is Role.FINANCE


def decide(one: Batch, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed."""
    return moving.events_of(MOVES, one, command, at, numbers, nothing_follows)


# clocks and lists


def _runs(one: Batch) -> list[Promise]:
    name = CLOCKS.get(one.state)
    if name is None or one.since is None:
        return []
    clock = Clock.start(f"{name}.{one.step}", one.since, WITHIN[name], ALWAYS_OPEN, warn=WARN)
    return [Promise(name, None, clock, LEVELS)]


def due_moments(one: Batch, numbers: Policy, at: datetime) -> list[Due]:
    return come(_runs(one), one.recorded, numbers.remind_every, at)


def next_moment(one: Batch, numbers: Policy, at: datetime | None = None) -> datetime | None:
    return min(coming(_runs(one), one.recorded, numbers.remind_every, at), default=None)


def desk_of(entity: str) -> str:
    """Where the batches of an entity stand while something is left to do."""
    return f"{entity}/{FINANCE}"


def heading(one: Batch, numbers: Policy) -> Heading:
    """At the desk of its entity's finance while it is open."""
    line = {"n": one.number, "s": one.state.value, "p": one.period, "c": one.count, "f": one.fen, "r": one.counters}
    by = deadline(_runs(one))
    lists = {"desk": desk_of(one.entity)} if one.is_open else {}
    return Heading(by[1] if by else None, next_moment(one, numbers), line, lists)


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return TELLINGS


BATCHES = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, _tellings)
register(BATCHES)
