"""New ids: ULIDs, 26 letters that sort by the time they were made."""

from __future__ import annotations

import os
from datetime import datetime

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def ulid(at: datetime, randomness: bytes | None = None) -> str:
    """A ULID of 48 bits of milliseconds and 80 random bits; `randomness` (10 bytes) makes it reproducible."""
    value = int(at.timestamp() * 1000) << 80 | int.from_bytes((randomness or os.urandom(10))[:10], "big")
    return "".join(ALPHABET[value >> shift & 31] for shift in range(125, -1, -5))


def is_ulid(text: str) -> bool:
    return len(text) == 26 and text[0] in "01234567" and all(c in ALPHABET for c in text)
