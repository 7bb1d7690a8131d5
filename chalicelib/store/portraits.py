"""What months look like besides their figures, and a scope's screen in one read.

item       pk                  sk        what
portrait   PORTRAIT#<scope>    <month>   `body`: see `domain/measures/portrait.py`, and what its places are called
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chalicelib.domain.measures.portrait import Portrait, packed, unpacked
from chalicelib.store.measures import Month, put, read
from chalicelib.store.table import Row, compact, table

NOTHING: Mapping[str, str] = {}


class Raw(NamedTuple):
    """A row as it is kept: equal ones make equal pages."""

    pk: str
    sk: str
    body: str
    n: int


@dataclass(frozen=True, slots=True)
class Screen:
    """A scope's months, the newest first, and what the newest looks like. `names`: of places and companies."""

    months: Sequence[Month]
    portrait: Portrait = field(default_factory=Portrait)
    names: Mapping[str, str] = field(default_factory=dict)


def keep(scope: str, month: str, one: Portrait, names: Mapping[str, str] = NOTHING) -> None:
    """Write what a scope's month looks like; the same again where it runs twice."""
    put(written(scope, month, one, names))


def written(scope: str, month: str, one: Portrait, names: Mapping[str, str] = NOTHING) -> Row:
    """The row of what a scope's month looks like."""
    body = packed(one)
    worst = {row[3] for row in body["w"]}
    used = {*(place for places in body["b"].values() for place in places), *body["c"], *worst}
    body["n"] = {code: names[code] for code in sorted(used) if code in names}
    return {"pk": f"PORTRAIT#{scope}", "sk": month, "body": compact(body)}


def unnamed(row: Row) -> Row:
    """A row without what its places were called when it was made."""
    return {**row, "body": compact({name: found for name, found in json.loads(row["body"]).items() if name != "n"})}


def rows(scope: str, months: Sequence[str]) -> tuple[Raw, ...]:
    """The months of a scope that there are, and what the first of them looks like, as they are kept. One call."""
    keys = [*((f"MEASURE#{scope}", month) for month in months), (f"PORTRAIT#{scope}", months[0])]
    found = table().batch(keys)
    return tuple(sorted(Raw(str(row["pk"]), str(row["sk"]), str(row["body"]), int(row.get("n", 0))) for row in found))


def screen_of(raw: Sequence[Raw]) -> Screen:
    """What `rows` found, read."""
    found = [month_of(row) for row in raw if row.pk.startswith("MEASURE#")]
    kept = next((row for row in raw if row.pk.startswith("PORTRAIT#")), None)
    body: dict[str, Any] = json.loads(kept.body) if kept else {}
    return Screen(sorted(found, key=lambda one: one.month, reverse=True), unpacked(body), body.get("n", {}))


def month_of(row: Raw) -> Month:
    return read({"pk": row.pk, "sk": row.sk, "body": row.body, "n": row.n})


def screen(scope: str, months: Sequence[str]) -> Screen:
    """The months of a scope that there are, and what the first of them looks like. One call."""
    return screen_of(rows(scope, months))
