"""The sealed letter comes back: printed, sealed by hand and scanned, or sealed by a CA's service.

The office uploads the scan to the inbox, and makes the move `seal` with the letter's number and the upload. What was
uploaded is checked, kept for good under its hash, and noted with the move's own transaction; the page's word for a hash
is never taken. The upload itself is forgotten after a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters import archive, objects
from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.domain.contractor.letter import parse_number
from chalicelib.domain.contractor.making import Lettered
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.store import letters
from chalicelib.store.letters import File
from chalicelib.store.table import Write

MOST_BYTES = 20 * 2**20
SCANNED = ("application/pdf", "image/jpeg", "image/png")
TAIL = 2048  # bytes within which a PDF ends
BEGINNINGS = ((b"%PDF-", "pdf"), (b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"))


def ask_upload(number: str, content_type: str, at: datetime) -> dict[str, Any]:
    """{"id", "url", "fields"} for the scan of a letter, for whoever may seal it. Raises Invalid."""
    if parse_number(number) is None:
        raise Invalid("letter", "unknown")
    if content_type not in SCANNED:
        raise Invalid("scan", "scan_form")
    upload = ulid(at)
    post = objects.presigned_post(f"{number}/{upload}", content_type, MOST_BYTES, room=objects.SCANS)
    return {"id": upload, **post}


def informed(command: Command, one: Lettered, may: bool) -> Command:
    """The move with what was uploaded, kept for good by then. Raises Invalid. May run again.

    `may`: whether it is legal. The system names its file itself: what a CA's service sealed.
    """
    if command.by.role is Role.SYSTEM or not may:
        return command
    number, upload = str(command.data.get("letter", "")), str(command.data.get("upload", ""))
    if number not in {letter.number for letter in one.letters}:
        raise Invalid("letter", "unknown")
    if not is_ulid(upload):
        raise Invalid("scan", "required")
    try:
        content = objects.read_inbox(f"{objects.SCANS}{number}/{upload}", MOST_BYTES)
    except objects.Absent:
        raise Invalid("scan", "required") from None
    if not (ending := ending_of(content)):
        raise Invalid("scan", "scan_form")
    digest = hashlib.sha256(content).hexdigest()
    key = archive.key_of(archive.SEALED, number, digest, ending)
    archive.keep(key, content)
    return replace(command, data={"letter": number, "how": "scan", "sha256": digest, "key": key})


def ending_of(content: bytes) -> str:
    """How the file of a scan ends; "" for what is none, or too much."""
    if len(content) > MOST_BYTES:
        return ""
    found = next((ending for begin, ending in BEGINNINGS if content.startswith(begin)), "")
    return "" if found == "pdf" and b"%%EOF" not in content[-TAIL:] else found


def joins(events: Sequence[Event]) -> list[Write]:
    """What a letter's public page shows of its sealed files, and that they are to be sent on: in the change itself."""
    writes: list[Write] = []
    for e in events:
        if e.kind == "letter_sealed":
            number = str(e.data["letter"])
            writes.append(letters.sealed_as(number, File(e.data["how"], e.data["sha256"], e.data["key"], e.at)))
            writes.append(letters.due_soon(number, e.at))
    return writes
