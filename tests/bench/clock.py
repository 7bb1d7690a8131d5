"""What counting time costs: calendars, a ticket's clocks, and escalation per due ticket as the open ones grow."""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.bench.cloud import ENVIRONMENT
from tests.bench.figures import figure

NOON = datetime(2026, 2, 11, 4, 20, 33, tzinfo=UTC)  # Spring Festival lies ahead


def micros(does: Callable[[datetime], Any], rounds: int = 400) -> float:
    """Median time of a call in µs, each at another moment."""
    took = []
    for turn in range(rounds):
        at = NOON + timedelta(hours=7 * turn, seconds=turn)
        start = time.perf_counter_ns()
        does(at)
        took.append(time.perf_counter_ns() - start)
    return statistics.median(took) / 1000


def long_ticket() -> Any:
    """A ticket of 50 events: two rounds of rework, pauses, notes."""
    from chalicelib.domain.ticket.ticket import Event, Role, fold

    at = NOON
    events: list[Event] = []

    def happens(kind: str, /, **data: Any) -> None:
        nonlocal at
        at += timedelta(minutes=7)
        events.append(Event(kind, at, "x", Role.SYSTEM, data))

    place = {"unit": "U", "project": "P", "subsidiary": "S", "label": "1001"}
    common = {"kind": "repair", "priority": "urgent", "category": "water_leak", "place": place, "desk": "P/desk"}
    happens("reported", number="1", **common)
    for turn in range(3):
        happens("assigned", team="P/building", person="b1") if not turn else happens("reworked", cause="refused")
        happens("contacted") if not turn else happens("noted")
        happens("acknowledged")
        for _ in range(4):
            happens("paused", reason="owner_absent")
            happens("resumed")
        happens("arrived")
        for _ in range(3):
            happens("noted")
        happens("completed", photos=1, round=turn)
    while len(events) < 50:
        happens("noted")
    return fold("T", events)


def escalation(open_tickets: int, due: int = 100) -> tuple[float, float]:
    """(CPU ms, table calls) per due ticket of a sweep over a table with so many open ones, in memory."""
    from chalicelib.services.record import sweeping
    from chalicelib.services.ticket import dispatch
    from chalicelib.store import table
    from tests.bench.crowd import Counted, crowd, unplugged

    unplugged()
    twin, at = crowd(open_tickets, due)
    counted = Counted(twin)
    table.use(counted)
    dispatch.forget()
    start = time.process_time()
    done = sweeping.sweep(at)
    spent = time.process_time() - start
    assert done.run == due, done
    return spent * 1000 / due, counted.calls / due


def run() -> None:
    os.environ.update(ENVIRONMENT)
    from chalicelib.adapters.policies import policy
    from chalicelib.domain.ticket.promises import next_moment, promises

    office = policy().calendars["office"]
    year, week = timedelta(days=365), timedelta(hours=30)
    figure("deadline a year of counted time away", micros(lambda at: office.deadline(at, year)), "us", "<= 1000")
    figure("deadline within a week", micros(lambda at: office.deadline(at, week)), "us", "<= 50")
    decade = timedelta(days=3652)
    figure("worked over ten years", micros(lambda at: office.worked(at, at + decade)), "us", "<= 1000")
    ticket = long_ticket()
    numbers = policy()
    spent = micros(lambda at: promises(ticket, numbers))
    figure("all clocks of a ticket with 50 events, recomputed", spent / 1000, "ms", "<= 1", events=len(ticket.events))
    spent = micros(lambda at: next_moment(ticket, numbers, promises(ticket, numbers)))
    figure("the same and the next moment of them all", spent / 1000, "ms")
    found = {n: escalation(n) for n in (1_000, 10_000)}
    for n, (ms, calls) in found.items():
        figure(f"escalation per due ticket, 100 due of {n} open: own CPU", ms, "ms", calls=round(calls, 2))
    figure("escalation: growth from 1,000 to 10,000 open", found[10_000][0] / found[1_000][0], "ratio", "<= 1.5")
