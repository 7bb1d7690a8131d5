"""Deductions in their lists: a warranty office's, a contractor's.

list       key                           by
office     DEDUCTION.DESK#<office>       the next deadline; all that is open there
company    DEDUCTION.HOLDER#<company>    the next deadline; what was put to it and is open
past       DEDUCTION.PAST#<company>      age, the newest first; one more call for the lines
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.money.deduction import PREFIX
from chalicelib.domain.money.kind import Shown, shown
from chalicelib.domain.record.reference import reference
from chalicelib.store import records
from chalicelib.store.reading import each
from chalicelib.store.records import NEVER, list_key, named
from chalicelib.store.table import Row, table

PAGE = 25
CURSOR = re.compile(rf"({records.SPOT.pattern})~([0-9A-Z]{{26}})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """A deduction in a list. `by`: its next deadline, None where none runs; `spot`: where the list goes on after it."""

    id: str
    by: datetime | None
    line: Shown
    spot: str

    @property
    def mark(self) -> str:
        return f"{self.spot}~{self.id.partition('#')[2]}"


def of_office(office: str, after: str = "", *, limit: int = PAGE) -> tuple[Sequence[Item], str]:
    """What is open at a warranty office, and where to go on, "" at the end. One call."""
    return _indexed("queue", "DESK", office, after, limit)


def of_company(company: str, after: str = "", *, past: bool = False, limit: int = PAGE) -> tuple[Sequence[Item], str]:
    """What was put to a contractor and is open, or has ended. One call, two of what has ended."""
    if not past:
        return _indexed("work", "HOLDER", company, after, limit)
    key = list_key(f"{PREFIX}#", "PAST", company)
    page = table().index("place", key, limit=limit, start=_start("PAST", company, after), descending=True)
    rows = table().batch([(row["pk"], "HEAD") for row in page.rows])
    found = sorted(each(rows, _item), key=lambda one: one.id, reverse=True)
    return found, found[-1].mark if found and page.next else ""


def _indexed(index: str, name: str, value: str, after: str, limit: int) -> tuple[Sequence[Item], str]:
    start = _start(name, value, after)
    page = table().index(index, list_key(f"{PREFIX}#", name, value), limit=limit, start=start)
    found = each(page.rows, _item)
    return found, found[-1].mark if found and page.next else ""


def _start(name: str, value: str, after: str) -> dict[str, str] | None:
    match = CURSOR.fullmatch(after)
    if not match:
        return None
    one = reference(PREFIX, match[2])
    at, key = {"pk": records.key(one), "sk": "HEAD"}, records.list_key(one, name, value)
    if name == "PAST":
        return {**at, "lk": key, "id": one}
    return {**at, "qk" if name == "DESK" else "hk": key, "by": match[1]}


def _item(row: Row) -> Item:
    spot = row.get("by", NEVER)
    due = None if spot == NEVER else datetime.fromisoformat(spot)
    return Item(named(row["pk"]), due, shown(json.loads(row["line"])), spot)
