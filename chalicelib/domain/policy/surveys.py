"""surveys.toml: who is asked afterwards and how, and until when an answer is waited for."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from fractions import Fraction
from functools import lru_cache
from typing import Any

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.policy.telling import Telling, Vocabulary, read_tellings
from chalicelib.domain.record.errors import PolicyError

FILE = "surveys.toml"
BASES = ("served", "first_year", "either")
WAYS = ("link", "call")


@dataclass(frozen=True, slots=True)
class Terms:
    """What each means stands in the file. `other`: the level of the desk that calls phones nobody vouches for."""

    share: Fraction = Fraction(20, 100)
    base: str = "either"
    months: int = 12
    apart: int = 3
    day: int = 1
    way: str = "link"
    answer: timedelta = timedelta(days=5)
    call: timedelta = timedelta(days=14)
    settle: timedelta = timedelta(days=3)
    tries: int = 3
    caller: int = 1
    flats: int = 3
    other: int = 2
    tellings: Mapping[str, tuple[Telling, ...]] = field(default_factory=dict)


def terms_of(policy: Policy) -> Terms:
    """The terms of a policy. Raises PolicyError."""
    return _read(policy.surveys)


@lru_cache(maxsize=16)
def _read(text: str) -> Terms:
    if not text:
        return Terms()
    file = tomllib.loads(text)
    draw, wait, unverified = (_table(file, name) for name in ("draw", "wait", "unverified"))
    known = Vocabulary(FILE, None, frozenset({"resident", "desk", "level"}), frozenset({"survey", "none"}))
    return Terms(
        share=Fraction(_count(draw, "draw.share", 1, 100), 100),
        base=_one_of(draw, "draw.base", BASES),
        months=_count(draw, "draw.months", 1, 60),
        apart=_count(draw, "draw.apart", 1, 12),
        day=_count(draw, "draw.day", 1, 28),
        way=_one_of(draw, "draw.way", WAYS),
        answer=duration(wait.get("answer"), f"{FILE}: wait.answer"),
        call=duration(wait.get("call"), f"{FILE}: wait.call"),
        settle=duration(wait.get("settle"), f"{FILE}: wait.settle"),
        tries=_count(wait, "wait.tries", 1, 9),
        caller=_count(wait, "wait.caller", 1, 3),
        flats=_count(unverified, "unverified.flats", 1, 99),
        other=_count(unverified, "unverified.caller", 1, 3),
        tellings=read_tellings(file, {}, known),
    )


def _table(file: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = file.get(name)
    if not isinstance(found, dict):
        raise PolicyError(f"{FILE}: {name}: a table is needed")
    return found


def _count(table: Mapping[str, Any], name: str, least: int, most: int) -> int:
    found = table.get(name.partition(".")[2])
    if not isinstance(found, int) or isinstance(found, bool) or not least <= found <= most:
        raise PolicyError(f"{FILE}: {name}: a whole number from {least} to {most} is needed")
    return found


def _one_of(table: Mapping[str, Any], name: str, words: tuple[str, ...]) -> str:
    found = table.get(name.partition(".")[2])
    if found not in words:
        raise PolicyError(f"{FILE}: {name}: one of {', '.join(words)} is needed")
    return str(found)
