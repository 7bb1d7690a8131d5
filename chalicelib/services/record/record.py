"""Commands on records: load, let the kind decide, append. The one way in which a record changes.

When somebody else wrote in between, it waits a moment, reloads and decides again: who lost the race is refused only
where the move is illegal by then. Many who write at once wait at random, longer each time: all of them land.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.adapters.time import rest
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import Actor, Event
from chalicelib.services.record import registry
from chalicelib.services.record.moments import come
from chalicelib.services.record.numbers import policy_for, policy_of
from chalicelib.store import records
from chalicelib.store.records import NO_TIMER, StaleRecord, Timer
from chalicelib.store.table import Conflict, Write, iso, key_of

TRIES = 10
SHORTEST, LONGEST = 0.02, 1.0  # seconds between tries, at most: doubled from one to the other
LONGEST_ID = 64  # what a browser names may be longer than any key of the table
SOON = timedelta(minutes=2)  # by when what is outstanding is done; later, the sweep does it


class NotFound(Refused):
    """There is no such record."""

    def __init__(self) -> None:
        super().__init__("not_found")


class Busy(Refused):
    """Others kept writing the record; trying again will do."""

    def __init__(self) -> None:
        super().__init__("busy")


def _service(reference: str) -> registry.RecordService:
    """Raises NotFound for a reference of no kind."""
    try:
        return registry.of(reference)
    except KeyError:
        raise NotFound from None


def load(reference: str, *, consistent: bool = False) -> Any:
    """The record as it is. Raises NotFound."""
    return load_with_timer(reference, consistent=consistent)[0]


def load_with_timer(reference: str, *, consistent: bool = False) -> tuple[Any, Timer]:
    """One that isn't there may have been written a moment ago: it is asked for once more, consistently."""
    if len(reference) > LONGEST_ID:
        raise NotFound
    _service(reference)
    found = records.load(reference, consistent=consistent)
    if found is None and not consistent:
        found = records.load(reference, consistent=True)
    if found is None:
        raise NotFound
    return found


Commands = Callable[[Any], Sequence[Command]]


def only(command: Command) -> Commands:
    """Just this move, whatever the record is like."""
    return lambda record: [command]


def back_off(attempt: int) -> None:
    """Let whoever was faster be done: a random time, the longer the more often it was lost."""
    rest(random.uniform(0, min(LONGEST, SHORTEST * 2**attempt)))


def perform(command: Command, reference: str, at: datetime, *, allow: Callable[[Any], Actor] | None = None) -> Any:
    """Make a move; the record afterwards. Raises what the move raises, NotFound and Busy.

    `allow` names the actor on the record as it is now, or raises; it is asked again on every try.
    """
    if len(reference) <= LONGEST_ID and (together := _service(reference).together(command.name)):
        return together(command, reference, at, allow)
    return change(reference, lambda record: [replace(command, by=allow(record)) if allow else command], at)


def change(reference: str, commands: Commands, at: datetime) -> Any:
    """Make the moves that `commands` wants of the record as it is then, all in one change; the record afterwards.

    What is refused at first is asked again by a consistent read: a write of a moment ago may allow it.
    """
    refused = False
    for attempt in range(TRIES):
        if attempt and not refused:
            back_off(attempt)
        before, seen = load_with_timer(reference, consistent=attempt > 0)
        try:
            events = decided(before, seen, commands, at)
        except Refused:
            if attempt:
                raise
            refused = True  # by what it was a moment ago, perhaps
            continue
        if not events:
            return before
        try:
            return append(before, seen, events)
        except StaleRecord:
            refused = False
    raise Busy


def decided(before: Any, seen: Timer, commands: Commands, at: datetime) -> list[Event]:
    """The events of moves by the numbers of the place, each move decided on what those before it made.

    What the timer is late to record stands before them: no move hides a deadline that had passed.
    """
    service = registry.of(before.id)
    kind = service.kind
    late = come(before, at, takes_away=False) if seen.due and seen.due <= iso(at) else []
    now = kind.fold(before.id, late, onto=before) if late else before
    events: list[Event] = []
    for command in commands(now):
        made = kind.decide(now, service.informed(command, now, at), at, policy_for(now.place))
        events += made
        now = kind.fold(now.id, made, onto=now)
    return [*late, *events] if events else []


