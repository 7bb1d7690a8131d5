"""Phone numbers in one form, whoever writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.record.phone import NoPhone, compared, is_sent_to, kept, masked


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("139 0000-0001", "13900000001"),
        ("+86 13900000001", "13900000001"),
        ("+86 (0)139 0000 0001", "13900000001"),
        ("+86 0139 0000 0001", "13900000001"),
        ("0139 0000 0001", "13900000001"),
        ("008613900000001", "13900000001"),
        ("0086 (0) 13900000001", "13900000001"),
        ("8613900000001", "13900000001"),
        ("１３９ ００００ ０００１", "13900000001"),
        ("＋８６－１３９００００００１", None),
        ("139\u00a00000\u20090001", "13900000001"),
        ("139–0000–0001", "13900000001"),
        ("\u202a13900000001\u202c", "13900000001"),
        ("100-0000-0119", "10000000119"),
        ("0571-8888 8888", "057188888888"),
        ("(0571) 8888-8888", "057188888888"),
        ("（０５７１）８８８８８８８８", "057188888888"),
        ("+86 571 8888 8888", "057188888888"),
        ("+86 (0)571 8888 8888", "057188888888"),
        ("86-571-88888888", "057188888888"),
        ("0086 10 8888 8888", "01088888888"),
        ("021-88880000", "02188880000"),
        ("0898-8888888", "08988888888"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(written: str, number: str | None):
    if number is None:
        with pytest.raises(NoPhone):
            kept(written)
        return
    assert kept(written) == number
    assert kept(number) == number
    assert compared(written) == number


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("1390000000", "phone_form"),
        ("139000000012", "phone_form"),
        ("+86 1390000000", "phone_form"),
        ("+86 139000000012", "phone_form"),
        ("4915112345678", "phone_form"),
        ("12900000001", "phone_form"),
        ("13900000001/13900000002", "phone_form"),
        ("13900000001 13900000002", "phone_form"),
        ("1+3900000001", "phone_form"),
        ("tel 13900000001", "phone_form"),
        ("١٢٣٤٥٦٧٨٩٠١", "phone_form"),
        ("", "phone_form"),
        ("+", "phone_form"),
        ("(0571)88888888-123", "phone_extension"),
        ("0571-88888888转801", "phone_extension"),
        ("8888 8888", "phone_area"),
        ("8888888", "phone_area"),
        ("400-800-0000", "phone_hotline"),
        ("95500", "phone_hotline"),
        ("+1 (314) 555-0100", "phone_abroad"),
        ("001 314 555 0100", "phone_abroad"),
        ("+852 9000 0001", "phone_abroad"),
    ],
)
def test_what_reaches_nobody_is_refused_by_name(written: str, reason: str):
    with pytest.raises(NoPhone) as none:
        kept(written)
    assert none.value.reason == reason


def test_other_countries_are_taken_where_they_are_listed():
    assert kept("+852 9000 0001", abroad=("852", "853")) == "+85290000001"
    assert kept("00852 9000 0001", abroad=("852",)) == "+85290000001"
    with pytest.raises(NoPhone):
        kept("+1 876 555 0100", abroad=("852", "853"))


def test_a_hotline_is_taken_where_it_is_printed():
    assert kept("400-800-0000", hotline=True) == "4008000000"
    assert kept("95500", hotline=True) == "95500"


@pytest.mark.parametrize(
    ("number", "can"), [("13900000001", True), ("+85290000001", True), ("057188888888", False), ("4008000000", False)]
)
def test_an_sms_reaches_mobiles_alone(number: str, can: bool):
    assert is_sent_to(number) is can


@given(st.from_regex(r"\A[0-9]{1,16}\Z"))
def test_digits_alone_never_become_another_country_unless_00_stands_before_them(digits: str):
    try:
        number = kept(digits, abroad=("",))
    except NoPhone:
        return
    assert number.startswith("+") <= digits.startswith("00")


@given(st.text(max_size=30))
def test_whatever_is_typed_gives_one_form_or_no_phone(text: str):
    try:
        number = kept(text, abroad=("",), hotline=True)
    except NoPhone:
        return
    assert kept(number, abroad=("",), hotline=True) == number


@pytest.mark.parametrize(
    ("number", "shown"),
    [("13912345678", "139****5678"), ("+8613912345678", "+86139****5678"), ("4001234567", "****4567")],
)
def test_a_masked_number_names_nobody_and_is_known_to_who_has_it(number: str, shown: str) -> None:
    assert masked(number) == shown
