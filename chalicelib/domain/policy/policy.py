"""The numbers of the trade as values, checked when they are read. The files are in `chalicelib/policy/`.

clocks.toml       calendars, clocks, pauses
categories.toml   categories, terms, checklists
routing.toml      rules
telling.toml      messages
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.ticket import CHANGES, SILENT, Kind, Priority, Role
from chalicelib.domain.time.calendar import ALWAYS_OPEN, Calendar

COUNTS = ("always", "service", "office")
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One row of the table of clocks. `levels`: (level, offset after the deadline)."""

    name: str
    kinds: frozenset[Kind]
    target: Mapping[Priority, timedelta]
    counts: Mapping[Priority, str]
    levels: tuple[tuple[int, timedelta], ...]
    kinds_levels: Mapping[Kind, tuple[tuple[int, timedelta], ...]]
    by_category: Mapping[str, timedelta]
    warn: tuple[float, ...]
    warn_from: timedelta
    reassign: bool = False

    def target_for(self, priority: Priority, category: str) -> timedelta:
        if priority is Priority.EMERGENCY and category in self.by_category:
            return self.by_category[category]
        return self.target[priority]

    def levels_for(self, kind: Kind) -> tuple[tuple[int, timedelta], ...]:
        return self.kinds_levels.get(kind, self.levels)

    def warn_for(self, target: timedelta) -> tuple[float, ...]:
        return self.warn if target >= self.warn_from else ()


