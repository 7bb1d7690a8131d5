"""Amounts as they are written out on vouchers."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money import capitals
from chalicelib.domain.money.capitals import MOST

WRITTEN = [
    (0, "零元整"),
    (1, "壹分"),
    (10, "壹角"),
    (11, "壹角壹分"),
    (100, "壹元整"),
    (101, "壹元零壹分"),
    (110, "壹元壹角"),
    (1000, "壹拾元整"),
    (1500, "壹拾伍元整"),
    (140950, "壹仟肆佰零玖元伍角"),
    (600714, "陆仟零柒元壹角肆分"),
    (168032, "壹仟陆佰捌拾元零叁角贰分"),
    (10700053, "壹拾万柒仟元零伍角叁分"),
    (1640902, "壹万陆仟肆佰零玖元零贰分"),
    (32504, "叁佰贰拾伍元零肆分"),
    (10000000, "壹拾万元整"),
    (10010000, "壹拾万零壹佰元整"),
    (10000000000, "壹亿元整"),
    (10010000000, "壹亿零壹拾万元整"),
    (123456789012, "壹拾贰亿叁仟肆佰伍拾陆万柒仟捌佰玖拾元零壹角贰分"),
    (100000000001, "壹拾亿元零壹分"),
    (1000000000000000, "壹拾万亿元整"),
    (100500, "壹仟零伍元整"),
    (5000000050, "伍仟万元零伍角"),
    (100000100000, "壹拾亿零壹仟元整"),
    (20000020000000, "贰仟亿零贰拾万元整"),
]
DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


@pytest.mark.parametrize(("fen", "said"), WRITTEN)
def test_an_amount_is_written_out_as_the_rules_for_vouchers_have_it(fen: int, said: str) -> None:
    assert capitals(fen) == f"人民币{said}"


@pytest.mark.parametrize("wrong", [-1, MOST, 1.0, True, "1"])
def test_what_is_no_amount_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match="no amount"):
        capitals(wrong)  # type: ignore[arg-type]


def read(said: str) -> int:
    """The fen of a written amount: the other way, by other means."""
    yuan, cents, group, digit = 0, 0, 0, 0
    for letter in said.removeprefix("人民币").removesuffix("整"):
        if letter in DIGITS:
            digit = DIGITS.index(letter)
        elif letter in UNITS:
            group, digit = group + digit * UNITS[letter], 0
        elif letter == "万":
            yuan, group, digit = yuan + (group + digit) * 10**4, 0, 0
        elif letter == "亿":
            yuan, group, digit = (yuan + group + digit) * 10**8, 0, 0
        elif letter == "元":
            yuan, group, digit = yuan + group + digit, 0, 0
        else:
            cents, digit = cents + digit * {"角": 10, "分": 1}[letter], 0
    return yuan * 100 + cents


@given(st.integers(0, MOST - 1))
def test_every_amount_reads_back_as_itself_without_two_zeros_in_a_row(fen: int) -> None:
    said = capitals(fen)
    assert read(said) == fen
    assert "零零" not in said
    assert said.endswith("整") == (fen % 100 == 0)
    assert not re.search("零[拾佰仟万亿]", said)
