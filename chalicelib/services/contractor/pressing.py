"""Making the PDF of a letter that was released: set, stored once, noted on its record; then it is sent on.

made      it is there now
known     it was made before; what it lacked since was done
no such   no letter has this number: nothing to do

Cut off anywhere, it is done again with the same bytes under the same key.

Unsound   the stored content is not what was hashed at its release: somebody has to look
"""

from __future__ import annotations

import hashlib
from datetime import datetime

from chalicelib.adapters import archive, objects, typesetter
from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.letter import Content, hash_of
from chalicelib.domain.contractor.typeface import rare, texts_in
from chalicelib.domain.pictures import MOST_BYTES
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.services.contractor import forwarding
from chalicelib.services.record import record
from chalicelib.store import letters
from chalicelib.store.letters import File, Kept, Made

MADE, KNOWN, NO_SUCH = "made", "known", "no such"


class Unsound(Exception):
    """The content of a letter is not what its hash says."""


def make(number: str, at: datetime) -> str:
    """Make the PDF of a letter; which of the outcomes above. May run twice, and beside itself."""
    letter, content = letters.get(number), letters.content(number)
    if letter is None or content is None:
        return NO_SUCH
    made = None if letter.pdf else _make(letter, content, at)
    try:
        forwarding.forward(letter, address_of(number), at)
    except Exception:
        if made:
            letters.made(number, *made)
        raise
    letters.settled(letter, made)
    return MADE if made else KNOWN


def _make(letter: Kept, content: Content, at: datetime) -> Made:
    """The PDF as the record says it. Raises Unsound, Untypeset, and what the record's move raises."""
    if hash_of(content.text) != content.hash:
        raise Unsound(letter.number)
    body = content.body
    photos = [_photo(key) for key, _ in body["photos"]]
    pdf, unshown = typesetter.typeset(content, address_of(letter.number), photos)
    digest = hashlib.sha256(pdf).hexdigest()
    key = archive.key_of(archive.SET, letter.number, digest, "pdf")
    archive.keep(key, pdf)
    facts = {"letter": letter.number, "sha256": digest, "key": key} | ({"unshown": list(unshown)} if unshown else {})
    after = record.perform(Command("note_made", SYSTEM, facts, key=f"made/{letter.number}"), letter.record, at)
    # Another layout may have set it before this one was cut off: what the record says is the letter's PDF.
    noted = next((e for e in after.events if e.key == f"made/{letter.number}"), None)
    its = noted.data if noted else facts
    lacking = [f"U+{ord(c):04X}" for c in rare(texts_in(body["said"]))]
    return Made(File("pdf", str(its["sha256"]), str(its["key"]), at), lacking)


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
