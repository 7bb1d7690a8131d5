"""Subsidiaries' months: points, ranks and what follows, made anew until the month is final.

item       pk                       sk         what
standing   STANDING#<subsidiary>    <month>    `body` points with their tickets, rank, factor; `state` final
sheet      STANDING#                <month>    `body` the bonus sheet's key; `by` when it was made
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.measures.subsidiary import Point, Standing
from chalicelib.store.reading import each, one
from chalicelib.store.table import Put, Row, compact, iso, table

FINAL = "final"


def keep(made: Standing, final: bool) -> None:
    """Write a subsidiary's month; the same again where it runs twice."""
    body = {
        "p": made.plan,
        "c": made.cases,
        "r": [made.rank, made.among],
        "f": made.factor,
        "w": [list(made.rewards), list(made.penalties)],
        "x": [[p.rule, p.of, p.tenths, p.n, p.d, p.target, list(p.tickets)] for p in made.points],
    }
    row: Row = {"pk": f"STANDING#{made.subsidiary}", "sk": made.month, "body": compact(body)}
    table().write(Put(row | ({"state": FINAL} if final else {})))


def is_final(subsidiary: str, month: str) -> bool:
    row = table().get(f"STANDING#{subsidiary}", month, consistent=True)
    return row is not None and row.get("state") == FINAL


def months(subsidiary: str, until: str, count: int = 13) -> list[Standing]:
    """A subsidiary's months up to one, the newest first. One query."""
    return each(table().query(f"STANDING#{subsidiary}", "0", until, limit=count, descending=True).rows, _standing)


def of_month(subsidiaries: Iterable[str], month: str) -> list[Standing]:
    """The standings of a month, in no order. A call for every 100."""
    keys = [(f"STANDING#{subsidiary}", month) for subsidiary in subsidiaries]
    slices = (keys[first : first + 100] for first in range(0, len(keys), 100))
    return [found for some in slices for found in each(table().batch(some), _standing)]


def keep_sheet(month: str, key: str, at: datetime) -> None:
    """Where the bonus sheet of a month lies."""
    table().write(Put({"pk": "STANDING#", "sk": month, "by": iso(at), "body": compact({"k": key})}))


def sheet(month: str) -> str:
    """The key of the bonus sheet; "" where there is none yet."""
    return one(table().get("STANDING#", month), _key) or ""


def _key(row: Row) -> str:
    return str(json.loads(row["body"])["k"])


def _standing(row: Row) -> Standing:
    b = json.loads(row["body"])
    return Standing(
        subsidiary=row["pk"].partition("#")[2],
        month=row["sk"],
        plan=b["p"],
        points=tuple(Point(rule, of, t, n, d, target, tuple(its)) for rule, of, t, n, d, target, its in b["x"]),
        cases=b["c"],
        rank=b["r"][0],
        among=b["r"][1],
        factor=b["f"],
        rewards=tuple(b["w"][0]),
        penalties=tuple(b["w"][1]),
    )
