"""The original of a photo that came with a report: loose until there is a ticket, then kept for good.

sent/<ticket>/<upload>    as it was sent, in the clean bucket; gone after days, whether a report came or not

Whoever comes later of the photo function and `act` keeps it: each looks for what the other has written. May run again.
"""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from chalicelib.adapters import objects
from chalicelib.adapters import originals as vault
from chalicelib.adapters.log import logger
from chalicelib.domain.pictures import MOST_BYTES, type_of
from chalicelib.store import originals


def key_of(ticket: str, upload: str) -> str:
    """Where what was sent lies until its ticket keeps it."""
    return f"{objects.AS_SENT}{ticket}/{upload}"


def keep(ticket: str, number: str, upload: str, at: datetime) -> bool:
    """Keep the original of a ticket's photo, with its hash; whether there was one. `number`: the ticket's."""
    try:
        content = objects.read_clean(key_of(ticket, upload), MOST_BYTES)
        shown = objects.read_clean(f"{objects.PHOTOS}{ticket}/{upload}", MOST_BYTES)
    except objects.Absent:
        return False
    key = vault.key_of(ticket, upload)
    if not vault.keep(key, content, type_of(content)):
        content = vault.read(key, MOST_BYTES)
    digest, seen = sha256(content).hexdigest(), sha256(shown).hexdigest()
    if originals.note(ticket, number, upload, digest, seen, at):
        logger.warning("photo known", extra={"ticket": ticket, "upload": upload, "hash": seen})
    return True
