"""clocks.toml, [care]: how often owners are tried, whom they may call, which ratings the desk hears of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.domain.policy.reading import duration
from chalicelib.domain.record.errors import PolicyError

MOST_TRIES, STARS = 10, 5
CALLED = ("desk", "technician")


@dataclass(frozen=True, slots=True)
class Care:
    """`tries` at a follow-up end it, each `apart` from the one before; `low`: the most stars that alert the desk.

    `call`: whose number the owner's page has, one of CALLED.
    """

    tries: int = 3
    apart: timedelta = timedelta(hours=2)
    low: int = 2
    call: str = "desk"


def read_care(file: Mapping[str, Any]) -> Care:
    row = file.get("care", {})
    tries, low = row.get("tries"), row.get("low")
    if not isinstance(tries, int) or not 1 <= tries <= MOST_TRIES:
        raise PolicyError(f"clocks.toml: care.tries: {tries!r} is not 1 to {MOST_TRIES}")
    if not isinstance(low, int) or not 0 <= low < STARS:
        raise PolicyError(f"clocks.toml: care.low: {low!r} is not 0 to {STARS - 1}")
    if (call := row.get("call", "desk")) not in CALLED:
        raise PolicyError(f"clocks.toml: care.call: {call!r} is none of {', '.join(CALLED)}")
    return Care(tries, duration(row.get("apart"), "clocks.toml: care.apart"), low, call)
