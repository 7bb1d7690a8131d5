"""The places, in a tree: group, subsidiary, project, phase, building, entrance, unit; common areas and assets beside units.

item       pk              sk                what
place      PLACE#<id>      PLACE             kind, name, parent, label, project, subsidiary, dates, stage
resident   PLACE#<unit>    RESIDENT#<who>    a person registered for the unit: role, name, phone, e-mail
child      CHILDREN#<id>   <kind>#<order>#<child>   what a place has in it, for choosing step by step
phone      PHONE#<hash>    UNIT#<unit>       where a number is registered
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from chalicelib.store.table import Delete, Put, Row, Write, table

GROUP = "GROUP"


@dataclass(frozen=True, slots=True)
class Place:
    """`id` is the code of the workbook. `above`: ids of the places it lies in, by kind; `facts`: dates, stage, kind of asset."""

    id: str
    kind: str  # subsidiary, project, phase, building, entrance, unit, area, asset
    name: str
    parent: str
    label: str
    above: Mapping[str, str]
    facts: Mapping[str, str] = field(default_factory=dict)
    order: str = ""

    def as_fact(self) -> dict[str, str]:
        """What a ticket keeps of its place: ids and the printed label, nothing about persons."""
        here = {**self.above, self.kind if self.kind != "area" else "area": self.id, "label": self.label}
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


@dataclass(frozen=True, slots=True)
class Child:
    id: str
    kind: str
    name: str


def get(place_id: str) -> Place | None:
    row = table().get(f"PLACE#{place_id}", "PLACE")
    return _place(row) if row else None


def with_residents(place_id: str) -> tuple[Place | None, list[Resident]]:
    """A place and who is registered there. One query."""
    rows = table().query(f"PLACE#{place_id}").rows
    place = next((_place(row) for row in rows if row["sk"] == "PLACE"), None)
    return place, [_resident(row) for row in rows if row["sk"].startswith("RESIDENT#")]


def children(parent: str) -> list[Child]:
    """What lies directly in a place, in printed order; the projects for `GROUP`."""
    rows = table().query(f"CHILDREN#{parent}").rows
    return [Child(row["id"], row["sk"].partition("#")[0], row["body"]) for row in rows]


def units_of(phone_hash: str) -> list[str]:
    """The units that a phone (hashed, see `services.access`) is registered for."""
    return [row["sk"].partition("#")[2] for row in table().query(f"PHONE#{phone_hash}", "UNIT#", "UNIT#~").rows]


def put_place(place: Place) -> list[Row]:
    body = {"k": place.kind, "n": place.name, "p": place.parent, "l": place.label, "a": dict(place.above)}
    if place.facts:
        body["f"] = dict(place.facts)
    rows: list[Row] = [{"pk": f"PLACE#{place.id}", "sk": "PLACE", "id": place.id, "body": _json(body)}]
    if place.kind not in ("subsidiary", "phase"):
        parent = GROUP if place.kind == "project" else place.parent
        sk = f"{place.kind}#{place.order or place.id}#{place.id}"
        rows.append({"pk": f"CHILDREN#{parent}", "sk": sk, "id": place.id, "body": place.name})
    return rows


def put_resident(resident: Resident, phone_hash: str) -> list[Row]:
    body = {"r": resident.role, "n": resident.name, "t": resident.phone, "e": resident.email, "s": resident.signs}
    return [
        {"pk": f"PLACE#{resident.unit}", "sk": f"RESIDENT#{resident.id}", "id": resident.id, "body": _json(body)},
        {"pk": f"PHONE#{phone_hash}", "sk": f"UNIT#{resident.unit}", "id": resident.id},
    ]


def as_writes(rows: list[Row]) -> list[Write]:
    return [Put(row) for row in rows]


def remove(rows: list[Row]) -> list[Write]:
    return [Delete((row["pk"], row["sk"])) for row in rows]


def _place(row: Row) -> Place:
    b = json.loads(row["body"])
    return Place(row["id"], b["k"], b["n"], b["p"], b["l"], b["a"], b.get("f", {}))


def _resident(row: Row) -> Resident:
    b = json.loads(row["body"])
    return Resident(row["id"], row["pk"].partition("#")[2], b["r"], b["n"], b["t"], b.get("e", ""), b.get("s", True))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
