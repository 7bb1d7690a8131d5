"""Values of the domain as a body keeps them: back as they were, small, and readable by another version."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.store.values import made, plain


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Inner:
    n: int
    colours: frozenset[Colour] = frozenset()


@dataclass(frozen=True)
class Outer:
    name: str
    day: date | None = None
    level: int = 1
    flag: bool = True
    span: timedelta = timedelta(0)
    parts: tuple[Inner, ...] = ()
    pair: tuple[tuple[int, int], tuple[int, int]] = ((1, 1), (2, 2))
    by_name: Mapping[str, Inner] = field(default_factory=dict)


inners = st.builds(Inner, st.integers(0, 9), st.frozensets(st.sampled_from(Colour)))
days, numbers = st.integers(1, 28), st.integers(1, 12)
pairs = st.tuples(st.tuples(numbers, days), st.tuples(numbers, days))
outers = st.builds(
    Outer,
    name=st.text(),
    day=st.none() | st.dates(),
    level=st.integers(0, 3),
    flag=st.booleans(),
    span=st.timedeltas(timedelta(0), timedelta(days=9)).map(lambda span: timedelta(seconds=int(span.total_seconds()))),
    parts=st.lists(inners, max_size=3).map(tuple),
    pair=pairs,
    by_name=st.dictionaries(st.text(max_size=3), inners, max_size=2),
)


@given(outers)
def test_a_value_is_read_as_it_was(value: Outer) -> None:
    assert made(Outer, json.loads(json.dumps(plain(value)))) == value


def test_what_is_as_by_default_takes_no_byte() -> None:
    assert plain(Outer("a")) == {"name": "a"}
    assert plain(Outer("a", level=0, flag=False)) == {"name": "a", "level": 0, "flag": False}


def test_the_same_value_is_written_the_same() -> None:
    assert plain(Inner(1, frozenset({Colour.RED, Colour.BLUE}))) == {"n": 1, "colours": ["blue", "red"]}


def test_a_field_of_another_version_is_nothing_and_a_missing_one_has_its_default() -> None:
    assert made(Outer, {"name": "a", "gone": 3}) == Outer("a")
