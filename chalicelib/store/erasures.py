"""What is personal of a record overwritten, and that it was.

item      pk                 sk       what
erasure   ERASED#<record>    ERASED   `by`: when it was first erased
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.store.records import key
from chalicelib.store.table import Change, Conflict, Put, iso, table

NOTHING = "{}"


def note(reference: str, at: datetime) -> bool:
    """Note that a record is erased; False when that stands there already."""
    row = {"pk": f"ERASED#{reference}", "sk": "ERASED", "id": reference, "by": iso(at)}
    try:
        table().write(Put(row, new=True))
    except Conflict:
        return False
    return True


def noted(reference: str) -> bool:
    """Whether a record was erased."""
    return table().get(f"ERASED#{reference}", "ERASED") is not None


def overwrite(reference: str) -> int:
    """Overwrite every private part of a record; how many said something. May run again."""
    rows = table().query(key(reference), "PRIVATE#", "PRIVATE~", consistent=True).rows
    said = [row for row in rows if row.get("body") != NOTHING]
    for row in said:
        table().write(Change((row["pk"], row["sk"]), sets={"body": NOTHING}, exists=True))
    return len(said)
