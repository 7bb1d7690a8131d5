"""Projects and subsidiaries as they were some minutes ago: what they are called, who answers for them.

Only loading a workbook changes them; many pages and sheets ask, and read them once.
"""

from __future__ import annotations

from chalicelib.services.recent import Recent
from chalicelib.store import places
from chalicelib.store.places import Place

_places: Recent[Place | None] = Recent(seconds=300, most=500)


def known(place: str) -> Place | None:
    """A place above flats, at most some minutes old. One call, where it is not kept."""
    return _places.get(place, lambda: places.get(place)) if place else None


def called(place: str) -> str:
    """What it is called; "" where there is none."""
    found = known(place)
    return found.name if found else ""


def forget() -> None:
    """Read them anew."""
    _places.forget()
