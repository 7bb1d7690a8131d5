"""Words that look dangerous, and what around them excuses them: tables of `categories.toml`.

category.*.terms    of an emergency: clear, they raise it              … stands for a few letters or words
category.*.unsure   they may mean it: the form asks                    raise.emergency, raise.unsure: of no category
context             what a word is part of, denied by, followed by: see the file
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any

from chalicelib.domain.record.errors import PolicyError

GAP = "…"
FIRST = re.compile(r"[a-z0-9]+|.")
_GAP_OTHER = r"[^,.!?;。\n]{0,6}?"
_GAP_LATIN = r"\W+(?:\w+\W+){0,4}?"


@dataclass(frozen=True, slots=True)
class Term:
    """A word of a category. `weight`: plain, clear, unsure, or urgent (of no category, as `other` is)."""

    text: str
    category: str
    weight: str
    parts: tuple[str, ...]

    @property
    def pattern(self) -> re.Pattern[str]:
        """What finds it; made when a text first holds all its parts, for most processes read no words at all."""
        return _pattern(self.text)

    def stands(self, text: str) -> bool:
        """Whether it stands in the text: anywhere for Chinese, as words for Latin letters."""
        parts = self.parts
        if parts[0] not in text or (len(parts) > 1 and not all(part in text for part in parts)):
            return False
        return self.pattern.search(text) is not None


@dataclass(frozen=True, slots=True)
class Around:
    """What may stand around a dangerous word; the file says of each list what it does."""

    harmless: tuple[str, ...] = ()
    denies: tuple[str, ...] = ()
    fillers: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    joins: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    still: tuple[str, ...] = ()
    past: tuple[str, ...] = ()
    maybe: tuple[str, ...] = ()
    staged: tuple[str, ...] = ()
    now: tuple[str, ...] = ()


def read_around(file: Mapping[str, Any]) -> Around:
    """The table `context` of categories.toml. Raises PolicyError."""
    rows = file.get("context", {})
    if strangers := set(rows) - {f.name for f in fields(Around)}:
        raise PolicyError(f"categories.toml: context.{min(strangers)}: unknown key")
    return Around(**{name: terms(words, f"categories.toml: context.{name}") for name, words in rows.items()})


def terms(words: object, where: str) -> tuple[str, ...]:
    """A list of terms, in small letters. Raises PolicyError."""
    if not isinstance(words, list) or not all(isinstance(w, str) and w.strip(GAP + " ") for w in words):
        raise PolicyError(f"{where}: a list of texts is needed")
    return tuple(w.lower() for w in words)


def read_lexicon(file: Mapping[str, Any], emergencies: Sequence[str]) -> Mapping[str, tuple[Term, ...]]:
    """Every term, under what a text must hold for it to stand: its first word, or its first Chinese character.

    Raises PolicyError.
    """
    made: list[Term] = []
    for name, row in file.get("category", {}).items():
        where = f"categories.toml: category.{name}"
        weight = "clear" if name in emergencies else "plain"
        made += _made(terms(row["terms"], f"{where}.terms"), name, weight)
        made += _made(terms(row.get("unsure", []), f"{where}.unsure"), name, "unsure")
    for key, weight in (("emergency", "clear"), ("unsure", "unsure"), ("urgent", "urgent")):
        made += _made(terms(file.get("raise", {}).get(key, []), f"categories.toml: raise.{key}"), "other", weight)
    index: dict[str, tuple[Term, ...]] = {}
    for term in made:
        begins = FIRST.match(term.text)
        assert begins is not None
        index[begins[0]] = (*index.get(begins[0], ()), term)
    return index


def _made(texts: Sequence[str], category: str, weight: str) -> list[Term]:
    return [Term(text, category, weight, tuple(text.split(GAP))) for text in texts]


@lru_cache(1024)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(_source(text))


@lru_cache(64)
def any_of(words: Sequence[str]) -> re.Pattern[str]:
    """One pattern for several terms, the longest first; of none one that never matches."""
    return re.compile("|".join(map(_source, sorted(words, key=len, reverse=True))) or r"(?!)")


def everywhere(words: Sequence[str], text: str) -> Iterator[tuple[int, int]]:
    """From where to where any of several terms stands in a text, at each place where one begins.

    Only those whose parts the text holds are looked for: of some hundreds, mostly none.
    """
    for word, first, others in _parted(words):
        if first in text and all(part in text for part in others):
            yield from (found.span(1) for found in _ahead(word).finditer(text))


@lru_cache(16)
def _parted(words: Sequence[str]) -> tuple[tuple[str, str, list[str]], ...]:
    return tuple((word, first, others) for word in words for first, *others in [word.split(GAP)])


@lru_cache(1024)
def _ahead(word: str) -> re.Pattern[str]:
    return re.compile(f"(?=({_source(word)}))")


@lru_cache(16)
def denial(given: Around) -> re.Pattern[str]:
    """What denies the word that follows: a word that denies, then only fillers; or a list begun so, and its join."""
    latin, other = _split(given.denies)
    gaps_latin, gaps_other = _split(given.fillers)
    joins_latin, joins_other = _split(given.joins)
    long = [word for word in other if len(word) > 1]
    return re.compile(
        f"(?:{_either(other)})(?:{_either(gaps_other)}){{0,4}}$"
        f"|(?:{_either(long)})[^,.!?;。]{{1,8}}(?:{_either(joins_other)})$"
        rf"|(?<![a-z'])(?:{_either(latin)})(?:\s+(?:{_either(gaps_latin)}))*\s*$"
        rf"|(?<![a-z'])(?:{_either(latin)})(?:\s+\w+){{1,4}}(?:\s*,\s*\w+){{0,2}}\s*,?\s+(?:{_either(joins_latin)})"
        rf"(?:\s+(?:{_either(gaps_latin)}))*\s*$"
    )


def _source(term: str) -> str:
    parts = term.split(GAP)
    gap = _GAP_LATIN if parts[0][-1:].isascii() and parts[-1][:1].isascii() else _GAP_OTHER
    begin = r"(?<![a-z0-9])" if parts[0][:1].isascii() else ""
    end = r"(?![a-z0-9])" if parts[-1][-1:].isascii() else ""
    return begin + gap.join(map(re.escape, parts)) + end


def _split(words: Sequence[str]) -> tuple[list[str], list[str]]:
    return [w for w in words if w.isascii()], [w for w in words if not w.isascii()]


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=len, reverse=True)) or r"(?!)"
