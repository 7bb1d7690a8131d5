"""Cases in their lists: a company's, a warranty office's, what a third party is engaged for, what has ended.

list       key                          by
office     CASE.DESK#<office>           the next deadline; what waits for the office
others     CASE.DESK#<office>/others    the next deadline; what is open there and waits for others alone
company    CASE.HOLDER#<company>        the next deadline
engaged    CASE.ENGAGED#<third party>   the case's age; one more call for the lines
past       CASE.PAST#<company>          the case's age, newest first; one more call for the lines
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from chalicelib.domain.contractor.heading import Line, beside, unpack
from chalicelib.domain.contractor.kind import PREFIX
from chalicelib.store.reading import each
from chalicelib.store.records import NEVER, PINNED, list_key, named
from chalicelib.store.table import Row, table

PAGE = 25


@dataclass(frozen=True, slots=True)
class Item:
    """A case in a list. `by`: its next deadline, None where none runs; `spot`: where the list goes on after it."""

    id: str
    by: datetime | None
    line: Line
    spot: str
    pinned: bool = False

    def late(self, at: datetime) -> bool:
        return self.by is not None and self.by < at


Start = dict[str, str] | None


def at_office(office: str, *, limit: int = PAGE, start: Start = None) -> tuple[list[Item], Any]:
    """What waits for a warranty office, by deadline; one page and where to go on. One call."""
    return _indexed("queue", "DESK", office, limit, start)


def others(office: str, *, limit: int = PAGE, start: Start = None) -> tuple[list[Item], Any]:
    """What is open at a warranty office and waits for others, by deadline; one page and where to go on. One call."""
    return _indexed("queue", "DESK", beside(office), limit, start)


def of_company(company: str, *, limit: int = PAGE, start: Start = None) -> tuple[list[Item], Any]:
    """What is open of a contractor, by deadline; one page and where to go on. One call."""
    return _indexed("work", "HOLDER", company, limit, start)


def engaged(company: str, *, limit: int = PAGE, start: Start = None) -> tuple[list[Item], Any]:
    """What a third party is engaged for, the oldest first; one page and where to go on. Two calls."""
    return _placed("ENGAGED", company, limit, start, descending=False)


def past(company: str, *, limit: int = PAGE, start: Start = None) -> tuple[list[Item], Any]:
    """What has ended with a contractor, the newest first; one page and where to go on. Two calls."""
    return _placed("PAST", company, limit, start, descending=True)


def _indexed(index: str, name: str, value: str, limit: int, start: Start) -> tuple[list[Item], Any]:
    page = table().index(index, list_key(f"{PREFIX}#", name, value), limit=limit, start=start)
    return each(page.rows, _item), page.next


def _placed(name: str, value: str, limit: int, start: Start, *, descending: bool) -> tuple[list[Item], Any]:
    key = list_key(f"{PREFIX}#", name, value)
    page = table().index("place", key, limit=limit, start=start, descending=descending)
    rows = table().batch([(row["pk"], "HEAD") for row in page.rows])
    return sorted(each(rows, _item), key=lambda item: item.id, reverse=descending), page.next


def several(references: Sequence[str]) -> list[Item]:
    """Cases by their references, in no order. One call per 100."""
    rows: list[Row] = []
    for first in range(0, len(references), 100):
        rows += table().batch([(one, "HEAD") for one in references[first : first + 100]])
    return each(rows, _item)


def _item(row: Row) -> Item:
    spot = row.get("by", NEVER)
    by = spot.removeprefix(PINNED)
    due = None if by == NEVER else datetime.fromisoformat(by)
    return Item(named(row["pk"]), due, _read(row["line"]), spot, spot.startswith(PINNED))


@lru_cache(maxsize=1024)
def _read(text: str) -> Line:
    """A stored line, read; a list is asked for again and again."""
    return unpack(json.loads(text))