def begin(reference: str, events: Sequence[Event], *, more: Iterable[Write] = ()) -> Any:
    """Write a new record. Raises StaleRecord where there is one already, NumberTaken."""
    return append(None, NO_TIMER, events, reference=reference, more=more)


def append(
    before: Any,
    seen: Timer,
    events: Sequence[Event],
    *,
    reference: str = "",
    more: Iterable[Write] = (),
    timer: Timer | None = None,
) -> Any:
    """Write events and the head they make. `timer`: what the caller armed; else `due` is only ever lowered.

    Where nothing but the timer moves on the head, and to later, the events are written first and the timer behind them:
    cut in between, somebody looks too early, and finds nothing. `act` is woken when something is outstanding or `due`
    moved without its doing. Raises StaleRecord (the events may stand then, where `timer` was given), NumberTaken.
    """
    change = _change(before, seen, events, reference, timer, alone=True)
    after, writes = change.after, change.writes
    try:
        records.commit(after, [*writes, *more])
    except Conflict as lost:  # what goes with every such change was written by somebody else: decided anew
        if any(position >= len(writes) for position in lost.which):
            raise
        raise StaleRecord(after.id) from lost
    if change.behind:
        records.look_again(after, change.behind, seen)
    return after


def written(before: Any, seen: Timer, events: Sequence[Event], *, reference: str = "") -> tuple[Any, list[Write]]:
    """The record after a change, and the writes that make it so, for one transaction with those of another."""
    change = _change(before, seen, events, reference)
    return change.after, change.writes


@dataclass(frozen=True, slots=True)
class _Change:
    """The record afterwards, the writes that make it so; `behind`: the timer, where it is noted after them."""

    after: Any
    writes: list[Write]
    behind: Timer | None


def _change(
    before: Any, seen: Timer, events: Sequence[Event], reference: str, timer: Timer | None = None, alone: bool = False
) -> _Change:
    service = registry.of(before.id if before else reference)
    kind = service.kind
    after = kind.fold(before.id if before else reference, events, onto=before)
    numbers = policy_of(after)
    top = kind.heading(after, numbers)
    next_timer = timer or lowered(seen, after, top.due, events[-1].at)
    moved = next_timer.due != seen.due or (seen.armed and not next_timer.armed)
    wakes_act = after.outstanding or (timer is None and bool(moved))
    tellings = kind.tellings(policy_for(after.place))
    wakes_tell = any(e.kind in tellings for e in events)
    head = records.head(after, top, next_timer)
    joined = service.joins(before, after, events, numbers, head)
    behind, stands = None, False
    if before and seen.head and all(key_of(write)[0] != head["pk"] for write in joined):
        if records.same(head, seen.head):  # nor does anything come sooner than who looks at it now would see
            stands = (before.outstanding or not after.outstanding) and kind.heading(before, numbers) == top
        elif alone and timer and later(timer, seen) and records.same(records.head(after, top, seen), seen.head):
            behind, stands = timer, True
    writes = records.written(
        before, after, events, top, next_timer, seen=seen, act=wakes_act, tell=wakes_tell, quiet=stands
    )
    return _Change(after, [*writes, *joined], behind)


def later(timer: Timer, seen: Timer) -> bool:
    """Whether somebody is to look later than it was seen, or never again."""
    return bool(seen.due) and (not timer.due or timer.due >= seen.due)


def lowered(seen: Timer, after: Any, coming: datetime | None, at: datetime) -> Timer:
    """The timer after a change: `due` moves only to something earlier. A record that is done has nothing armed."""
    due = due_for(after, coming, at)
    if not after.is_open:
        return replace(seen, due=due, armed="")
    return replace(seen, due=due) if due and (not seen.due or due < seen.due) else seen


def due_for(record: Any, coming: datetime | None, at: datetime) -> str:
    """When somebody has to look at it: at its next moment, and soon if something is outstanding; "" never."""
    found = [iso(coming)] if coming else []
    if record.outstanding:
        found.append(iso(at + SOON))
    return min(found, default="")
