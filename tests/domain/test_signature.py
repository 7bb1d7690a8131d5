"""A signature is strokes: read back as they were drawn, more than a dot, and never anything that a page would run."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain import signature
from chalicelib.domain.record.errors import Invalid
from tests.domain.samples import SIGNED, strokes

points = st.lists(st.tuples(st.integers(0, 255), st.integers(0, 140)), min_size=1, max_size=12)


def test_what_was_drawn_is_drawn_again() -> None:
    assert signature.checked(SIGNED) == SIGNED
    drawn = signature.drawn(strokes([[(10, 20), (30, 40), (50, 20)]]))
    assert drawn is not None
    assert (drawn.path, drawn.height) == ("M10 20Q30 40 40 30L50 20", 128)


@given(st.lists(points, min_size=1, max_size=6))
def test_every_point_stays_within_the_box_that_is_drawn(drawing: Sequence[Sequence[tuple[int, int]]]) -> None:
    drawn = signature.drawn(strokes(drawing))
    assert drawn is not None
    assert drawn.height > max(y for stroke in drawing for _, y in stroke)
    assert drawn.path.count("M") == len(drawing)


@pytest.mark.parametrize(
    "drawing", [[[(100, 50)]], [[(100, 50)], [(101, 50)]], [[(100, 50), (105, 55)]], [[(9, 9), (20, 9)] * 40]]
)
def test_a_dot_and_what_stays_in_one_spot_are_no_signature(drawing: Sequence[Sequence[tuple[int, int]]]) -> None:
    with pytest.raises(Invalid, match="signature_dot"):
        signature.checked(strokes(drawing))


@pytest.mark.parametrize(
    "text",
    [
        *("x", "AAA", "AAAA.", "AAAAA", 'AAAA"/><script>', "data:image/png;base64,AAAA", "signatures/T/1", 7),
        *("AAAA" * 400, "AAAAAA", "____" + "__" * 20, ".".join(["AAAA"] * 200), "AAAA\u4e2d\u6587"),
    ],
)
def test_what_is_no_stroke_is_refused_at_its_field(text: object) -> None:
    with pytest.raises(Invalid) as refused:
        signature.checked(text)
    assert (refused.value.field, refused.value.reason) == ("signature", "signature_form")


@pytest.mark.parametrize("text", ["", "signatures/T/1", "finger!"])
def test_a_picture_of_before_and_none_are_not_drawn(text: str) -> None:
    assert signature.drawn(text) is None
