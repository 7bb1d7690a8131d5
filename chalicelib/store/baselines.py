"""What was measured of a project before it was here, and of the industry, as somebody entered it.

item        pk                                     sk          what
baseline    BASELINE#<project>, BASELINE#industry  BASELINE    `body`: [[month, measure, n, d]…], see `rollout.py`
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from chalicelib.domain.measures.rollout import Entry
from chalicelib.store.reading import one
from chalicelib.store.table import Row, compact, table


def put(project: str, entries: Iterable[Entry]) -> Row:
    """The row of all that was entered of a project or of the industry."""
    rows = sorted([entry.month, entry.measure, entry.n, entry.d] for entry in entries)
    return {"pk": f"BASELINE#{project}", "sk": "BASELINE", "id": project, "body": compact(rows)}


def several(*projects: str) -> dict[str, tuple[Entry, ...]]:
    """By project. One call."""
    rows = table().batch((f"BASELINE#{project}", "BASELINE") for project in projects)
    found = {row["id"]: one(row, _entries) or () for row in rows}
    return {project: found.get(project, ()) for project in projects}


def _entries(row: Row) -> tuple[Entry, ...]:
    return tuple(Entry(month, measure, int(n), int(d)) for month, measure, n, d in json.loads(row["body"]))
