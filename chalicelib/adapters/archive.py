"""The bucket of letters: whatever lies there was written once, with its checksum, and is kept for good.

letters/<entity>/<year>/<number>/<sha256>.pdf    as it was set
sealed/<entity>/<year>/<number>/<sha256>.<type>  the scan of the sealed paper, or what a CA's service sealed
exports/<entity>/<year>/<number>/<sha256>.<type> a file of a batch that finance was given
proofs/<entity>/<deduction>/<sha256>.<type>      proof of a deduction: an invoice, a payment, an objection
proofs/<entity>/<year>/<number>/<sha256>.<type>  the waybill of a letter
evidence/<entity>/<deduction>/<sha256>.pdf       the evidence pack of a deduction
statements/<company>/<sha256>.pdf                a contractor's statement, by the hash of what it says

The key is made of the content: the same again is the same object. Nothing here deletes or replaces.
"""

from __future__ import annotations

from pathlib import Path

from chalicelib.adapters import objects
from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.letter import parse_number

SET, SEALED, EXPORTS, PROOFS, EVIDENCE = "letters", "sealed", "exports", "proofs", "evidence"
STATEMENTS = "statements"
TYPES = {
    "pdf": "application/pdf",
    "jpg": "image/jpeg",
    "png": "image/png",
    "ofd": "application/ofd",
    "xml": "application/xml",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
MOST_BYTES = 40 * 2**20


def key_of(room: str, number: str, digest: str, ending: str) -> str:
    """Where a file of a letter lies. Raises ValueError for what is no letter's number."""
    found = parse_number(number)
    if found is None:
        raise ValueError(number)
    entity, year, _ = found
    return f"{room}/{entity}/{year}/{number}/{digest}.{ending}"


def export_key(entity: str, year: str, number: str, digest: str, ending: str) -> str:
    """Where a file of a batch lies."""
    return f"{EXPORTS}/{entity}/{year}/{number}/{digest}.{ending}"


def key_beside(room: str, entity: str, record: str, digest: str, ending: str) -> str:
    """Where a file of another record lies."""
    return f"{room}/{entity}/{record}/{digest}.{ending}"


def keep(key: str, content: bytes) -> bool:
    """Store a file; False where it lies there already. The service checks what arrived by its SHA-256."""
    content_type = TYPES[key.rpartition(".")[2]]
    return objects.write_once(settings().letters, key, content, content_type, ChecksumAlgorithm="SHA256")


def there(key: str) -> bool:
    """Whether it is kept already."""
    return objects.exists(key, settings().letters)


def read(key: str, most_bytes: int = 0) -> bytes:
    """A file as it was kept, one byte more than allowed at most; 0: what a letter may have. Raises Absent."""
    return objects.read(settings().letters, key, most_bytes or MOST_BYTES)


def keep_file(key: str, path: Path) -> bool:
    """Store a file as it lies on the disk; False where it lies there already. It is never read into memory."""
    content_type = TYPES[key.rpartition(".")[2]]
    with path.open("rb") as content:
        return objects.write_once(settings().letters, key, content, content_type, ChecksumAlgorithm="SHA256")


def presigned_file(key: str, name: str) -> str:
    """An address of a file to keep, good for ten minutes; `name`: what a browser calls it."""
    return objects.presigned_file(settings().letters, key, f'attachment; filename="{name}"', "private, no-store")


def presigned_get(key: str, name: str) -> str:
    """An address of a file, good for ten minutes; `name`: what a browser calls it."""
    return objects.presigned_file(settings().letters, key, f'inline; filename="{name}"', "private, max-age=600")
