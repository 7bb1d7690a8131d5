"""Commands on tickets: load, let the domain decide, append. The one way in which a ticket changes.

When somebody else wrote in between, it waits a moment, reloads and decides again: who lost the race is refused only
where the move is illegal by then. Many who write at once wait at random, longer each time: all of them land.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from chalicelib.adapters.time import rest
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.ticket.heading import heading, levels
from chalicelib.domain.ticket.lifecycle import Command, decide
from chalicelib.domain.ticket.ticket import Actor, Event, Ticket, fold
from chalicelib.domain.ticket.trade import STATED
from chalicelib.services.record.moments import come
from chalicelib.services.record.numbers import policy_for, policy_of
from chalicelib.services.ticket import dispatch
from chalicelib.store import records
from chalicelib.store.records import NO_TIMER, StaleRecord, Timer
from chalicelib.store.table import Write, iso

TRIES = 10
SHORTEST, LONGEST = 0.02, 1.0  # seconds between tries, at most: doubled from one to the other
LONGEST_ID = 64  # what a browser names may be longer than any key of the table
SOON = timedelta(minutes=2)  # by when what is outstanding is done; later, the sweep does it


class NotFound(Refused):
    """There is no such ticket."""

    def __init__(self) -> None:
        super().__init__("not_found")


class Busy(Refused):
    """Others kept writing the ticket; trying again will do."""

    def __init__(self) -> None:
        super().__init__("busy")


def load(ticket_id: str, *, consistent: bool = False) -> Ticket:
    """The ticket as it is. Raises NotFound."""
    return load_with_timer(ticket_id, consistent=consistent)[0]


def load_with_timer(ticket_id: str, *, consistent: bool = False) -> tuple[Ticket, Timer]:
    """One that isn't there may have been written a moment ago: it is asked for once more, consistently."""
    if len(ticket_id) > LONGEST_ID:
        raise NotFound
    found = records.load(ticket_id, consistent=consistent)
    if found is None and not consistent:
        found = records.load(ticket_id, consistent=True)
    if found is None:
        raise NotFound
    return found


Commands = Callable[[Ticket], Sequence[Command]]


def back_off(attempt: int) -> None:
    """Let whoever was faster be done: a random time, the longer the more often it was lost."""
    rest(random.uniform(0, min(LONGEST, SHORTEST * 2**attempt)))


def perform(
    command: Command, ticket_id: str, at: datetime, *, allow: Callable[[Ticket], Actor] | None = None
) -> Ticket:
    """Make a move; the ticket afterwards. Raises what the move raises, NotFound and Busy.

    `allow` names the actor on the ticket as it is now, or raises; it is asked again on every try.
    """
    if command.name == "merge":
        from chalicelib.services.ticket.merging import merge

        return merge(command, ticket_id, at, allow)
    return change(ticket_id, lambda ticket: [replace(command, by=allow(ticket)) if allow else command], at)


def change(ticket_id: str, commands: Commands, at: datetime) -> Ticket:
    """Make the moves that `commands` wants of the ticket as it is then, all in one change; the ticket afterwards.

    What is refused at first is asked again by a consistent read: a write of a moment ago may allow it.
    """
    refused = False
    for attempt in range(TRIES):
        if attempt and not refused:
            back_off(attempt)
        before, seen = load_with_timer(ticket_id, consistent=attempt > 0)
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


def decided(before: Ticket, seen: Timer, commands: Commands, at: datetime) -> list[Event]:
    """The events of moves by the numbers of the place, each move decided on what those before it made.

    What the timer is late to record stands before them: no move hides a deadline that had passed.
    """
    late = come(before, at, takes_away=False) if seen.due and seen.due <= iso(at) else []
    now = fold(before.id, late, onto=before) if late else before
    events: list[Event] = []
    for command in commands(now):
        made = decide(now, dispatch.informed(command, now, at), at, policy_for(now.place))
        events += made
        now = fold(now.id, made, onto=now)
    return [*late, *events] if events else []


def begin(ticket_id: str, events: Sequence[Event], *, more: Iterable[Write] = ()) -> Ticket:
    """Write a new ticket. Raises StaleRecord where there is one already, NumberTaken."""
    return append(None, NO_TIMER, events, ticket_id=ticket_id, more=more)


def append(
    before: Ticket | None,
    seen: Timer,
    events: Sequence[Event],
    *,
    ticket_id: str = "",
    more: Iterable[Write] = (),
    timer: Timer | None = None,
) -> Ticket:
    """Write events and the head they make. `timer`: what the caller armed; else `due` is only ever lowered.

    `act` is woken when something is outstanding or `due` moved without its doing. Raises StaleRecord, NumberTaken.
    """
    after, writes = written(before, seen, events, ticket_id=ticket_id, timer=timer)
    records.commit(after, [*writes, *more])
    return after


def written(
    before: Ticket | None,
    seen: Timer,
    events: Sequence[Event],
    *,
    ticket_id: str = "",
    timer: Timer | None = None,
) -> tuple[Ticket, list[Write]]:
    """The ticket after a change, and the writes that make it so, for one transaction with those of another."""
    after = fold(before.id if before else ticket_id, events, onto=before)
    numbers = policy_of(after)
    top = heading(after, numbers)
    next_timer = timer or lowered(seen, after, top.due, events[-1].at)
    moved = next_timer.due != seen.due or (seen.armed and not next_timer.armed)
    wakes_act = after.outstanding or (timer is None and bool(moved))
    wakes_tell = any(e.kind in policy_for(after.place).tellings for e in events)
    writes = records.written(before, after, events, top, next_timer, seen=seen, act=wakes_act, tell=wakes_tell)
    if levels(after) or (before and levels(before)):
        from chalicelib.store.levels import changes

        writes += changes(before, after, records.head(after, top, next_timer))
    if not after.is_open or any(e.kind in STATED for e in events):
        from chalicelib.services.measures.stating import stated_by

        writes += stated_by(before, after, events, numbers)
    return after, writes


def lowered(seen: Timer, after: Ticket, coming: datetime | None, at: datetime) -> Timer:
    """The timer after a change: `due` moves only to something earlier. A ticket that is done has nothing armed."""
    due = due_for(after, coming, at)
    if not after.is_open:
        return replace(seen, due=due, armed="")
    return replace(seen, due=due) if due and (not seen.due or due < seen.due) else seen


def due_for(ticket: Ticket, coming: datetime | None, at: datetime) -> str:
    """When somebody has to look at it: at its next moment, and soon if something is outstanding; "" never."""
    found = [iso(coming)] if coming else []
    if ticket.outstanding:
        found.append(iso(at + SOON))
    return min(found, default="")
