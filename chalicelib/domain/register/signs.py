"""Signs with a QR code, for doors, walls and whole sheets: how many stand on an A4 sheet, and where what stands on one.

form     on a sheet   mm          for
door     3 across 8   63 x 34     a flat's door
wall     2 across 3   95 x 92     a building, an entrance, a lift, a common area
sheet    1            190 x 277   any of them, alone on its sheet

All lengths are millimetres on paper, from the upper left corner.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 210.0, 297.0  # A4
MARGIN = 10.0  # what printers leave white
QUIET = 4  # modules around a code, as the standard asks
LINE = 1.22  # from one line to the next, in letters
SMALLEST = 0.55  # of its size, for a name that is too long


@dataclass(frozen=True, slots=True)
class Form:
    """How signs stand on a sheet: `across` and `down`, each so wide and high; the code's square with its quiet zone."""

    across: int
    down: int
    width: float
    height: float
    square: float

    @property
    def many(self) -> int:
        return self.across * self.down


FORMS = {
    "door": Form(3, 8, 63, 34, 32),
    "wall": Form(2, 3, 95, 92, 57),
    "sheet": Form(1, 1, 190, 277, 150),
}


@dataclass(frozen=True, slots=True)
class Sign:
    """What a sign says. `leads`: the address in its code; `asks`: what to do; `desk` and `phone`: whom to call."""

    place: str
    name: str
    project: str
    asks: str
    desk: str
    phone: str
    leads: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: `x` and `y` of its foot, `size` of its letters; `middle`: x is its middle."""

    x: float
    y: float
    size: float
    text: str
    bold: bool = False
    middle: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sign on its sheet: its corner, its lines and its code's square (corner and side), all on the sheet."""

    sign: Sign
    x: float
    y: float
    lines: Sequence[Line]
    square: tuple[float, float, float]


def mark_of(label: str) -> str:
    """Four letters of what a place was called when its sign was printed: another name or spot gives others."""
    return hashlib.sha256(label.encode()).hexdigest()[:4]


def sheets(signs: Sequence[Sign], form: str) -> Iterator[Sequence[Sign]]:
    """The signs of each sheet."""
    many = FORMS[form].many
    for first in range(0, len(signs), many):
        yield signs[first : first + many]


def drawn(signs: Sequence[Sign], form: str) -> list[Drawn]:
    """The signs of one sheet, row by row, where they stand."""
    made = FORMS[form]
    aside, above = (WIDTH - made.across * made.width) / 2, (HEIGHT - made.down * made.height) / 2
    found = []
    for n, sign in enumerate(signs[: made.many]):
        x, y = aside + n % made.across * made.width, above + n // made.across * made.height
        lines, square = (_beside if form == "door" else _below)(sign, made, x, y)
        found.append(Drawn(sign, x, y, lines, square))
    return found


def _beside(sign: Sign, form: Form, x: float, y: float) -> tuple[list[Line], tuple[float, float, float]]:
    """The code at the left, the words beside it: the name above, whom to call at the foot."""
    left, wide = x + form.square + 1.5, form.width - form.square - 3
    lines, foot = _set(sign.name, left, y + 2, wide, 4.6, 3, bold=True)
    lines += _set(sign.project, left, foot + 0.6, wide, 2.6, 1)[0]
    for text, at, size, bold in (
        (sign.asks, 9.6, 2.7, False),
        (sign.desk, 6.1, 2.4, False),
        (sign.phone, 2.4, 3.2, True),
    ):
        size, (one, *_) = fitted(text, wide, size, 1)
        lines.append(Line(left, y + form.height - at, size, one, bold))
    return [line for line in lines if line.text], (x + 1, y + (form.height - form.square) / 2, form.square)


def _below(sign: Sign, form: Form, x: float, y: float) -> tuple[list[Line], tuple[float, float, float]]:
    """All in the middle, one below the other: the name, the code, what it does, whom to call."""
    unit, centre, wide = form.width / 95, x + form.width / 2, form.width - form.width / 12
    lines, foot = _set(sign.project, centre, y + 2 * unit, wide, 3.2 * unit, 1, middle=True)
    tall, most = (7.5, 1) if length(sign.name) * 6 * unit <= wide else (6, 2)
    more, _ = _set(sign.name, centre, foot + unit, wide, tall * unit, most, bold=True, middle=True)
    lines += more
    top = y + 21 * unit
    below = top + form.square + 4 * unit
    for text, size, bold in ((sign.asks, 3.8, False), (f"{sign.desk} {sign.phone}".strip(), 4.6, True)):
        fits, (one, *_) = fitted(text, wide, size * unit, 1)
        lines.append(Line(centre, below, fits, one, bold, middle=True))
        below += 6 * unit
    return [line for line in lines if line.text], (centre - form.square / 2, top, form.square)


def _set(
    text: str, x: float, y: float, wide: float, size: float, most: int, *, bold: bool = False, middle: bool = False
) -> tuple[list[Line], float]:
    """Lines of a text from `y` down, and where they end."""
    size, texts = fitted(text, wide, size, most)
    made = [Line(x, y + (n * LINE + 0.88) * size, size, one, bold, middle) for n, one in enumerate(texts)]
    return made, y + len(texts) * LINE * size


def fitted(text: str, wide: float, size: float, most: int) -> tuple[float, list[str]]:
    """The size, no larger than `size`, in which a text stands in at most `most` lines so wide, and its lines.

    What doesn't fit in the smallest size loses its end: it would be too small to read.
    """
    smaller = size
    while smaller > size * SMALLEST:
        lines = _broken(text, wide / smaller)
        if len(lines) <= most:
            return smaller, lines
        smaller *= 0.95
    smaller = size * SMALLEST
    lines = _broken(text, wide / smaller)
    return smaller, lines if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1][:-1]}…"]


def _broken(text: str, wide: float) -> list[str]:
    """A text in lines at most `wide` letters: between words, or after any Chinese letter."""
    lines, line = [], ""
    for word in _words(text, wide):
        if line and length(line + word.rstrip()) > wide:
            lines.append(line.strip())
            line = ""
        line += word
    return [*lines, line.strip()]


def _words(text: str, wide: float) -> Iterator[str]:
    """What stays together on a line."""
    word = ""
    for letter in text:
        if word and (_is_wide(letter) or _is_wide(word[-1]) or word[-1] == " " or length(word + letter) > wide):
            if letter == " ":
                word += letter
                continue
            yield word
            word = ""
        word += letter
    yield word


def length(text: str) -> float:
    """How long a text is, in the height of its letters; rather too long than too short."""
    return sum(1.0 if _is_wide(letter) else 0.62 for letter in text)


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WFA"