@dataclass(frozen=True, slots=True)
class Category:
    name: str
    trade: str
    default: Priority
    terms: tuple[str, ...]
    components: tuple[str, ...]
    checklist: tuple[str, ...]
    after_photo: bool


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule: all of `conditions` hold → `team` in the project, or the desk of level `desk`."""

    name: str
    conditions: Mapping[str, frozenset[str]]
    team: str = ""
    desk: int = 0


@dataclass(frozen=True, slots=True)
class Telling:
    event: str
    to: str
    template: str
    link: str
    by: frozenset[str] = frozenset()
    unless: str = ""
    clocks: frozenset[str] = frozenset()  # only for these; none: for all


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """All numbers at one version. `calendars` has "always", "service" and "office". One is equal to itself alone."""

    version: str
    calendars: Mapping[str, Calendar]
    clocks: Mapping[str, ClockRule]
    pauses: Mapping[str, frozenset[str]]
    remind_every: timedelta
    categories: Mapping[str, Category]
    raises: Mapping[Priority, tuple[str, ...]]
    rules: tuple[Rule, ...]
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)

    @property
    def zone(self) -> str:
        """The zone of the places: that of the service hours."""
        return self.calendars["service"].tz


def duration(text: object, where: str) -> timedelta:
    """`30m`, `4h`, `7d` … as a positive (or zero) timedelta. Raises PolicyError."""
    match = re.fullmatch(r"(\d+)([smhd])", text) if isinstance(text, str) else None
    if not match:
        raise PolicyError(f"{where}: {text!r} is no duration such as 30m, 4h or 7d")
    return timedelta(seconds=int(match[1]) * UNITS[match[2]])


def parse(
    files: Mapping[str, Mapping[str, Any]], holidays: Mapping[str, tuple[Mapping[Any, Any], frozenset[int]]]
) -> Policy:
    """The policy that the parsed TOML `files` (by name) make. `holidays`: schedule name → (days, known years).

    Raises PolicyError with `file: dotted.key: fault`.
    """
    clocks_file = files["clocks.toml"]
    categories = _categories(files["categories.toml"])
    return Policy(
        version=str(clocks_file.get("version", "")),
        calendars=_calendars(clocks_file, holidays),
        clocks=_clocks(clocks_file, categories),
        pauses=_pauses(clocks_file),
        remind_every=duration(clocks_file.get("remind_every"), "clocks.toml: remind_every"),
        categories=categories,
        raises=_raises(files["categories.toml"]),
        rules=_rules(files["routing.toml"], categories),
        tellings=_tellings(files["telling.toml"], frozenset(clocks_file.get("clock", {}))),
    )


def _calendars(
    file: Mapping[str, Any], holidays: Mapping[str, tuple[Mapping[Any, Any], frozenset[int]]]
) -> Mapping[str, Calendar]:
    made: dict[str, Calendar] = {"always": ALWAYS_OPEN}
    for name, row in file.get("calendars", {}).items():
        made[name] = calendar(row, f"clocks.toml: calendars.{name}", holidays)
    for name in COUNTS:
        if name not in made:
            raise PolicyError(f"clocks.toml: calendars.{name}: is missing")
    return made


def calendar(
    row: Mapping[str, Any], where: str, holidays: Mapping[str, tuple[Mapping[Any, Any], frozenset[int]]]
) -> Calendar:
    """A calendar from its table (tz, weekly, closed, shifts_on, holidays). Raises PolicyError."""
    unknown = set(row) - {"tz", "weekly", "closed", "shifts_on", "holidays"}
    if unknown:
        raise PolicyError(f"{where}.{min(unknown)}: unknown key")
    schedule = row.get("holidays", "")
    if schedule and schedule not in holidays:
        raise PolicyError(f"{where}.holidays: no schedule named {schedule!r}")
    days, known = holidays[schedule] if schedule else ({}, None)
    try:
        return Calendar(
            row["tz"],
            {day: _shifts(row["weekly"][day], f"{where}.weekly.{day}") for day in row["weekly"]},
            closed=frozenset(row.get("closed", ())),
            shifts_on={
                day if not isinstance(day, str) else _date(day, where): _shifts(s, f"{where}.shifts_on.{day}")
                for day, s in row.get("shifts_on", {}).items()
            },
            holidays=days,
            known_years=known,
        )
    except (KeyError, ValueError) as fault:
        raise PolicyError(f"{where}: {fault}") from fault


def _date(text: str, where: str) -> Any:
    from datetime import date

    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise PolicyError(f"{where}: {text!r} is no date") from fault


def _shifts(row: object, where: str) -> list[tuple[str, str]]:
    shifts = []
    for text in _strings(row, where):
        opens, dash, closes = text.partition("-")
        if not dash:
            raise PolicyError(f"{where}: {text!r} is no shift such as 08:00-20:00")
        shifts.append((opens.strip(), closes.strip()))
    return shifts


def _strings(row: object, where: str) -> list[str]:
    if not isinstance(row, list) or not all(isinstance(x, str) for x in row):
        raise PolicyError(f"{where}: a list of texts is needed")
    return row


def _levels(row: object, where: str) -> tuple[tuple[int, timedelta], ...]:
    if not isinstance(row, list) or not all(isinstance(x, list) and len(x) == 2 for x in row):
        raise PolicyError(f"{where}: a list of [level, offset] is needed")
    levels = tuple((int(level), duration(offset, where)) for level, offset in row)
    if list(levels) != sorted(levels, key=lambda x: (x[1], x[0])) or any(not 1 <= n <= 3 for n, _ in levels):
        raise PolicyError(f"{where}: levels are 1 to 3, in the order of their offsets")
    return levels


def _kinds(row: object, where: str) -> frozenset[Kind]:
    try:
        return frozenset(Kind(k) for k in _strings(row, where))
    except ValueError as fault:
        raise PolicyError(f"{where}: {fault}") from fault


def _by_priority(row: object, where: str) -> dict[Priority, Any]:
    if not isinstance(row, Mapping) or set(row) != {p.value for p in Priority}:
        raise PolicyError(f"{where}: emergency, urgent and normal are needed")
    return {Priority(k): v for k, v in row.items()}


def _clocks(file: Mapping[str, Any], categories: Mapping[str, Category]) -> Mapping[str, ClockRule]:
    made = {}
    warn = tuple(float(f) for f in file.get("warn", ()))
    if any(not 0 < f < 1 for f in warn):
        raise PolicyError("clocks.toml: warn: fractions lie between 0 and 1")
    warn_from = duration(file.get("warn_from"), "clocks.toml: warn_from")
    for name, row in file.get("clock", {}).items():
        where = f"clocks.toml: clock.{name}"
        unknown = set(row) - {"kinds", "target", "counts", "levels", "reassign", "category", "kinds_levels"}
        if unknown:
            raise PolicyError(f"{where}.{min(unknown)}: unknown key")
        target = {
            p: duration(t, f"{where}.target.{p}") for p, t in _by_priority(row.get("target"), f"{where}.target").items()
        }
        if any(not t for t in target.values()):
            raise PolicyError(f"{where}.target: a promise needs some time")
        counts = _by_priority(row.get("counts"), f"{where}.counts")
        for priority, name_of in counts.items():
            if name_of not in COUNTS:
                raise PolicyError(f"{where}.counts.{priority}: {name_of!r} is none of {', '.join(COUNTS)}")
        for category in row.get("category", {}):
            if category not in categories:
                raise PolicyError(f"{where}.category.{category}: no such category")
        made[name] = ClockRule(
            name=name,
            kinds=_kinds(row.get("kinds"), f"{where}.kinds"),
            target=target,
            counts=counts,
            levels=_levels(row.get("levels"), f"{where}.levels"),
            kinds_levels={
                Kind(k): _levels(v, f"{where}.kinds_levels.{k}") for k, v in row.get("kinds_levels", {}).items()
            },
            by_category={c: duration(t, f"{where}.category.{c}") for c, t in row.get("category", {}).items()},
            warn=warn,
            warn_from=warn_from,
            reassign=bool(row.get("reassign", False)),
        )
    return made


def _pauses(file: Mapping[str, Any]) -> Mapping[str, frozenset[str]]:
    made = {}
    for reason, row in file.get("pause", {}).items():
        stops = frozenset(_strings(row.get("stops"), f"clocks.toml: pause.{reason}.stops"))
        strangers = stops - set(file.get("clock", {}))
        if strangers:
            raise PolicyError(f"clocks.toml: pause.{reason}.stops: no clock named {min(strangers)!r}")
        made[reason] = stops
    return made


def _categories(file: Mapping[str, Any]) -> Mapping[str, Category]:
    made = {}
    for name, row in file.get("category", {}).items():
        where = f"categories.toml: category.{name}"
        try:
            made[name] = Category(
                name=name,
                trade=str(row["trade"]),
                default=Priority(row["default"]),
                terms=tuple(t.lower() for t in _strings(row["terms"], f"{where}.terms")),
                components=tuple(_strings(row["components"], f"{where}.components")),
                checklist=tuple(_strings(row["checklist"], f"{where}.checklist")),
                after_photo=bool(row["after_photo"]),
            )
        except (KeyError, ValueError) as fault:
            raise PolicyError(f"{where}: {fault}") from fault
    if "other" not in made:
        raise PolicyError("categories.toml: category.other: is missing")
    return made


def _raises(file: Mapping[str, Any]) -> Mapping[Priority, tuple[str, ...]]:
    rows = file.get("raise", {})
    return {
        p: tuple(t.lower() for t in _strings(rows.get(p.value, []), f"categories.toml: raise.{p}"))
        for p in (Priority.EMERGENCY, Priority.URGENT)
    }


CONDITIONS = ("kind", "category", "trade", "priority", "project", "building")


def _rules(file: Mapping[str, Any], categories: Mapping[str, Category]) -> tuple[Rule, ...]:
    made = []
    for i, row in enumerate(file.get("rule", ())):
        where = f"routing.toml: rule {i + 1}"
        unknown = set(row) - {"name", "team", "desk", *CONDITIONS}
        if unknown:
            raise PolicyError(f"{where}: unknown key {min(unknown)!r}")
        if bool(row.get("team")) == bool(row.get("desk")):
            raise PolicyError(f"{where}: names either a team or a desk")
        for category in row.get("category", ()):
            if category not in categories:
                raise PolicyError(f"{where}: no category named {category!r}")
        conditions = {c: frozenset(_strings(row[c], f"{where}.{c}")) for c in CONDITIONS if c in row}
        made.append(Rule(str(row.get("name", i + 1)), conditions, row.get("team", ""), int(row.get("desk", 0))))
    return tuple(made)


RECIPIENTS = ("reporter", "holder", "desk", "level", "watchers")
LINKS = ("own", "ticket", "none")


def _tellings(file: Mapping[str, Any], clocks: frozenset[str]) -> Mapping[str, tuple[Telling, ...]]:
    made: dict[str, tuple[Telling, ...]] = {}
    for i, row in enumerate(file.get("message", ())):
        where = f"telling.toml: message {i + 1}"
        unknown = set(row) - {"event", "to", "template", "link", "by", "unless", "clocks"}
        if unknown:
            raise PolicyError(f"{where}: unknown key {min(unknown)!r}")
        if row.get("event") not in CHANGES and row.get("event") not in SILENT:
            raise PolicyError(f"{where}: no event named {row.get('event')!r}")
        if row.get("to") not in RECIPIENTS or row.get("link") not in LINKS or not row.get("template"):
            raise PolicyError(f"{where}: to, link and template are needed, from the lists at the head of the file")
        by = frozenset(_strings(row.get("by", []), f"{where}.by"))
        if strangers := by - {role.value for role in Role}:
            raise PolicyError(f"{where}: no role named {min(strangers)!r}")
        only = frozenset(_strings(row.get("clocks", []), f"{where}.clocks"))
        if strangers := only - clocks:
            raise PolicyError(f"{where}: no clock named {min(strangers)!r}")
        telling = Telling(row["event"], row["to"], row["template"], row["link"], by, row.get("unless", ""), only)
        made[telling.event] = (*made.get(telling.event, ()), telling)
    return made
