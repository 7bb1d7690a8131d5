"""categories.toml: what a report is about, and the words that suggest it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.policy.reading import strings
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.trade import Priority


@dataclass(frozen=True, slots=True)
class Safety:
    """What to do until somebody comes: `steps` in their order, `brief` for an SMS, and whom to call (`phones`)."""

    steps: tuple[str, ...]
    brief: str
    phones: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Category:
    name: str
    trade: str
    default: Priority
    terms: tuple[str, ...]
    components: tuple[str, ...]
    checklist: tuple[str, ...]
    after_photo: bool
    safety: Safety | None = None
    required: tuple[str, ...] = ()  # of the checklist: done, or said why it does not apply


def read_categories(file: Mapping[str, Any]) -> Mapping[str, Category]:
    made, safety = {}, file.get("safety", {})
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
                safety=_safety(safety[name], f"categories.toml: safety.{name}") if name in safety else None,
                required=tuple(strings(row.get("required", []), f"{where}.required")),
            )
        except (KeyError, ValueError) as fault:
            raise PolicyError(f"{where}: {fault}") from fault
        if strangers := set(made[name].required) - set(made[name].checklist):
            raise PolicyError(f"{where}.required: {min(strangers)!r} is not on the checklist")
    if "other" not in made:
        raise PolicyError("categories.toml: category.other: is missing")
    if "other" not in safety:
        raise PolicyError("categories.toml: safety.other: holds where a category has none, and is missing")
    if strangers := safety.keys() - made.keys():
        raise PolicyError(f"categories.toml: safety.{min(strangers)}: no such category")
    return made


def _safety(row: Mapping[str, Any], where: str) -> Safety:
    phones = tuple(strings(row.get("phones"), f"{where}.phones"))
    if any(not phone.isdigit() for phone in phones):
        raise PolicyError(f"{where}.phones: are digits")
    steps, brief = tuple(strings(row.get("steps"), f"{where}.steps")), row.get("brief")
    if not steps or not isinstance(brief, str) or not brief:
        raise PolicyError(f"{where}: steps and their brief form are needed")
    return Safety(steps, brief, phones)
