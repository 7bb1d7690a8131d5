"""One form of text at every door: the web's forms and addresses, the desk's search, the cells of a workbook.

    words    what people write: their letters stay as they are, line ends are \\n
    line     the same on one line: names, labels
    plain    what is compared or looked up (numbers, codes, rooms, e-mail, search): compatibility forms folded (NFKC),
             every dash a -, nothing invisible
    sought   plain, whatever the case: what a search looks for

A separator of any kind (U+00A0, U+2009, U+202F, U+2028, U+3000) is a space, never nothing. Only controls, lone
surrogates and the marks that turn the direction of writing go: a letter of a new plane or of private use is somebody's
name, and the joiners of an emoji are part of it.
"""

from __future__ import annotations

import re
import unicodedata

# Controls that part words: tab, vertical tab, form feed, the information separators, next line.
_PARTING = "\t\v\f\x1c\x1d\x1e\x1f\x85"
_SPACES = str.maketrans(
    dict.fromkeys(
        [
            *_PARTING,
            "\xa0",
            "\u1680",
            *map(chr, range(0x2000, 0x200B)),
            "\u2028",
            "\u2029",
            "\u202f",
            "\u205f",
            "\u3000",
        ],
        " ",
    )
)
# Controls, the embeddings, overrides and isolates of bidirectional text, lone surrogates.
GONE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# What nobody sees: soft hyphen, joiners, marks of direction, selectors of a letter's shape, tags.
_UNSEEN = re.compile(
    "[\xad\u061c\u180b-\u180e\u200b-\u200f\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff]"
)
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2500\ufe58", "-"))


def words(text: str) -> str:
    """Free words on as many lines as were written. Quick where there is nothing to do: it reads every field."""
    if text.isascii() and text.isprintable():
        return text.strip()
    text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_SPACES)
    return GONE.sub("", text).strip()


def line(text: str) -> str:
    """Words on one line, one space between them."""
    return " ".join(words(text).split())


def plain(text: str) -> str:
    """For comparing: `１号楼` is 1号楼, `Ａ－１０１` is A-101."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    folded = unicodedata.normalize("NFKC", line(text)).translate(_DASHES)
    return " ".join(_UNSEEN.sub("", folded).split())


def sought(text: str) -> str:
    """For searching: plain, in one case."""
    return plain(text).casefold()
