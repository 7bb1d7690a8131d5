"""E-mail addresses: one and nothing more, for it stands in headers and behind mailto: where staff press on it."""

from __future__ import annotations

import re

from chalicelib.domain.record.text import plain

ADDRESS = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}")
LONGEST = 254
NO_DOTS = frozenset({"gmail.com", "googlemail.com"})  # they deliver a.b@ and ab@ to one box


def kept(text: str) -> str:
    """An address as it is kept: full-width letters folded, the domain in small letters."""
    name, at, domain = plain(text).rpartition("@")
    return f"{name}{at}{domain.lower()}"


def is_address(text: str) -> bool:
    """Whether what is kept of it is an address."""
    return len(text) <= LONGEST and ADDRESS.fullmatch(text) is not None


def counted(text: str) -> str:
    """The box that an address is delivered to, so that tags, dots and case make no second one of it."""
    name, _, domain = kept(text).lower().rpartition("@")
    name = name.partition("+")[0]
    if domain in NO_DOTS:
        name, domain = name.replace(".", ""), "gmail.com"
    return f"{name}@{domain}"
