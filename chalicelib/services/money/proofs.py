"""Files that prove something of a deduction: an invoice's original, a payment's voucher, what an objection brings.

They are uploaded to the inbox, and named by a move of the deduction. What was uploaded is looked at, kept for good
under its hash, and noted with the move's own event; the page's word for a hash is never taken. The upload itself is
forgotten after a day.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters import archive, objects
from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.reference import parts
from chalicelib.services.contractor.sealing import ending_of
from chalicelib.services.record import record
from chalicelib.services.record.record import NotFound
from chalicelib.store import entries

MOST_BYTES = 20 * 2**20
UNNAMED = "application/octet-stream"  # what a browser calls a file that it knows nothing of, such as an OFD
NEEDS: Mapping[str, str] = {  # move → the field that its file stands at
    "check_invoice": "original",
    "pay_third": "proof",
    "dispute": "files",
}
OPTIONAL = frozenset({"dispute"})


def ask_upload(one: Deduction, content_type: str, at: datetime) -> dict[str, Any]:
    """{"id", "url", "fields"} for a file, for whoever may make a move that takes one. Raises Invalid."""
    if content_type not in (*archive.TYPES.values(), UNNAMED):
        raise Invalid("upload", "proof_form")
    upload = ulid(at)
    post = objects.presigned_post(_spot(one, upload), content_type, MOST_BYTES, room=objects.SCANS)
    return {"id": upload, **post}


def informed(command: Command, one: Deduction) -> Mapping[str, Any]:
    """What a move says of its file, kept for good by then. Raises Invalid. May run again."""
    field, upload = NEEDS[command.name], str(command.data.get("upload") or "")
    if not upload and command.name in OPTIONAL:
        return {}
    if not is_ulid(upload):
        raise Invalid(field, "original_needed" if field == "original" else "proof_needed")
    try:
        content = objects.read_inbox(f"{objects.SCANS}{_spot(one, upload)}", MOST_BYTES)
    except objects.Absent:
        raise Invalid(field, "upload_gone") from None
    if not (ending := proof_ending(content)):
        raise Invalid(field, "proof_form")
    digest = hashlib.sha256(content).hexdigest()
    key = archive.key_beside(archive.PROOFS, one.entity, parts(one.id)[1], digest, ending)
    archive.keep(key, content)
    return {field: [digest] if field == "files" else digest, "file": key}


def proof_ending(content: bytes) -> str:
    """How a file ends; "" for what is none of these. An OFD is a zip with a document of its own, an XML says so."""
    if ending := ending_of(content):
        return ending
    if content.startswith(b"PK\x03\x04") and b"OFD.xml" in content and len(content) <= MOST_BYTES:
        return "ofd"
    head = content.removeprefix(b"\xef\xbb\xbf").lstrip()
    return "xml" if head.startswith(b"<?xml") and len(content) <= MOST_BYTES else ""


def address(one: Deduction, digest: str) -> str:
    """Where a file of the deduction can be read for ten minutes. Raises NotFound."""
    found = next((key for its, key in files(one) if its == digest), "")
    if not found:
        raise NotFound
    return archive.presigned_get(found, f"{digest[:12]}.{found.rpartition('.')[2]}")


def exported(entity: str, number: str) -> Deduction:
    """A deduction that finance of an entity has entries of. Raises NotFound, also for another entity's."""
    found = [line for line, _ in entries.of_deduction(number) if line.entity == entity] if number.isprintable() else []
    one = record.load(found[0].deduction) if found else None
    if not isinstance(one, Deduction):
        raise NotFound
    return one


def pack(one: Deduction) -> str:
    """Where its evidence pack can be read for ten minutes. Raises NotFound while there is none."""
    packed = one.last("evidence_packed")
    if packed is None:
        raise NotFound
    return archive.presigned_get(str(packed.data["key"]), f"{one.number}.pdf")


def files(one: Deduction) -> list[tuple[str, str]]:
    """(SHA-256, key) of what was kept, in the order of the events."""
    found = [str(event.data["file"]) for event in one.events if event.data.get("file")]
    return [(key.rpartition("/")[2].partition(".")[0], key) for key in found]


def _spot(one: Deduction, upload: str) -> str:
    return f"{parts(one.id)[1]}/{upload}"
