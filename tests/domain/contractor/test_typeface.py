"""Letters that can't be printed are named, and never lost."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contractor.typeface import every_printable, marked, marked_in, printable, rare, texts_in

NAMED = re.compile("\u3014U\\+([0-9A-F]{4,6})\u3015")


def test_the_letters_of_gbk_and_of_the_west_are_printable_and_a_rare_surname_is_not() -> None:
    assert all(printable(c) for c in "维修通知单㎡℃镕喆堃éüÄ、。〔〕ASCII 0～9①Ⅳ")
    assert not any(printable(c) for c in "𠮷㛃\u202e\u200b\ue000\n\x00🔧")


def test_what_can_not_be_printed_is_marked_by_its_number() -> None:
    assert marked("收件人𠮷某") == "收件人〔U+20BB7〕某"
    assert rare(["𠮷某𠮷", "好", "🔧\n"]) == ("𠮷", "🔧")


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_nothing_is_lost_and_all_that_is_left_can_be_printed(text: str) -> None:
    shown = marked(text)
    assert all(printable(c) for c in shown.replace("\n", ""))
    if not NAMED.search(text):
        assert NAMED.sub(lambda m: chr(int(m[1], 16)), shown) == text


def test_the_words_of_a_letter_are_found_wherever_they_stand() -> None:
    said = {"b": ["二", {"c": "三"}], "a": "一", "n": 3}
    assert list(texts_in(said)) == ["一", "二", "三"]
    assert marked_in({"a": ["𠮷"], "n": 3}) == {"a": ["〔U+20BB7〕"], "n": 3}


def test_the_face_is_cut_to_some_22_000_letters() -> None:
    assert 21_000 < len(every_printable()) < 23_000
