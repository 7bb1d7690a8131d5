"""categories.toml: what a report is about, and the words that suggest it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.policy.reading import strings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.trade import Priority


@dataclass(frozen=True, slots=True)
class Category:
    name: str
    trade: str
    default: Priority
    terms: tuple[str, ...]
    components: tuple[str, ...]
    checklist: tuple[str, ...]
    after_photo: bool


def read_categories(file: Mapping[str, Any]) -> Mapping[str, Category]:
    made = {}
    for name, row in file.get("category", {}).items():
        where = f"categories.toml: category.{name}"
        try:
            made[name] = Category(
                name=name,
                trade=str(row["trade"]),
                default=Priority(row["default"]),
                terms=tuple(t.lower() for t in strings(row["terms"], f"{where}.terms")),
                components=tuple(strings(row["components"], f"{where}.components")),
                checklist=tuple(strings(row["checklist"], f"{where}.checklist")),
                after_photo=bool(row["after_photo"]),
            )
        except (KeyError, ValueError) as fault:
            raise PolicyError(f"{where}: {fault}") from fault
    if "other" not in made:
        raise PolicyError("categories.toml: category.other: is missing")
    return made
