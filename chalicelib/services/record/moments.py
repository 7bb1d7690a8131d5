"""The moments of a record's clocks as events: warnings, missed deadlines, levels, reminders. Each is recorded once."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.record.event import Event
from chalicelib.services.record import registry
from chalicelib.services.record.numbers import policy_of

GRAVITY = {"deadline": 0, "level": 1, "reminder": 2, "warning": 3}


def come(record: Any, at: datetime, *, takes_away: bool = True) -> list[Event]:
    """The events of every moment that has come by `at`; a level that was missed is made up, the latest first.

    One message a person: what is said to somebody who is told of something graver anyway is recorded quietly.
    `takes_away`: whether what follows from a moment follows, such as losing what was not acknowledged in time.
    """
    service = registry.of(record.id)
    kind, numbers = service.kind, policy_of(record)
    events: list[Event] = []
    told: set[str] = set()
    now = record
    for due in sorted(kind.due_moments(record, numbers, at), key=_gravest_first):
        command = service.moment(due, now, at)
        who = f"level {command.data['level']}" if "level" in command.data else service.hands(due)
        if who in told or not now.is_open:
            command = replace(command, data={**command.data, "quiet": True})
        else:
            told.add(who)
        made = kind.decide(now, command, at, numbers)
        events += made
        now = kind.fold(now.id, made, onto=now)
        if takes_away and (following := kind.follows(due, now)):
            made = kind.decide(now, following, at, numbers)
            events += made
            now = kind.fold(now.id, made, onto=now)
    if ending := service.comes(now, at):
        events += kind.decide(now, ending, at, numbers)
    return events


def _gravest_first(due: Any) -> tuple[int, int, datetime]:
    """Deadlines as they came, then levels from the highest down, reminders, and warnings last."""
    level = due.moment.which if due.moment.kind == "level" and isinstance(due.moment.which, int) else 0
    return GRAVITY[due.moment.kind], -level, due.moment.at
