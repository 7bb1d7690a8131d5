"""What a project or a year does differently from the policy files, applied onto the base policy.

A category's own target for emergencies stays: an override replaces the clock's, not the category's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from chalicelib.domain.policy.calendars import COUNTS, Schedules
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.versions import mark
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.trade import Priority


@dataclass(frozen=True, slots=True)
class Override:
    """One row of the sheet of overrides. `counts` "": as it was. `where`: sheet and row, for whoever corrects it."""

    clock: str
    priority: str
    target: timedelta
    counts: str = ""
    where: str = ""


def apply(base: Policy, overrides: Sequence[Override]) -> Policy:
    """The policy with a project's overrides; its version names them. Raises PolicyError with sheet and row."""
    if not overrides:
        return base
    clocks = dict(base.clocks)
    seen: dict[tuple[str, str], str] = {}
    for o in overrides:
        rule = clocks.get(o.clock)
        if rule is None:
            raise PolicyError(f"{o.where}: no clock named {o.clock!r}")
        if o.priority not in tuple(Priority):
            raise PolicyError(f"{o.where}: no priority named {o.priority!r}")
        if o.counts and o.counts not in COUNTS:
            raise PolicyError(f"{o.where}: {o.counts!r} is none of {', '.join(COUNTS)}")
        if o.target <= timedelta():
            raise PolicyError(f"{o.where}: a promise needs some time")
        if (o.clock, o.priority) in seen:
            raise PolicyError(f"{o.where}: the same clock and priority as {seen[o.clock, o.priority]}")
        seen[o.clock, o.priority] = o.where
        priority = Priority(o.priority)
        counts = {**rule.counts, priority: o.counts} if o.counts else rule.counts
        clocks[o.clock] = replace(rule, target={**rule.target, priority: o.target}, counts=counts)
    return replace(base, version=f"{base.version}+{mark_of(overrides)}", clocks=clocks)


def with_years(shipped: Schedules, name: str, stored: Mapping[int, Mapping[date, bool]]) -> Schedules:
    """Schedules in which the stored years replace or add to those that ship."""
    if not stored:
        return shipped
    days, known = shipped.get(name, ({}, frozenset()))
    merged = {day: work for day, work in days.items() if day.year not in stored}
    for year in stored:
        merged.update(stored[year])
    return {**shipped, name: (merged, frozenset(known) | frozenset(stored))}


def mark_of(overrides: Sequence[Override]) -> str:
    """What a set of overrides is called, whatever sheet and row it came from."""
    rows = sorted(f"{o.clock}/{o.priority}/{o.target.total_seconds():.0f}/{o.counts}" for o in overrides)
    return mark("\n".join(rows))
