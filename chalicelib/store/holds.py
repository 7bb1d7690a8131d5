"""What was asked to be erased and has to be kept for a while: restricted until then.

item        pk              sk          what
held        <KIND>#<id>     HELD        `state` held | over; read with the record's events
waiting     HELD            <record>    `by` when its reasons have ended (none: nobody knows), `line` when erasing
                                        was asked for, `ttl` once it is done; one query for all that wait
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from chalicelib.store.records import key
from chalicelib.store.table import Change, Put, iso, table

SLICE = 100
KEPT = timedelta(days=30)  # how long it stands there that it was done


def hold(record: str, until: datetime | None, at: datetime) -> None:
    """Hold a record until a moment, or until nobody knows when. May run again."""
    due = {"by": iso(until)} if until else {}
    table().transact(
        [
            Put({"pk": key(record), "sk": "HELD", "state": "held"}),
            Put({"pk": "HELD", "sk": record, "line": iso(at), **due}),
        ]
    )


def hide(record: str) -> None:
    """Of a record that shows something of a held one, the same is restricted; it waits for nothing. May run again."""
    table().write(Put({"pk": key(record), "sk": "HELD", "state": "held"}))


def look_again(record: str, until: datetime | None) -> None:
    """It has to be kept longer, or nobody knows how long. May run again."""
    table().write(Change(("HELD", record), sets={"by": iso(until) if until else None}, exists=True))


def over(record: str, at: datetime) -> None:
    """It was erased: it is held no more. May run again."""
    table().transact(
        [
            Put({"pk": key(record), "sk": "HELD", "state": "over"}),
            Change(("HELD", record), sets={"by": None, "ttl": int((at + KEPT).timestamp())}, exists=True),
        ]
    )


def waiting(at: datetime) -> Iterator[str]:
    """What waits to be erased and whose day has come, or may have."""
    start = None
    while True:
        page = table().query("HELD", limit=SLICE, start=start)
        yield from (row["sk"] for row in page.rows if "ttl" not in row and row.get("by", "") <= iso(at))
        start = page.next
        if not start:
            return
