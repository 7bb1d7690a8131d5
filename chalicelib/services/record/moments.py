"""The moments of a ticket's clocks as events: warnings, missed deadlines, levels, reminders. Each is recorded once."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from chalicelib.domain.ticket import waiting
from chalicelib.domain.ticket.lifecycle import Command, decide
from chalicelib.domain.ticket.promises import Due, due_moments
from chalicelib.domain.ticket.ticket import SYSTEM, Event, State, Ticket, fold
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.ticket import dispatch
from chalicelib.store.table import iso


def come(ticket: Ticket, at: datetime, *, takes_away: bool = True) -> list[Event]:
    """The events of every moment that has come by `at`; a level that was missed is made up, the latest first.

    One message a person: what is said to somebody who is told of something graver anyway is recorded quietly.
    `takes_away`: whether it leaves whoever did not acknowledge in time.
    """
    numbers = policy_of(ticket)
    events: list[Event] = []
    told: set[str] = set()
    now = ticket
    for due in sorted(due_moments(ticket, numbers, at), key=_gravest_first):
        name, data = _command(due, now, at)
        who = f"level {data['level']}" if "level" in data else f"whoever must act: {due.promise.rule.hands}"
        if who in told or not now.is_open:
            data["quiet"] = True
        else:
            told.add(who)
        made = decide(now, Command(name, SYSTEM, data), at, numbers)
        events += made
        now = fold(now.id, made, onto=now)
        unmoved = name == "breach" and due.promise.rule.reassign and due.promise.running
        if unmoved and takes_away and now.state is State.ASSIGNED:
            made = decide(now, Command("take_away", SYSTEM, {"cause": "not_acknowledged"}), at, numbers)
            events += made
            now = fold(now.id, made, onto=now)
    if (waits := waiting.step(now, numbers)) and waits.at <= at:
        name, person = ("ask_to_resume", now.holder)
        if waits.name == "resume":
            name, person = ("resume", dispatch.at_level(waiting.HEARS, now, at))
        events += decide(now, Command(name, SYSTEM, {"person": person}), at, numbers)
    return events


def _gravest_first(due: Due) -> tuple[int, int, datetime]:
    """Deadlines as they came, then levels from the highest down, reminders, and warnings last."""
    rank = {"deadline": 0, "level": 1, "reminder": 2, "warning": 3}[due.moment.kind]
    level = due.moment.which if due.moment.kind == "level" and isinstance(due.moment.which, int) else 0
    return rank, -level, due.moment.at


def _command(due: Due, ticket: Ticket, at: datetime) -> tuple[str, dict[str, Any]]:
    """The command that records a moment."""
    moment, clock = due.moment, due.promise.clock
    data: dict[str, Any] = {"moment": moment.key, "clock": due.promise.name}
    if moment.kind == "warning":
        return "warn", data | {"fraction": moment.which, "person": ticket.holder}
    if moment.kind == "deadline":
        return "breach", data | {"deadline": iso(clock.due_at or moment.at), "person": ticket.holder}
    if moment.kind == "level":
        assert isinstance(moment.which, int)
        person = dispatch.at_level(moment.which, ticket, at)
        return "escalate", data | {"level": moment.which, "cause": "breach", "person": person}
    level = max((n for n, _ in due.promise.levels), default=1)
    assert isinstance(moment.which, date)
    return "remind", data | {"level": level, "person": dispatch.at_level(level, ticket, at)}
