"""What a cell may hold, whichever tool wrote it."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from chalicelib.domain.register import cells
from chalicelib.domain.register.cells import BadCell


@pytest.mark.parametrize("name", ["张\U0002ebf1", "\ue001三", "👨\u200d👩\u200d👧"])
def test_a_name_keeps_its_letters(name: str):
    assert cells.words(name) == name


def test_a_separator_is_a_space():
    assert cells.words("张\u00a0三\u3000四\u2028五") == "张 三 四 五"


@pytest.mark.parametrize("hidden", ["张\u202e三", "张\u2066三", "张\x07三", "张\ud800三"])
def test_controls_and_overrides_stay_out(hidden: str):
    with pytest.raises(BadCell):
        cells.words(hidden)


@pytest.mark.parametrize("written", [101, 101.0, "101", "101.0", "１０１", " 101\u200b", "101.00"])
def test_a_room_is_one_however_it_is_written(written: object):
    assert cells.plain(written) == cells.code(written) == "101"


@pytest.mark.parametrize("written", ["13900000001.0", 13900000001.0, 13900000001])
def test_a_long_number_keeps_its_digits(written: object):
    assert cells.phone(written) == "13900000001"


@pytest.mark.parametrize("written", ["1.39E+10", "1.39E10", "1e+05"])
def test_a_number_that_a_spreadsheet_shortened_is_refused(written: object):
    with pytest.raises(BadCell, match="lost_digits"):
        cells.phone(written)


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("139000000012", "phone"),
        ("8888 8888", "phone_area"),
        ("0571-88888888-12", "phone_extension"),
        ("95500", "phone_hotline"),
    ],
)
def test_a_phone_that_is_none_says_why(written: str, reason: str):
    with pytest.raises(BadCell) as bad:
        cells.phone(written)
    assert bad.value.reason == reason


def test_a_printed_phone_may_be_a_hotline():
    assert cells.printed_phone("４００－８００－００００") == "400-800-0000"


@pytest.mark.parametrize(
    ("raw", "month"),
    [
        ("2024-12", "2024-12"),
        ("2024/3", "2024-03"),
        ("2024年3月", "2024-03"),
        (date(2024, 3, 1), "2024-03"),
        (datetime(2024, 3, 31), "2024-03"),  # noqa: DTZ001
        ("2024-03-15", "2024-03"),
    ],
)
def test_a_month_is_read_however_it_is_written(raw: object, month: str):
    assert cells.month(raw) == month


@pytest.mark.parametrize("raw", ["2024-13", "2024", "3-2024", "2024-1-32", "1949-01", "soon", 45_000])
def test_what_is_no_month_is_refused(raw: object):
    with pytest.raises(BadCell, match="month"):
        cells.month(raw)


@pytest.mark.parametrize(("raw", "number"), [(0, 0), (12.0, 12), ("1,061", 1061), ("１２", 12)])
def test_a_whole_number_is_read_however_it_is_written(raw: object, number: int):
    assert cells.count(raw) == number


@pytest.mark.parametrize("raw", [-1, 1.5, "1.5", "many", 10**10, True])
def test_what_is_no_whole_number_is_refused(raw: object):
    with pytest.raises(BadCell):
        cells.count(raw)
