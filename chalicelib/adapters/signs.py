"""Sheets of signs as SVG: text as text, each code as one path. Its library is imported where a code is made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from chalicelib.domain.register.signs import FORMS, HEIGHT, QUIET, WIDTH, Drawn, Line, Sign, drawn

FONTS = (
    "PingFang SC, HarmonyOS Sans SC, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, WenQuanYi Micro Hei, sans-serif"
)
INK = "#000"
CUT = "#999"


def svg(signs: Sequence[Sign], form: str, title: str) -> str:
    """One A4 sheet; it keeps its size when it is printed as it is. `title`: what a screen reader says of it."""
    stand = drawn(signs, form)
    inner = "".join(_sign(one) for one in stand) + _cuts(stand, form)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="a4" width="{WIDTH:g}mm" height="{HEIGHT:g}mm" '
        f'viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(title)}" '
        f'font-family="{FONTS}" fill="{INK}">'
        f'<rect width="{WIDTH:g}" height="{HEIGHT:g}" fill="#fff"/>{inner}</svg>'
    )


def code(text: str) -> tuple[int, str]:
    """A QR code that a quarter of may be lost (level Q): modules a side, and its dark modules as a path of strokes."""
    import segno

    matrix = segno.make(text, error="q", micro=False, boost_error=False).matrix
    return len(matrix), "".join(_runs(matrix))


def _runs(matrix: Sequence[bytearray]) -> Iterator[str]:
    for y, row in enumerate(matrix):
        x = 0
        for dark, run in groupby(row):
            many = len(list(run))
            if dark:
                yield f"M{x} {y}.5h{many}"
            x += many


def _sign(one: Drawn) -> str:
    modules, path = code(one.sign.leads)
    x, y, side = one.square
    scale = side / (modules + 2 * QUIET)
    square = (
        f'<path transform="translate({x + QUIET * scale:.3f} {y + QUIET * scale:.3f}) scale({scale:.5f})" '
        f'stroke="{INK}" d="{path}"/>'
    )
    return square + "".join(_line(line) for line in one.lines)


def _line(line: Line) -> str:
    bold = ' font-weight="700"' if line.bold else ""
    middle = ' text-anchor="middle"' if line.middle else ""
    where = f'x="{line.x:.2f}" y="{line.y:.2f}" font-size="{line.size:.2f}"'
    return f"<text {where}{bold}{middle}>{escape(line.text)}</text>"


def _cuts(signs: Sequence[Drawn], form: str) -> str:
    """Where to cut: a short cross at every corner."""
    made = FORMS[form]
    if made.many == 1:
        return ""
    corners = {
        (round(one.x + dx * made.width, 2), round(one.y + dy * made.height, 2))
        for one in signs
        for dx in (0, 1)
        for dy in (0, 1)
    }
    path = "".join(f"M{x - 1.5:g} {y:g}h3M{x:g} {y - 1.5:g}v3" for x, y in sorted(corners))
    return f'<path d="{path}" stroke="{CUT}" stroke-width=".15" fill="none"/>'
