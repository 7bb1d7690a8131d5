"""Photos and signatures: where to send one, where to see one, and a signature kept.

An upload goes from the browser to the inbox; the photo function makes a clean picture of it, and only that is shown.
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import datetime
from functools import lru_cache
from typing import Any

from chalicelib.adapters import objects
from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.domain.pictures import MOST_BYTES, TYPES, NotAPicture, clean
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.services.access import access
from chalicelib.store import throttles

UPLOADS, PER_SECONDS = 180, 3600  # from one address; phones share theirs behind a carrier
SIGNATURE_BYTES = 150_000
DATA_URL = "data:image/png;base64,"


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
    """Where a signature can be seen for ten minutes."""
    return objects.presigned_get(key)


def keep_signature(drawn: str | bytes, ticket_id: str, nonce: str) -> str:
    """Keep a drawn signature (PNG, or the data URL of one); its key. The same again writes the same. Raises Invalid."""
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,64}", nonce) or not is_ulid(ticket_id):
        raise Invalid("signature", "signature_form")
    try:
        picture = clean(_bytes_of(drawn), SIGNATURE_BYTES)
    except NotAPicture as fault:
        raise Invalid("signature", "signature_form") from fault
    if picture.type != "image/png":
        raise Invalid("signature", "signature_form")
    key = f"{objects.SIGNATURES}{ticket_id}/{nonce}"
    objects.put(key, picture.content, picture.type)
    return key


def _bytes_of(drawn: str | bytes) -> bytes:
    """Raises NotAPicture."""
    if isinstance(drawn, bytes):
        return drawn
    if len(drawn) > SIGNATURE_BYTES * 4 // 3 + len(DATA_URL) + 4:
        raise NotAPicture("too many bytes")
    try:
        return base64.b64decode(drawn.removeprefix(DATA_URL), validate=True)
    except (binascii.Error, ValueError) as fault:
        raise NotAPicture("no base64") from fault


@lru_cache(4096)
def _is_clean(key: str) -> None:
    """Asked once per process where it is so. Raises Absent (and is asked again) where it isn't."""
    if not objects.exists(key):
        raise objects.Absent(key)
