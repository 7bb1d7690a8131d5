"""Which characters a letter can be printed with: GBK and the signs of western Europe; so the typeface is cut.

What lies outside is printed by its number, 〔U+20BB7〕, and the office is told: some surnames and places are so.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

WEST = (range(0x20, 0x7F), range(0xA0, 0x100))
PRIVATE = range(0xE000, 0xF900)
LACKING = frozenset("\u2252")  # of GBK, in the face that is used
LAST = 0x10000  # GBK ends below


def printable(letter: str) -> bool:
    """Whether the typeface has a letter. A line's end is none."""
    point = ord(letter)
    if any(point in part for part in WEST):
        return True
    if point in PRIVATE or letter in LACKING:
        return False
    try:
        return len(letter.encode("gbk")) == 2
    except UnicodeEncodeError:
        return False


def every_printable() -> list[int]:
    """The code points of all letters that the typeface has."""
    return [point for point in range(LAST) if printable(chr(point))]


def rare(texts: Iterable[str]) -> tuple[str, ...]:
    """The letters of some texts that can't be printed, once each, in order."""
    return tuple(dict.fromkeys(c for text in texts for c in text if c != "\n" and not printable(c)))


def marked(text: str) -> str:
    """The text as it is printed."""
    return "".join(c if c == "\n" or printable(c) else named(c) for c in text)


def named(letter: str) -> str:
    """How a letter that can't be printed is named."""
    return f"\u3014U+{ord(letter):04X}\u3015"


def texts_in(value: Any) -> Iterator[str]:
    """Every text in what a letter says, in a fixed order."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key in sorted(value):
            yield from texts_in(value[key])
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from texts_in(one)


def marked_in(value: Any) -> Any:
    """What a letter says, as it is printed."""
    if isinstance(value, str):
        return marked(value)
    if isinstance(value, Mapping):
        return {key: marked_in(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [marked_in(one) for one in value]
    return value
