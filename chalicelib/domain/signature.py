"""A signature as the finger drew it: strokes on a grid 256 wide, small enough to lie beside the event.

    text      strokes joined by "."
    stroke    x and y of where it begins, two letters each; then dx and dy of each step, one letter each, 32 is none
    letters   A–Z a–z 0–9 - _ stand for 0 to 63

What was signed before strokes were kept is a picture in the object store; its key has a slash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from math import hypot

from chalicelib.domain.record.errors import Invalid

WIDTH, HEIGHT, EDGE = 256, 128, 512
MOST_LETTERS, MOST_STROKES = 1200, 80
SHORTEST, SMALLEST = 40, 16  # of the grid: the ink of all strokes, and how far it reaches; less is a dot
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
VALUE = {letter: n for n, letter in enumerate(LETTERS)}
STROKE = re.compile(r"[A-Za-z0-9_-]{4}(?:[A-Za-z0-9_-]{2})*", re.ASCII)

Stroke = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a page draws: the path of an SVG, and the height of its box."""

    path: str
    height: int


def checked(text: object) -> str:
    """The signature, if it is one. Raises Invalid."""
    if not text:
        raise Invalid("signature", "required")
    strokes = _strokes(text)
    ink = sum(hypot(b[0] - a[0], b[1] - a[1]) for stroke in strokes for a, b in pairwise(stroke))
    across, down = ([point[axis] for stroke in strokes for point in stroke] for axis in (0, 1))
    if ink < SHORTEST or max(max(across) - min(across), max(down) - min(down)) < SMALLEST:
        raise Invalid("signature", "signature_dot")
    return str(text)


def drawn(text: str) -> Drawn | None:
    """The signature to be drawn; None for a key of a picture, and for none."""
    if not text or "/" in text:
        return None
    try:
        strokes = _strokes(text)
    except Invalid:
        return None
    lowest = max(y for stroke in strokes for _, y in stroke)
    return Drawn("".join(map(_path, strokes)), max(HEIGHT, lowest + 4))


def _strokes(text: object) -> list[Stroke]:
    """Raises Invalid."""
    parts = text.split(".") if isinstance(text, str) and len(text) <= MOST_LETTERS else []
    if not 0 < len(parts) <= MOST_STROKES or not all(map(STROKE.fullmatch, parts)):
        raise Invalid("signature", "signature_form")
    strokes = [_stroke([VALUE[letter] for letter in part]) for part in parts]
    if not all(0 <= n < EDGE for stroke in strokes for point in stroke for n in point):
        raise Invalid("signature", "signature_form")
    return strokes


def _stroke(n: list[int]) -> Stroke:
    x, y = n[0] * 64 + n[1], n[2] * 64 + n[3]
    points = [(x, y)]
    for i in range(4, len(n), 2):
        x, y = x + n[i] - 32, y + n[i + 1] - 32
        points.append((x, y))
    return points


def _path(stroke: Stroke) -> str:
    """Rounded through the middle of each step; a stroke that is a point is a point."""
    (x, y), rest = stroke[0], stroke[1:]
    path = f"M{x} {y}" if rest else f"M{x} {y}h0"
    for (ax, ay), (bx, by) in pairwise(rest):
        path += f"Q{ax} {ay} {(ax + bx) / 2:g} {(ay + by) / 2:g}"
    return path + (f"L{rest[-1][0]} {rest[-1][1]}" if rest else "")
