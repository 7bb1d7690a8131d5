"""Figures of months as the table keeps them: one item a scope and month, its parts beside it.

item      pk                 sk               what
figures   MEASURE#<scope>    <month>          `body`: {"f": figures, "r": ranks, "1": as first reported, "w": tickets
                                              that moved it since, "z": when the month was final}; `n`: facts
parts     PARTS#<scope>      <month>          `body`: {group: figures}, by category, component, stage, contractor
tally     TALLY#<project>    <month>#<n>      a project's month counted: `body` packed, in as many pieces as it needs
homes     TALLY#<project>    <month>#HOMES    `body`: flats, and those in warranty by company, as first counted
walk      MEASURED           <month>          `body`: what the walk has still to do; when the month was final

A scope is `group`, `subsidiary#S1`, `project#P1`, `team#P1/engineering`, `person#P1-E1`, `contractor#C1`.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.measures.figures import Figure, packed, unpacked
from chalicelib.domain.measures.tally import Tally
from chalicelib.store.reading import each, one
from chalicelib.store.table import Key, Put, Row, compact, table

PIECE = 300_000  # letters of a tally in one item
AT_ONCE = 100
STRETCH = 1_000
READ = ("MEASURE#", "PARTS#", "PORTRAIT#")


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
    put(written(one))


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


def several(keys: Iterable[Key]) -> dict[Key, Row]:
    """Rows as they are kept, by key. A call per 100."""
    wanted, found = list(keys), {}
    for first in range(0, len(wanted), AT_ONCE):
        for row in table().batch(wanted[first : first + AT_ONCE], consistent=True):
            found[row["pk"], row["sk"]] = row
    return found


def every(named: str) -> dict[Key, Row]:
    """Whatever is kept of a month that pages read, by key. Reads the whole table: for an operator's command alone."""
    found: dict[Key, Row] = {}
    start = None
    while True:
        page = table().walk(named, limit=STRETCH, start=start)
        found |= {(row["pk"], row["sk"]): row for row in page.rows if row["pk"].startswith(READ)}
        start = page.next
        if not start:
            return found


def written(one: Month) -> Row:
    """The row of a scope's month."""
    body: dict[str, Any] = {"f": packed(one.figures), "r": {name: [*rank] for name, rank in one.ranks.items()}}
    if one.first:
        body["1"] = packed(one.first)
    if one.final:
        body["z"] = one.final
    if one.why:
        body["w"] = list(one.why)
    return {"pk": f"MEASURE#{one.scope}", "sk": one.month, "body": compact(body), "n": one.facts}


def written_parts(scope: str, named: str, groups: Mapping[str, Mapping[str, Figure]]) -> Row:
    """The row of the parts of a scope's month."""
    body = compact({group: packed(found) for group, found in groups.items()})
    return {"pk": f"PARTS#{scope}", "sk": named, "body": body}


def put(row: Row) -> None:
    table().write(Put(row))


# how far it has come


@dataclass(frozen=True, slots=True)
class Counted:
    """A project's month. `digest`: of all that it was counted from; `looks`: what it looks like, by scope, packed."""

    project: str
    month: str
    digest: str
    facts: int
    tallies: Mapping[str, Tally]
    looks: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Homes:
    """Flats of a project, and those in warranty: by any contract, and by company."""

    flats: int = 0
    warranty: int = 0
    companies: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Walk:
    """`began`: when; `left`: projects still to be counted; `done`: whether the rows stand. `final`: when the month was.
    `scopes`: of the rows that stand.
    """

    month: str
    began: str
    left: tuple[str, ...] = ()
    done: bool = False
    final: str = ""
    scopes: tuple[str, ...] = ()


def counted(project: str, named: str) -> Counted | None:
    """A project's month as it was counted last; None where it was not, or is to be counted anew. One query."""
    rows = table().query(f"TALLY#{project}", f"{named}#0", f"{named}#9~", consistent=True).rows
    return one({"pk": f"TALLY#{project}", "sk": named, "rows": rows}, _counted) if rows else None


def digest(project: str, named: str) -> str:
    """What a project's month was counted from; "" where it was not. One read."""
    row = table().get(f"TALLY#{project}", f"{named}#000", consistent=True)
    return str(row["id"]) if row else ""


def keep_counted(made: Counted) -> None:
    """The first piece comes last: it names what all of them were counted from."""
    stored = {
        "n": made.facts,
        "t": {
            group: [tally.counts, {m: _steps(sorted(found)) for m, found in tally.spreads.items()}, sorted(tally.late)]
            for group, tally in sorted(made.tallies.items())
        },
        "p": made.looks,
    }
    text = base64.b85encode(zlib.compress(compact(stored).encode(), 6)).decode()
    pieces = [text[at : at + PIECE] for at in range(0, len(text), PIECE)]
    for number in reversed(range(len(pieces))):
        key = {"pk": f"TALLY#{made.project}", "sk": f"{made.month}#{number:03}"}
        table().write(Put({**key, "id": made.digest, "n": len(pieces), "body": pieces[number]}))


def _steps(values: Sequence[int]) -> list[int]:
    return [value - before for before, value in zip([0, *values], values, strict=False)]


def _summed(steps: Iterable[int]) -> list[int]:
    found, last = [], 0
    for step in steps:
        last += step
        found.append(last)
    return found


def _counted(row: Row) -> Counted | None:
    rows = row["rows"]
    whole = rows[: int(rows[0]["n"])]
    if rows[0]["sk"] != f"{row['sk']}#000" or len({(r["id"], r["n"]) for r in whole}) > 1:
        return None  # cut off while it was written
    try:
        text = zlib.decompress(base64.b85decode("".join(r["body"] for r in whole)))
    except zlib.error as fault:  # no ValueError, as all else that a damaged body makes
        raise ValueError("not what was packed") from fault
    body = json.loads(text)
    return Counted(
        project=row["pk"].partition("#")[2],
        month=row["sk"],
        digest=rows[0]["id"],
        facts=body["n"],
        tallies={
            group: Tally(counts, {m: _summed(steps) for m, steps in spreads.items()}, set(late))
            for group, (counts, spreads, late) in body["t"].items()
        },
        looks=body["p"],
    )


def homes(project: str, named: str) -> Homes | None:
    row = table().get(f"TALLY#{project}", f"{named}#HOMES")
    return one(row, _homes)


def keep_homes(project: str, named: str, found: Homes) -> None:
    body = compact([found.flats, found.warranty, dict(sorted(found.companies.items()))])
    table().write(Put({"pk": f"TALLY#{project}", "sk": f"{named}#HOMES", "body": body}))


def _homes(row: Row) -> Homes:
    return Homes(*json.loads(row["body"]))


def walk(named: str) -> Walk | None:
    """How far the walk of a month has come. One read."""
    return one(table().get("MEASURED", named, consistent=True), _walk)


def come(one: Walk) -> None:
    body = {"b": one.began, "l": list(one.left), "d": int(one.done), "z": one.final, "s": list(one.scopes)}
    table().write(Put({"pk": "MEASURED", "sk": one.month, "body": compact(body)}))


def _walk(row: Row) -> Walk:
    b = json.loads(row["body"])
    return Walk(row["sk"], b["b"], tuple(b["l"]), bool(b["d"]), b["z"], tuple(b["s"]))
