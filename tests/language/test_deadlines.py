"""A deadline in words: one function, and nobody beside it."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chalicelib.language.deadlines import dated, deadline

TZ = "Asia/Shanghai"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
SOURCE = Path(__file__).resolve().parents[2] / "chalicelib"


@pytest.mark.parametrize(
    ("minutes", "chinese", "english"),
    [
        (135, "剩 2 小时 15 分", "2 h 15 min left"),
        (-35, "逾期 35 分", "35 min late"),
        (60, "剩 1 小时", "1 h left"),
        (1440 * 3 + 61, "剩 3 天 1 小时", "3 d 1 h left"),
        (0.5, "剩 不到 1 分", "less than 1 min left"),
    ],
)
def test_what_is_left_or_over_is_said_in_the_two_largest_units(minutes: float, chinese: str, english: str) -> None:
    due = NOW + timedelta(minutes=minutes)
    assert deadline(due, NOW, TZ, "zh_CN").left == chinese
    assert deadline(due, NOW, TZ, "en").left == english


def test_a_deadline_is_kept_in_its_last_second() -> None:
    assert not deadline(NOW, NOW, TZ, "zh_CN").over
    assert deadline(NOW, NOW + timedelta(seconds=1), TZ, "zh_CN").late


def test_what_the_owner_lets_pass_is_over_and_nobody_is_late() -> None:
    said = deadline(NOW - timedelta(days=2), NOW, TZ, "zh_CN", ours=False)
    assert (said.left, said.late, said.over) == ("已过 2 天", False, True)


def test_a_message_names_the_date() -> None:
    assert dated(NOW, NOW, TZ, "zh_CN") == "3月2日 周一 09:00"
    assert dated(NOW, NOW, TZ, "zh_CN", short=True) == "3月2日09:00"


def names(file: Path) -> set[str]:
    """What a module calls or imports."""
    tree = ast.parse(file.read_text("utf-8"))
    called = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
    return called | {a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names}


def test_nobody_else_says_how_long_a_deadline_has_or_shortens_its_time() -> None:
    outside = [file for file in SOURCE.rglob("*.py") if "language" not in file.parts and "compiled" not in file.parts]
    assert len(outside) > 50
    assert not [str(file) for file in outside if {"short_time", "time_left"} & names(file)]


def test_no_template_formats_a_deadline_by_itself() -> None:
    alone = re.compile(r"times\.\w+\([^)]*\b(?:due|deadline|by)\b|time_left|strftime\([^)]*%[dmY]")
    found = [(file.name, hit) for file in SOURCE.rglob("*.html") for hit in alone.findall(file.read_text("utf-8"))]
    assert not found


def test_one_word_is_said_for_late() -> None:
    texts = (SOURCE / "language" / "locale" / "zh_CN").glob("*.po")
    said = [(f.name, line) for f in texts for line in f.read_text("utf-8").splitlines() if line.startswith("msgstr")]
    assert not [(name, line) for name, line in said if re.search("超时|已超|晚了|过期未", line)]


def test_no_chinese_word_stands_apart_from_the_time_that_follows_it() -> None:
    texts = (SOURCE / "language" / "locale" / "zh_CN").glob("*.po")
    apart = re.compile(r"[\u4e00-\u9fff] (?:%\((?:when|due|first)\)s|\{(?:by|until|deadline)\})")
    assert not [(f.name, hit) for f in texts for hit in apart.findall(f.read_text("utf-8"))]
