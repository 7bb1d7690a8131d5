"""Making the PDF of a letter that was released: set, stored once, noted on its record, then due no more.

made      it is there now
known     it was made before: the queue brought it again
no such   no letter has this number: nothing to do

Cut off anywhere, it is done again with the same bytes under the same key.

Unsound   the stored content is not what was hashed at its release: somebody has to look
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from chalicelib.adapters import archive, objects, typesetter
from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.letter import hash_of
from chalicelib.domain.contractor.typeface import rare, texts_in
from chalicelib.domain.pictures import MOST_BYTES
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.services.record import record
from chalicelib.store import letters
from chalicelib.store.letters import File

MADE, KNOWN, NO_SUCH = "made", "known", "no such"


class Unsound(Exception):
    """The content of a letter is not what its hash says."""


def make(number: str, at: datetime) -> str:
    """Make the PDF of a letter; which of the outcomes above. May run twice, and beside itself."""
    letter, content = letters.get(number), letters.content(number)
    if letter is None or content is None:
        return NO_SUCH
    if letter.pdf:
        return KNOWN
    if hash_of(content.text) != content.hash:
        raise Unsound(number)
    body = content.body
    pdf, unshown = typesetter.typeset(content, address_of(number), [_photo(key) for key, _ in body["photos"]])
    digest = hashlib.sha256(pdf).hexdigest()
    file = File("pdf", digest, archive.key_of(archive.SET, number, digest, "pdf"), at)
    archive.keep(file.key, pdf)
    lacking = [f"U+{ord(c):04X}" for c in rare(texts_in(body["said"]))]
    facts = {"letter": number, "sha256": digest, "key": file.key} | ({"unshown": list(unshown)} if unshown else {})
    record.perform(Command("note_made", SYSTEM, facts, key=f"made/{number}"), letter.record, at)
    letters.made(number, file, lacking)
    return MADE


def address_of(number: str) -> str:
    """The public page of a letter."""
    return f"{settings().public_url}/l/{number}"


def _photo(key: str) -> bytes | None:
    """A photo of the letter; None where there is none any more, or none that a letter can show."""
    try:
        content = objects.read_clean(key, MOST_BYTES)
    except objects.Absent:
        return None
    return content if len(content) <= MOST_BYTES else None
