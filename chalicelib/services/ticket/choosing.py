"""Choosing a place step by step, and what is open there already.

    project → building → entrance → unit      common areas and assets hang beside each

Whoever asks is a stranger: of an open ticket they learn what it is about, since when and its state; nothing of persons.
What is open in a flat is told to nobody but who knows a phone that is registered there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from chalicelib.domain.record import phone
from chalicelib.domain.ticket.heading import listed
from chalicelib.domain.ticket.ticket import WORKS, State
from chalicelib.services import premises
from chalicelib.services.access import access, codes
from chalicelib.services.recent import Recent
from chalicelib.services.ticket.report import registered
from chalicelib.store import places, records, throttles, tickets
from chalicelib.store.places import Child, Place

STEPS = ("building", "entrance", "unit")
BESIDE = ("area", "asset")
MAX_ID = 100
HINT_SECONDS = 3600
HINTS = {"address": 60, "flat": 30}  # what is open, asked in that time: from one address, and of one flat
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Step:
    """What lies in `place` (None: the group): the next step down, and common areas and assets beside it."""

    place: Place | None
    inside: Sequence[Child]
    beside: Sequence[Child] = ()


@dataclass(frozen=True, slots=True)
class Alike:
    """An open ticket of the same category at the same place. `id` and `number` are for the system alone."""

    id: str
    number: str
    state: State
    since: datetime


@dataclass(frozen=True, slots=True)
class Rung:
    """One desk of a project's ladder, with the phone to call there."""

    level: int
    name: str
    phone: str


_ladders: Recent[list[Rung]] = Recent(seconds=300, most=500)


def place(place_id: str) -> Place | None:
    """A place where something can be reported; None for anything else. One call."""
    if not 0 < len(place_id) <= MAX_ID:
        return None
    found = places.get(place_id)
    return found if found is not None and found.kind not in ("subsidiary", "phase") else None


def step(place_id: str) -> Step:
    """What to choose from next; for "" or a place that is not there, the projects. One or two calls."""
    here = place(place_id)
    if here is None:
        return Step(None, [c for c in places.children(places.GROUP) if c.kind == "project"])
    inside = places.children(here.id)
    return Step(here, [c for c in inside if c.kind in STEPS], [c for c in inside if c.kind in BESIDE])


def near(here: Place) -> str:
    """Under which place the open tickets of a place are listed: the unit, else the building, else the project."""
    fact = here.as_fact()
    return fact.get("unit") or fact.get("building") or fact.get("project") or ""


def alike(here: Place, category: str) -> list[Alike]:
    """Open work of the category at the place itself, newest first. One call where nothing is open, else two."""
    return alike_near(near(here), here.label, category)


def alike_near(near_by: str, label: str, category: str) -> list[Alike]:
    """The same, for who knows where it is listed and what the place is called."""
    if not category or not 0 < len(near_by) <= MAX_ID:
        return []
    return [
        Alike(one.id, one.line.number, State(one.line.state), one.line.reported or LONG_AGO)
        for one in reversed(listed(tickets.open_at(near_by)))
        if (one.line.category, one.line.place) == (category, label) and one.line.kind in WORKS
    ]


def may_know(here: Place, typed: str) -> bool:
    """Whether somebody with this phone may know what is open at a place: in a flat, only who is registered there."""
    if here.kind != "unit":
        return True
    known = phone.compared(typed)
    return bool(known) and registered(places.with_residents(here.id)[1], known) is not None


def hinted(place_id: str, category: str, typed: str, address: str, at: datetime) -> tuple[Place | None, list[Alike]]:
    """The place, and what is open there of the category, for who types a report; nothing to who asks too often."""
    here = place(place_id)
    if here is None or not category or (here.kind == "unit" and not phone.compared(typed)):
        return here, []
    counted = {"address": address} | ({"flat": here.id} if here.kind == "unit" else {})
    for purpose, value in counted.items():
        if not throttles.allowed(f"hint-{purpose}", access.hidden(purpose, value), at, HINT_SECONDS, HINTS[purpose]):
            return here, []
    return here, alike(here, category) if may_know(here, typed) else []


def send_link(place_id: str, category: str, address: str, at: datetime) -> None:
    """Send the link of what is open there to the address it was reported from, and nowhere else. Raises TooOften.

    In a common area it was somebody else's report: nothing is sent.
    """
    here = place(place_id)
    if here is None or here.kind != "unit":
        return
    for known in alike(here, category)[:1]:
        codes.send_again(known.number, address, at)


def ladder(project: str) -> list[Rung]:
    """A project's desks from the nearest up, kept for some minutes; none where the project names no phones."""
    if not project:
        return []
    return _ladders.get(project, lambda: _rungs(project))


def _rungs(project: str) -> list[Rung]:
    here = premises.known(project)
    return [Rung(*rung) for rung in places.ladder(here)] if here else []


def ladder_of(reference: str) -> list[Rung]:
    """The desks that answer for an open record, for whoever can't be shown it; none where its head names no place."""
    head = records.stored_head(reference) or {}
    here = places.get(str(head.get("lk", "")).partition("#")[2])
    return ladder(here.as_fact().get("project", "")) if here else []


def forget() -> None:
    """Read the ladders anew."""
    _ladders.forget()
    premises.forget()
