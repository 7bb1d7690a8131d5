"""Makes a clean picture of each upload in the inbox: checked by its bytes, stripped of position and all else.

inbox/<ticket>/<upload>     → photos/<ticket>/<upload>, written once: the same form sent again swaps nothing
no picture                  → noted beside the ticket's events: it is shown as refused and counts for nothing
no such ticket yet          → loose: a report that is never sent leaves nothing behind
"""

from __future__ import annotations

from typing import Any
from urllib.parse import unquote_plus

from chalicelib.adapters import objects
from chalicelib.adapters.ids import is_ulid
from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.domain.pictures import MOST_BYTES, NotAPicture, Picture, clean
from chalicelib.store import records, tickets


def photo(event: dict[str, Any], context: object) -> None:
    """S3's handler. May run twice: an upload that is gone has been seen to. A failure is delivered again."""
    for record in event.get("Records", ()):
        _clean(unquote_plus(record["s3"]["object"]["key"]))


def _clean(key: str) -> None:
    ticket, _, upload_id = key.removeprefix(objects.INBOX).partition("/")
    named = is_ulid(ticket) and is_ulid(upload_id)
    known = {"upload": upload_id if named else "", "ticket": ticket if named else ""}
    try:
        content = objects.read_inbox(key, MOST_BYTES)
    except objects.Absent:
        logger.info("photo gone", extra=known)
        return
    try:
        if not named:
            raise NotAPicture("no upload id")
        picture = clean(content)
    except NotAPicture as fault:
        if named and not objects.exists(f"{objects.PHOTOS}{ticket}/{upload_id}"):
            tickets.refuse_photo(ticket, upload_id)
        objects.delete_inbox(key)
        ring("PhotosRefused")
        logger.warning("photo refused", extra={**known, "why": str(fault)})
        return
    first = _keep(ticket, f"{objects.PHOTOS}{ticket}/{upload_id}", picture)
    objects.delete_inbox(key)
    size = {"bytes": len(picture.content), "width": picture.width, "height": picture.height}
    logger.info("photo cleaned" if first else "photo came again", extra={**known, "type": picture.type, **size})


def _keep(ticket: str, key: str, picture: Picture) -> bool:
    """Store the picture, loose while there is no ticket; whether it is the first one there.

    A report that came in between may have looked for it too early: so the ticket is looked for once more.
    """
    loose = records.stored_head(ticket) is None
    first = objects.put_once(key, picture.content, picture.type, loose=loose)
    if loose and records.stored_head(ticket) is not None:
        objects.keep(key)
    return first
