"""What stands beside a scope's score and would betray how it was come by, by month.

item    pk                sk        what
signs   SIGNS#<scope>     <month>   `body`: {sign: [n, d]}, as `domain/measures/gaming.py` counts them

A scope is one of `store/measures.py`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.measures.gaming import Counted
from chalicelib.store.measures import Month, read
from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, compact, table


@dataclass(frozen=True, slots=True)
class Signs:
    month: str
    signs: Mapping[str, Counted]


def keep(scope: str, month: str, signs: Mapping[str, Counted]) -> None:
    """Write what a scope's month shows; the same again where it runs twice."""
    body = compact({sign: [one.n, one.d] for sign, one in sorted(signs.items())})
    table().write(Put({"pk": f"SIGNS#{scope}", "sk": month, "body": body}))


def months(scope: str, until: str, count: int = 13) -> list[Signs]:
    """A scope's months up to one, the newest first. One query."""
    return each(table().query(f"SIGNS#{scope}", "0", until, limit=count, descending=True).rows, _signs)


def with_figures(scope: str, named: Sequence[str]) -> tuple[list[Signs], list[Month]]:
    """A scope's months of those that are named, with their figures, the newest first. One call."""
    keys = [(f"{kind}#{scope}", month) for kind in ("SIGNS", "MEASURE") for month in named]
    rows = sorted(table().batch(keys), key=lambda row: str(row["sk"]), reverse=True)
    beside = [row for row in rows if str(row["pk"]).startswith("SIGNS#")]
    return each(beside, _signs), each((row for row in rows if row not in beside), read)


def _signs(row: Row) -> Signs:
    body = json.loads(row["body"])
    return Signs(str(row["sk"]), {sign: Counted(n, d) for sign, (n, d) in body.items()})
