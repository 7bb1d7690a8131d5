"""When a message that nobody took is tried again: at once nearly, then less and less often, then no more.

    tries after     3 s, 6 s, 15 s, 30 s, 1, 2, 5, 10, 15, 30, 60 min: two hours in all
    an emergency    1 s, 2 s, 4 s, 8 s, 15 s, 30 s, 1, 2, 5, 5, 5 min: twenty minutes, then somebody is rung for

A provider that stumbles costs seconds; one that is down for an hour costs no more than a dozen calls a message.
"""

from __future__ import annotations

from datetime import timedelta

USUAL = (3, 6, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
EMERGENCY = (1, 2, 4, 8, 15, 30, 60, 120, 300, 300, 300)
TRIES = 1 + len(USUAL)


def wait(tries: int, *, emergency: bool = False) -> timedelta:
    """How long to wait after so many tries that failed, one at least."""
    steps = EMERGENCY if emergency else USUAL
    return timedelta(seconds=steps[min(tries, len(steps)) - 1])
