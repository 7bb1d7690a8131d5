"""Promises of any record: runs of clocks, with the moments of each that come.

Each kind says which clocks it has and what starts and stops them; what a clock tells stands in `time/clocks.py`.
Moments are kept by their keys (`resolve.2:warn:0.5`), so that each is recorded once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.time.clocks import Clock, Moment

AFTER = timedelta(seconds=1)  # a deadline is missed from the second after it
MISSED = ("deadline", "level")


@dataclass(frozen=True, slots=True)
class Promise:
    """One run of a clock on a record. `rule`: its row, as the kind keeps them."""

    name: str  # the clock's name in the policy
    rule: Any
    clock: Clock
    levels: tuple[tuple[int, timedelta], ...]

    @property
    def running(self) -> bool:
        return self.clock.stopped_at is None


@dataclass(frozen=True, slots=True)
class Due:
    """A moment of a promise that is not recorded yet."""

    promise: Promise
    moment: Moment


def come(runs: Iterable[Promise], recorded: Collection[str], remind: timedelta | None, at: datetime) -> list[Due]:
    """The moments that have come by `at` and are not recorded, in order; what is stale by then is left out."""
    found = [
        Due(promise, m)
        for promise in runs
        for m in moments(promise, recorded, remind, at)
        if m.at < at or (m.at == at and m.kind not in MISSED)
    ]
    return sorted(found, key=lambda d: d.moment.at)


def coming(
    runs: Iterable[Promise], recorded: Collection[str], remind: timedelta | None, at: datetime | None = None
) -> list[datetime]:
    """When each moment that is not recorded is reached, even if that is past; whole seconds."""
    return [
        whole(m.at + AFTER if m.kind in MISSED else m.at)
        for promise in runs
        for m in moments(promise, recorded, remind, at)
    ]


class Step(NamedTuple):
    """What the system does by itself, and when."""

    name: str
    at: datetime


DueMoments = Callable[[Any, Policy, datetime], list[Due]]
NextMoment = Callable[..., datetime | None]


def timed(
    runs: Callable[[Any, Policy], Sequence[Promise]],
    step: Callable[[Any, Policy], Step | None] = lambda one, numbers: None,
) -> tuple[DueMoments, NextMoment]:
    """Which moments of a kind's clocks are due, and when the next comes. `step`: what else the system waits for."""

    def due_moments(one: Any, numbers: Policy, at: datetime) -> list[Due]:
        return come(runs(one, numbers), one.recorded, numbers.remind_every, at)

    def next_moment(one: Any, numbers: Policy, at: datetime | None = None) -> datetime | None:
        ahead = step(one, numbers)
        found = coming(runs(one, numbers), one.recorded, numbers.remind_every, at)
        return min([*found, *([ahead.at] if ahead else [])], default=None)

    return due_moments, next_moment


def whole(at: datetime) -> datetime:
    """The whole second at or after it: timers wait for whole seconds and must not come too early."""
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)


def moments(
    promise: Promise, recorded: Collection[str], remind: timedelta | None, at: datetime | None
) -> Iterable[Moment]:
    """What is not recorded; a clock that is paused or stopped has nothing to warn of any more."""
    clock = promise.clock
    found = clock.moments(levels=promise.levels, recorded=recorded, remind=remind, at=at)
    if clock.stopped_at is None and clock.paused_at is None:
        return found
    return [m for m in found if m.kind != "warning"]


def deadline(runs: Sequence[Promise]) -> tuple[str, datetime] | None:
    """The next deadline (clock, time) among those that run and are not paused; the one missed longest comes first."""
    running = [(due, p.name) for p in runs if p.running and (due := p.clock.due_at) is not None]
    if not running:
        return None
    at, name = min(running)
    return name, at
