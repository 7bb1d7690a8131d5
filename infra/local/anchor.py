"""Simulated time: the file that every local process reads its clock from, and the only place that writes it.

    {"wall": …, "simulated": …, "speed": n, "past": [[wall, simulated, speed], …]}

    simulated(now) = anchor.simulated + (wall now − anchor.wall) × speed

The simulated clock never runs backwards. `past` keeps earlier anchors, so that a wall time of the emulator (when
a message came in) can still be told in simulated time. Replaced atomically: a reader sees the old file or the new one.
"""

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

DEMO_START = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
DEMO_PAST = datetime(2026, 1, 12, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # from where its stories are played
PAST_KEPT = 500


def wall_now() -> datetime:
    """The machine's clock, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True)
class Point:
    """One moment at which wall and simulated time are known, and the pace from there."""

    wall: datetime
    simulated: datetime
    speed: float

    def at(self, wall: datetime) -> datetime:
        """Simulated time at a wall time."""
        return self.simulated + (wall - self.wall) * self.speed


@dataclass
class Anchor:
    """The anchor file and its writer. One writer per file; readers may be many."""

    path: Path
    _past: list[Point] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @classmethod
    def open(
        cls, path: Path, *, speed: float, start: datetime = DEMO_START, stopped: datetime | None = None
    ) -> "Anchor":
        """Begin at `start`, or go on where the file left off. Time stood still since wall time `stopped`."""
        anchor = cls(path)
        now = wall_now()
        if path.exists():
            anchor._read()
            start = anchor.point.at(min(stopped, now)) if stopped else anchor.point.at(now)
            start = max(start, anchor.point.simulated)
        anchor._set(Point(now, start, speed))
        return anchor

    @property
    def point(self) -> Point:
        """The anchor in force."""
        return self._past[-1]

    def now(self) -> datetime:
        """Simulated now, in UTC."""
        return self.point.at(wall_now()).astimezone(UTC)

    def simulated(self, wall: datetime) -> datetime:
        """What the simulated clock showed at a wall time, by the anchor then in force."""
        point = next((p for p in reversed(self._past) if p.wall <= wall), self._past[0])
        return point.at(wall).astimezone(UTC)

    def advance(self, *, to: datetime | None = None, by: timedelta | None = None) -> datetime:
        """Move the simulated clock forward; earlier than now is ignored. Returns simulated now."""
        with self._lock:
            now = wall_now()
            shown = self.point.at(now)
            target = to if to is not None else shown + (by or timedelta())
            if target > shown:
                self._set(Point(now, target, self.point.speed))
        return self.now()

    @contextmanager
    def slowed(self, speed: float) -> Iterator[None]:
        """Let the simulated clock go at another pace meanwhile."""
        usual = self.point.speed
        self._pace(speed)
        try:
            yield
        finally:
            self._pace(usual)

    def _pace(self, speed: float) -> None:
        with self._lock:
            now = wall_now()
            self._set(Point(now, self.point.at(now), speed))

    def _set(self, point: Point) -> None:
        self._past = [*self._past, point][-PAST_KEPT:]
        record = {**_record(point), "past": [list(_record(p).values()) for p in self._past[:-1]]}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        draft = self.path.with_suffix(f".{os.getpid()}.draft")
        draft.write_text(json.dumps(record))
        os.replace(draft, self.path)

    def _read(self) -> None:
        record = json.loads(self.path.read_text())
        rows = [*record.get("past", []), [record["wall"], record["simulated"], record["speed"]]]
        self._past = [Point(datetime.fromisoformat(w), datetime.fromisoformat(s), v) for w, s, v in rows]


def _record(point: Point) -> dict[str, str | float]:
    return {
        "wall": point.wall.astimezone(UTC).isoformat(),
        "simulated": point.simulated.astimezone(UTC).isoformat(),
        "speed": point.speed,
    }
