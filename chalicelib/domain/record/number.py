"""Short numbers people can read out: eight digits and a check digit, ISO 7064 MOD 11,10.

4839 2175 6 — one wrong digit, and nearly every swapped pair, is noticed before anything is looked up.
"""

from __future__ import annotations

import hashlib

from chalicelib.domain.record.text import plain

DIGITS = 8


def check_digit(digits: str) -> str:
    """The ISO 7064 MOD 11,10 check digit of a string of digits."""
    remainder = 10
    for digit in digits:
        remainder = (remainder + int(digit)) % 10 or 10
        remainder = remainder * 2 % 11
    return str((11 - remainder) % 10)


def short_number(reference: str, attempt: int = 0) -> str:
    """A number derived from the record's id; `attempt` gives the next one when it is taken."""
    seed = hashlib.sha256(f"{reference}/{attempt}".encode()).digest()
    digits = str(int.from_bytes(seed[:8], "big") % 10**DIGITS).zfill(DIGITS)
    return digits + check_digit(digits)


def parse_number(text: str) -> str | None:
    """The nine digits in what somebody typed or said, or None when the check digit disagrees."""
    digits = "".join(c for c in plain(text) if c in "0123456789")
    if len(digits) != DIGITS + 1 or check_digit(digits[:-1]) != digits[-1]:
        return None
    return digits


def spoken(number: str) -> str:
    """In groups, as it is printed: 4839-2175-6."""
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"
