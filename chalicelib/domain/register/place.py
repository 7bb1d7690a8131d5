"""Where things are and who lives there.

subsidiary → project → building → entrance → unit      phases lie in a project, buildings may lie in a phase
area, asset     common areas and equipment, in a project, building, entrance or area
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

GROUP = "GROUP"
PARENTS: Mapping[str, tuple[str, ...]] = {
    "project": ("subsidiary",),
    "phase": ("project",),
    "building": ("project", "phase"),
    "entrance": ("building",),
    "unit": ("entrance", "building"),
    "area": ("project", "building", "entrance"),
    "asset": ("project", "building", "entrance", "area"),
}
NARROWING = ("asset", "area", "unit", "entrance", "building", "project")


@dataclass(frozen=True, slots=True)
class Place:
    """`id` is the code of the workbook. `above`: ids of the places it lies in, by kind.

    `facts`: dates (acceptance, handover), stage; a building's entrances, an asset's kind (what), a project's ladder
    and departments; of a flat or common area that is used no more: closed, and instead (the code to go on with).
    """

    id: str
    kind: str  # subsidiary, project, phase, building, entrance, unit, area, asset
    name: str
    parent: str
    label: str
    above: Mapping[str, str]
    facts: Mapping[str, str] = field(default_factory=dict)
    order: str = ""

    @property
    def closed(self) -> bool:
        """Whether nothing can be reported of it any more: flats made one, a lift that was taken out."""
        return "closed" in self.facts

    def as_fact(self) -> dict[str, str]:
        """What a ticket keeps of its place: ids and the printed label, nothing about persons."""
        here = {**self.above, self.kind: self.id, "label": self.label}
        return {k: v for k, v in here.items() if v}


@dataclass(frozen=True, slots=True)
class Resident:
    """Somebody registered for a unit. Personal."""

    id: str
    unit: str
    role: str  # owner, family, tenant
    name: str
    phone: str
    email: str = ""
    signs: bool = True


def within(parent: Place) -> dict[str, str]:
    """What is above a place that lies in `parent`."""
    return {**parent.above, parent.kind: parent.id}


def narrowest(place: Mapping[str, str]) -> str:
    """The id of the narrowest place that a ticket's place names; "" for none."""
    return next((place[kind] for kind in NARROWING if place.get(kind)), "")


def natural(name: str) -> str:
    """A name so that 2号楼 sorts before 10号楼."""
    return re.sub(r"[0-9]{1,6}", lambda digits: digits[0].zfill(6), name)
