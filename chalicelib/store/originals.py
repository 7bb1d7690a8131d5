"""What became of a ticket's uploads, and which tickets have the same picture.

    item      pk                  sk                 what
    refused   TICKET#<id>         PHOTO#<upload>     `state` refused: it was no picture
    kept      TICKET#<id>         PHOTO#<upload>     `state` kept, `body`: hash of the original, when it came, and the
                                                     tickets that had the same picture by then
    picture   PICTURE#<hash>      <ticket>/<upload>  `id` the ticket, `line` its short number

The hash of a picture is that of the stripped copy, so that other words around it make no other picture of it. Rows of a
ticket are read with its events; that of a picture is asked for where one comes, never by a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from chalicelib.domain.ticket.folded import Original
from chalicelib.store.reading import each
from chalicelib.store.table import Put, Row, compact, iso, table

REFUSED, KEPT = "refused", "kept"
MOST = 20  # tickets that are named beside a picture


def refuse(ticket: str, upload: str) -> None:
    """Note that an upload was no picture. May be repeated; there need not be a ticket yet."""
    table().write(Put({**_row(ticket, upload), "state": REFUSED}))


def note(ticket: str, number: str, upload: str, original: str, picture: str, at: datetime) -> list[tuple[str, str]]:
    """Note an original by its hash and that of its picture; (id, number) of other tickets that have it. May run again.

    The picture's row is written before the others are asked for: of two that come at once, one sees the other.
    """
    pk = f"PICTURE#{picture}"
    table().write(Put({"pk": pk, "sk": f"{ticket}/{upload}", "id": ticket, "line": number}))
    found = table().query(pk, consistent=True, limit=4 * MOST).rows
    also = sorted({(row["id"], row["line"]) for row in found if row["id"] != ticket})[:MOST]
    if also:
        from chalicelib.store import watched

        watched.note_photo(picture, ticket, {ticket: number, **dict(also)}, f"{at:%Y-%m}")
    body = {"h": original, "t": iso(at), **({"also": also} if also else {})}
    table().write(Put({**_row(ticket, upload), "state": KEPT, "body": compact(body)}))
    return also


def become(rows: Iterable[Row]) -> dict[str, Any]:
    """`refused` and `originals` of a ticket, by its rows, as its fold takes them; nothing where there is nothing."""
    named = [(f"/{row['sk'].partition('#')[2]}", row) for row in rows]
    refused = frozenset(upload for upload, row in named if row.get("state") != KEPT)
    originals = dict(each((row for _, row in named if row.get("state") == KEPT), _original))
    return {**({"refused": refused} if refused else {}), **({"originals": originals} if originals else {})}


def _row(ticket: str, upload: str) -> Row:
    return {"pk": f"TICKET#{ticket}", "sk": f"PHOTO#{upload}"}


def _original(row: Row) -> tuple[str, Original]:
    body = json.loads(row["body"])
    also: Sequence[Sequence[str]] = body.get("also", ())
    kept = Original(body["h"], datetime.fromisoformat(body["t"]), tuple((one[0], one[1]) for one in also))
    return f"/{row['sk'].partition('#')[2]}", kept
