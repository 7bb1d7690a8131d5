"""routing.toml: who gets what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.policy.categories import Category
from chalicelib.domain.policy.reading import strings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.record.roles import CREWS

CONDITIONS = ("kind", "category", "trade", "priority", "project", "building")


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing rule: all of `conditions` hold → `team` in the project, or the desk of level `desk`."""

    name: str
    conditions: Mapping[str, frozenset[str]]
    team: str = ""
    desk: int = 0


def read_rules(file: Mapping[str, Any], categories: Mapping[str, Category]) -> tuple[Rule, ...]:
    made = []
    for i, row in enumerate(file.get("rule", ())):
        where = f"routing.toml: rule {i + 1}"
        unknown = set(row) - {"name", "team", "desk", *CONDITIONS}
        if unknown:
            raise PolicyError(f"{where}: unknown key {min(unknown)!r}")
        if bool(row.get("team")) == bool(row.get("desk")):
            raise PolicyError(f"{where}: names either a team or a desk")
        if row.get("team") and row["team"] not in CREWS:
            raise PolicyError(f"{where}.team: {row['team']!r} is none of {', '.join(CREWS)}")
        for category in row.get("category", ()):
            if category not in categories:
                raise PolicyError(f"{where}: no category named {category!r}")
        conditions = {c: frozenset(strings(row[c], f"{where}.{c}")) for c in CONDITIONS if c in row}
        made.append(Rule(str(row.get("name", i + 1)), conditions, row.get("team", ""), int(row.get("desk", 0))))
    return tuple(made)
