"""Figures: exact percentiles, intervals that hold for few cases, ranks that say nothing of too few."""

from __future__ import annotations

from fractions import Fraction

import pytest

from chalicelib.domain.measures.figures import Figure, figures, packed, percentile, ranked, unpacked, wilson
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.measures.tally import Part, Tally
from chalicelib.domain.policy.measures import Terms

TERMS = Terms(targets={"satisfaction": Fraction(85, 100), "beyond_standard": Fraction(35, 100)})


def tally(*parts: tuple[str, int, int, int | None]) -> Tally:
    made = Tally()
    for measure, n, d, seconds in parts:
        made.add(Part(measure, "T", n, d, seconds))
    return made


@pytest.mark.parametrize(
    ("values", "percent", "rank"),
    [
        ([7], 50, 7),
        ([7], 90, 7),
        ([1, 2], 50, 1),
        ([1, 2, 3], 50, 2),
        ([15, 20, 35, 40, 50], 30, 20),  # the example of the usual textbook
        (list(range(1, 101)), 90, 90),
        (list(range(1, 12)), 90, 10),
    ],
)
def test_a_percentile_is_that_of_the_nearest_rank(values: list[int], percent: int, rank: int) -> None:
    assert percentile(values, percent) == rank


@pytest.mark.parametrize(
    ("n", "d", "low", "high"),
    [(0, 10, 0, 2776), (10, 10, 7224, 10000), (1, 1, 2065, 10000), (50, 100, 4038, 5962), (81, 263, 2552, 3663)],
)
def test_the_interval_of_a_share_is_wilsons(n: int, d: int, low: int, high: int) -> None:
    assert wilson(n, d, 95) == (low, high)


def test_below_thirty_cases_a_figure_carries_no_pay_and_has_no_rank() -> None:
    few, many = Figure("satisfaction", 29, 29), Figure("satisfaction", 30, 30)
    assert (few.carries_pay(TERMS), many.carries_pay(TERMS)) == (False, True)
    others = {"a": few, "b": many, "c": Figure("satisfaction", 20, 40)}
    assert ranked(others, TERMS.least) == {"b": (1, 2), "c": (2, 2)}
    assert ranked({"a": few, "b": many}, TERMS.least) == {}


def test_a_target_is_kept_from_the_side_that_is_better() -> None:
    assert Figure("satisfaction", 85, 100).met(TERMS) is True
    assert Figure("satisfaction", 84, 100).met(TERMS) is False
    assert Figure("beyond_standard", 35, 100).met(TERMS) is True
    assert Figure("beyond_standard", 36, 100).met(TERMS) is False
    assert Figure("rework", 1, 2).met(TERMS) is None


def test_tallies_joined_in_any_order_give_the_same_figures() -> None:
    parts = [("satisfaction", 1, 1, None), ("response_time", 0, 0, 9), ("satisfaction", 0, 1, None)]
    parts += [("response_time", 0, 0, 3), ("complaints", 1, 0, None)]
    whole, left, right = tally(*parts), tally(*parts[:2]), tally(*parts[2:])
    right.join(left)
    assert figures(right, 500) == figures(whole, 500)
    assert figures(whole, 500)["complaints"].value == 2
    assert figures(whole)["response_time"] == Figure("response_time", 2, 2, 3, 9)
    assert "complaints" not in figures(whole), "nothing per 1,000 flats where nobody knows how many there are"


def test_figures_come_back_as_they_were_stored() -> None:
    found = {
        name: Figure(name, 3, 7, 11 * (m.unit == "seconds"), 12 * (m.unit == "seconds")) for name, m in MEASURES.items()
    }
    assert unpacked(packed(found)) == found
