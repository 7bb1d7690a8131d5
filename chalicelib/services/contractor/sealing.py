"""The sealed letter comes back: printed, sealed by hand and scanned, or sealed by a CA's service.

The office uploads the scan to the inbox, and makes the move `seal` with the letter's number and the upload. So it does
with the waybill of a letter that arrived (`prove_delivery`), where that is a PDF or an OFD and no photo. What was
uploaded is kept as any proof is (`services/proofs.py`), in the archive beside the letter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters import archive
from chalicelib.domain.contractor.letter import parse_number
from chalicelib.domain.contractor.making import Lettered
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.services import proofs
from chalicelib.services.proofs import PAPERS, SCANS, Asked
from chalicelib.store import letters
from chalicelib.store.letters import File
from chalicelib.store.table import Write

SCAN = Asked(SCANS, "scan", needed="required", gone="required", form="scan_form")
WAYBILL = Asked(PAPERS, "photos", form="paper_form")
LOOKED_UP = frozenset({"upload", "sha256", "key"})
ASKS = {"seal": SCAN, "prove_delivery": WAYBILL}


def ask_upload(number: str, content_type: str, at: datetime, move: str = "seal") -> dict[str, Any]:
    """{"id", "url", "fields"} for a file of a letter, for whoever may make the move that takes it. Raises Invalid."""
    if parse_number(number) is None:
        raise Invalid("letter", "unknown")
    return proofs.ask_upload(number, content_type, ASKS[move], at)


def informed(command: Command, one: Lettered, may: bool) -> Command:
    """The move with what was uploaded, kept for good by then. Raises Invalid. May run again.

    `may`: whether it is legal. The system names its file itself: what a CA's service sealed.
    """
    if command.by.role is Role.SYSTEM or not may:
        return command
    number, upload = str(command.data.get("letter", "")), str(command.data.get("upload", ""))
    said = {name: value for name, value in command.data.items() if name not in LOOKED_UP}
    if command.name == "prove_delivery" and not upload:
        return replace(command, data=said)
    if number not in {letter.number for letter in one.letters}:
        raise Invalid("letter", "unknown")
    sealed = command.name == "seal"
    room = archive.SEALED if sealed else archive.PROOFS
    kept = proofs.keep(
        number, upload, ASKS[command.name], lambda digest, ending: archive.key_of(room, number, digest, ending)
    )
    return replace(command, data={**({"letter": number, "how": "scan"} if sealed else said), **kept._asdict()})


def joins(events: Sequence[Event]) -> list[Write]:
    """What a letter's public page shows of its sealed files, and that they are to be sent on: in the change itself."""
    writes: list[Write] = []
    for e in events:
        if e.kind == "letter_sealed":
            number = str(e.data["letter"])
            writes.append(letters.sealed_as(number, File(e.data["how"], e.data["sha256"], e.data["key"], e.at)))
            writes.append(letters.due_soon(number, e.at))
    return writes
