"""Facts as the table keeps them: added, never changed, and listed by project and month.

item    pk                       sk                      what
fact    FACT#<project>#<month>   <counts>#<ticket>#<n>   `id` the ticket, `body` the numbers; `n` its version then

A body that would make the item longer than a write unit is deflated and begins with SQUEEZED: a few in a hundred, of
long lives. A correction counts in a month that may be over: it stands in the index place under CORRECTED#<day> too, by
which that month is found.
"""

from __future__ import annotations

import json
import zlib
from base64 import b85decode, b85encode
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.measures.packing import packed, unpacked
from chalicelib.store.reading import each
from chalicelib.store.table import Conflict, Put, Row, compact, table

SQUEEZED = "~"
LONG = 860  # bytes: what is left of 1,024 beside keys and names
PAGE = 200
STRETCH = 2_000


def as_put(fact: Fact, month: str) -> Put:
    """The write that adds a fact, for the transaction of the change that makes it."""
    body = _squeezed(compact(packed(fact)))
    key = {"pk": f"FACT#{fact.place.get('project', '')}#{month}", "sk": _sk(fact)}
    found = {"lk": _corrected(fact.at.date())} if fact.why == "corrected" else {}
    return Put({**key, "id": fact.ticket, "body": body, **found}, new=True)


def corrected_on(day: date) -> set[tuple[str, str]]:
    """(project, month) of what was corrected on a day (UTC). One query, mostly."""
    rows = table().index("place", _corrected(day)).rows
    return {(project, month) for _, project, month in (str(row["pk"]).split("#") for row in rows)}


def _corrected(day: date) -> str:
    return f"CORRECTED#{day}"


def add(fact: Fact, month: str) -> bool:
    """Add a fact by itself; False when it stands there already. May run again."""
    try:
        table().write(as_put(fact, month))
    except Conflict:
        return False
    return True


def of_month(
    project: str,
    month: str,
    *,
    limit: int = PAGE,
    start: Mapping[str, str] | None = None,
    newest_first: bool = False,
) -> tuple[list[Fact], Mapping[str, str] | None]:
    """The facts of a project and month (2026-03) in the order of time; one page and where to go on. One query."""
    page = table().query(f"FACT#{project}#{month}", limit=limit, start=start, descending=newest_first)
    return each(page.rows, _fact), page.next


def as_kept(project: str, month: str) -> Iterator[Row]:
    """The rows of a project and month as they are kept, in the order of time; `read` reads one. A query a megabyte."""
    start = None
    while True:
        page = table().query(f"FACT#{project}#{month}", limit=STRETCH, start=start)
        yield from page.rows
        start = page.next
        if not start:
            return


def when(row: Row) -> datetime:
    """The time that a row counts at."""
    return datetime.fromisoformat(str(row["sk"]).partition("#")[0])


def read(rows: Iterable[Row]) -> list[Fact]:
    """The facts of rows as they are kept; one that can't be read rings, and is left out."""
    return each(rows, _fact)


def _sk(fact: Fact) -> str:
    return f"{fact.counts:%Y-%m-%dT%H:%M:%SZ}#{fact.ticket}#{fact.n:06d}"


def _squeezed(body: str) -> str:
    raw = body.encode()
    return body if len(raw) <= LONG else SQUEEZED + b85encode(zlib.compress(raw, 9)).decode()


def numbers_of(row: Row) -> dict[str, Any]:
    """What a row says, as `packing` has it. Raises ValueError for what was never written so."""
    body = str(row["body"])
    if body.startswith(SQUEEZED):
        try:
            body = zlib.decompress(b85decode(body[1:])).decode()
        except zlib.error as fault:
            raise ValueError("deflated otherwise") from fault
    found: dict[str, Any] = json.loads(body)
    return found


def _fact(row: Row) -> Fact:
    when, ticket, n = str(row["sk"]).split("#")
    return unpacked(ticket, int(n), datetime.fromisoformat(when), numbers_of(row))
