"""Events last for years: old forms are read as today's. One step per kind and version; nothing stored is rewritten.

UPCASTERS[(kind, schema)]   stored (kind, data) in that schema → (kind, data) in the next
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Step = Callable[[str, dict[str, Any]], tuple[str, dict[str, Any]]]


def _taken_away(kind: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Schema 1 said of whoever lost a ticket unasked that they declined it, with the cause. They were not told then."""
    return ("taken_away", {**data, "quiet": True}) if data.get("cause") else (kind, data)


UPCASTERS: Mapping[tuple[str, int], Step] = {("declined", 1): _taken_away}


def newest(kind: str, steps: Mapping[tuple[str, int], Step] = UPCASTERS) -> int:
    """The schema in which events of a kind are stored today."""
    schema = 1
    while (kind, schema) in steps:
        schema += 1
    return schema


def upcast(
    kind: str, schema: int, data: dict[str, Any], steps: Mapping[tuple[str, int], Step] = UPCASTERS
) -> tuple[str, dict[str, Any]]:
    """Kind and data of a stored event in today's form."""
    while (kind, schema) in steps:
        kind, data = steps[(kind, schema)](kind, data)
        schema += 1
    return kind, data
