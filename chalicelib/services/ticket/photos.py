"""Photos: where to send one, and where to see one.

An upload goes from the browser to the inbox; the photo function makes a clean picture of it, and only that is shown.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from chalicelib.adapters import objects
from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.domain.pictures import MOST_BYTES, TYPES
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.services.access import access
from chalicelib.store import throttles

UPLOADS, PER_SECONDS = 180, 3600  # from one address; phones share theirs behind a carrier


def ask_upload(address: str, at: datetime, content_type: str = "image/jpeg") -> dict[str, Any]:
    """{"id", "url", "fields"} for one photo. Raises Invalid for another type, Refused("slowed") for too many."""
    if content_type not in TYPES:
        raise Invalid("photos", "photo_type")
    if not throttles.allowed("upload", access.hidden("address", address), at, PER_SECONDS, UPLOADS):
        raise Refused("slowed", purpose="upload", wait=PER_SECONDS)
    upload_id = ulid(at)
    return {"id": upload_id, **objects.presigned_post(upload_id, content_type, MOST_BYTES)}


def show(upload_id: str) -> str | None:
    """Where a photo can be seen for ten minutes; None: not there, not clean yet, or refused."""
    if not is_ulid(upload_id):
        return None
    key = objects.PHOTOS + upload_id
    try:
        _is_clean(key)
    except objects.Absent:
        return None
    return objects.presigned_get(key)


def show_signature(key: str) -> str:
    """Where a signature that was kept as a picture can be seen for ten minutes."""
    return objects.presigned_get(key)


@lru_cache(4096)
def _is_clean(key: str) -> None:
    """Asked once per process where it is so. Raises Absent (and is asked again) where it isn't."""
    if not objects.exists(key):
        raise objects.Absent(key)
