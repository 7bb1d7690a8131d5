"""A head made anew from its record's events: what lists, timers and sweep stand on can be derived again.

Nothing is lost with a head but the generation of its timer, which the next execution finds out by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from chalicelib.domain.record.kinds import known
from chalicelib.domain.record.reference import UNNAMED
from chalicelib.services.record import registry
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.record.record import TRIES, Busy, due_for, load_with_timer
from chalicelib.store import records
from chalicelib.store.records import StaleRecord, Timer
from chalicelib.store.table import Conflict, Row

STRETCH = 100  # lines of a queue read at once


def rebuild(reference: str, at: datetime) -> bool:
    """Write the head that the events make, if the one that stands there is another. May run again. Raises NotFound."""
    for _ in range(TRIES):
        record, timer = load_with_timer(reference, consistent=True)
        stands = records.stored_head(reference)
        derived = head_of(record, timer, at)
        if stands and records.same(derived, stands):
            try:
                return registry.of(reference).mends(record, stands)
            except Conflict:
                continue
        if stands and stands.get("v", 0) > record.version:
            continue
        try:
            records.put_head(derived, stands)
        except StaleRecord:
            continue
        return True
    raise Busy


def head_of(record: Any, timer: Timer, at: datetime) -> Row:
    """The head as the events make it. `due` may stand earlier than it need be, never later; done, nothing is armed.

    Its version is the one that it was written with: what moved nothing on it left it alone.
    """
    top = registry.of(record.id).kind.heading(record, policy_of(record))
    due = due_for(record, top.due, at)
    if due and timer.due and timer.due < due:
        due = timer.due
    armed = timer.armed if record.is_open else ""
    made = records.head(record, top, Timer(due, armed, timer.generation))
    return made | {"v": timer.head.get("v", record.version)}


def open_records(prefix: str = "") -> Iterator[str]:
    """All that is open, kind by kind and desk by desk; of one kind where `prefix` names it."""
    for desk in desks():
        kind, at = parts(desk)
        start = None
        while not prefix or kind == prefix:
            found, start = records.ids_at(at, limit=STRETCH, start=start, prefix=kind)
            yield from found
            if not start:
                break


def desks() -> list[str]:
    """Every desk at which records of a kind are open, in a fixed order: tickets' by its name, others' <KIND>.<desk>."""
    named = ((service.kind.prefix, desk) for service in registry.every() for desk in service.desks())
    return sorted(desk if prefix == UNNAMED else f"{prefix}.{desk}" for prefix, desk in named)


def parts(desk: str) -> tuple[str, str]:
    """(kind, desk) of one of `desks`."""
    prefix, named, name = desk.partition(".")
    return (prefix, name) if named and prefix in known() else (UNNAMED, desk)
