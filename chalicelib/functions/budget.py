"""How long a function may go on: until its time is nearly out."""

from __future__ import annotations

from collections.abc import Callable

LEFT_MILLISECONDS = 20_000


def until_nearly_out(context: object) -> Callable[[], bool]:
    """Whether there is time for one more; always, where nobody keeps the time."""
    remaining = getattr(context, "get_remaining_time_in_millis", None)
    return (lambda: remaining() > LEFT_MILLISECONDS) if remaining else (lambda: True)
