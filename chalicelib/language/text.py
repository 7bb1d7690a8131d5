"""What a text of a message consists of; which facts it may name stands in `texts.py`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """One message. `sms` and `comes` have variants; `happened` is the first paragraph of the e-mail."""

    sms: tuple[str, ...]
    subject: str
    happened: str
    comes: tuple[str, ...]
    clocks: tuple[str, ...] = ()
    coded: tuple[str, ...] = ()  # instead of `sms` where a code is sent; none: the same
