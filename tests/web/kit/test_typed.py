"""Amounts and quantities as people type them: read whole, or refused by the field's name."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.errors import Invalid
from chalicelib.web.kit.typed import fen, thousandths, time_on
from tests.world import World


def test_yuan_are_kept_in_fen_and_quantities_in_thousandths() -> None:
    assert [fen(text, "price") for text in ("1,234.5", "0.01", "98")] == [123450, 1, 9800]
    assert thousandths("4.5", "items") == 4500


@pytest.mark.parametrize(
    "typed",
    ["", "x", "0.001", "NaN", "Infinity", "-Infinity", "sNaN", "1E+999999", "1E+99999999999999999999", "9" * 40],
)
def test_what_is_no_amount_is_refused_by_its_field(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        fen(typed, "price")
    assert refused.value.field == "price"


def test_a_day_and_a_time_are_those_of_the_place(world: World) -> None:
    assert time_on("2026-03-02", "09:30", "start").startswith("2026-03-02T09:30:00")


@pytest.mark.parametrize(
    ("day", "clock"),
    [("", "09:00"), ("2026-02-30", "09:00"), ("0001-01-01", "00:00"), ("9999-12-31", "23:59"), ("x", "y")],
)
def test_what_is_no_time_is_refused_by_its_field(world: World, day: str, clock: str) -> None:
    with pytest.raises(Invalid) as refused:
        time_on(day, clock, "start")
    assert refused.value.field == "start"
