"""A letter before it goes, as its reader would see it: for the office, which may still add its own words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.letter import LetterKind, free_words, missing
from chalicelib.domain.contractor.typeface import rare, texts_in
from chalicelib.language.letters import said
from chalicelib.services.contractor.writing import Sides, letter_of, sides
from chalicelib.services.recent import Recent

KEEP_SECONDS = 60
_sides: Recent[Sides] = Recent(KEEP_SECONDS, most=200)


def forget() -> None:
    """Read who stands on letters anew."""
    _sides.forget()


@dataclass(frozen=True, slots=True)
class Draft:
    """`said`: its words as in `language.letters`. `lacks`: the fields without which it can't go.

    `rare`: characters that are printed by their number (〔U+20BB7〕): the office may choose others.
    """

    said: Mapping[str, Any]
    lacks: tuple[str, ...]
    rare: tuple[str, ...]


def draft(case: Case, kind: LetterKind, at: datetime, words: str = "") -> Draft:
    """The next letter of a kind, as things are now, contract and companies as they were a minute ago at most.

    Writes nothing; one call for each ticket, and those of `sides`. Raises Invalid for words or a contract unknown.
    """
    by = _sides.get((case.contract, case.entity, case.company, case.job and case.job.company), lambda: sides(case))
    letter = replace(letter_of(case, kind, at, by=by), words=free_words(words))
    lacks = tuple(missing(letter))
    shown = said(letter) if "work" not in lacks else {}
    return Draft(shown, lacks, rare(texts_in(shown)))
