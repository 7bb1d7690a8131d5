"""The one source of time. On AWS it is the clock; locally an anchor file maps wall time to a simulated one.

The anchor ({"wall", "simulated", "speed"}) is written by the local stack only and never makes time run backwards.
"""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

ANCHOR = os.environ.get("TIME_ANCHOR", "")


def _anchor() -> tuple[datetime, datetime, float]:
    read = json.loads(Path(ANCHOR).read_text())
    return datetime.fromisoformat(read["wall"]), datetime.fromisoformat(read["simulated"]), float(read["speed"])


def now() -> datetime:
    """This moment, in UTC."""
    at = datetime.now(UTC)
    if not ANCHOR:
        return at
    wall, simulated, speed = _anchor()
    return (simulated + (at - wall) * speed).astimezone(UTC)


def rest(seconds: float) -> None:
    """Do nothing for a while: seconds of the wall's clock, however fast the simulated one runs."""
    time.sleep(seconds)


def to_wall(at: datetime) -> datetime:
    """When a moment comes on the clock of the machines that wait for it."""
    if not ANCHOR:
        return at
    wall, simulated, speed = _anchor()
    return wall + timedelta(seconds=(at - simulated).total_seconds() / speed)
