"""Batches by number, and which entries each has: planned first, claimed then, in parts that any run goes on with.

item   pk                 sk               what
line   BATCHES#<entity>   <year>#<seq>     `id` the batch, `line` as its list shows it; written with its every change
plan   PLAN#<batch>       <part>           `body` the entries that it wants, and where the next part begins;
                                           `state` claimed with `line`, those of them that it did not get
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.record.reference import parts
from chalicelib.store.entries import Ref
from chalicelib.store.reading import each
from chalicelib.store.table import Change, Conflict, Put, Row, Write, compact, table

ROOM = "BATCHES"
CLAIMED = "claimed"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a plan. `start`: where the next one begins in the list of what is ready, None for the last.

    `lost`: the positions that others had; None while they are not known. `left_out`: how many fitted and may not go.
    """

    n: int
    refs: tuple[Ref, ...]
    start: Mapping[str, str] | None
    left_out: int = 0
    lost: frozenset[int] | None = None

    def got(self) -> list[Ref]:
        lost = self.lost or frozenset()
        return [ref for n, ref in enumerate(self.refs) if n not in lost]


@dataclass(frozen=True, slots=True)
class Listed:
    """A batch in the list: its reference, number, period, state, count and fen; what it counters or "" for none."""

    id: str
    number: str
    period: str
    state: str
    count: int
    fen: int
    counters: str = ""
    by: str = ""
    at: str = ""


def plan(batch: str) -> Iterator[Part]:
    """The parts of a batch's plan that there are. A query for every few."""
    start = None
    while True:
        page = table().query(_plan(batch), limit=20, start=start, consistent=True)
        yield from (_part(row) for row in page.rows)
        start = page.next
        if not start:
            return


def part(batch: str, n: int) -> Part | None:
    row = table().get(_plan(batch), f"{n:05d}", consistent=True)
    return _part(row) if row else None


def put_part(batch: str, made: Part) -> Part:
    """Keep a part; what is kept: another one where somebody was faster."""
    body = compact({"r": [list(ref) for ref in made.refs], "s": made.start and dict(made.start), "o": made.left_out})
    try:
        table().write(Put({"pk": _plan(batch), "sk": f"{made.n:05d}", "body": body}, new=True))
    except Conflict:
        found = part(batch, made.n)
        assert found is not None
        return found
    return made


def claimed(batch: str, n: int, lost: Sequence[int]) -> frozenset[int]:
    """Note that a part was claimed, but for those; which those are for good. What was noted first stays."""
    change = Change(
        (_plan(batch), f"{n:05d}"), sets={"state": CLAIMED, "line": compact(list(lost))}, when={"state": None}
    )
    try:
        table().write(change)
    except Conflict:
        kept = part(batch, n)
        assert kept is not None
        assert kept.lost is not None
        return kept.lost
    return frozenset(lost)


def line(entity: str, year: int, sequence: int, batch: str, about: Mapping[str, Any]) -> Write:
    """The write that keeps a numbered batch in the list of its entity."""
    row = {"pk": f"{ROOM}#{entity}", "sk": f"{year}#{sequence:09d}", "id": batch, "line": compact(about)}
    return Put(row)


def listed(
    entity: str, *, limit: int, start: Mapping[str, str] | None = None
) -> tuple[list[Listed], Mapping[str, str] | None]:
    """The numbered batches of an entity, the latest first; and where to go on. One query."""
    page = table().query(f"{ROOM}#{entity}", limit=limit, start=start, descending=True)
    return each(page.rows, _listed), page.next


def start_of(entity: str, spot: str) -> Mapping[str, str]:
    """Where the list of an entity goes on behind a spot of it: <year>#<sequence>."""
    return {"pk": f"{ROOM}#{entity}", "sk": spot}


def numbered(entity: str, year: int, sequence: int) -> str:
    """The batch of a number; "" for none."""
    row = table().get(f"{ROOM}#{entity}", f"{year}#{sequence:09d}", consistent=True)
    return str(row["id"]) if row else ""


def _plan(batch: str) -> str:
    return f"PLAN#{parts(batch)[1]}"


def _part(row: Row) -> Part:
    body = json.loads(row["body"])
    refs = tuple((number, version) for number, version in body["r"])
    lost = frozenset(json.loads(row["line"])) if row.get("state") == CLAIMED else None
    return Part(int(row["sk"]), refs, body["s"], body["o"], lost)


def _listed(row: Row) -> Listed:
    s = json.loads(row["line"])
    return Listed(row["id"], s["n"], s["p"], s["s"], s["c"], s["f"], s.get("r", ""), s.get("b", ""), s.get("t", ""))
