"""The signs of a project: one for every place where somebody may scan a code, part by part.

    part ""        what lies in the project itself: common areas and equipment
    a building     itself, its entrances, its common areas and lifts, its flats

A part costs one query for each place that holds others; no flat is read by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from chalicelib.adapters.settings import settings
from chalicelib.domain.register.signs import Sign, mark_of
from chalicelib.language.catalogue import catalogue
from chalicelib.store import places
from chalicelib.store.places import Child, Place

# What signs are asked for: the kinds of places, and the form that suits them.
WHAT: Mapping[str, tuple[frozenset[str], str]] = {
    "common": (frozenset({"building", "entrance", "area", "asset"}), "wall"),
    "doors": (frozenset({"building", "entrance"}), "wall"),
    "areas": (frozenset({"area"}), "wall"),
    "lifts": (frozenset({"asset"}), "wall"),
    "flats": (frozenset({"unit"}), "door"),
}
HOLD = ("entrance", "area")  # what may hold others in a building


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a project that signs are made of."""

    id: str
    name: str


def parts(project: str) -> list[Part]:
    """The project itself, then its buildings, in printed order."""
    inside = [c for c in places.children(project) if c.kind == "building"]
    return [Part("", ""), *(Part(c.id, c.name) for c in inside)]


def signs(project: Place, part: str, what: str, lang: str) -> list[Sign]:
    """The signs of a part, in the order in which one walks through it; none for a building of another project."""
    kinds, _ = WHAT[what]
    held = project
    if part:
        building = places.get(part)
        if building is None or building.above.get("project") != project.id:
            return []
        held = building
    ladder = places.ladder(project)
    _, desk, phone = ladder[0] if ladder else (0, "", "")
    asks = catalogue(lang).gettext("Scan to report or to see how far it is")
    within = f"{project.label} "
    return [
        Sign(
            place=found,
            name=label.removeprefix(within),
            project=project.name if label != project.label else "",
            asks=asks,
            desk=desk,
            phone=phone,
            leads=address(found, label),
        )
        for found, kind, label in _walk(held)
        if kind in kinds
    ]


def address(place: str, label: str) -> str:
    """What a sign's code leads to: the form of the place, with what it was called when the sign was printed."""
    return f"{settings().public_url}/report?p={quote(place, safe='')}&v={mark_of(label)}"


def _walk(held: Place) -> Iterator[tuple[str, str, str]]:
    """(id, kind, label) of a place that is a building, and of all that lies in it but other buildings."""
    if held.kind == "building":
        yield held.id, held.kind, held.label
    yield from _inside(held.id, held.label)


def _inside(held: str, label: str) -> Iterator[tuple[str, str, str]]:
    inside = [c for c in places.children(held) if c.kind != "building"]
    for child in _in_order(inside):
        yield child.id, child.kind, f"{label} {child.name}"
        if child.kind in HOLD:
            yield from _inside(child.id, f"{label} {child.name}")


def _in_order(inside: Sequence[Child]) -> list[Child]:
    """What is common before what is somebody's, each as it is printed."""
    return sorted(inside, key=lambda c: c.kind == "unit")
