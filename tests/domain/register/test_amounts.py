"""What a cell about contracts may hold: money to the fen, rates, tax numbers, terms, times by priority."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.register import amounts, cells
from chalicelib.domain.register.amounts import Length
from chalicelib.domain.register.cells import BadCell
from chalicelib.domain.register.labels import PRIORITIES
from chalicelib.domain.register.sheets_contracts import STARTS

RESPONSE = amounts.by_priority(PRIORITIES, cells.duration)
CURE = amounts.by_priority(PRIORITIES, amounts.days)


@pytest.mark.parametrize(
    ("written", "fen"),
    [
        ("1,234.56", 123_456),
        ("¥1234.5元", 123_450),
        ("１，２３４．５６", 123_456),
        (1234.56, 123_456),
        (0.1 + 0.2, 30),
        ("1.5万元", 1_500_000),
        ("18600万元", 18_600_000_000),
        (0, 0),
    ],
)
def test_money_is_whole_fen_however_it_is_written(written: object, fen: int) -> None:
    assert amounts.money(written) == fen


@given(st.integers(0, 10**13))
def test_money_written_with_separators_is_read_as_it_was(fen: int) -> None:
    assert amounts.money(f"{fen // 100:,}.{fen % 100:02d}") == fen


@pytest.mark.parametrize(
    ("written", "points"), [("3%", 300), ("３％", 300), ("0.05%", 5), (0.03, 300), (0, 0), ("100%", 10_000)]
)
def test_a_rate_is_basis_points(written: object, points: int) -> None:
    assert amounts.rate(written) == points


def test_a_tax_number_ends_with_the_sign_that_follows_from_the_others() -> None:
    assert amounts.tax_number("91350100m000100y43") == "91350100M000100Y43"
    for at in range(18):
        wrong = list("91350100M000100Y43")
        wrong[at] = "8" if wrong[at] != "8" else "7"
        with pytest.raises(BadCell, match="tax_check"):
            amounts.tax_number("".join(wrong))


@pytest.mark.parametrize(
    ("written", "length"),
    [
        ("5年", Length(60)),
        ("24个月", Length(24)),
        ("24 months", Length(24)),
        ("1 year", Length(12)),
        ("2个采暖期", Length(0, 2, "heating")),
        ("2个供热季", Length(0, 2, "heating")),
        ("3 cooling seasons", Length(0, 3, "cooling")),
    ],
)
def test_a_term_is_months_or_whole_seasons(written: str, length: Length) -> None:
    assert amounts.term(written) == length


def test_times_are_given_by_priority_or_for_all() -> None:
    half, four, day = timedelta(minutes=30), timedelta(hours=4), timedelta(days=1)
    assert RESPONSE("紧急 30分钟、较急：4小时；一般24小时") == {"emergency": half, "urgent": four, "normal": day}
    assert RESPONSE("urgent 4h") == {"urgent": four}
    assert CURE("15天") == {"emergency": 15, "urgent": 15, "normal": 15}


@pytest.mark.parametrize("written", ["11-15", "11月15日", date(2025, 11, 15)])
def test_a_day_of_the_year_stays_one_where_a_spreadsheet_made_a_date_of_it(written: object) -> None:
    assert amounts.month_day(written) == (11, 15)


def test_a_term_starts_with_one_of_the_known_days_or_a_date() -> None:
    read = amounts.starts(STARTS)
    assert read("交付") == "handover"
    assert read("2021-06-30") == date(2021, 6, 30)
    with pytest.raises(BadCell, match="choice"):
        read("someday")


@pytest.mark.parametrize(
    ("form", "written", "reason"),
    [
        (amounts.money, "1.234", "money"),
        (amounts.money, "-5", "money"),
        (amounts.money, "12,34.00", "money"),
        (amounts.money, "abc", "money"),
        (amounts.rate, "3", "rate"),
        (amounts.rate, 3, "rate"),
        (amounts.rate, "101%", "rate"),
        (amounts.rate, "0.001%", "rate"),
        (amounts.tax_number, "123456789012345", "tax_number"),
        (amounts.tax_number, "91350100O000100Y43", "tax_number"),
        (amounts.tax_number, 913501000001000143, "lost_digits"),
        (amounts.account, "12345", "account"),
        (amounts.term, "0年", "term"),
        (amounts.term, "101年", "term"),
        (amounts.term, "永久", "term"),
        (amounts.months, "2个采暖期", "term"),
        (RESPONSE, "紧急 1小时、紧急 2小时", "priority_twice"),
        (RESPONSE, "24小时、较急 4小时", "priority_twice"),
        (RESPONSE, "尽快", "duration"),
        (CURE, "36小时", "days"),
        (amounts.month_day, "02-30", "month_day"),
        (cells.rank, "10", "rank"),
        (cells.codes, "A、A", "twice_in_cell"),
        (cells.codes, "A、乙", "code"),
    ],
)
def test_what_a_cell_can_not_mean_is_refused(form: Callable[[object], object], written: object, reason: str) -> None:
    with pytest.raises(BadCell) as bad:
        form(written)
    assert bad.value.reason == reason
