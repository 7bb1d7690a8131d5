"""Photos: where to send one, and where to see one.

An upload goes from the browser to the inbox; the photo function makes a clean picture of it, and only that is shown. It
belongs to one ticket from the start: its key is below the ticket's, also for a ticket that the form is yet to make. So
an upload that is named in another report shows nothing there, and goes with its own ticket alone.

    named       as a record keeps it: /<upload>, below the ticket; <upload> alone is of the time before
    refused     what was no picture; noted beside the ticket's events, and read with them
    originals   what a standing ticket was sent, as it was sent, with its hash; for the warranty office alone
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any

from chalicelib.adapters import objects, originals
from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.domain.pictures import MOST_BYTES, TYPES
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import taken
from chalicelib.store import throttles

SEES_ORIGINALS = frozenset({Role.OFFICE})
UPLOADS, PER_SECONDS = 180, 3600  # from one address; phones share theirs behind a carrier


def ask_upload(address: str, at: datetime, ticket: str, content_type: str = "image/jpeg") -> dict[str, Any]:
    """{"id", "url", "fields"} for one photo of a ticket that there is or will be.

    Raises Invalid for another type or no ticket, Refused("slowed") for too many.
    """
    if content_type not in TYPES:
        raise Invalid("photos", "photo_type")
    if not is_ulid(ticket):
        raise Invalid("photos", "form_expired")
    if not throttles.allowed("upload", access.hidden("address", address), at, PER_SECONDS, UPLOADS):
        raise Refused("slowed", purpose="upload", wait=PER_SECONDS)
    upload_id = ulid(at)
    return {"id": upload_id, **objects.presigned_post(f"{ticket}/{upload_id}", content_type, MOST_BYTES)}


def show(ticket: Ticket, photo: str) -> str | None:
    """Where a photo of the ticket can be seen for ten minutes; None: not there, not clean yet, or refused."""
    return None if photo in ticket.refused else show_of(ticket.id, photo)


def show_of(record: str, photo: str) -> str | None:
    """The same of any record, by its id: where it can be seen; None: not there, or not clean yet."""
    key = key_of(record, photo)
    if not key:
        return None
    try:
        _is_clean(key)
    except objects.Absent:
        return None
    return objects.presigned_get(key)


def show_of_case(case: str, ticket: str, photo: str) -> str | None:
    """The same of a case, by the bare ids of it and its first ticket: the office sends its photos below the one, a
    company its own below the other."""
    return show_of(case, photo) or show_of(ticket, photo)


def show_original(ticket: Ticket, photo: str, role: Role) -> str:
    """Where a photo as it was sent can be fetched for ten minutes. Raises NoAccess, NotFound."""
    if role not in SEES_ORIGINALS:
        raise access.NoAccess
    if photo not in ticket.originals:
        raise NotFound
    return originals.presigned_get(originals.key_of(ticket.id, photo.removeprefix("/")))


def show_signature(key: str) -> str:
    """Where a signature that was kept as a picture can be seen for ten minutes."""
    return objects.presigned_get(key)


def keep(ticket: Ticket, at: datetime) -> None:
    """The photos that the report came with have their ticket now, and it their originals. May run again."""
    for photo in ticket.said("reported").get("photos", ()):
        if key := key_of(ticket.id, str(photo)):
            objects.keep(key)
            if str(photo).startswith("/") and photo not in ticket.originals:
                taken.keep(ticket.id, ticket.number, str(photo).removeprefix("/"), at)


def key_of(ticket: str, photo: str) -> str:
    """The key of a photo that a record names; "" for what is no photo."""
    if not is_ulid(photo.removeprefix("/")):
        return ""
    return f"{objects.PHOTOS}{ticket}{photo}" if photo.startswith("/") else objects.PHOTOS + photo


def old(photos: Iterable[str]) -> list[str]:
    """The keys of photos of the time before uploads belonged to a ticket."""
    return sorted(objects.PHOTOS + photo for photo in set(photos) if is_ulid(photo))


@lru_cache(4096)
def _is_clean(key: str) -> None:
    """Asked once per process where it is so. Raises Absent (and is asked again) where it isn't."""
    if not objects.exists(key):
        raise objects.Absent(key)
