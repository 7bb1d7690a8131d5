"""One form of text, whatever it was typed on."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.record.number import parse_number
from chalicelib.domain.record.text import line, plain, sought, words

SEPARATORS = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) in ("Zs", "Zl", "Zp")]


@pytest.mark.parametrize("separator", [*SEPARATORS, "\t", "\v", "\f", "\x1c", "\x85"])
def test_every_separator_is_a_space(separator: str):
    assert words(f"gas{separator}smell") == "gas smell"
    assert line(f"gas{separator}{separator}smell") == "gas smell"
    assert plain(f"gas{separator}smell") == "gas smell"


def test_line_ends_stay_in_words_and_part_the_words_of_a_line():
    assert words("one\r\ntwo\rthree\n") == "one\ntwo\nthree"
    assert line("one\r\ntwo\rthree\n") == "one two three"


@pytest.mark.parametrize(
    "name",
    [
        "张\U0002ebf1",
        "李\U00031350",
        "\ue001",
        "\U000f0001",
        "👨\u200d👩\u200d👧",
        "❤\ufe0f",
        "龍",
        "①㎡",
        "Ｌi",
        "می\u200cخواهم",
    ],
)
def test_letters_of_every_plane_and_joined_emoji_survive(name: str):
    assert words(name) == line(name) == name


@pytest.mark.parametrize("gone", ["\x00", "\x07", "\x1b", "\x7f", "\x80", "\ud800", "\u202e", "\u2066"])
def test_controls_lone_surrogates_and_overrides_go(gone: str):
    assert words(f"张{gone}三") == line(f"张{gone}三") == plain(f"张{gone}三") == "张三"


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("1号楼１单元１０１", "1号楼1单元101"),
        ("Ａ－１０１", "A-101"),
        ("3–2—1001", "3-2-1001"),
        ("1\u200b01\ufeff", "101"),
        ("101\ufe0f", "101"),
        ("  1001 ", "1001"),
        ("ａ＠ｂ．ｃｎ", "a@b.cn"),
    ],
)
def test_what_is_compared_is_folded(written: str, same: str):
    assert plain(written) == same


def test_a_search_minds_no_case():
    assert sought("Ｂ座 lobby") == sought("b座 LOBBY")


def test_a_number_of_a_ticket_is_read_in_full_width_too():
    assert parse_number("４８３９－２１７５－" + "0123456789"[0]) == parse_number("4839-2175-0")
    good = next(f"4839-2175-{d}" for d in range(10) if parse_number(f"4839-2175-{d}"))
    assert parse_number("".join(chr(ord(c) + 0xFEE0) for c in good)) == good.replace("-", "")


@given(st.text())
def test_a_form_is_final_and_holds_nothing_that_must_go(text: str):
    for form in (words, line, plain):
        once = form(text)
        assert form(once) == once
        assert all(c == "\n" or unicodedata.category(c) not in ("Cc", "Cs") for c in once)
        once.encode()
