"""Cutting a process off before or after anything that it does to the world."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from tests.world import World


class Cut(BaseException):
    """The process ends here."""


EFFECTS = {
    "table": ("write", "transact"),
    "states": ("start_execution", "stop_execution"),
    "queue": ("send_message_batch",),
    "provider": ("publish", "send_email"),
}


class Scissors:
    """Counts the points before and after each effect, and cuts at the one that was asked for."""

    def __init__(self, world: World) -> None:
        self.left: int | None = None
        self.cut_at = ""
        for part, names in EFFECTS.items():
            made = getattr(world, part)
            for name in names:
                setattr(made, name, self._watched(f"{part}.{name}", getattr(made, name)))

    def _watched(self, name: str, does: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(does)
        def watched(*args: Any, **more: Any) -> Any:
            self._pass(f"before {name}")
            answer = does(*args, **more)
            self._pass(f"after {name}")
            return answer

        return watched

    def _pass(self, point: str) -> None:
        if self.left is None:
            return
        self.left -= 1
        if self.left < 0:
            self.left, self.cut_at = None, point
            raise Cut(point)

    @contextmanager
    def cutting(self, after: int | None) -> Iterator[None]:
        """The process inside is cut at the point after so many others (None: not at all); `cut_at` tells where."""
        self.left, self.cut_at = after, ""
        try:
            yield
        except Cut:
            pass
        finally:
            self.left = None
