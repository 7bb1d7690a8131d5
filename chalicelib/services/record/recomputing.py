"""When a calendar or a number changes: open records get their new deadlines, and whoever was told another one is told.

Deadlines are computed from events and policy, so they move by themselves; what is missing is the head that lists and
timers stand on, and the word to the owner. It goes slice by slice: each answers where the next one goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.services.record import record, registry
from chalicelib.services.record.rebuilding import desks, parts, rebuild
from chalicelib.store import records
from chalicelib.store.reading import Unreadable

SLICE = 200
Policies = Callable[[Mapping[str, str]], Policy]


@dataclass(frozen=True, slots=True)
class Mark:
    """Where a walk over all that is open stands: the desk, and how far in its queue."""

    desk: str = ""
    start: Mapping[str, str] | None = None


BEGIN = Mark()


def stretch(mark: Mark, size: int) -> tuple[list[str], Mark | None]:
    """Up to `size` open records from `mark` on, and where to go on (None: that was all)."""
    left = [desk for desk in desks() if desk >= mark.desk]
    if not left:
        return [], None
    start = dict(mark.start) if mark.start and left[0] == mark.desk else None
    prefix, desk = parts(left[0])
    found, after = records.ids_at(desk, limit=size, start=start, prefix=prefix)
    if after:
        return found, Mark(left[0], after)
    return found, Mark(left[1]) if len(left) > 1 else None


def recompute(before: Policies, at: datetime, mark: Mark = BEGIN, size: int = SLICE) -> tuple[int, Mark | None]:
    """One slice: how many deadlines moved, and where to go on. `before`: the numbers that held until now, by place.

    May run again: the same new deadline is told once a day at most.
    """
    found, after = stretch(mark, size)
    moved = 0
    for reference in found:
        try:
            moved += recompute_one(reference, before, at)
        except Unreadable:  # named already: one broken row must not keep the others from their deadlines
            continue
    return moved, after


def recompute_one(reference: str, before: Policies, at: datetime) -> bool:
    """Whether a deadline of the record moved, which is then an event; its head is right afterwards in any case."""
    moved = False

    def commands(now: Any) -> list[Command]:
        nonlocal moved
        wanted = list(registry.of(reference).corrected(now, before(now.place), at))
        moved = bool(wanted)
        return wanted

    record.change(reference, commands, at)
    rebuild(reference, at)
    return moved
