"""The bucket of work photos and papers as they were sent: each written once, no version deleted before its time.

originals/<ticket>/<upload>          position, camera and all; shown to nobody but the warranty office
originals/<ticket>/<sha256>.<type>   a paper of the ticket: an appraisal's document, the proof of a compensation

Only erasing deletes here, which takes a right of its own (`s3:BypassGovernanceRetention`).
"""

from __future__ import annotations

from chalicelib.adapters import objects
from chalicelib.adapters.settings import settings

ROOM = "originals/"


def key_of(ticket: str, upload: str) -> str:
    """Where the original of a ticket's upload lies."""
    return f"{ROOM}{ticket}/{upload}"


def keep(key: str, content: bytes, content_type: str) -> bool:
    """Store an original; False where one lies there already. The service checks what arrived by its SHA-256."""
    return objects.write_once(settings().originals, key, content, content_type, ChecksumAlgorithm="SHA256")


def read(key: str, most_bytes: int) -> bytes:
    """An original, one byte more than allowed at most. Raises Absent."""
    return objects.read(settings().originals, key, most_bytes)


def presigned_get(key: str) -> str:
    """An address of an original, good for ten minutes: a file to keep, not a picture in a page."""
    disposition = f'attachment; filename="{key.rpartition("/")[2]}"'
    return objects.presigned_file(settings().originals, key, disposition, "private, no-store")


def forget(ticket: str) -> int:
    """Delete the originals of a ticket in every version, kept or not; how many. May run again."""
    return objects.forget_all(settings().originals, f"{ROOM}{ticket}/", bypass=True)
