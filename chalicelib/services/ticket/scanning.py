"""What a sign's code opens: its place as it is now, and what is open there; or what became of it, and where to go on.

moved      the place is called otherwise than when the sign was printed: it lies elsewhere, or has another name
closed     it is used no more; `instead` is where to go on, where the workbook says so
gone       nothing has its code any more; `near` is the next place above whose code is the beginning of it
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.register.signs import mark_of
from chalicelib.domain.ticket.heading import listed
from chalicelib.domain.ticket.ticket import WORKS
from chalicelib.services.access import access
from chalicelib.services.ticket import choosing
from chalicelib.services.ticket.choosing import LONG_AGO
from chalicelib.store import places, throttles, tickets
from chalicelib.store.places import Place

MOST = 5  # of what is open there
STEPS = 3  # from one closed place to the next
PARTS = 6  # of a code
LEADS = frozenset({"project", "building", "entrance"})  # from where others are chosen


@dataclass(frozen=True, slots=True)
class Open:
    """What is open at a common place, as a stranger may know it."""

    category: str
    state: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Scanned:
    """`open`: the newest first; of a flat nothing, for that is told to nobody without the phone."""

    moved: bool = False
    open: Sequence[Open] = ()


@dataclass(frozen=True, slots=True)
class Lost:
    """A place where nothing can be reported: itself if it is closed, what to go on with, else where to choose."""

    place: Place | None
    instead: Place | None = None
    near: Place | None = None


def scan(here: Place, mark: str, address: str, at: datetime) -> Scanned:
    """The place of a sign that says `mark`. One call for a common place, two more where something is open there."""
    return Scanned(mark != mark_of(here.label), [] if here.kind == "unit" else _open(here, address, at))


def lost(place_id: str) -> Lost:
    """What became of a place that can't be reported of, closed or not there. A few calls."""
    found = choosing.place(place_id)
    if found is None:
        return Lost(None, near=_near(place_id))
    instead = found
    for _ in range(STEPS):
        following = choosing.place(instead.facts.get("instead", "")) if instead.closed else None
        if following is None:
            break
        instead = following
    return Lost(found, None if instead.closed else instead, choosing.place(found.parent))


def _open(here: Place, address: str, at: datetime) -> list[Open]:
    """Counted as the form's hints are: whoever asks for place after place learns nothing more."""
    rows = listed(tickets.open_at(choosing.near(here)))
    found = [
        Open(one.line.category, one.line.state, one.line.reported or LONG_AGO)
        for one in reversed(rows)
        if one.line.place == here.label and one.line.kind in WORKS
    ][:MOST]
    who = access.hidden("address", address)
    allowed = found and throttles.allowed("hint-address", who, at, choosing.HINT_SECONDS, choosing.HINTS["address"])
    return found if allowed else []


def _near(code: str) -> Place | None:
    """The nearest place whose code is the beginning of a code: YS-3-2 for YS-3-2-1001. One call."""
    parts = code[: choosing.MAX_ID].split("-")[:PARTS]
    above = ["-".join(parts[:n]) for n in range(len(parts) - 1, 0, -1)]
    found = places.several([one for one in above if one]) if above else {}
    return next((place for one in above if (place := found.get(one)) and place.kind in LEADS), None)
