"""Tickets in their lists: what somebody holds, a desk's queue, what is open at a place, and by their short number.

Their events, heads and private parts are records' like any other: `records.py`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from chalicelib.domain.ticket import heading
from chalicelib.domain.ticket.trade import Kind, Priority, State
from chalicelib.store.reading import each
from chalicelib.store.records import NEVER, PINNED, key
from chalicelib.store.table import Row, table

PAGE = 25


@dataclass(frozen=True, slots=True)
class Entry:
    """A ticket in a list, as the index carries it. `spot`: its sort key there; `line`: what is shown, as stored.

    `place`: the id of where it is; "" in the lists of desks and holders, whose indexes don't carry it.
    """

    id: str
    spot: str
    line: dict[str, Any]
    said: heading.Line | None = None  # the same, read
    place: str = ""

    @property
    def by(self) -> str:
        """The next deadline."""
        return self.spot.removeprefix(PINNED)

    @property
    def pinned(self) -> bool:
        return self.spot.startswith(PINNED)


def everywhere(*, limit: int = 100, start: Any = None) -> tuple[list[str], Any]:
    """The ids of all tickets there ever were, in no order. Reads the whole table: for an operator's command alone."""
    page = table().walk("HEAD", limit=limit, start=start)
    return [row["id"] for row in page.rows if row["pk"].startswith("TICKET#")], page.next


def by_number(number: str) -> str | None:
    """The id of the ticket with a short number."""
    pk = f"NUMBER#{number}"
    row = table().get(pk, "NUMBER") or table().get(pk, "NUMBER", consistent=True)
    return row["id"] if row else None


def number_of(head: Row) -> str:
    """The short number of the ticket whose head it is; "" where it says none."""
    return str(json.loads(head.get("line", "{}")).get("n", ""))


def held_by(person: str, *, limit: int = PAGE, start: dict[str, str] | None = None) -> tuple[list[Entry], Any]:
    """What a person holds, by deadline; one page and where to go on."""
    page = table().index("work", f"HOLDER#{person}", limit=limit, start=start)
    return each(page.rows, _entry), page.next


def count_held_by(person: str) -> int:
    return table().count("work", f"HOLDER#{person}")


def queue(desk: str, *, limit: int = PAGE, start: dict[str, str] | None = None) -> tuple[list[Entry], Any]:
    """What is open at a desk, by deadline; one page and where to go on."""
    page = table().index("queue", f"DESK#{desk}", limit=limit, start=start)
    return each(page.rows, _entry), page.next


def open_at(place: str) -> list[Entry]:
    """The open tickets of a unit (or of a building or project, for common areas), newest last; at most 25."""
    found = table().index("place", f"PLACE#{place}", limit=PAGE).rows
    rows = table().batch([(row["pk"], "HEAD") for row in found])
    return sorted(each(rows, _entry), key=lambda x: x.id)


def past_at(place: str, before: str = "", *, limit: int = PAGE) -> list[Entry]:
    """What ended at a unit (or in a building or project, at none of its units), the newest report first.

    `before`: the ticket after which it goes on. Two calls.
    """
    start = {"pk": key(before), "sk": "HEAD", "lk": f"PAST#{place}", "id": before} if before else None
    found = table().index("place", f"PAST#{place}", limit=limit, start=start, descending=True).rows
    return sorted(several([row["id"] for row in found]), key=lambda x: x.id, reverse=True)


def several(ids: Sequence[str]) -> list[Entry]:
    """Tickets as lists show them, open or ended, in no order. One call per 100."""
    rows: list[Row] = []
    for first in range(0, len(ids), 100):
        rows += table().batch([(key(one), "HEAD") for one in ids[first : first + 100]])
    return each(rows, _entry)


def _entry(row: Row) -> Entry:
    """What the lists show. Raises ValueError, KeyError, TypeError for a line that is none."""
    line, said = _read(row["line"])
    one = Entry(row["id"], row.get("by", NEVER), line, said, row.get("lk", "").partition("#")[2])
    if one.by != NEVER:
        datetime.fromisoformat(one.by)
    return one


@lru_cache(maxsize=1024)
def _read(text: str) -> tuple[dict[str, Any], heading.Line]:
    """A stored line, read; a list is asked for again and again."""
    line: dict[str, Any] = json.loads(text)
    said = heading.unpack(line)
    Kind(said.kind), State(said.state), Priority(said.priority), str(said.number)
    return line, said
