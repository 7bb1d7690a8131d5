"""Where somebody of a name is registered. The name is hidden: who types it whole finds the unit, nothing else does.

item   pk            sk            what
name   NAME#<hash>   UNIT#<unit>   `id`: the resident; it goes with whoever moves out

A name of many bearers is read to its end, up to `MOST` of them.
"""

from __future__ import annotations

from collections.abc import Iterable

from chalicelib.store.table import Key, Row, table

MOST = 2000


def key(name_hash: str, unit: str) -> Key:
    return f"NAME#{name_hash}", f"UNIT#{unit}"


def row(name_hash: str, unit: str, resident: str) -> Row:
    """The row that says where somebody of a name is registered."""
    pk, sk = key(name_hash, unit)
    return {"pk": pk, "sk": sk, "id": resident}


def registered(hashes: Iterable[str]) -> dict[str, str]:
    """Unit → resident, of a name under every key that it was ever hidden with. One query each."""
    found: dict[str, str] = {}
    for name_hash in hashes:
        for line in table().query(f"NAME#{name_hash}", "UNIT#", "UNIT#~", limit=MOST).rows:
            found.setdefault(line["sk"].partition("#")[2], line["id"])
    return found
