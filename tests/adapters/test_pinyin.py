"""Initials of Chinese names, in every reading."""

from __future__ import annotations

from chalicelib.adapters.pinyin import MOST, initials


def test_a_name_has_the_initials_of_every_reading() -> None:
    assert {"cyhy", "zyhy"} <= set(initials("朝阳花苑"))
    assert {"cqtd", "zqtd"} <= set(initials("重庆天地"))


def test_what_kind_of_estate_it_is_may_be_left_out() -> None:
    assert "cyh" in initials("朝阳花苑")


def test_letters_stay_and_a_name_without_chinese_has_none() -> None:
    assert any(way.startswith("a") for way in initials("A座花园"))
    assert initials("Riverside") == []


def test_readings_are_bounded() -> None:
    assert len(initials("重重重重重重重重苑")) <= 2 * MOST
