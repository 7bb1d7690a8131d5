"""Reads the policy files, checks them, and finds the line at fault."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.domain.policy.calendars import Schedules
from chalicelib.domain.policy.overrides import with_years
from chalicelib.domain.policy.policy import Policy, parse
from chalicelib.domain.policy.versions import mark
from chalicelib.domain.record.errors import PolicyError

if TYPE_CHECKING:
    from chalicelib.domain.warranty.causes import Cause
    from chalicelib.domain.warranty.terms import Rule

FOLDER = Path(__file__).parent.parent / "policy"
SHIPPED = FOLDER
FILES = ("clocks.toml", "categories.toml", "routing.toml", "telling.toml")
# Kept as text, read by the modules of `domain/policy/` named so (contractor: `ladder.py`); older versions have none.
TEXTS = {name: f"{name}.toml" for name in ("contractor", "money", "surveys", "measures", "scores", "actions")}
YEARS_AHEAD = 2

_base: Policy | None = None


def policy() -> Policy:
    """The policy of the files that ship. Raises PolicyError with file and line."""
    global _base
    if _base is None:
        _base = read(FOLDER)
    return _base


def read(folder: Path, holidays: Schedules | None = None) -> Policy:
    """The policy in a folder. Raises PolicyError, its text beginning `file:line:`."""
    texts = _texts(folder)
    return _made(texts, schedules() if holidays is None else holidays, _written(texts, schedules()))


def content() -> str:
    """All that the policy of the files that ship is made of, as one text; `remade` reads it."""
    return _written(_texts(FOLDER), schedules())


def _texts(folder: Path) -> dict[str, str]:
    return {
        name: (folder / name).read_text(encoding="utf-8")
        for name in (*FILES, *TEXTS.values())
        if (folder / name).exists()
    }


def remade(kept: str, years: Mapping[str, Mapping[int, Mapping[date, bool]]]) -> Policy:
    """The policy that a content made then, with the years that were loaded by schedule. Raises PolicyError."""
    body = json.loads(kept)
    found: Schedules = {
        name: ({date.fromisoformat(day): bool(work) for day, work in days.items()}, frozenset(known))
        for name, (days, known) in body["holidays"].items()
    }
    for name, loaded in years.items():
        found = with_years(found, name, loaded)
    return _made(body["files"], found, kept)


def _made(texts: Mapping[str, str], holidays: Schedules, kept: str) -> Policy:
    """The policy of files and schedules; it is called by its date and the content that ships."""
    files = {}
    for name in FILES:
        try:
            files[name] = tomllib.loads(texts[name])
        except tomllib.TOMLDecodeError as fault:
            raise PolicyError(f"{name}: {fault}") from fault
    try:
        made = parse(files, holidays)
    except PolicyError as fault:
        raise PolicyError(_with_line(str(fault), texts)) from fault
    version = f"{made.version}.{mark(kept)}"
    kept_as_text: dict[str, Any] = {field: texts.get(name, "") for field, name in TEXTS.items()}
    return replace(made, version=version, **kept_as_text)


def _written(texts: Mapping[str, str], shipped: Schedules) -> str:
    holidays = {
        name: [{day.isoformat(): int(work) for day, work in sorted(days.items())}, sorted(known)]
        for name, (days, known) in sorted(shipped.items())
    }
    return json.dumps({"files": dict(texts), "holidays": holidays}, ensure_ascii=False, separators=(",", ":"))


def schedules() -> dict[str, tuple[Mapping[date, bool], frozenset[int]]]:
    """The holiday schedules that ship: name → (days, the years they are known for)."""
    from chalicelib.adapters.holidays import UnknownYear, china

    days: dict[date, Any] = {}
    known = set()
    for year in range(2019, 2100):
        try:
            days |= china(year)
            known.add(year)
        except UnknownYear:
            break
    return {"china": (days, frozenset(known))}


def _with_line(fault: str, texts: Mapping[str, str]) -> str:
    """`clocks.toml: clock.response.target: …` → `clocks.toml:12: clock.response.target: …`."""
    name, _, rest = fault.partition(": ")
    path, _, _ = rest.partition(": ")
    line = _line_of(path, texts.get(name, ""))
    return f"{name}:{line}: {rest}" if line else fault


def _line_of(path: str, text: str) -> int:
    """The line of a dotted key, or of the nearest table above it that the file spells out; 0 when there is none."""
    lines = text.splitlines()
    if path.startswith(("rule ", "message ")):
        word, _, number = path.partition(" ")
        number = number.partition(".")[0]
        heads = [i for i, line in enumerate(lines, 1) if line.strip() == f"[[{word}]]"]
        return heads[int(number) - 1] if number.isdigit() and 0 < int(number) <= len(heads) else 0
    parts = path.split(".")
    for cut in range(len(parts), 0, -1):
        table, keys = ".".join(parts[:cut]), parts[cut:]
        head = next((i for i, line in enumerate(lines, 1) if line.split("#")[0].strip() == f"[{table}]"), 0)
        if not head:
            continue
        if keys:
            for i in range(head, len(lines)):
                if lines[i].startswith("["):
                    break
                if lines[i].split("=")[0].strip() == keys[0]:
                    return i + 1
        return head
    return next((i for i, line in enumerate(lines, 1) if line.split("=")[0].strip() == parts[0]), 0)


@cache
def causes() -> Mapping[str, Cause]:
    """What a fault may come from, of the file that ships. Raises PolicyError."""
    from chalicelib.domain.warranty.causes import read_causes

    return read_causes(_warranty(), _components())


@cache
def warranty() -> tuple[Rule, ...]:
    """The legal terms of the file that ships. Raises PolicyError."""
    from chalicelib.domain.warranty.terms import read_rules

    return read_rules(_warranty(), _components())


def _warranty() -> dict[str, Any]:
    return tomllib.loads((SHIPPED / "warranty.toml").read_text(encoding="utf-8"))


def _components() -> frozenset[str]:
    return frozenset(f"{c.name}/{x}" for c in policy().categories.values() for x in c.components)
