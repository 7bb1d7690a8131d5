"""The places, in a tree: group, subsidiary, project, phase, building, entrance, unit; areas and assets beside units.

item        pk              sk                what
place       PLACE#<id>      PLACE             kind, name, parent, label, what is above, dates, stage, ladder
household   PLACE#<unit>    HOUSEHOLD         who is registered for the unit: person → hashes of phone and name
resident    PLACE#<unit>    RESIDENT#<who>    a person registered for the unit: role, name, phone, e-mail
child       CHILDREN#<id>   <kind>#<order>#<child>   what a place has in it, for choosing step by step
phone       PHONE#<hash>    UNIT#<unit>       where a number is registered: see `phones.py`
name        NAME#<hash>     UNIT#<unit>       where somebody of a name is: see `names.py`
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from chalicelib.domain.register.place import GROUP, Place, Resident
from chalicelib.store import names
from chalicelib.store.phones import unit_row
from chalicelib.store.reading import each, one
from chalicelib.store.table import Key, Row, compact, table

__all__ = ["GROUP", "Child", "Place", "Resident"]
UNLISTED = ("subsidiary", "phase")
NO_DATES: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Child:
    """Something that lies in a place. `initials`: a project's, in every reading."""

    id: str
    kind: str
    name: str
    initials: tuple[str, ...] = ()


class Registered(NamedTuple):
    """Somebody registered for a unit, with the hashes by which phone and name find it ("": none is kept)."""

    resident: Resident
    phone: str
    name: str = ""


def get(place_id: str) -> Place | None:
    return one(table().get(f"PLACE#{place_id}", "PLACE"), _place)


def with_residents(place_id: str) -> tuple[Place | None, list[Resident]]:
    """A place and who is registered there. One query."""
    rows = table().query(f"PLACE#{place_id}").rows
    place = one(next((row for row in rows if row["sk"] == "PLACE"), None), _place)
    return place, each((row for row in rows if row["sk"].startswith("RESIDENT#")), _resident)


def children(parent: str) -> list[Child]:
    """What lies directly in a place, in printed order; the projects for `GROUP`."""
    rows = table().query(f"CHILDREN#{parent}").rows
    return each(rows, _child)


def several(ids: Iterable[str]) -> dict[str, Place]:
    """Places by id; those that are not there are left out."""
    rows = table().batch([(f"PLACE#{i}", "PLACE") for i in dict.fromkeys(ids)])
    return {place.id: place for place in each(rows, _place)}


def projects() -> list[Place]:
    """Every project, by id. Two calls."""
    ids = sorted(child.id for child in children(GROUP) if child.kind == "project")
    found = several(ids)
    return [found[one] for one in ids if one in found]


