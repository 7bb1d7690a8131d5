"""Deductions and retentions in their lists: a warranty office's, a contractor's, a property desk's, finance's.

list       key                           by
office     DEDUCTION.DESK#<office>       the next deadline; all that is open there
company    DEDUCTION.HOLDER#<company>    the next deadline; what was put to it and is open
past       DEDUCTION.PAST#<company>      age, the newest first; one more call for the lines
held       RELEASE.DESK#<office>         the next deadline; also who looks at those of one project or one entity
held       RELEASE.HOLDER#<company>      the next deadline; what is kept back of a contractor
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from chalicelib.domain.money import release, release_kind
from chalicelib.domain.money.deduction import PREFIX
from chalicelib.domain.money.kind import Shown, shown
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import office_of
from chalicelib.services.recent import Recent
from chalicelib.store import contracts, places, records
from chalicelib.store.reading import each
from chalicelib.store.records import NEVER, list_key, named
from chalicelib.store.table import Row, table

PAGE = 25
STRETCH = 500  # retentions of an office that are looked at, for those of one project or entity
CURSOR = re.compile(rf"({records.SPOT.pattern})~([0-9A-Z]{{26}})", re.ASCII)


L = TypeVar("L")


@dataclass(frozen=True, slots=True)
class Line(Generic[L]):
    """A record in a list. `by`: its next deadline, None where none runs; `spot`: where the list goes on after it."""

    id: str
    by: datetime | None
    line: L
    spot: str

    @property
    def mark(self) -> str:
        return f"{self.spot}~{self.id.partition('#')[2]}"


Item = Line[Shown]
Held = Line[release_kind.Shown]
_offices: Recent[tuple[str, ...]] = Recent(seconds=600, most=500)


def forget() -> None:
    """Read anew which office answers for what."""
    _offices.forget()


def of_office(office: str, after: str = "", *, limit: int = PAGE) -> tuple[Sequence[Item], str]:
    """What is open at a warranty office, and where to go on, "" at the end. One call."""
    return _indexed(PREFIX, "queue", "DESK", office, after, limit, _item)


def of_company(company: str, after: str = "", *, past: bool = False, limit: int = PAGE) -> tuple[Sequence[Item], str]:
    """What was put to a contractor and is open, or has ended. One call, two of what has ended."""
    if not past:
        return _indexed(PREFIX, "work", "HOLDER", company, after, limit, _item)
    key = list_key(f"{PREFIX}#", "PAST", company)
    page = table().index("place", key, limit=limit, start=_start(PREFIX, "PAST", company, after), descending=True)
    rows = table().batch([(row["pk"], "HEAD") for row in page.rows])
    found = sorted(each(rows, _item), key=lambda one: one.id, reverse=True)
    return found, found[-1].mark if found and page.next else ""


def held_at(office: str, after: str = "", *, limit: int = PAGE) -> tuple[Sequence[Held], str]:
    """Retentions that are open at a warranty office, and where to go on. One call."""
    return _indexed(release.PREFIX, "queue", "DESK", office, after, limit, _held)


def held_of(company: str, after: str = "", *, limit: int = PAGE) -> tuple[Sequence[Held], str]:
    """What is kept back of a contractor, and where to go on. One call."""
    return _indexed(release.PREFIX, "work", "HOLDER", company, after, limit, _held)


def held_in(project: str) -> Sequence[Held]:
    """Retentions of the contracts of a project, by deadline. One call, once its office is known."""
    return [one for one in _stretch(_offices.get(project, lambda: offices([project]))) if one.line.project == project]


def held_by(entity: str) -> Sequence[Held]:
    """Retentions that an entity holds, by deadline. A call for each of its offices, once they are known."""

    def known() -> tuple[str, ...]:
        found = contracts.entity(entity)
        return offices(found.projects if found else ())

    return [one for one in _stretch(_offices.get(entity, known)) if one.line.entity == entity]


def offices(projects: Iterable[str]) -> tuple[str, ...]:
    """The warranty offices of some projects. One call."""
    return tuple(sorted({office_of(place.as_fact()) for place in places.several(projects).values()}))


def _stretch(of: Iterable[str]) -> Sequence[Held]:
    found = [one for office in of for one in held_at(office, limit=STRETCH)[0]]
    return sorted(found, key=lambda one: (one.spot, one.id))


def _indexed(
    prefix: str, index: str, name: str, value: str, after: str, limit: int, read: Callable[[Row], Line[L]]
) -> tuple[Sequence[Line[L]], str]:
    start = _start(prefix, name, value, after)
    page = table().index(index, list_key(f"{prefix}#", name, value), limit=limit, start=start)
    found = each(page.rows, read)
    return found, found[-1].mark if found and page.next else ""


def _start(prefix: str, name: str, value: str, after: str) -> dict[str, str] | None:
    match = CURSOR.fullmatch(after)
    if not match:
        return None
    one = reference(prefix, match[2])
    at, key = {"pk": records.key(one), "sk": "HEAD"}, records.list_key(one, name, value)
    if name == "PAST":
        return {**at, "lk": key, "id": one}
    return {**at, "qk" if name == "DESK" else "hk": key, "by": match[1]}


def _item(row: Row) -> Item:
    return Line(named(row["pk"]), _due(row), shown(json.loads(row["line"])), row.get("by", NEVER))


def _held(row: Row) -> Held:
    return Line(named(row["pk"]), _due(row), release_kind.shown(json.loads(row["line"])), row.get("by", NEVER))


def _due(row: Row) -> datetime | None:
    spot = row.get("by", NEVER)
    return None if spot == NEVER else datetime.fromisoformat(spot)
