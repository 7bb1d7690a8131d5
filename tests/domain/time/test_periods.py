"""How periods are counted: the examples of the rules, and what holds for all."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.time.periods import end_of, end_of_seasons, workdays

PLAIN = workdays({})
HEATING = (11, 15, 3, 15)


def test_five_years_from_a_day_end_with_the_same_day() -> None:
    assert end_of(date(2019, 5, 20), 60, PLAIN) == date(2024, 5, 20)


def test_a_month_without_the_day_ends_with_its_last_and_a_made_up_workday_is_one() -> None:
    made_up = workdays({date(2026, 2, 28): True})  # a Saturday that is worked
    assert end_of(date(2024, 2, 29), 24, made_up) == date(2026, 2, 28)
    assert end_of(date(2024, 2, 29), 24, PLAIN) == date(2026, 3, 2)


def test_a_period_that_ends_on_a_holiday_ends_with_the_next_workday() -> None:
    holidays = workdays({date(2026, 10, day): False for day in range(1, 9)})
    assert end_of(date(2024, 10, 1), 24, holidays) == date(2026, 10, 9)


def test_a_season_under_way_does_not_count() -> None:
    assert end_of_seasons(date(2023, 10, 1), 2, HEATING, PLAIN) == date(2025, 3, 17)  # the 15th is a Saturday
    assert end_of_seasons(date(2023, 12, 1), 2, HEATING, PLAIN) == date(2026, 3, 16)  # the 15th is a Sunday
    assert end_of_seasons(date(2023, 11, 15), 1, HEATING, PLAIN) == date(2025, 3, 17)
    assert end_of_seasons(date(2024, 2, 1), 1, HEATING, PLAIN) == date(2025, 3, 17)


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(1, 600))
def test_a_period_never_ends_early_nor_on_a_day_off(start: date, months: int) -> None:
    end = end_of(start, months, PLAIN)
    assert PLAIN(end)
    years, rest = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, rest + 1, 1)
    assert first <= end <= first + timedelta(days=33)
