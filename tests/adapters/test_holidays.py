"""China's schedule: the file that ships against the package it was written from."""

import sys
from collections.abc import Mapping
from datetime import date, datetime, timedelta

import pytest

from chalicelib.adapters import holidays
from chalicelib.adapters.holidays import BadSchedule, UnknownYear, check, china, known_years

YEARS = range(2019, 2027)


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_works_as_the_package_says(year: int) -> None:
    chinese_calendar = pytest.importorskip("chinese_calendar")
    schedule = china(year)
    day = date(year, 1, 1)
    while day.year == year:
        assert schedule.get(day, day.weekday() < 5) == chinese_calendar.is_workday(day), day
        day += timedelta(days=1)


def test_a_holidays_week_end_is_off_even_where_saturdays_are_worked() -> None:
    assert china(2025)[date(2025, 10, 4)] is False


def test_a_year_that_nobody_knows_is_refused_by_name() -> None:
    assert known_years() >= frozenset(YEARS)
    with pytest.raises(UnknownYear, match="2099") as refused:
        china(2099)
    assert refused.value.year == 2099


def test_the_schedule_needs_no_package_and_cannot_be_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "chinese_calendar", None)
    holidays._schedules.cache_clear()
    schedule = china(2026)
    with pytest.raises(TypeError):
        schedule[date(2026, 5, 1)] = True  # type: ignore[index]


def test_writing_the_file_again_changes_nothing(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("chinese_calendar")
    written, copy = holidays.FILE.read_text(encoding="utf-8"), tmp_path / "holidays_cn.toml"
    monkeypatch.setattr(holidays, "FILE", copy)
    holidays.write([2026, *YEARS[:4]])
    holidays.write(YEARS[4:])
    assert copy.read_text(encoding="utf-8") == written


def test_a_year_that_the_package_lacks_is_not_written() -> None:
    pytest.importorskip("chinese_calendar")
    with pytest.raises(UnknownYear):
        holidays.from_package(2099)


@pytest.mark.parametrize("year", YEARS)
def test_the_schedules_that_were_published_are_consistent(year: int) -> None:
    check(china(year))


@pytest.mark.parametrize(
    ("fault", "schedule"),
    [
        ("empty", {}),
        ("2026-05-06: a Wednesday needs no make-up", {date(2026, 5, 1): False, date(2026, 5, 6): True}),
        ("2026-06-13: a Saturday is off anyway", {date(2026, 5, 1): False, date(2026, 6, 13): False}),
        ("2026-06-13: a Saturday is off anyway", {date(2026, 6, 13): False, date(2026, 6, 14): False}),
        ("2027-01-01: the schedule is that of 2026", {date(2026, 5, 1): False, date(2027, 1, 1): False}),
        ("2026-05-10: 2 make-up workdays for 1", {**dict.fromkeys([date(2026, 5, 9), date(2026, 5, 10)], True),
                                                  date(2026, 5, 1): False}),
        ("2026-05-01: a date with True", {date(2026, 5, 1): "off"}),
        ("2026-05-01 00:00:00: a date with True", {datetime(2026, 5, 1): False}),  # noqa: DTZ001
    ],
)  # fmt: skip
def test_a_schedule_with_a_slip_is_refused_with_its_date(fault: str, schedule: Mapping[date, bool]) -> None:
    with pytest.raises(BadSchedule, match=fault):
        check(schedule)


def test_a_week_end_beside_a_day_off_or_the_turn_of_the_year_may_be_off() -> None:
    check({date(2026, 5, 1): False, date(2026, 5, 2): False, date(2026, 5, 3): False})
    check({date(2022, 12, 31): False, date(2022, 10, 3): False})
