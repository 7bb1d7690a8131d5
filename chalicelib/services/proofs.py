"""A file that proves something, as it came: uploaded to the inbox, named by a move, kept for good under its hash.

What was uploaded is looked at by its bytes; a page's word for a type, a hash or a key is never taken. Whoever makes the
move says where it is kept, and notes both with the move's own event. The upload itself is forgotten after a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any, NamedTuple

from chalicelib.adapters import archive, objects
from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.domain.record.errors import Invalid

MOST_BYTES = 20 * 2**20
TAIL = 2048  # bytes within which a PDF ends
BEGINNINGS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))
UNNAMED = "application/octet-stream"  # what a browser calls a file that it knows nothing of, such as an OFD
SCANS = ("pdf", "jpg", "png")
PAPERS = ("pdf", "ofd")  # beside photos, which have a way of their own
INVOICES = ("pdf", "jpg", "png", "ofd", "xml")


class Asked(NamedTuple):
    """What a move asks a file to be: how it may end, the field it stands at, and what is wrong without it."""

    endings: Collection[str]
    field: str
    needed: str = "proof_needed"
    gone: str = "upload_gone"
    form: str = "proof_form"


class Kept(NamedTuple):
    """A file that is kept: its SHA-256, and where it lies."""

    sha256: str
    key: str


def ask_upload(room: str, content_type: str, asked: Asked, at: datetime) -> dict[str, Any]:
    """{"id", "url", "fields"} for a file; `room`: whose it is. Raises Invalid."""
    named = {archive.TYPES[ending] for ending in asked.endings} | ({UNNAMED} if "ofd" in asked.endings else set())
    if content_type not in named:
        raise Invalid(asked.field, asked.form)
    upload = ulid(at)
    return {"id": upload, **objects.presigned_post(f"{room}/{upload}", content_type, MOST_BYTES, room=objects.SCANS)}


def keep(
    room: str,
    upload: str,
    asked: Asked,
    place: Callable[[str, str], str],
    store: Callable[[str, bytes], object] = archive.keep,
) -> Kept:
    """A file that was uploaded, kept by now; `place`: its key, by hash and ending. Raises Invalid. May run again."""
    if not is_ulid(upload):
        raise Invalid(asked.field, asked.needed)
    try:
        content = objects.read_inbox(f"{objects.SCANS}{room}/{upload}", MOST_BYTES)
    except objects.Absent:
        raise Invalid(asked.field, asked.gone) from None
    ending = ending_of(content)
    if ending not in asked.endings:
        raise Invalid(asked.field, asked.form)
    digest = hashlib.sha256(content).hexdigest()
    key = place(digest, ending)
    store(key, content)
    return Kept(digest, key)


def ending_of(content: bytes) -> str:
    """How a file ends; "" for what is none of these, or too much. An OFD is a zip with a document of its own."""
    if len(content) > MOST_BYTES:
        return ""
    found = next((ending for begin, ending in BEGINNINGS if content.startswith(begin)), "")
    if found:
        return "" if found == "pdf" and b"%%EOF" not in content[-TAIL:] else found
    if content.startswith(b"PK\x03\x04") and b"OFD.xml" in content:
        return "ofd"
    return "xml" if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml") else ""
