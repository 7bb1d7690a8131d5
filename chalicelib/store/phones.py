"""What a phone stands for: what was reported with it, where it is registered, who works here under it. It is hashed.

item    pk             sk               what
staff   PHONE#<hash>   STAFF#<person>   somebody who works here
unit    PHONE#<hash>   UNIT#<unit>      where it is registered; `by`: since when, where that is known

What was reported with it is the reporters' own grants in the index `place`, PHONE#<hash> / own/<ticket>: an entry is
written with the report itself, for one unit instead of a row's two, and goes with the grant when the ticket is erased.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from chalicelib.store.table import Row, table

MOST = 50  # tickets on a page
OWN = "own/"  # how the ids of reporters' grants begin


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


def reported(hashes: Iterable[str], before: str = "", *, limit: int = MOST) -> list[str]:
    """The tickets that were reported with a phone, the newest first, from one older than `before` on.

    One query for each key that it was ever hidden with.
    """
    found: set[str] = set()
    high = f"{OWN}{before}" if before else f"{OWN}~"
    for phone_hash in hashes:
        key = f"PHONE#{phone_hash}"
        page = table().index("place", key, OWN, high, limit=limit + bool(before), descending=True)
        found |= {row["id"].removeprefix(OWN) for row in page.rows}
    return sorted(found - {before}, reverse=True)[:limit]


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