def phones_in(units: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The hashes of the phones of each household, up to 100; a flat where nobody is registered is left out."""
    rows = table().batch([(f"PLACE#{unit}", "HOUSEHOLD") for unit in dict.fromkeys(units)])
    found = {row["id"]: json.loads(row["body"]) for row in rows}
    return {unit: tuple(sorted({_hashes(kept)[0] for kept in body.values()} - {""})) for unit, body in found.items()}


def units_of(phone_hash: str) -> list[str]:
    """The units that a phone (hashed, see `services.access`) is registered for."""
    return [row["sk"].partition("#")[2] for row in table().query(f"PHONE#{phone_hash}", "UNIT#", "UNIT#~").rows]


def ladder(project: Place | str) -> list[tuple[int, str, str]]:
    """(level, name, phone) of the desks that answer for a project, lowest first. No read when the place is at hand."""
    place = get(project) if isinstance(project, str) else project
    return (place and one({"pk": f"PLACE#{place.id}", "sk": "PLACE", **place.facts}, _ladder)) or []


def departments(project: Place | str) -> list[tuple[str, str]]:
    """(code, name) of a project's departments. No read when the place is at hand."""
    place = get(project) if isinstance(project, str) else project
    rows = json.loads(place.facts.get("departments", "[]")) if place else []
    return [(code, name) for code, name in rows]


def put_place(place: Place) -> list[Row]:
    """The rows that keep a place."""
    body: dict[str, Any] = {
        "k": place.kind,
        "n": place.name,
        "p": place.parent,
        "l": place.label,
        "a": dict(place.above),
    }
    if place.facts:
        body["f"] = dict(place.facts)
    if place.order:
        body["o"] = place.order
    rows: list[Row] = [{"pk": f"PLACE#{place.id}", "sk": "PLACE", "id": place.id, "body": compact(body)}]
    if _is_listed(place):
        pk, sk = _child_key(place)
        initials = place.facts.get("initials", "")
        body_of = f"{place.name}\n{initials}" if initials else place.name
        rows.append({"pk": pk, "sk": sk, "id": place.id, "body": body_of})
    return rows


def moved(old: Row, place: Place) -> list[Key]:
    """The keys that a place leaves behind: its old line in the list it stood in."""
    was = _place(old)
    gone = [_child_key(was)] if _is_listed(was) else []
    return [key for key in gone if not _is_listed(place) or key != _child_key(place)]


def put_resident(resident: Resident, phone_hash: str, since: str = "", name_hash: str = "") -> list[Row]:
    """The rows that keep a resident; the unit's HOUSEHOLD row is `put_household`'s."""
    body = {"r": resident.role, "n": resident.name, "t": resident.phone, "e": resident.email, "s": resident.signs}
    rows: list[Row] = [
        {"pk": f"PLACE#{resident.unit}", "sk": f"RESIDENT#{resident.id}", "id": resident.id, "body": compact(body)},
        unit_row(phone_hash, resident.unit, resident.id, since),
    ]
    return [*rows, names.row(name_hash, resident.unit, resident.id)] if name_hash else rows


def put_household(unit: str, residents: Sequence[Registered], since: Mapping[str, str] = NO_DATES) -> list[Row]:
    """The rows that keep everybody in a unit: household, residents, then what finds them.

    `since`: when a phone (by its hash) was registered there; one that is not in it always was.
    """
    body = {one.resident.id: [one.phone, one.name] for one in residents}
    household: Row = {"pk": f"PLACE#{unit}", "sk": "HOUSEHOLD", "id": unit, "body": compact(body)}
    each_ones = [put_resident(one.resident, one.phone, since.get(one.phone, ""), one.name) for one in residents]
    finding = {(row["pk"], row["sk"]): row for rows in each_ones for row in rows[1:]}  # namesakes share one
    return [household, *(rows[0] for rows in each_ones), *finding.values()]


def moved_out(old: Row, residents: Sequence[Registered]) -> list[Key]:
    """The keys of whoever is no longer in a household, and of numbers and names nobody there has any more."""
    unit, was = old["id"], {who: _hashes(kept) for who, kept in json.loads(old["body"]).items()}
    stay = {one.resident.id for one in residents}
    phones, called = {one.phone for one in residents}, {one.name for one in residents}
    gone = [(f"PLACE#{unit}", f"RESIDENT#{who}") for who in was if who not in stay]
    gone += [(f"PHONE#{phone}", f"UNIT#{unit}") for phone in _each(was, 0) if phone not in phones]
    return gone + [names.key(name, unit) for name in _each(was, 1) if name and name not in called]


def _hashes(kept: object) -> tuple[str, str]:
    """Of phone and name, as a household keeps them; before names were kept, the phone's alone."""
    return (kept, "") if isinstance(kept, str) else (str(kept[0]), str(kept[1]))  # type: ignore[index]


def _each(was: Mapping[str, tuple[str, str]], which: int) -> list[str]:
    return list(dict.fromkeys(hashes[which] for hashes in was.values()))


def _is_listed(place: Place) -> bool:
    """Whether it is chosen from a list: not what is only above others, nor what is used no more."""
    return place.kind not in UNLISTED and not place.closed


def _child_key(place: Place) -> Key:
    parent = GROUP if place.kind == "project" else place.parent
    return f"CHILDREN#{parent}", f"{place.kind}#{place.order or place.id}#{place.id}"


def _child(row: Row) -> Child:
    """A name is one line; a second one holds initials."""
    name, _, initials = str(row["body"]).partition("\n")
    return Child(row["id"], row["sk"].partition("#")[0], name, tuple(initials.split()))


def _place(row: Row) -> Place:
    b = json.loads(row["body"])
    above: Mapping[str, str] = dict(b["a"])
    return Place(row["id"], b["k"], b["n"], b["p"], b["l"], above, dict(b.get("f", {})), b.get("o", ""))


def _resident(row: Row) -> Resident:
    b = json.loads(row["body"])
    return Resident(row["id"], row["pk"].partition("#")[2], b["r"], b["n"], b["t"], b.get("e", ""), b.get("s", True))


def _ladder(facts: Mapping[str, str]) -> list[tuple[int, str, str]]:
    return [(int(level), str(name), str(phone)) for level, name, phone in json.loads(facts.get("ladder", "[]"))]
