"""A line of a list: what is shown of a ticket, stored in a few letters."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.ticket import heading
from chalicelib.domain.ticket.heading import FLAGS, Line, pack, unpack

LINES = st.builds(
    Line,
    number=st.text(max_size=9),
    kind=st.sampled_from(["repair", "complaint"]),
    place=st.text(max_size=20),
    level=st.integers(1, 3),
    reported=st.none() | st.integers(1, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    ended=st.none() | st.integers(1, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    asks=st.sampled_from(["", "verdict", "appraisal"]),
    asks_by=st.none() | st.integers(1, 4_000_000_000).map(lambda seconds: datetime.fromtimestamp(seconds, UTC)),
    flags=st.sets(st.sampled_from(list(FLAGS.values()))).map(frozenset),
)
# As they were written before the line had a type; entries of the index keep theirs until their ticket moves.
OLD = {"n": "483921756", "k": "repair", "s": "assigned", "p": "urgent", "c": "water_leak", "l": "3-2-1001", "h": "b1"}
OLD_MORE = {"x": "arrive", "v": 2, "r": 1772413200, "f": "uc"}


@given(LINES)
def test_a_line_is_read_as_it_was_written(line: Line) -> None:
    assert unpack(json.loads(json.dumps(pack(line)))) == line


def test_a_line_that_was_written_before_reads_and_is_written_the_same() -> None:
    line = unpack(OLD | OLD_MORE)
    assert (line.number, line.place, line.holder, line.clock, line.level) == (
        "483921756",
        "3-2-1001",
        "b1",
        "arrive",
        2,
    )
    assert line.flags == {"unverified", "not_contacted"}
    assert line.reported == datetime.fromtimestamp(OLD_MORE["r"], UTC)
    assert pack(line) == OLD | OLD_MORE


def test_what_an_older_line_lacks_and_letters_of_a_newer_one_are_nothing() -> None:
    assert unpack({}) == Line()
    assert unpack({"f": "du?", "new": 1}).flags == {"at_desk", "unverified"}


def test_nothing_else_knows_the_letters() -> None:
    letter = re.compile(r"""\b(?:line|f)(?:\.line)?(?:\.get\(|\[)["'][nkspclhxvrf]["']""")
    package = Path(heading.__file__).parents[2]
    knows = [p.name for p in package.rglob("*.py") if letter.search(p.read_text(encoding="utf-8"))]
    assert knows == []
