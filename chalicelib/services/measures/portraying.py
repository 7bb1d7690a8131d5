"""What the months of scopes look like, made with their figures of the same facts: `rolling.roll` adds each project's.

Places and companies are named as they are called then, so that a page asks for no name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import Any

from chalicelib.domain.measures.portrait import Portrait, joined, packed, unpacked
from chalicelib.store import contracts, places
from chalicelib.store import portraits as kept
from chalicelib.store.table import Row

AT_ONCE = 100


class Portraits:
    """What a walk over all projects has seen so far."""

    def __init__(self, month: str, zone: str) -> None:
        self.month, self.zone = month, zone
        self._of: dict[str, Portrait] = {}
        self._flats: dict[str, Portrait] = defaultdict(Portrait)

    def join(self, looks: Mapping[str, Mapping[str, Any]]) -> None:
        """A project's month, by scope, as it was packed."""
        for scope, stored in looks.items():
            if scope in self._of:
                joined(self._of[scope], unpacked(stored))
            else:
                self._of[scope] = unpacked(stored)

    def warranted(self, scope: str, flats: Mapping[str, int]) -> None:
        """A project's flats in warranty, by company."""
        joined(self._flats[scope], Portrait(flats=dict(flats)))

    def rows(self, names: Callable[[Portrait], Mapping[str, str]] | None = None) -> dict[str, Row]:
        """The row of each scope. `names`: what a portrait's places and companies are called; else asked for."""
        made = {}
        for scope, one in sorted(self._of.items()):
            joined(one, self._flats.pop(scope, Portrait()))
            made[scope] = kept.written(scope, self.month, one, (names or _names)(one))
        return made


def _names(one: Portrait) -> Mapping[str, str]:
    """What the places and companies of a portrait are called. Two calls."""
    body = packed(one)
    above = {place for of_places in body["b"].values() for place in of_places if place}
    units = {row[3] for row in body["w"] if row[3]}
    found = places.several(sorted(above | units))
    companies = contracts.companies(sorted(body["c"])[:AT_ONCE]) if body["c"] else {}
    return {
        **{code: (place.label if code in units else place.name) for code, place in found.items()},
        **{code: company.name for code, company in companies.items()},
    }
