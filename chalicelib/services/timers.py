"""The timer of a ticket: armed for its next moment, and what happens when the moment has come.

    arm     starts the execution <ticket>-<generation> if nothing armed looks as early as `due`
    look    records every moment that has come (warning, breach, level, reminder) and says when to look next

Each may run twice, late, or after the other: an execution of an older generation ends, a moment is recorded once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from chalicelib.adapters import executions
from chalicelib.adapters.policies import policy
from chalicelib.domain.lifecycle import Command, decide
from chalicelib.domain.promises import Due, due_moments, next_moment
from chalicelib.domain.ticket import DONE, SYSTEM, Event, State, Ticket, fold
from chalicelib.services import dispatch
from chalicelib.services.record import TRIES, Busy, append, load_with_timer
from chalicelib.store.tickets import StaleTicket, Timer, iso, look_again

LAST_LEVEL = 3


def arm(ticket: Ticket, timer: Timer) -> Timer:
    """Start the execution that looks at `due`, unless one that is armed looks as early; and note it. Raises StaleTicket."""
    if ticket.state in DONE:
        if timer.armed and timer.generation:
            executions.stop(ticket.id, timer.generation)
        return timer
    armed = started(ticket.id, timer)
    if armed is not timer:
        look_again(ticket, armed, timer)
        if timer.armed:
            executions.stop(ticket.id, timer.generation)
    return armed


def started(ticket_id: str, timer: Timer) -> Timer:
    """The timer with an execution that looks at `due`; the same one if what is armed looks as early.

    The execution is started before it is noted: cut off in between, the same name is found running next time.
    """
    if not timer.due or (timer.armed and timer.armed <= timer.due):
        return timer
    generation = timer.generation + 1
    while executions.start(ticket_id, generation, datetime.fromisoformat(timer.due)) == "ended":
        generation += 1
    return Timer(timer.due, timer.due, generation)


def look(ticket_id: str, generation: int | None, at: datetime) -> tuple[int, datetime | None]:
    """Record what has come by `at`. (generation, when to look next); None: this execution may end.

    `generation` None is the sweep, which looks on behalf of no execution.
    """
    for attempt in range(TRIES):
        ticket, seen = load_with_timer(ticket_id, consistent=True)
        if generation is not None and generation < seen.generation:
            return generation, None
        events = come(ticket, at)
        after = fold(ticket.id, events, onto=ticket) if events else ticket
        due = next_moment(after, policy()) if after.state not in DONE else None
        timer = Timer(iso(due) if due else "", iso(due) if due else "", generation or seen.generation)
        if generation is None:
            timer = _for_sweep(timer, seen, at)
        try:
            if events:
                append(ticket, seen, events, timer=timer)
            else:
                look_again(ticket, timer, seen)
        except StaleTicket:
            continue
        return timer.generation, due
    raise Busy


def _for_sweep(timer: Timer, seen: Timer, at: datetime) -> Timer:
    """What the sweep leaves armed: an execution armed for later still looks; one whose moment is past is given up."""
    late = not seen.armed or seen.armed <= iso(at)
    return replace(timer, armed="" if late else seen.armed)


def come(ticket: Ticket, at: datetime) -> list[Event]:
    """The events of every moment that has come by `at`, in order; a level that was missed is made up, the latest first.

    One message a person: what is stale, or said already with the same look, is recorded quietly.
    """
    events: list[Event] = []
    told: set[str] = set()
    now = ticket
    for due in _latest_level_first(due_moments(ticket, policy(), at)):
        name, data = _command(due, now, at)
        who = f"level {data['level']}" if "level" in data else "holder"
        if who in told or now.state in DONE:
            data["quiet"] = True
        else:
            told.add(who)
        made = decide(now, Command(name, SYSTEM, data), at, policy())
        events += made
        now = fold(now.id, made, onto=now)
        if name == "breach" and due.promise.rule.reassign and due.promise.running and now.state is State.ASSIGNED:
            made = decide(now, Command("take_away", SYSTEM, {"cause": "not_acknowledged"}), at, policy())
            events += made
            now = fold(now.id, made, onto=now)
    return events


def _latest_level_first(found: list[Due]) -> list[Due]:
    """Deadlines and warnings as they came, then levels from the highest down, then reminders."""
    rank = {"warning": 0, "deadline": 1, "level": 2, "reminder": 3}
    return sorted(
        found,
        key=lambda d: (rank[d.moment.kind], -int(d.moment.which) if d.moment.kind == "level" else 0, d.moment.at),  # type: ignore[arg-type]
    )


def _command(due: Due, ticket: Ticket, at: datetime) -> tuple[str, dict[str, Any]]:
    """The command that records a moment."""
    moment, clock = due.moment, due.promise.clock
    data: dict[str, Any] = {"moment": moment.key, "clock": due.promise.name}
    if moment.kind == "warning":
        return "warn", data | {"fraction": moment.which}
    if moment.kind == "deadline":
        return "breach", data | {"deadline": iso(clock.due_at or moment.at)}
    if moment.kind == "level":
        level = int(moment.which)  # type: ignore[arg-type]
        return "escalate", data | {"level": level, "cause": "breach", "person": dispatch.at_level(level, ticket, at)}
    level = max((n for n, _ in due.promise.levels), default=1)
    assert isinstance(moment.which, date)
    return "remind", data | {"level": level, "person": dispatch.at_level(level, ticket, at)}


def repair(ticket_id: str, at: datetime, grace: timedelta) -> bool:
    """Arm the ticket anew if its execution does not run any more. True when that was needed."""
    ticket, seen = load_with_timer(ticket_id)
    if not seen.due or ticket.state in DONE:
        return False
    if seen.armed and seen.armed > iso(at - grace) and executions.runs(ticket.id, seen.generation):
        return False
    arm(ticket, replace(seen, armed=""))
    return True


