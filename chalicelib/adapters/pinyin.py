"""The initials of Chinese names, in every reading: 朝阳花苑 is cyhy and zyhy. A large library: for loading alone."""

from __future__ import annotations

from itertools import islice, product

MOST = 16  # readings that are kept of a name
MAY_SKIP = "苑园城府院里湾郡庭居"  # people leave out what kind of estate it is


def initials(name: str) -> list[str]:
    """Every way in which somebody may type the first letters of a name; [] for a name without Chinese."""
    from pypinyin import Style, pinyin

    letters = [c for c in name if c.isalnum()]
    if not any("\u4e00" <= c <= "\u9fff" for c in letters):
        return []
    read = pinyin(letters, style=Style.FIRST_LETTER, heteronym=True)
    ways = ["".join(way) for way in islice(product(*([r[0] for r in set_] for set_ in _unique(read))), MOST)]
    if len(letters) > 2 and letters[-1] in MAY_SKIP:
        ways += [way[:-1] for way in ways]
    return sorted(dict.fromkeys(ways))


def _unique(read: list[list[str]]) -> list[list[str]]:
    """The readings of each letter once, in their order."""
    return [list(dict.fromkeys(r[:1].lower() for r in one if r)) for one in read]
