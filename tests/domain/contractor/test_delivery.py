"""When a letter has arrived, and what a waybill proves."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contractor.delivery import check_digit, checked_waybill, moment_of, names, waybill_number
from chalicelib.domain.record.errors import Invalid

NUMBER = "HY-2026-0012"


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("EE123456785CN", "EE123456785CN"),
        (" ee 1234 5678 5 cn ", "EE123456785CN"),
        ("\uff25\uff25123456785\uff23\uff2e", "EE123456785CN"),
        ("RB473124829DK", "RB473124829DK"),
        ("1012345678901", "1012345678901"),
        ("1012-3456-78901", "1012345678901"),
    ],
)
def test_a_waybill_is_read_however_it_is_typed(typed: str, number: str) -> None:
    assert waybill_number(typed) == number


@pytest.mark.parametrize(
    "typed", ["EE123456784CN", "EE12345678CN", "123456789012", "EMS1", "E1123456785CN", "12345678901234"]
)
def test_a_digit_off_is_no_waybill(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        waybill_number(typed)
    assert (refused.value.field, refused.value.reason) == ("waybill", "waybill_form")


@given(st.from_regex(r"[0-9]{8}", fullmatch=True), st.integers(0, 7), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(serial: str, at: int, more: int) -> None:
    other = serial[:at] + str((int(serial[at]) + more) % 10) + serial[at + 1 :]
    if check_digit(serial) not in "05":  # two remainders share a digit: the one weakness of the standard
        assert check_digit(other) != check_digit(serial)


@pytest.mark.parametrize(
    ("contents", "named"),
    [
        ("函件 HY-2026-0012", True),
        ("hy-2026-0012维修通知单", True),
        ("HY-2026-0011、HY-2026-0012", True),
        ("HY\u20102026\u20100012", True),
        ("HY-2026-00123", False),
        ("XHY-2026-0012", False),
        ("维修通知单", False),
        ("", False),
    ],
)
def test_a_waybill_names_a_letter_by_its_whole_number(contents: str, named: bool) -> None:
    assert names(contents, NUMBER) is named


def test_a_waybill_of_another_letter_proves_nothing() -> None:
    assert checked_waybill("EE123456785CN", f"函件 {NUMBER}", NUMBER) == "EE123456785CN"
    for contents, reason in (("", "required"), ("函件 HY-2026-0011", "names_another_letter")):
        with pytest.raises(Invalid) as refused:
            checked_waybill("EE123456785CN", contents, NUMBER)
        assert (refused.value.field, refused.value.reason) == ("contents", reason)


def test_a_day_without_a_time_is_over_at_its_end() -> None:
    day = date(2026, 3, 2)
    assert moment_of(day, time(9, 30), "Asia/Shanghai") == datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
    assert moment_of(day, None, "Asia/Shanghai") == datetime(2026, 3, 2, 16, 0, tzinfo=UTC)
