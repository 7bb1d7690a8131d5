"""What came of a pilot is said exactly, month pooled with month, each measure in the direction that is meant."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.measures.rollout import MEASURES, MONTHS, TARGETS, Change, Entry, Sum, compared


def changes(before: list[Entry], since: list[Entry], industry: list[Entry] | None = None) -> dict[str, Change]:
    return {one.measure: one for one in compared(before, since, industry or [])}


@pytest.mark.parametrize(
    ("measure", "before", "since", "change", "met"),
    [
        ("efficiency", (1000, 10), (700, 10), Fraction(30, 100), True),
        ("efficiency", (1000, 10), (701, 10), Fraction(299, 1000), False),
        ("efficiency", (1000, 10), (2000, 10), Fraction(-1), False),
        ("satisfaction", (60, 100), (69, 100), Fraction(15, 100), True),
        ("satisfaction", (60, 100), (68, 100), Fraction(8, 60), False),
        ("complaints", (10, 100), (7, 100), Fraction(-30, 100), True),
        ("complaints", (10, 100), (71, 1000), Fraction(-29, 100), False),
        ("cost", (10_000, 10), (8_000, 10), Fraction(-20, 100), True),
        ("cost", (10_000, 10), (8_001, 10), Fraction(-1999, 10_000), False),
        ("complaints", (10, 100), (12, 100), Fraction(20, 100), False),
    ],
)
def test_each_change_is_exact_and_judged_in_its_own_direction(
    measure: str, before: tuple[int, int], since: tuple[int, int], change: Fraction, met: bool
):
    found = changes([Entry("2025-01", measure, *before)], [Entry("2025-06", measure, *since)])[measure]
    assert (found.change, found.met) == (change, met)


def test_what_was_not_entered_or_was_nothing_is_not_said():
    nothing = changes([], [Entry("2025-06", "complaints", 3, 100)])["complaints"]
    assert (nothing.change, nothing.met) == (None, None)
    of_zero = changes([Entry("2025-01", "complaints", 0, 100)], [Entry("2025-06", "complaints", 3, 100)])["complaints"]
    assert (of_zero.change, of_zero.met) == (None, None), "no share of nothing"


def test_a_month_that_was_entered_and_those_before_it_do_not_count_as_since():
    before = [Entry("2025-03", "satisfaction", 60, 100)]
    since = [Entry(month, "satisfaction", n, 100) for month, n in (("2025-02", 1), ("2025-03", 1), ("2025-04", 90))]
    assert changes(before, since)["satisfaction"].since == Sum(90, 100, 1)


def test_of_what_came_since_the_latest_year_counts():
    since = [Entry(f"{2026 + n // 12}-{n % 12 + 1:02}", "complaints", 1, 100) for n in range(20)]
    assert changes([], since)["complaints"].since == Sum(MONTHS, 100 * MONTHS, MONTHS)


def test_the_industry_stands_beside_both():
    found = changes([], [], [Entry("2025-01", "satisfaction", 70, 100)])["satisfaction"]
    assert found.industry.value == Fraction(7, 10)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 10**4)), min_size=1, max_size=9))
def test_months_are_pooled_not_averaged(months: list[tuple[int, int]]):
    entries = [Entry(f"2025-{at:02}", "efficiency", n, d) for at, (n, d) in enumerate(months, 1)]
    before = changes(entries, [])["efficiency"].before
    assert before.value == Fraction(sum(n for n, _ in months), sum(d for _, d in months))
    assert before.months == len(months)


def test_every_measure_has_its_target():
    assert tuple(TARGETS) == MEASURES
