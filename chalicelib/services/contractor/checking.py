"""The public check of a letter: by its number, with nothing of its content, and not often from one address.

A number can be counted up by anybody; what it shows is no secret: that such a letter was sent, when, and what its files
hash to. Who tries many is slowed.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.contractor.letter import parse_number
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.text import plain
from chalicelib.services.access.codes import count
from chalicelib.store import letters
from chalicelib.store.letters import Kept

LOOKS = (("address", 3600, 120),)
HEX = frozenset("0123456789abcdef")
DIGITS = 64
CONTENT = "content"


def look(number: str, address: str, at: datetime) -> Kept | None:
    """The letter with a number, as it was typed; None where there is none. Raises TooOften."""
    count("letter", LOOKS, {"address": address}, at)
    meant = plain(number).replace(" ", "")
    if not parse_number(meant):
        return None
    return letters.get(meant) or (letters.get(meant.upper()) if meant != meant.upper() else None)


def matching(letter: Kept, typed: str) -> str:
    """What a typed hash is of: `content`, or how the file came (pdf, scan, e_seal); "" for nothing of this letter.

    Raises Invalid where it is no SHA-256.
    """
    digest = plain(typed).casefold().replace(" ", "")
    if len(digest) != DIGITS or not set(digest) <= HEX:
        raise Invalid("sum", "hash_form")
    if digest == letter.hash:
        return CONTENT
    return next((file.how for file in letter.files if file.hash == digest), "")
