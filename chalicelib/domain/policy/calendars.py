"""The calendars of clocks.toml: tz, weekly shifts, closed days, a date's own shifts, a holiday schedule."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from chalicelib.domain.policy.reading import strings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.time.calendar import ALWAYS_OPEN, Calendar

COUNTS = ("always", "service", "office")
Schedules = Mapping[str, tuple[Mapping[date, bool], frozenset[int]]]  # name → (days, the years they are known for)


def read_calendars(file: Mapping[str, Any], holidays: Schedules) -> Mapping[str, Calendar]:
    made: dict[str, Calendar] = {"always": ALWAYS_OPEN}
    for name, row in file.get("calendars", {}).items():
        made[name] = calendar(row, f"clocks.toml: calendars.{name}", holidays)
    for name in COUNTS:
        if name not in made:
            raise PolicyError(f"clocks.toml: calendars.{name}: is missing")
    return made


def calendar(row: Mapping[str, Any], where: str, holidays: Schedules) -> Calendar:
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


def _date(text: str, where: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as fault:
        raise PolicyError(f"{where}: {text!r} is no date") from fault


def _shifts(row: object, where: str) -> list[tuple[str, str]]:
    shifts = []
    for text in strings(row, where):
        opens, dash, closes = text.partition("-")
        if not dash:
            raise PolicyError(f"{where}: {text!r} is no shift such as 08:00-20:00")
        shifts.append((opens.strip(), closes.strip()))
    return shifts
