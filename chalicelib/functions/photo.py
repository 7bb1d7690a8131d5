"""Makes a clean picture of each upload in the inbox: checked by its bytes, stripped of position and all else.

inbox/<ticket>/<upload>     → photos/<ticket>/<upload>, written once: the same form sent again swaps nothing
ticket there already        → originals/<ticket>/<upload> before that, as it was sent; its hash beside the events
no picture                  → noted beside the ticket's events: it is shown as refused and counts for nothing
no such ticket yet          → loose, and as it was sent: a report that is never sent leaves nothing behind
a case's, by its id alone   → kept, and as it was sent: a waybill, an inspection; a release, a deduction too
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any
from urllib.parse import unquote_plus

from chalicelib.adapters import objects
from chalicelib.adapters import originals as vault
from chalicelib.adapters.ids import is_ulid
from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.adapters.time import now
from chalicelib.domain.pictures import MOST_BYTES, NotAPicture, Picture, clean
from chalicelib.domain.record.reference import reference
from chalicelib.services.ticket import taken
from chalicelib.store import originals, records, tickets

KEPT = ("CASE", "RELEASE", "DEDUCTION")  # the kinds, which need not be loaded for their keys


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
            originals.refuse(ticket, upload_id)
        objects.delete_inbox(key)
        ring("PhotosRefused")
        logger.warning("photo refused", extra={**known, "why": str(fault)})
        return
    first = _keep(ticket, upload_id, content, picture)
    objects.delete_inbox(key)
    size = {"bytes": len(picture.content), "width": picture.width, "height": picture.height}
    logger.info("photo cleaned" if first else "photo came again", extra={**known, "type": picture.type, **size})


def _keep(ticket: str, upload: str, content: bytes, picture: Picture) -> bool:
    """Store the picture, loose while there is no ticket, and what it was made of; whether it is the first one there.

    A report that came in between may have looked for it too early: so the ticket is looked for once more.
    """
    key = f"{objects.PHOTOS}{ticket}/{upload}"
    head = records.stored_head(ticket)
    case = head is None and any(records.stored_head(reference(kind, ticket)) is not None for kind in KEPT)
    if head:
        picture = _as_taken(ticket, tickets.number_of(head), upload, content, picture)
    elif case:
        _, picture = _original(ticket, upload, content, picture)
    loose = head is None and not case
    if loose:
        picture = _loose(ticket, upload, content, picture)
    first = objects.put_once(key, picture.content, picture.type, loose=loose)
    if loose and (head := records.stored_head(ticket)) is not None:
        objects.keep(key)
        taken.keep(ticket, tickets.number_of(head), upload, now())
    return first


def _loose(ticket: str, upload: str, content: bytes, picture: Picture) -> Picture:
    """What was sent, for the ticket to keep; the picture of it, which is another one where another came first."""
    key = taken.key_of(ticket, upload)
    if objects.put_once(key, content, picture.type, loose=True):
        return picture
    return clean(objects.read_clean(key, MOST_BYTES))


def _as_taken(ticket: str, number: str, upload: str, content: bytes, picture: Picture) -> Picture:
    """Keep the original of a picture; the picture of what was kept, which is another one where that came first.

    Of a picture that was there before its ticket, what is sent under its name later is no original: `taken.py`.
    """
    if objects.exists(f"{objects.PHOTOS}{ticket}/{upload}"):
        try:
            vault.read(vault.key_of(ticket, upload), 0)
        except objects.Absent:
            return picture
    content, picture = _original(ticket, upload, content, picture)
    digest, seen = sha256(content).hexdigest(), sha256(picture.content).hexdigest()
    if originals.note(ticket, number, upload, digest, seen, now()):
        logger.warning("photo known", extra={"ticket": ticket, "upload": upload, "hash": seen})
    return picture


def _original(record_id: str, upload: str, content: bytes, picture: Picture) -> tuple[bytes, Picture]:
    """Keep the original of a picture; what is kept and the picture of it, which are others where those came first."""
    key = vault.key_of(record_id, upload)
    if vault.keep(key, content, picture.type):
        return content, picture
    content = vault.read(key, MOST_BYTES)
    return content, clean(content)
