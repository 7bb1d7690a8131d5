"""Why a record's words and pictures may not be erased yet, and until when.

case           a contractor's case goes on                                  until it ends
limitation     what it was about can still be claimed                       years after it ended, by policy
dispute        what was found is in dispute                                 as long, from then
money          money moved by what was found                                as long, from then
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Reason:
    """`until`: None while nobody knows when it ends."""

    kind: str
    until: datetime | None = None


def until(reasons: Sequence[Reason]) -> datetime | None:
    """When the last of them ends; None while nobody knows."""
    ends = [reason.until for reason in reasons]
    return None if None in ends or not ends else max(end for end in ends if end)
