"""Lays down the facts for analysts: one file a day and project, written again when a fact of that day came later.

Every night the facts of the last months are compared, day by day, with what the files were made of; what differs is
written. The file comes first and the note of it second: cut off between them, the same bytes are written once more.
Today's facts wait for their day to end. Cut off, the walk goes on where it was; done, it begins with the next day.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from chalicelib.adapters import dayfiles
from chalicelib.domain.measures.columns import COLUMNS, columns_of
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.rounds import Round
from chalicelib.store import archived, facts, places
from chalicelib.store.archived import Walk
from chalicelib.store.places import GROUP
from chalicelib.store.table import Row

MONTHS = 13  # that are looked at each night; older ones by name
SHAPE = sha256("\n".join(f"{c.name} {c.type}" for c in COLUMNS).encode()).hexdigest()[:8]


@dataclass(slots=True)
class Archived(Round):
    """`seen`: months of a project; `written`: files; `rows`: facts in them."""

    written: int = 0
    rows: int = 0


def archive(at: datetime, goes_on: Callable[[], bool] = lambda: True, *, since: str = "") -> Archived:
    """What is to be written tonight. `since`: from that month (2025-01) on, done tonight or not. May run again."""
    round_ = Archived()
    today = at.astimezone(policy_for(NOWHERE).calendars["office"].zone).date()
    day = f"{today - timedelta(days=1)}"
    walk = None if since else archived.walk()
    if walk and walk.day == day and walk.after is None:
        return round_
    done = walk.after if walk and walk.day == day else None
    projects = sorted(child.id for child in places.children(GROUP) if child.kind == "project")
    for month in _months(f"{today:%Y-%m}", since):
        for project in projects:
            if done and not _ahead((month, project), done):
                continue
            if not goes_on():
                round_.more = True
                return round_
            with round_.spared(f"{project}/{month}", "archive"):
                _month(project, month, f"{today}", round_)
            if not since:
                archived.come(Walk(day, (month, project)))
    if not since:
        archived.come(Walk(day, None))
    return round_


def _months(last: str, since: str) -> list[str]:
    """The newest first."""
    number = int(last[:4]) * 12 + int(last[5:]) - 1
    first = int(since[:4]) * 12 + int(since[5:]) - 1 if since else number - MONTHS + 1
    return [f"{n // 12:04}-{n % 12 + 1:02}" for n in range(number, first - 1, -1)]


def _ahead(one: tuple[str, str], done: tuple[str, str]) -> bool:
    """Whether it comes after what was done last: an earlier month, or a later project of the same."""
    return one[0] < done[0] or (one[0] == done[0] and one[1] > done[1])


def _month(project: str, month: str, today: str, round_: Archived) -> None:
    zone = policy_for({"project": project}).calendars["office"].zone
    days: dict[str, list[Row]] = {}
    for row in facts.as_kept(project, month):
        day = f"{facts.when(row).astimezone(zone):%Y-%m-%d}"
        if day < today:
            days.setdefault(day, []).append(row)
    if not days:
        return
    known = archived.month(project, month)
    now = {day: _digest(rows) for day, rows in days.items()}
    changed = [day for day in sorted(now) if now[day] != known.get(day)]
    for day in changed:
        rows = facts.read(days[day])
        dayfiles.keep(dayfiles.key_of(day, project), dayfiles.parquet(columns_of(rows)))
        round_.written += 1
        round_.rows += len(rows)
    if changed:
        archived.keep(project, month, {**known, **now})


def _digest(rows: list[Row]) -> str:
    digest = sha256(SHAPE.encode())
    for row in rows:
        digest.update(f"{row['sk']}\0{row['body']}\0".encode())
    return digest.hexdigest()[:16]
