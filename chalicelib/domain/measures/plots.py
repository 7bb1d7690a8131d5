"""What plots are drawn of: paths in a picture's own units. The pictures themselves are macros of the
templates, and the layout of the report.

A month that keeps its target, or has none, is a dot; one that misses it a triangle: shape and colour say the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

WIDE, HIGH, EDGE = 300, 72, 7
CELL, GAP = 30, 3
SIZES = (0, 8, 14, 20, 26)  # of a square, by how often promises broke there


class Trend(NamedTuple):
    """`line`: through the months that there are; `kept`, `missed`: their marks; `target`: its height, None for none."""

    line: str
    kept: str
    missed: str
    target: float | None


@lru_cache(maxsize=1024)
def trend(values: tuple[int | None, ...], target: int | None, up: bool) -> Trend:
    """Of a year's values, the oldest first; None for a month without a figure."""
    known = [value for value in values if value is not None] + ([target] if target is not None else [])
    if not known:
        return Trend("", "", "", None)
    low, high = min(known), max(known)
    room = (high - low) or max(high // 5, 1)
    low, tall = low - room // 8, room * 5 / 4

    def height(value: int) -> float:
        return round(HIGH - EDGE - (value - low) * (HIGH - 2 * EDGE) / tall, 1)

    step = (WIDE - 2 * EDGE) / max(len(values) - 1, 1)
    line, kept, missed, broken = [], [], [], True
    for n, value in enumerate(values):
        if value is None:
            broken = True
            continue
        x, y = round(EDGE + n * step, 1), height(value)
        line.append(f"{'M' if broken else 'L'}{x} {y}")
        broken = False
        bad = target is not None and (value < target if up else value > target)
        if bad:
            missed.append(f"M{x} {y - 5}l5 9h-10z")
        else:
            kept.append(f"M{x - 3.2:.1f} {y}a3.2 3.2 0 1 0 6.4 0a3.2 3.2 0 1 0-6.4 0z")
    return Trend("".join(line), "".join(kept), "".join(missed), None if target is None else height(target))


class Heat(NamedTuple):
    """`levels`: the squares of each size, the smallest first; `rows`: how many there are."""

    levels: tuple[str, ...]
    wide: int
    high: int


def heat(rows: Sequence[Sequence[int]]) -> Heat:
    """Squares in a grid, a row a place; the larger and darker, the more promises broke."""
    most = max((count for row in rows for count in row), default=0)
    levels = [[] for _ in SIZES]  # type: list[list[str]]
    for y, row in enumerate(rows):
        for x, count in enumerate(row):
            level = 0 if not count else 1 + min((count - 1) * 4 // max(most, 1), 3)
            size = SIZES[level]
            if size:
                at = (CELL - size) / 2
                levels[level].append(f"M{x * CELL + at:g} {y * CELL + at:g}h{size}v{size}h-{size}z")
    across = max((len(row) for row in rows), default=0)
    return Heat(tuple("".join(level) for level in levels[1:]), across * CELL, len(rows) * CELL)
