"""How far a walk over all records has come, so that the next run goes on where the last one stopped.

item    pk            sk      what
walk    WALK#<name>   WALK    desk, key in its queue, when it began; none: the next run begins
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.store.reading import one
from chalicelib.store.table import Delete, Put, Row, compact, table


@dataclass(frozen=True, slots=True)
class Walk:
    """`began`: ISO time of its first run."""

    name: str
    began: str
    desk: str
    start: Mapping[str, str] | None


def get(name: str) -> Walk | None:
    """None where it is to begin; also where how far it came can't be read."""
    return one(table().get(f"WALK#{name}", "WALK", consistent=True), _walk)


def put(walk: Walk) -> None:
    body = compact({"began": walk.began, "desk": walk.desk, "start": walk.start and dict(walk.start)})
    table().write(Put({"pk": f"WALK#{walk.name}", "sk": "WALK", "body": body}))


def done(name: str) -> None:
    table().write(Delete((f"WALK#{name}", "WALK")))


def _walk(row: Row) -> Walk:
    b = json.loads(row["body"])
    return Walk(row["pk"].partition("#")[2], b["began"], b["desk"], b["start"])
