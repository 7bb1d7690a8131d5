"""Times and spans as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.language.times import clock_time, full_time, short_time, span_of, window_time

TZ = "Asia/Shanghai"
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
AT = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("days", "chinese", "english"),
    [
        (0, "今天 16:30", "today 16:30"),
        (1, "明天 16:30", "tomorrow 16:30"),
        (-1, "昨天 16:30", "yesterday 16:30"),
        (7, "3月9日 周一 16:30", "Mon 9 Mar 16:30"),
        (365, "2027年3月2日 周二 16:30", "Tue 2 Mar 2027 16:30"),
    ],
)
def test_a_time_names_its_day(days: int, chinese: str, english: str) -> None:
    at = AT + timedelta(days=days)
    assert clock_time(at, TZ, "zh_CN", NOW) == chinese
    assert clock_time(at, TZ, "en", NOW) == english


def test_the_day_is_that_of_the_place_not_of_the_server() -> None:
    late = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
    assert clock_time(late, TZ, "zh_CN", NOW) == "明天 00:30"
    assert clock_time(late, "UTC", "zh_CN", NOW) == "今天 16:30"


def test_a_short_time_has_its_date_for_it_is_read_later() -> None:
    assert short_time(AT, TZ, "zh_CN") == "3月2日16:30"
    assert short_time(AT + timedelta(days=9), TZ, "en") == "11 Mar 16:30"


def test_what_is_kept_has_its_year() -> None:
    assert full_time(AT, TZ, "zh_CN") == "2026年3月2日 周一 16:30"
    assert full_time(AT, TZ, "en") == "Mon 2 Mar 2026 16:30"


def test_what_is_dated_never_names_a_day_by_its_distance() -> None:
    assert clock_time(AT, TZ, "zh_CN", NOW, dated=True) == "3月2日 周一 16:30"
    assert window_time(AT, AT + timedelta(hours=2), TZ, "en", NOW, dated=True) == "Mon 2 Mar 16:30–18:30"


def test_an_appointment_names_its_day_once_and_two_over_midnight() -> None:
    assert window_time(AT, AT + timedelta(hours=2), TZ, "zh_CN", NOW) == "今天 16:30–18:30"
    assert window_time(AT, AT + timedelta(hours=9), TZ, "zh_CN", NOW) == "今天 16:30 – 明天 01:30"


def test_whole_days_have_no_minutes() -> None:
    assert span_of(timedelta(days=1, minutes=20), "zh_CN") == "1 天"
