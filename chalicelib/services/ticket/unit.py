"""The file of a unit or another place: who lives there, dates and warranty, what is open, what was, what comes back.

Five calls, however much was ever reported there; older tickets come page by page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from chalicelib.domain.register.place import Place, Resident
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.domain.ticket.ticket import WORKS
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.warranty import judging
from chalicelib.services.warranty.judging import Covered
from chalicelib.store import places, tickets

PAGE = 25
AGAIN = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Repeat:
    """A fault that came back: the same component within 90 days. The newest ticket first."""

    category: str
    component: str
    tickets: Sequence[Listed]


@dataclass(frozen=True, slots=True)
class File:
    """`after`: the ticket after which the past goes on, "" at the end. `today`: at the place."""

    place: Place
    residents: Sequence[Resident]
    accepted: date | None
    handed: date | None
    terms: Sequence[Covered]
    open: Sequence[Listed]
    past: Sequence[Listed]
    repeats: Sequence[Repeat]
    today: date
    after: str


def of_place(place: Place, residents: Sequence[Resident], at: datetime, after: str = "") -> File:
    """The file of a place that whoever asks may see."""
    accepted, handed = _day(place.facts.get("acceptance")), _day(place.facts.get("handover"))
    today = at.astimezone(ZoneInfo(policy_for(place.as_fact()).zone)).date()
    found = listed(tickets.past_at(place.id, after, limit=PAGE + 1))
    waiting = [] if after else listed(tickets.open_at(place.id))
    past = found[:PAGE]
    return File(
        place,
        residents,
        accepted,
        handed,
        judging.of_place(place, today) if place.kind == "unit" and (accepted or handed) else [],
        waiting,
        past,
        [] if after else repeats([*waiting, *past]),
        today,
        past[-1].id if len(found) > PAGE else "",
    )


def of_id(place_id: str, at: datetime, after: str = "") -> File | None:
    """The file of a place by its id; None where there is none."""
    place, residents = places.with_residents(place_id)
    return of_place(place, residents, at, after) if place else None


def repeats(lines: Sequence[Listed]) -> list[Repeat]:
    """Work on the same component that was reported again within 90 days."""
    by_component: dict[tuple[str, str], list[Listed]] = {}
    for one in sorted(lines, key=lambda one: one.id, reverse=True):
        if one.line.component and one.line.reported and one.line.kind in WORKS:
            by_component.setdefault((one.line.category, one.line.component), []).append(one)
    found = []
    for (category, component), same in by_component.items():
        near = [i for i, (newer, older) in enumerate(pairwise(same)) if _soon(newer, older)]
        if near:
            shown = sorted({x for i in near for x in (i, i + 1)})
            found.append(Repeat(category, component, [same[i] for i in shown]))
    return found


def _soon(newer: Listed, older: Listed) -> bool:
    first, then = older.line.reported, newer.line.reported
    return first is not None and then is not None and then - first <= AGAIN


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
