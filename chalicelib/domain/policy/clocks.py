"""clocks.toml: every promise with a deadline, and what may pause it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.domain.policy.calendars import COUNTS
from chalicelib.domain.policy.categories import Category
from chalicelib.domain.policy.reading import by_priority, duration, strings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.ticket import CHANGES, SILENT
from chalicelib.domain.ticket.trade import Kind, Priority, State

EVENTS = frozenset(CHANGES) | SILENT
STATES = frozenset(State)
HANDS = ("holder", "desk", "office", "owner")
AUDIENCES = frozenset({"staff", "owner"})
MOVED = frozenset({"owner"})
KEYS = frozenset({"kinds", "starts", "stops", "target", "counts", "levels", "kinds_levels", "category", "reassign"})
KEYS |= {"hands", "shown", "awaited", "moved", "once_a_round", "appointment", "plan", "unlisted"}


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One row of the table of clocks; what its words mean stands at the head of the file.

    `levels`: (level, offset after the deadline). `reassign`: its breach takes the ticket from whoever has it.
    """

    name: str
    kinds: frozenset[Kind]
    starts: frozenset[str]
    stops: frozenset[str]
    target: Mapping[Priority, timedelta]
    counts: Mapping[Priority, str]
    levels: tuple[tuple[int, timedelta], ...]
    kinds_levels: Mapping[Kind, tuple[tuple[int, timedelta], ...]]
    by_category: Mapping[str, timedelta]
    warn: tuple[float, ...]
    warn_from: timedelta
    hands: str
    shown: frozenset[str]
    awaited: frozenset[str] = frozenset()
    moved: frozenset[str] = frozenset()
    once_a_round: bool = False
    appointment: str = ""
    plan: str = ""
    unlisted: str = ""
    reassign: bool = False

    @property
    def promised(self) -> bool:
        """Whether it is a promise to the owner, and not something that the owner has to do."""
        return "owner" in self.shown and self.hands != "owner"

    def target_for(self, priority: Priority, category: str) -> timedelta:
        if priority is Priority.EMERGENCY and category in self.by_category:
            return self.by_category[category]
        return self.target[priority]

    def levels_for(self, kind: Kind) -> tuple[tuple[int, timedelta], ...]:
        return self.kinds_levels.get(kind, self.levels)

    def warn_for(self, target: timedelta) -> tuple[float, ...]:
        return self.warn if target >= self.warn_from else ()


def _levels(row: object, where: str) -> tuple[tuple[int, timedelta], ...]:
    if not isinstance(row, list) or not all(isinstance(x, list) and len(x) == 2 for x in row):
        raise PolicyError(f"{where}: a list of [level, offset] is needed")
    levels = tuple((int(level), duration(offset, where)) for level, offset in row)
    if list(levels) != sorted(levels, key=lambda x: (x[1], x[0])) or any(not 1 <= n <= 3 for n, _ in levels):
        raise PolicyError(f"{where}: levels are 1 to 3, in the order of their offsets")
    return levels


def _kinds(row: object, where: str) -> frozenset[Kind]:
    try:
        return frozenset(Kind(k) for k in strings(row, where))
    except ValueError as fault:
        raise PolicyError(f"{where}: {fault}") from fault


def read_clocks(file: Mapping[str, Any], categories: Mapping[str, Category]) -> Mapping[str, ClockRule]:
    """The rows of the table, in its order."""
    warn = tuple(float(f) for f in file.get("warn", ()))
    if any(not 0 < f < 1 for f in warn):
        raise PolicyError("clocks.toml: warn: fractions lie between 0 and 1")
    warn_from = duration(file.get("warn_from"), "clocks.toml: warn_from")
    return {
        name: _clock(name, row, f"clocks.toml: clock.{name}", categories, warn, warn_from)
        for name, row in file.get("clock", {}).items()
    }


def _clock(
    name: str,
    row: Mapping[str, Any],
    where: str,
    categories: Mapping[str, Category],
    warn: tuple[float, ...],
    warn_from: timedelta,
) -> ClockRule:
    unknown = set(row) - KEYS
    if unknown:
        raise PolicyError(f"{where}.{min(unknown)}: unknown key")
    target = {
        p: duration(t, f"{where}.target.{p}") for p, t in by_priority(row.get("target"), f"{where}.target").items()
    }
    if any(not t for t in target.values()):
        raise PolicyError(f"{where}.target: a promise needs some time")
    counts = by_priority(row.get("counts"), f"{where}.counts")
    for priority, calendar in counts.items():
        if calendar not in COUNTS:
            raise PolicyError(f"{where}.counts.{priority}: {calendar!r} is none of {', '.join(COUNTS)}")
    for category in row.get("category", {}):
        if category not in categories:
            raise PolicyError(f"{where}.category.{category}: no such category")
    return ClockRule(
        name=name,
        kinds=_kinds(row.get("kinds"), f"{where}.kinds"),
        starts=_named(row, "starts", EVENTS, where),
        stops=_named(row, "stops", EVENTS, where),
        target=target,
        counts=counts,
        levels=_levels(row.get("levels"), f"{where}.levels"),
        kinds_levels={Kind(k): _levels(v, f"{where}.kinds_levels.{k}") for k, v in row.get("kinds_levels", {}).items()},
        by_category={c: duration(t, f"{where}.category.{c}") for c, t in row.get("category", {}).items()},
        warn=warn,
        warn_from=warn_from,
        hands=_one_of(row, "hands", HANDS, where),
        shown=_named(row, "shown", AUDIENCES, where),
        awaited=_named({"awaited": [], **row}, "awaited", STATES, where),
        moved=_named({"moved": [], **row}, "moved", MOVED, where),
        once_a_round=bool(row.get("once_a_round", False)),
        appointment=_one_of({"appointment": "", **row}, "appointment", ("", "replaces", "delays"), where),
        plan=_one_of({"plan": "", **row}, "plan", ("", "replaces"), where),
        unlisted=_one_of({"unlisted": "", **row}, "unlisted", ("", "routing", "office"), where),
        reassign=bool(row.get("reassign", False)),
    )


def _named(row: Mapping[str, Any], key: str, known: frozenset[str], where: str) -> frozenset[str]:
    found = frozenset(strings(row.get(key), f"{where}.{key}"))
    if strangers := found - known:
        raise PolicyError(f"{where}.{key}: {min(strangers)!r} is not known here")
    return found


def _one_of(row: Mapping[str, Any], key: str, known: tuple[str, ...], where: str) -> str:
    value = row.get(key)
    if value not in known:
        raise PolicyError(f"{where}.{key}: {value!r} is none of {', '.join(k for k in known if k)}")
    return str(value)


def read_pauses(file: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    made = {}
    for reason, row in file.get("pause", {}).items():
        stops = frozenset(strings(row.get("stops"), f"clocks.toml: pause.{reason}.stops"))
        strangers = stops - set(file.get("clock", {}))
        if strangers:
            raise PolicyError(f"clocks.toml: pause.{reason}.stops: no clock named {min(strangers)!r}")
        made[reason] = stops
    return made
