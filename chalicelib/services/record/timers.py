"""The timer of a record: armed for its next moment, and what happens when the moment has come.

    arm      starts the execution <record>-<generation> if nothing armed looks as early as `due`
    look     records every moment that has come (warning, breach, level, reminder) and says when to look next
    mend     arms anew what nothing runs for any more
    disarm   ends the timer of a record that is done, once what it missed is recorded

Each may run twice, late, or after the other: an execution of an older generation ends, a moment is recorded once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters import executions
from chalicelib.domain.record.kinds import kind_of
from chalicelib.services.record.moments import come
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.record.record import TRIES, Busy, append, due_for, load_with_timer
from chalicelib.store.records import StaleRecord, Timer, look_again
from chalicelib.store.table import iso


def arm(record: Any, timer: Timer, at: datetime) -> Timer:
    """Start the execution that looks at the next moment, unless what is armed looks as early; and note it.

    Raises StaleRecord.
    """
    coming = kind_of(record.id).next_moment(record, policy_of(record), at)
    armed = started(record.id, replace(timer, due=due_for(record, coming, at)))
    look_again(record, armed, timer)
    if timer.armed and armed.generation != timer.generation:
        executions.stop(record.id, timer.generation)
    return armed


def started(reference: str, timer: Timer) -> Timer:
    """The timer with an execution that looks at `due`; the same one if what is armed looks as early.

    The execution is started before it is noted: cut off in between, the same name is found running next time.
    """
    if not timer.due or (timer.armed and timer.armed <= timer.due):
        return timer
    generation = timer.generation + 1
    while executions.start(reference, generation, datetime.fromisoformat(timer.due)) == "ended":
        generation += 1
    return Timer(timer.due, timer.due, generation)


def mend(record: Any, timer: Timer, trusted: datetime) -> bool:
    """Arm anew unless an execution runs that looks early enough; True when that was needed. Raises StaleRecord.

    What is armed for later than `trusted` is believed: it is looked at again before it is due.
    """
    if not timer.due or not record.is_open:
        return False
    in_time = bool(timer.armed) and timer.armed <= timer.due
    if in_time and (timer.armed > iso(trusted) or executions.runs(record.id, timer.generation)):
        return False
    look_again(record, started(record.id, replace(timer, armed="")), timer)
    return True


def disarm(record: Any, timer: Timer, at: datetime) -> dict[str, Any]:
    """End what runs for a record that is done; a deadline that it had missed is recorded now."""
    if timer.due:
        look(record.id, None, at)
    if timer.generation:
        executions.stop(record.id, timer.generation)
    return {"done": record.version, "generation": timer.generation}


def look(reference: str, generation: int | None, at: datetime) -> tuple[int, datetime | None]:
    """Record what has come by `at`. (generation, when to look next); None: this execution may end.

    `generation` None looks on behalf of no execution, and leaves what is armed. Raises NotFound, Busy.
    """
    for _ in range(TRIES):
        record, seen = load_with_timer(reference, consistent=True)
        kind = kind_of(reference)
        if generation is not None and generation < seen.generation:
            return generation, None
        events = come(record, at)
        after = kind.fold(record.id, events, onto=record) if events else record
        coming = kind.next_moment(after, policy_of(after), at) if after.is_open else None
        armed = (iso(coming) if coming else "") if generation is not None else seen.armed if after.is_open else ""
        timer = Timer(due_for(after, coming, at), armed, generation or seen.generation)
        try:
            if events:
                append(record, seen, events, timer=timer)
            else:
                look_again(record, timer, seen)
        except StaleRecord:
            continue
        return timer.generation, coming
    raise Busy
