"""Nothing passes silently: the overdue is run through the timer's own code, and broken timers are armed anew.

Costs what is due soon plus what is broken: it reads the messages of the last minutes for those that were not sent, and
the `due` index up to a little ahead, the overdue first. What is overdue is looked at; what is due soon costs a look at
its execution.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.adapters.messages import enqueue
from chalicelib.adapters.metrics import ring
from chalicelib.services.record.acting import act_on
from chalicelib.services.record.record import load_with_timer
from chalicelib.services.record.rounds import Round
from chalicelib.services.record.timers import look, mend
from chalicelib.store import messages, records
from chalicelib.store.records import SHARDS
from chalicelib.store.table import iso

AHEAD = timedelta(minutes=10)  # twice as far as two sweeps lie apart
GRACE = timedelta(minutes=2)  # younger than that, the timer and `act` may be on their way
SLICE = 200  # keys read at once
# What else is due than records and messages, by its sort key: where `ask_again(partition, at)` does what it lacks.
OTHERS: Mapping[str, str] = {"LETTER": "chalicelib.services.contractor.letters"}
LONGEST = timedelta(days=1)  # how far back it looks for unsent messages; beyond, `reconcile` tells what is missing


@dataclass(slots=True)
class Swept(Round):
    """`run`: overdue and looked at; `queued`: messages, and letters to be made."""

    run: int = 0
    queued: int = 0


def sweep(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Swept:
    """Look at everything overdue, then repair the timers of what is due within `AHEAD`.

    May run beside itself and again. `goes_on` is asked before each; what is left is found by the next run.
    """
    done = Swept()
    unsent_until = at - GRACE
    since = max(messages.swept() or at - LONGEST, at - LONGEST)
    if since < unsent_until and _each(messages.unsent(since, unsent_until), at, goes_on, done):
        messages.note_swept(unsent_until)
    _each(_found(at), at, goes_on, done)
    if done.repaired:
        ring("TimersRepaired", done.repaired)
    return done


def _each(keys: Iterable[tuple[str, str]], at: datetime, goes_on: Callable[[], bool], done: Swept) -> bool:
    """Do what each of these asks for; whether all of it was done."""
    failed = done.failed
    for pk, sk in keys:
        if not goes_on():
            done.more = True
            return False
        with done.spared(records.named(pk), "sweep"):
            if sk == "HEAD":
                looked, mended = sweep_one(records.named(pk), at)
                done.run += looked
                done.repaired += mended
            elif sk in OTHERS:
                done.queued += importlib.import_module(OTHERS[sk]).ask_again(pk, at)
            else:
                done.queued += _queue_again(*messages.named((pk, sk)), at)
    return done.failed == failed


def _found(at: datetime) -> Iterator[tuple[str, str]]:
    """The keys of what is overdue in all shards, then of the records that are due soon."""
    late = at - GRACE
    for after, until in ((None, late), (late, at + AHEAD)):
        for number in range(SHARDS):
            start = None
            while True:
                found, start = records.due_until(number, until, limit=SLICE, start=start, after=after)
                yield from (key for key in found if until == late or key[1] == "HEAD")
                if not start:
                    break


def sweep_one(reference: str, at: datetime) -> tuple[bool, bool]:
    """(looked, repaired) for one record."""
    record, timer = load_with_timer(reference, consistent=True)
    late = iso(at - GRACE)
    overdue = bool(timer.due) and timer.due <= late
    fresh = bool(record.events) and record.events[-1].at > at - GRACE
    if overdue and record.outstanding:
        act_on(reference, 0, at)
    if overdue:
        look(reference, None, at)
    if fresh:
        return overdue, False
    if overdue:
        record, timer = load_with_timer(reference, consistent=True)
    return overdue, mend(record, timer, at + AHEAD)


def _queue_again(reference: str, sk: str, at: datetime) -> bool:
    """Queue a message that should have been sent by now: the queue lost it, or never had it."""
    message = messages.get(reference, sk)
    if message is None or message.state != "queued":
        return False
    enqueue([(reference, sk)])
    messages.again(message, at + 2 * AHEAD)
    return True
