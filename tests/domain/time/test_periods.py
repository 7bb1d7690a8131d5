"""How periods are counted: the examples of the rules, and what holds for all."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.time.periods import workdays
from chalicelib.domain.warranty import period_end, season_end

PLAIN = workdays({})
STARTS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
HEATING = ((11, 15), (3, 15))
COOLING = ((6, 1), (9, 30))


def test_five_years_from_a_day_end_with_the_same_day() -> None:
    assert period_end(date(2019, 5, 20), years=5, workdays=PLAIN) == date(2024, 5, 20)
    assert period_end(date(2019, 5, 20), months=60) == date(2024, 5, 20)


def test_a_month_without_the_day_ends_with_its_last_and_a_made_up_workday_is_one() -> None:
    made_up = workdays({date(2026, 2, 28): True})  # a Saturday that is worked
    assert period_end(date(2024, 2, 29), years=2, workdays=made_up) == date(2026, 2, 28)
    assert period_end(date(2024, 2, 29), years=2, workdays=PLAIN) == date(2026, 3, 2)
    assert period_end(date(2024, 2, 29), years=4) == date(2028, 2, 29)
    assert period_end(date(2024, 1, 31), months=1) == date(2024, 2, 29)
    assert period_end(date(2023, 8, 31), months=6) == date(2024, 2, 29)


def test_a_period_that_ends_on_a_holiday_ends_with_the_next_workday() -> None:
    holidays = workdays({date(2026, 10, day): False for day in range(1, 9)})
    assert period_end(date(2024, 10, 1), years=2, workdays=holidays) == date(2026, 10, 9)


def test_without_workdays_a_period_may_end_on_a_day_off() -> None:
    assert period_end(date(2024, 2, 29), years=2) == date(2026, 2, 28)
    assert season_end(date(2023, 10, 1), 2, *HEATING) == date(2025, 3, 15)


def test_the_first_day_is_not_counted() -> None:
    assert period_end(date(2026, 3, 1), days=1) == date(2026, 3, 2)
    assert period_end(date(2026, 12, 31), days=14) == date(2027, 1, 14)


def test_days_are_counted_on_from_where_years_and_months_end() -> None:
    assert period_end(date(2024, 1, 31), months=1, days=1) == date(2024, 3, 1)
    assert period_end(date(2024, 2, 29), years=1, months=1) == date(2025, 3, 29)
    assert period_end(date(2023, 12, 31), years=1, months=2, days=10) == date(2025, 3, 10)


def test_a_length_below_nothing_and_an_end_beyond_all_years_are_refused() -> None:
    for length in ({"years": -1}, {"months": -1}, {"days": -1}, {"years": 8000}, {"days": 10_000_000}):
        with pytest.raises(ValueError, match=r"period|year"):
            period_end(date(2024, 1, 1), **length)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="period"):
        season_end(date(2024, 1, 1), 0, *HEATING)


def test_a_season_under_way_does_not_count() -> None:
    assert season_end(date(2023, 10, 1), 2, *HEATING, workdays=PLAIN) == date(2025, 3, 17)  # the 15th is a Saturday
    assert season_end(date(2023, 12, 1), 2, *HEATING, workdays=PLAIN) == date(2026, 3, 16)  # the 15th is a Sunday
    assert season_end(date(2024, 2, 1), 1, *HEATING, workdays=PLAIN) == date(2025, 3, 17)
    assert season_end(date(2024, 7, 1), 2, *COOLING) == date(2026, 9, 30)
    assert season_end(date(2024, 10, 1), 2, *COOLING) == date(2026, 9, 30)
    assert season_end(date(2024, 5, 31), 2, *COOLING) == date(2025, 9, 30)


def test_a_season_that_begins_on_the_very_day_does_not_begin_after_it() -> None:
    assert season_end(date(2023, 11, 15), 1, *HEATING) == date(2025, 3, 15)
    assert season_end(date(2023, 11, 14), 1, *HEATING) == date(2024, 3, 15)
    assert season_end(date(2024, 6, 1), 2, *COOLING) == date(2026, 9, 30)


def test_a_day_that_a_year_lacks_is_its_months_last() -> None:
    assert season_end(date(2024, 1, 1), 1, (11, 1), (2, 29)) == date(2025, 2, 28)
    assert season_end(date(2022, 6, 1), 1, (2, 29), (5, 31)) == date(2023, 5, 31)
    assert season_end(date(2023, 2, 28), 1, (2, 29), (5, 31)) == date(2024, 5, 31)


@given(STARTS, st.integers(1, 600))
def test_a_period_never_ends_early_nor_on_a_day_off(start: date, months: int) -> None:
    end = period_end(start, months=months, workdays=PLAIN)
    assert PLAIN(end)
    years, rest = divmod(start.month - 1 + months, 12)
    first = date(start.year + years, rest + 1, 1)
    assert first <= end <= first + timedelta(days=33)


@given(STARTS, st.integers(0, 30), st.integers(0, 40), st.integers(0, 400))
def test_a_period_ends_in_its_month_and_so_many_days_later(start: date, years: int, months: int, days: int) -> None:
    month = period_end(start, years=years, months=months)
    assert (month.year * 12 + month.month) - (start.year * 12 + start.month) == years * 12 + months
    assert month.day == min(start.day, monthrange(month.year, month.month)[1])
    assert period_end(start, years=years, months=months, days=days) - month == timedelta(days=days)


@given(STARTS, st.integers(1, 5), st.sampled_from([HEATING, COOLING]))
def test_each_season_more_ends_a_year_later(
    start: date, seasons: int, season: tuple[tuple[int, int], tuple[int, int]]
) -> None:
    end, later = season_end(start, seasons, *season), season_end(start, seasons + 1, *season)
    assert (later.year - end.year, (later.month, later.day)) == (1, (end.month, end.day))
    assert start < end
