"""Files that prove something of a deduction: an invoice's original, a payment's voucher, what an objection brings.

They are named by a move of the deduction, and kept as any proof is (`services/proofs.py`), in the archive.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters import archive
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.reference import parts
from chalicelib.services import proofs
from chalicelib.services.proofs import INVOICES, Asked
from chalicelib.services.record import record
from chalicelib.services.record.record import NotFound
from chalicelib.store import entries

ASKS: Mapping[str, Asked] = {
    "check_invoice": Asked(INVOICES, "original", needed="original_needed"),
    "pay_third": Asked(INVOICES, "proof"),
    "dispute": Asked(INVOICES, "files"),
}
ANY = Asked(INVOICES, "upload")
OPTIONAL = frozenset({"dispute"})


def ask_upload(one: Deduction, content_type: str, at: datetime) -> dict[str, Any]:
    """{"id", "url", "fields"} for a file, for whoever may make a move that takes one. Raises Invalid."""
    return proofs.ask_upload(parts(one.id)[1], content_type, ANY, at)


def informed(command: Command, one: Deduction) -> Mapping[str, Any]:
    """What a move says of its file, kept for good by then. Raises Invalid. May run again."""
    asked, upload = ASKS[command.name], str(command.data.get("upload") or "")
    if not upload and command.name in OPTIONAL:
        return {}
    record = parts(one.id)[1]
    digest, key = proofs.keep(
        record,
        upload,
        asked,
        lambda digest, ending: archive.key_beside(archive.PROOFS, one.entity, record, digest, ending),
    )
    return {asked.field: [digest] if asked.field == "files" else digest, "file": key}


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
