"""Cutting a process off before or after anything that it does to the world, or letting another one come in between."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import wraps
from typing import Any

from chalicelib.functions import tick
from chalicelib.store import messages
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
UNNOTED = ("after provider.publish", "before table.write")  # taken by the provider, and cut off before that is noted
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


def pump(world: World) -> None:
    """As `World.pump`, but whoever is cut off is tried again."""
    while world.to_act or world.to_tell or world.queue.waiting:
        try:
            world.pump()
        except Cut:
            continue


def until(world: World, hours: float) -> None:
    """So many hours of timers and of what they set off, each tried again where it is cut off."""
    end = world.at + timedelta(hours=hours)
    pump(world)
    while (running := world.states.running()) and running[0].until <= end:
        world.at = max(world.at, running[0].until)
        try:
            world.states.fire(running[0], tick.tick, world.at)
        except Cut:
            continue
        pump(world)
    world.at = end


def settle(world: World) -> None:
    """What sweep and night make up for, twice."""
    world.at += timedelta(minutes=10)
    for _ in range(2):
        world.sweep()
        pump(world)
        world.at += timedelta(hours=2)
        world.reconcile()
        pump(world)


def told(world: World, reference: str) -> list[messages.Message]:
    """Every message of a record."""
    rows = [r for pk, part in world.table.parts.items() if pk.startswith("TOLD#") for r in part.values()]
    return [m for m in map(messages.read, rows) if m.record == reference]
