"""A paper of a ticket as it came, a PDF or an OFD: what an appraisal says, that its owner was paid a compensation.

originals/<ticket>/<sha256>.<ending>   written once, beside the originals of its photos; erased with the ticket
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.adapters import archive
from chalicelib.adapters import originals as vault
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Event
from chalicelib.services import proofs
from chalicelib.services.proofs import PAPERS, Asked
from chalicelib.services.record.record import NotFound

PAPER = Asked(PAPERS, "photos", form="paper_form")
LOOKED_UP = frozenset({"upload", "sha256", "key"})


def ask_upload(ticket: str, content_type: str, at: datetime) -> dict[str, Any]:
    """{"id", "url", "fields"} for a paper of a ticket, for whoever may make a move that takes one. Raises Invalid."""
    return proofs.ask_upload(ticket, content_type, PAPER, at)


def informed(command: Command, ticket: str, may: bool) -> Command:
    """The move with what was uploaded for it, if anything was, kept by then. Raises Invalid. May run again.

    `may`: whether it is legal.
    """
    upload = str(command.data.get("upload") or "")
    data = {name: value for name, value in command.data.items() if name not in LOOKED_UP}
    if upload and may:
        kept = proofs.keep(
            ticket, upload, PAPER, lambda digest, ending: vault.key_of(ticket, f"{digest}.{ending}"), _store
        )
        data |= kept._asdict()
    return replace(command, data=data)


def of(event: Event) -> Mapping[str, str]:
    """`sha256` and `key` of the paper that a move came with; nothing where it came with none."""
    return {name: str(event.data[name]) for name in ("sha256", "key") if event.data.get("key")}


def address(events: Iterable[Event], digest: str) -> str:
    """Where a paper can be fetched for ten minutes, by its hash. Raises NotFound."""
    found = next((its["key"] for event in events if (its := of(event)) and its["sha256"] == digest), "")
    if not found:
        raise NotFound
    return vault.presigned_get(found)


def _store(key: str, content: bytes) -> bool:
    return vault.keep(key, content, archive.TYPES[key.rpartition(".")[2]])
