"""How people write where something is: 3-2-1001, 3号楼2单元1001, 3栋2单元10楼, zyhy 3-2-1001.

    written            read as
    号楼 栋 幢 座       a building
    单元 门 梯          an entrance
    层 楼 F             a floor; 楼 after the first number is a building's
    室 号, nothing      whatever has the number
    any other word      part of a name: of a common area, an asset

Texts come folded (`text.plain`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from chalicelib.domain.record.text import sought

SUFFIXES = {
    "号楼": "building",
    "栋": "building",
    "幢": "building",
    "座": "building",
    "单元": "entrance",
    "门": "entrance",
    "梯": "entrance",
    "层": "floor",
    "楼": "floor",
    "F": "floor",
    "f": "floor",
    "室": "",
    "号": "",
}
NUMBER = r"[A-Za-z]{0,2}\d+(?:[A-EG-Za-eg-z](?![A-Za-z]))?"
STEP = re.compile(
    rf"({NUMBER})\s*({'|'.join(sorted(SUFFIXES, key=len, reverse=True))})?|([A-Z](?=座|栋|幢))\s*(座|栋|幢)"
)
MOST = 6
SHORTEST_ROOM = 3  # digits of a room's number that begins with its floor


class Step(NamedTuple):
    """One step down the tree. `kind`: "" where it isn't said; `word` for a part of a name instead of a number."""

    number: str
    kind: str = ""
    word: str = ""


def steps(text: str) -> list[Step]:
    """The steps of a place as it was written, from the outside in; nothing for a text that has none."""
    found: list[Step] = []
    for match in STEP.finditer(text):
        number = match[1] or match[3]
        suffix = match[2] or match[4] or ""
        kind = SUFFIXES.get(suffix, "building" if match[3] else "")
        if suffix == "楼" and not found and STEP.search(text, match.end()):
            kind = "building"
        found.append(Step(bare(number), kind))
    rest = STEP.sub(" ", text)
    words = [word for word in re.split(r"[\s,.\-/#]+", rest) if len(word) > 1]
    return [*found, *(Step("", "", word) for word in words)][:MOST]


def called(name: str) -> str:
    """A person's name as it is compared, whole: 欧阳 小明, 歐陽小明 and ＯＵＹＡＮＧ as whoever searches types them."""
    from chalicelib.domain.record.simplified import simplified

    return "".join(letter for letter in simplified(sought(name)) if letter.isalnum())


def bare(number: str) -> str:
    """A number as it is compared: 08 is 8, a3 is A3."""
    return number.upper().lstrip("0") or "0"


def numbers(name: str) -> frozenset[str]:
    """The numbers in the name of a place, and the letter of a building that has only one (A座)."""
    found = {bare(n) for n in re.findall(NUMBER, name)}
    return frozenset(found | {m.upper() for m in re.findall(r"(?<![A-Za-z])[A-Za-z](?=座|栋|幢)", name)})


def fits(name: str, step: Step) -> bool:
    """Whether a place of this name may be meant."""
    return step.number in numbers(name) if step.number else step.word in name


def floor(room: str) -> str:
    """The floor of a room by its number, "" where the number doesn't tell: 1001 is on 10, 302A on 3, B101 on B1."""
    match = re.fullmatch(r"([A-Za-z]?\d+)\d{2}[A-Za-z]?\D?", room.strip())
    return bare(match[1]) if match and len(match[0]) >= SHORTEST_ROOM else ""


def floors(rooms: Sequence[str]) -> dict[str, list[int]]:
    """The positions of rooms by floor, in their order; {} unless every room tells its floor and there are several."""
    found: dict[str, list[int]] = {}
    for i, room in enumerate(rooms):
        found.setdefault(floor(room), []).append(i)
    return found if "" not in found and len(found) > 1 else {}


def named_first(text: str, name: str, initials: Sequence[str]) -> str | None:
    """What is left of a text that begins with a name, or its initials, or has the name in it; None where it has none.

    Initials are at least two letters, and no other letter follows: `zy` is not in `zyx`.
    """
    if name and name in text:
        return text.replace(name, " ", 1).strip()
    for short in sorted(initials, key=len, reverse=True):
        match = re.match(rf"{re.escape(short)}(?![A-Za-z])[\s\-]*", text, re.I) if len(short) > 1 else None
        if match:
            return text[match.end() :].strip()
    return None
