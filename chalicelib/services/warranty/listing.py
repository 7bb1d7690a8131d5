"""What waits for a warranty office, by deadline: tickets that need its word, and compensations.

tickets    DESK#<office>                a verdict to decide, a contract to name, an appraisal to have made
claims     COMPENSATION.DESK#<office>   every compensation that is open, whoever's turn it is
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.domain.warranty.compensation import PREFIX, Shown, shown
from chalicelib.store import tickets
from chalicelib.store.reading import each
from chalicelib.store.records import NEVER, list_key, named
from chalicelib.store.table import Row, table

PAGE = 25


@dataclass(frozen=True, slots=True)
class Claim:
    """A compensation in the list. `by`: the deadline of whose turn it is; `line`: what is shown of it."""

    id: str
    by: datetime | None
    line: Shown


def waiting(office: str, *, limit: int = PAGE, start: Any = None) -> tuple[Sequence[Listed], Any]:
    """Tickets that need the office's word; `line.asks` says what for, `line.asks_by` by when. One call."""
    lines, after = tickets.queue(office, limit=limit, start=start)
    return listed(lines), after


def claims(office: str, *, limit: int = PAGE, start: Any = None) -> tuple[Sequence[Claim], Any]:
    """Open compensations; one page and where to go on. One call."""
    page = table().index("queue", list_key(f"{PREFIX}#", "DESK", office), limit=limit, start=start)
    return each(page.rows, _claim), page.next


def _claim(row: Row) -> Claim:
    by = row.get("by", NEVER)
    return Claim(named(row["pk"]), None if by == NEVER else datetime.fromisoformat(by), shown(json.loads(row["line"])))
