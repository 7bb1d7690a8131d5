"""Events last for years: old forms are read as today's. One step per schema version; nothing stored is rewritten.

UPCASTERS[(kind, schema)]   stored data in that schema → data in the next
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

SCHEMA = 1
UPCASTERS: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = {}


def upcast(
    kind: str,
    schema: int,
    data: dict[str, Any],
    steps: Mapping[tuple[str, int], Callable[[dict[str, Any]], dict[str, Any]]] = UPCASTERS,
) -> dict[str, Any]:
    """The data of a stored event in today's form."""
    while (kind, schema) in steps:
        data = steps[(kind, schema)](data)
        schema += 1
    return data
