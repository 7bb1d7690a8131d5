"""Cutting a process off before or after anything that it does to the world, or letting another one come in between."""

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
    "queue": ("send_message_batch", "send_message"),
    "pictures": ("put_object",),
    "provider": ("publish", "send_email"),
}


CUT = "cut"
Point = tuple[int, str]  # after how many points, and what happens there: the process is cut, or somebody else acts


class Scissors:
    """Counts the points before and after each effect; at the one that was asked for it cuts, or calls `meanwhile`."""

    def __init__(self, world: World, meanwhile: Callable[[str], None]) -> None:
        self.left: int | None = None
        self.what = CUT
        self.meanwhile = meanwhile
        self.cut_at = self.met_at = ""
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
        if self.left >= 0:
            return
        self.left = None
        if self.what != CUT:
            self.met_at = f"{self.what} {point}"
            self.meanwhile(self.what)
            return
        self.cut_at = point
        raise Cut(point)

    @contextmanager
    def cutting(self, point: Point | None) -> Iterator[None]:
        """Something happens to the process inside at a point (None: nothing does); `cut_at`, `met_at` tell where."""
        self.left, self.what = point or (None, CUT)
        self.cut_at = self.met_at = ""
        try:
            yield
        except Cut:
            pass
        finally:
            self.left = None
