"""What a phone stands for: what was reported with it, where it is registered, who works here under it. It is hashed.

item       pk             sk                  what
reported   PHONE#<hash>   REPORTED#<ticket>   a ticket that was reported with it; `body`: the place's id
staff      PHONE#<hash>   STAFF#<person>      somebody who works here
unit       PHONE#<hash>   UNIT#<unit>         where it is registered; `by`: since when, where that is known

A `reported` row is written with the report itself and goes with its erasure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.store.table import Delete, Put, Row, table

MOST = 50  # tickets on a page


@dataclass(frozen=True, slots=True)
class Stands:
    """Where a phone is registered (unit → since when, "" for ever), and which persons work here under it."""

    units: Mapping[str, str] = field(default_factory=dict)
    staff: Sequence[str] = ()


def stands(hashes: Iterable[str]) -> Stands:
    """Of a phone under every key that it was ever hidden with. One query each."""
    units: dict[str, str] = {}
    staff: list[str] = []
    for phone_hash in hashes:
        for row in table().query(f"PHONE#{phone_hash}", "STAFF#", "UNIT#~").rows:
            what, _, name = row["sk"].partition("#")
            if what == "STAFF":
                staff.append(name)
            else:
                units.setdefault(name, row.get("by", ""))
    return Stands(units, list(dict.fromkeys(staff)))


def reported(hashes: Iterable[str], before: str = "", *, limit: int = MOST) -> list[tuple[str, str]]:
    """(ticket, its place) of what was reported with a phone, the newest first, from one older than `before` on."""
    found: dict[str, str] = {}
    high = f"REPORTED#{before}" if before else "REPORTED#~"
    for phone_hash in hashes:
        page = table().query(f"PHONE#{phone_hash}", "REPORTED#", high, limit=limit + bool(before), descending=True)
        found |= {row["sk"].partition("#")[2]: row.get("body", "") for row in page.rows}
    found.pop(before, None)
    return sorted(found.items(), reverse=True)[:limit]


def as_put(phone_hash: str, ticket: str, place: str) -> Put:
    """That a ticket was reported with a phone; it joins the report's transaction."""
    return Put({"pk": f"PHONE#{phone_hash}", "sk": f"REPORTED#{ticket}", "id": ticket, "body": place})


def forget(hashes: Iterable[str], ticket: str) -> None:
    """A ticket is no phone's any more. May run again."""
    for phone_hash in hashes:
        table().write(Delete((f"PHONE#{phone_hash}", f"REPORTED#{ticket}")))


def staff_row(phone_hash: str, person: str) -> Row:
    """The row that says that somebody works here under a phone."""
    return {"pk": f"PHONE#{phone_hash}", "sk": f"STAFF#{person}", "id": person}


def unit_row(phone_hash: str, unit: str, resident: str, since: str) -> Row:
    """The row that says where a phone is registered, and since when ("": it always was)."""
    row: Row = {"pk": f"PHONE#{phone_hash}", "sk": f"UNIT#{unit}", "id": resident}
    return row | ({"by": since} if since else {})


def since(pairs: Iterable[tuple[str, str]]) -> Mapping[tuple[str, str], str]:
    """Since when (hash of a phone, unit) are registered together; those that are not are left out. A call per 100."""
    keys = [(f"PHONE#{phone_hash}", f"UNIT#{unit}") for phone_hash, unit in pairs]
    found: dict[tuple[str, str], str] = {}
    for first in range(0, len(keys), 100):
        for row in table().batch(keys[first : first + 100]):
            found[row["pk"].partition("#")[2], row["sk"].partition("#")[2]] = row.get("by", "")
    return found
