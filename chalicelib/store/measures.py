"""Figures of months as the table keeps them: one item a scope and month, its parts beside it.

item      pk                 sk        what
figures   MEASURE#<scope>    <month>   `body`: {"f": figures, "r": ranks, "1": as first reported, "w": why it moved
                                       since, "z": when the month was final}; `n`: of how many facts
parts     PARTS#<scope>      <month>   `body`: {group: figures}, by category, component, stage

A scope is `group`, `subsidiary#S1`, `project#P1`, `team#P1/engineering`, `person#P1-E1`, `contractor#C1`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.measures.figures import Figure, packed, unpacked
from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, compact, table


@dataclass(frozen=True, slots=True)
class Month:
    """A scope's figures of a month. `first`: as they were when it was final, where they have moved since.

    `ranks`: measure → (rank, of how many siblings). `why`: tickets whose facts moved it. `facts`: how many there were.
    """

    scope: str
    month: str
    figures: Mapping[str, Figure]
    ranks: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    final: str = ""
    first: Mapping[str, Figure] = field(default_factory=dict)
    why: Sequence[str] = ()
    facts: int = 0


def months(scope: str, until: str, count: int = 13) -> list[Month]:
    """The figures of a scope up to a month, the newest first. One query."""
    return each(table().query(f"MEASURE#{scope}", "0", until, limit=count, descending=True).rows, read)


def month(scope: str, named: str) -> Month | None:
    row = table().get(f"MEASURE#{scope}", named)
    return read(row) if row else None


def month_of(scopes: Sequence[str], named: str) -> Mapping[str, Month]:
    """The same month of several scopes, up to 100; those that have none are left out. One call."""
    found = each(table().batch([(f"MEASURE#{scope}", named) for scope in scopes]), read)
    return {one.scope: one for one in found}


def final_at(one: Month) -> datetime:
    """When a month was final."""
    return datetime.fromisoformat(one.final)


def parts(scope: str, named: str) -> Mapping[str, Mapping[str, Figure]]:
    """The figures of a scope's month by group (`category#leak`). One call."""
    row = table().get(f"PARTS#{scope}", named)
    return {group: unpacked(stored) for group, stored in json.loads(row["body"]).items()} if row else {}


def keep(one: Month) -> None:
    """Write a scope's month; the same again where it runs twice."""
    body: dict[str, Any] = {"f": packed(one.figures), "r": {name: [*rank] for name, rank in one.ranks.items()}}
    if one.first:
        body["1"] = packed(one.first)
    if one.final:
        body["z"] = one.final
    if one.why:
        body["w"] = list(one.why)
    table().write(Put({"pk": f"MEASURE#{one.scope}", "sk": one.month, "body": compact(body), "n": one.facts}))


def keep_parts(scope: str, named: str, groups: Mapping[str, Mapping[str, Figure]]) -> None:
    body = compact({group: packed(found) for group, found in groups.items()})
    table().write(Put({"pk": f"PARTS#{scope}", "sk": named, "body": body}))


def read(row: Row) -> Month:
    """A row as it is kept."""
    body = json.loads(row["body"])
    return Month(
        scope=str(row["pk"]).partition("#")[2],
        month=str(row["sk"]),
        figures=unpacked(body["f"]),
        ranks={name: (rank, of) for name, (rank, of) in body.get("r", {}).items()},
        final=body.get("z", ""),
        first=unpacked(body.get("1", {})),
        why=tuple(body.get("w", ())),
        facts=int(row.get("n", 0)),
    )
