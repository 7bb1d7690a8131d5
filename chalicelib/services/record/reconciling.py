"""Every night, every open record once: what the sweep can't see, because the head that it stands on is wrong or lost.

    found                                           done
    nobody has it, its complaint is not opened      what `act` does
    a head that its events don't make               written anew
    a moment that passed                            recorded
    a timer that is missing or too late             armed
    an event nobody was told of, a message queued   told, queued again

It goes by slices and keeps how far it came: a run that ends early goes on in the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.adapters.metrics import ring
from chalicelib.services.record import numbers, recomputing, registry
from chalicelib.services.record.acting import act_on
from chalicelib.services.record.rebuilding import rebuild
from chalicelib.services.record.recomputing import BEGIN, Mark
from chalicelib.services.record.record import load_with_timer
from chalicelib.services.record.rounds import Round
from chalicelib.services.record.sweeping import AHEAD, GRACE
from chalicelib.services.record.telling import tell_missing
from chalicelib.services.record.timers import look, mend
from chalicelib.store import walks
from chalicelib.store.table import iso
from chalicelib.store.walks import Walk

NAME = "reconcile"
SLICE = 100
DECEMBER = 12


@dataclass(slots=True)
class Reconciled(Round):
    """What was wrong with how many."""

    rebuilt: int = 0
    acted: int = 0
    told: int = 0


def reconcile(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Reconciled:
    """Go over all that is open, from where the last run stopped. May run beside itself and again."""
    done = Reconciled()
    if schedule_missing(at, numbers.schedules()["china"][1]):
        ring("HolidayScheduleMissing")
    walk = walks.get(NAME)
    mark: Mark | None = Mark(walk.desk, walk.start) if walk else BEGIN
    began = walk.began if walk else iso(at)
    while mark is not None:
        if not goes_on():
            done.more = True
            break
        found, mark = recomputing.stretch(mark, SLICE)
        for reference in found:
            with done.spared(reference, "reconcile"):
                reconcile_one(reference, at, done)
        if mark:
            walks.put(Walk(NAME, began, mark.desk, mark.start))
    if mark is None:
        walks.done(NAME)
    if done.repaired or done.rebuilt:
        ring("TimersRepaired", done.repaired + done.rebuilt)
    return done


def schedule_missing(at: datetime, known: frozenset[int]) -> bool:
    """Whether next year's holidays are still unknown in December."""
    today: date = at.date()
    return today.month == DECEMBER and today.year + 1 not in known


def reconcile_one(reference: str, at: datetime, done: Reconciled) -> None:
    """Put one record right. What changed in the last minutes is left to those who are on their way."""
    record, _ = load_with_timer(reference, consistent=True)
    if record.events[-1].at > at - GRACE:
        return
    if record.outstanding:
        act_on(reference, 0, at)
        done.acted += 1
    done.acted += registry.of(reference).tidies(record, at)
    done.rebuilt += rebuild(reference, at)
    record, timer = load_with_timer(reference, consistent=True)
    if timer.due and timer.due <= iso(at - GRACE):
        look(reference, None, at)
        record, timer = load_with_timer(reference, consistent=True)
    done.repaired += mend(record, timer, at + AHEAD)
    done.told += tell_missing(record, at)
