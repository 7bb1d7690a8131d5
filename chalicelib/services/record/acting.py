"""What a record lacks after a change: what it opens, what the system owes it at once, a timer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.record.command import Command
from chalicelib.services.record import registry
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.record import TRIES, Busy, append, decided, due_for, load_with_timer
from chalicelib.services.record.timers import arm, disarm, started
from chalicelib.store.records import StaleRecord, Timer


def act_on(reference: str, version: int, at: datetime) -> dict[str, Any]:
    """Do what is outstanding, then arm its timer. `version`: what the waker has seen. May run again."""
    service = registry.of(reference)
    for attempt in range(TRIES):
        record, timer = load_with_timer(reference, consistent=attempt > 0)
        if record.version < version:
            continue
        if service.opens(record, at):
            record, timer = load_with_timer(reference, consistent=True)
        try:
            if not record.is_open:
                return disarm(record, timer, at)
            if owed := service.owed(record, at):
                return _give(record, timer, owed, at)
            armed = arm(record, timer, at)
            return {"armed": armed.armed, "generation": armed.generation}
        except StaleRecord:
            continue
    raise Busy


def _give(record: Any, timer: Timer, owed: Sequence[Command], at: datetime) -> dict[str, Any]:
    """Do what it is owed, with its timer armed in the same write. Raises StaleRecord.

    What was late is recorded first, and may have changed who should have it: then it is asked again.
    """
    service = registry.of(record.id)

    def commands(now: Any) -> Sequence[Command]:
        return owed if now is record else service.owed(now, at)

    events = decided(record, timer, commands, at)
    if not events:
        return {"owed": 0}
    after = service.kind.fold(record.id, events, onto=record)
    coming = service.kind.next_moment(after, policy_for(after.place), at)
    append(record, timer, events, timer=started(record.id, replace(timer, due=due_for(after, coming, at))))
    service.given(record, after)
    return {"did": [event.kind for event in events]}
