"""Counted time against an oracle that looks at the wall clock minute by minute."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.holidays import china, known_years
from chalicelib.domain.time.calendar import ALWAYS_OPEN, WEEKDAYS, Calendar, CalendarError, NoCountedTime, Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)

exactly = settings(derandomize=True, deadline=None, max_examples=80, database=None)

DAYS_OF_INTEREST = [
    ("Asia/Shanghai", date(2025, 9, 27)),  # make-up Sunday before National Day
    ("Asia/Shanghai", date(2025, 10, 8)),  # its end, and the make-up Saturday
    ("Asia/Shanghai", date(2026, 2, 13)),  # make-up Saturday and Spring Festival
    ("Asia/Shanghai", date(2024, 12, 31)),  # the turn of the year
    ("Europe/Berlin", date(2026, 3, 28)),
    ("Europe/Berlin", date(2026, 10, 24)),
    ("America/New_York", date(2026, 3, 7)),
    ("America/New_York", date(2026, 10, 31)),
    ("America/Sao_Paulo", date(2018, 11, 3)),  # midnight does not exist
    ("America/Sao_Paulo", date(2018, 2, 17)),  # the hour before midnight comes twice
    ("America/St_Johns", date(2010, 11, 6)),  # at 00:01 back to the day before
    ("Australia/Lord_Howe", date(2026, 4, 4)),  # half an hour
    ("Pacific/Apia", date(2011, 12, 28)),  # a date is skipped
]


@dataclass(frozen=True)
class Plan:
    """What a calendar is made from, and what it means in the plainest words."""

    tz: str
    weekly: Mapping[str, Sequence[tuple[str, str]]]
    closed: Sequence[date] = ()
    shifts_on: Mapping[date, Sequence[tuple[str, str]]] = field(default_factory=dict)
    holidays: Mapping[date, bool | str] = field(default_factory=dict)

    def calendar(self) -> Calendar:
        return Calendar(self.tz, self.weekly, self.closed, self.shifts_on, self.holidays)

    def shifts(self, day: date) -> Sequence[tuple[str, str]]:
        if day in self.closed:
            return ()
        if day in self.shifts_on:
            return self.shifts_on[day]
        work = self.holidays.get(day)
        if work is False:
            return ()
        if isinstance(work, str):
            return self.weekly.get(work, ())
        if work is True:
            for office_days in (range(5), range(7)):
                for distance in range(7):
                    for step in (-distance, distance):
                        weekday = (day.weekday() + step) % 7
                        if weekday in office_days and self.weekly.get(WEEKDAYS[weekday]):
                            return self.weekly[WEEKDAYS[weekday]]
        return self.weekly.get(WEEKDAYS[day.weekday()], ())

    def is_open(self, at: datetime) -> bool:
        wall = at.astimezone(ZoneInfo(self.tz)).replace(tzinfo=None)
        for day in (wall.date(), wall.date() - timedelta(days=1)):
            for opens, closes in self.shifts(day):
                start = datetime.combine(day, time()) + _since_midnight(opens)
                end = datetime.combine(day, time()) + _since_midnight(closes)
                if start <= wall < (end if end > start else end + timedelta(days=1)):
                    return True
        return False

    def worked(self, start: datetime, end: datetime) -> timedelta:
        total = timedelta(0)
        for at in _minutes(start, end):
            if self.is_open(at):
                total += max(min(at + MINUTE, end) - max(at, start), timedelta(0))
        return total


def _since_midnight(text: str) -> timedelta:
    return timedelta(hours=int(text[:2]), minutes=int(text[3:]))


def _minutes(start: datetime, end: datetime) -> Iterator[datetime]:
    at = start.replace(second=0, microsecond=0)
    while at < end:
        yield at
        at += MINUTE


def times_of_day() -> st.SearchStrategy[str]:
    return st.builds(lambda h, m: f"{h:02}:{m:02}", st.integers(0, 23), st.sampled_from([0, 0, 15, 30, 59]))


def shifts() -> st.SearchStrategy[tuple[str, str]]:
    ends = st.one_of(times_of_day(), st.just("24:00"))
    return st.tuples(times_of_day(), ends).filter(lambda shift: shift[0] != shift[1])


@st.composite
def plans_and_times(draw: st.DrawFn) -> tuple[Plan, datetime, datetime]:
    tz, day = draw(st.sampled_from(DAYS_OF_INTEREST))
    near = st.sampled_from([day + timedelta(days=n) for n in range(-1, 5)])
    some_shifts = st.lists(shifts(), max_size=3)
    weekly = draw(st.dictionaries(st.sampled_from(WEEKDAYS), some_shifts, max_size=7))
    weekly["thu"] = [draw(shifts())]
    plan = Plan(
        tz,
        weekly,
        closed=draw(st.lists(near, max_size=1)),
        shifts_on=draw(st.dictionaries(near, some_shifts, max_size=2)),
        holidays=draw(st.dictionaries(near, st.sampled_from([False, True, True, "mon", "sat"]), max_size=3)),
    )
    first = datetime.combine(day, time(), UTC) - timedelta(hours=12)
    start = first + timedelta(seconds=draw(st.integers(0, 2 * 86_400)))
    return plan, start, start + timedelta(seconds=draw(st.integers(0, 3 * 86_400)))


@exactly
@given(plans_and_times())
def test_what_counted_is_what_the_wall_clock_shows_minute_by_minute(drawn: tuple[Plan, datetime, datetime]) -> None:
    plan, start, end = drawn
    assert plan.calendar().worked(start, end) == plan.worked(start, end)


@exactly
@given(plans_and_times())
def test_a_deadline_is_the_first_instant_by_which_the_time_has_counted(drawn: tuple[Plan, datetime, datetime]) -> None:
    plan, start, end = drawn
    counted = plan.worked(start, end)
    deadline = plan.calendar().deadline(start, counted)
    assert start <= deadline <= end
    assert plan.worked(start, deadline) == counted
    if counted:
        assert plan.worked(start, deadline - SECOND) == counted - SECOND


@exactly
@given(plans_and_times())
def test_open_is_open_by_the_wall_clock(drawn: tuple[Plan, datetime, datetime]) -> None:
    plan, start, end = drawn
    calendar = plan.calendar()
    for at in list(_minutes(start, end))[::37]:
        assert calendar.is_open(at) == plan.is_open(at), at


@exactly
@given(plans_and_times())
def test_spans_leave_no_gap_and_count_what_worked_counts(drawn: tuple[Plan, datetime, datetime]) -> None:
    plan, start, end = drawn
    calendar = plan.calendar()
    spans = list(calendar.spans(start, end))
    edges = [span.start for span in spans] + [end]
    assert [span.end for span in spans] == edges[1:]
    assert edges[0] == start
    assert sum((s.end - s.start for s in spans if s.counted), timedelta(0)) == calendar.worked(start, end)
    assert all(calendar.is_open(span.start) == span.counted for span in spans)
    assert all(one[2:] != other[2:] for one, other in pairwise(spans))


@exactly
@given(plans_and_times(), st.integers(0, 4000), st.integers(1, 4000))
def test_years_apart_the_parts_still_add_up_and_a_deadline_undoes_what_worked(
    drawn: tuple[Plan, datetime, datetime], days: int, hours: int
) -> None:
    plan, start, middle = drawn
    calendar, end = plan.calendar(), middle + timedelta(days=days)
    assert calendar.worked(start, end) == calendar.worked(start, middle) + calendar.worked(middle, end)
    deadline = calendar.deadline(start, timedelta(hours=hours))
    assert calendar.worked(start, deadline) == timedelta(hours=hours)
    assert calendar.worked(start, deadline - SECOND) == timedelta(hours=hours) - SECOND


def office(tz: str = "Asia/Shanghai", **more: object) -> Calendar:
    weekly = {day: [("09:00", "12:00"), ("13:30", "18:00")] for day in WEEKDAYS[:5]}
    return Calendar(tz, weekly, **more)  # type: ignore[arg-type]


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_a_deadline_lands_on_a_shifts_end_not_on_the_next_ones_start() -> None:
    assert office().deadline(at("2026-03-02 09:00"), timedelta(hours=3)) == at("2026-03-02 12:00")
    assert office().deadline(at("2026-03-02 09:00"), timedelta(hours=3, seconds=1)) == at("2026-03-02 13:30:01")
    assert office().deadline(at("2026-03-06 17:59:59"), timedelta(seconds=2)) == at("2026-03-09 09:00:01")


def test_nothing_to_count_is_due_at_once_even_at_night() -> None:
    assert office().deadline(at("2026-03-02 03:00"), timedelta(0)) == at("2026-03-02 03:00")


def test_nothing_counts_where_the_end_is_not_after_the_start() -> None:
    assert office().worked(at("2026-03-02 11:00"), at("2026-03-02 10:00")) == timedelta(0)
    later_in_the_repeated_hour = at("2026-10-25 02:10", BERLIN).replace(fold=1)
    assert ALWAYS_OPEN.worked(at("2026-10-25 02:50", BERLIN), later_in_the_repeated_hour) == timedelta(minutes=20)


def test_24_hours_are_24_hours_when_always_open() -> None:
    starts = [
        at("2026-03-07 20:00"),  # a week-end
        at("2026-02-16 09:00"),  # Spring Festival
        at("2025-10-01 00:00"),  # National Day
        at("2026-03-28 12:00", BERLIN),
        at("2026-10-24 12:00", BERLIN),
    ]
    always_in_berlin = Calendar("Europe/Berlin", {day: [("00:00", "24:00")] for day in WEEKDAYS})
    for start in starts:
        for calendar in (ALWAYS_OPEN, always_in_berlin):
            assert calendar.deadline(start, timedelta(hours=24)) == start.astimezone(UTC) + timedelta(hours=24)


def test_always_open_is_one_piece() -> None:
    start, end = at("2025-09-30 08:00"), at("2026-10-09 08:00")
    assert list(ALWAYS_OPEN.spans(start, end)) == [Span(start, end, True, "always")]


def test_national_day_and_spring_festival_do_not_count_for_an_office() -> None:
    calendar = office(holidays={**china(2025), **china(2026)})
    assert calendar.deadline(at("2025-09-30 17:00"), timedelta(hours=2)) == at("2025-10-09 10:00")
    assert calendar.worked(at("2025-10-01 00:00"), at("2025-10-09 00:00")) == timedelta(0)
    assert calendar.worked(at("2025-10-11 00:00"), at("2025-10-12 00:00")) == timedelta(hours=7.5)
    assert calendar.deadline(at("2026-02-14 17:00"), timedelta(hours=2)) == at("2026-02-24 10:00")


def test_the_closest_rule_about_a_date_wins() -> None:
    day = date(2026, 3, 7)  # a Saturday
    noon = at("2026-03-07 11:00")
    make_up, own = {day: True}, {day: [("10:00", "10:30")]}
    assert not office().is_open(noon)
    assert office(holidays=make_up).is_open(noon)
    assert not office(holidays=make_up, shifts_on=own).is_open(noon)
    assert office(holidays={day: False}, shifts_on=own).is_open(at("2026-03-07 10:15"))
    assert not office(holidays=make_up, shifts_on=own, closed=[day]).is_open(at("2026-03-07 10:15"))


def test_a_make_up_day_works_as_the_nearest_weekday_or_the_one_that_is_named() -> None:
    weekly = {"mon": [("08:00", "09:00")], "wed": [("10:00", "12:00")], "fri": [("13:00", "16:00")], "sat": []}
    saturday, sunday = date(2026, 3, 7), date(2026, 3, 8)
    calendar = Calendar("Asia/Shanghai", weekly, holidays={saturday: True, sunday: True})
    assert [s[:3] for s in calendar.spans(at("2026-03-07 00:00"), at("2026-03-09 00:00")) if s.counted] == [
        (at("2026-03-07 13:00"), at("2026-03-07 16:00"), True),
        (at("2026-03-08 08:00"), at("2026-03-08 09:00"), True),
    ]
    named = Calendar("Asia/Shanghai", weekly, holidays={saturday: "wed"})
    assert named.worked(at("2026-03-07 00:00"), at("2026-03-08 00:00")) == timedelta(hours=2)


def test_a_make_up_saturday_is_a_full_day_where_saturdays_are_half() -> None:
    weekly = {**{day: [("09:00", "17:00")] for day in WEEKDAYS[:5]}, "sat": [("09:00", "12:00")]}
    calendar = Calendar("Asia/Shanghai", weekly, holidays={date(2026, 3, 7): True})
    assert calendar.worked(at("2026-03-07 00:00"), at("2026-03-08 00:00")) == timedelta(hours=8)


def test_a_night_shift_belongs_to_the_evening_it_starts_on() -> None:
    weekly = {"fri": [("22:00", "06:00")]}
    calendar = Calendar("Asia/Shanghai", weekly, closed=[date(2026, 3, 7)])
    assert calendar.worked(at("2026-03-06 00:00"), at("2026-03-08 00:00")) == timedelta(hours=8)
    assert calendar.worked(at("2026-03-13 23:00"), at("2026-03-20 23:00")) == timedelta(hours=8)
    assert Calendar("Asia/Shanghai", weekly, closed=[date(2026, 3, 6)]).deadline(
        at("2026-03-06 00:00"), timedelta(hours=8)
    ) == at("2026-03-14 06:00")


def test_a_night_shift_is_an_hour_shorter_or_longer_when_the_clocks_change() -> None:
    calendar = Calendar("Europe/Berlin", {day: [("22:00", "06:00")] for day in WEEKDAYS})
    nights = {"2026-03-28": 7, "2026-03-29": 8, "2026-10-24": 9}
    for day, hours in nights.items():
        noon = at(f"{day} 12:00", BERLIN).astimezone(UTC)
        assert calendar.worked(noon, noon + timedelta(hours=24)) == timedelta(hours=hours)


def test_the_pieces_say_why() -> None:
    calendar = office(
        holidays={date(2026, 3, 4): False, date(2026, 3, 7): True},
        closed=[date(2026, 3, 5)],
        shifts_on={date(2026, 3, 6): [("10:00", "11:00")]},
    )
    pieces = [span.why for span in calendar.spans(at("2026-03-03 17:00"), at("2026-03-09 10:00"))]
    assert pieces == [
        "shift", "outside", "holiday", "closed", "outside", "own shift", "outside",
        "make-up", "outside", "make-up", "outside", "off", "outside", "shift",
    ]  # fmt: skip


def test_a_calendar_without_counted_time_is_refused_when_made() -> None:
    day = date(2026, 3, 6)
    with pytest.raises(NoCountedTime):
        Calendar("Asia/Shanghai", {"mon": []})
    with pytest.raises(NoCountedTime):
        Calendar("Asia/Shanghai", {}, closed=[day], shifts_on={day: [("08:00", "09:00")]}, holidays={day: True})


def test_a_calendar_with_nothing_left_within_a_year_says_so_instead_of_looping() -> None:
    calendar = Calendar("Asia/Shanghai", {}, shifts_on={date(2026, 3, 6): [("08:00", "10:00")]})
    assert calendar.deadline(at("2026-03-01 00:00"), timedelta(hours=2)) == at("2026-03-06 10:00")
    with pytest.raises(NoCountedTime, match="2026-03-06"):
        calendar.deadline(at("2026-03-01 00:00"), timedelta(hours=2, seconds=1))
    with pytest.raises(NoCountedTime, match="2024-03-01"):
        calendar.deadline(at("2024-03-01 00:00"), timedelta(hours=1))
    assert calendar.deadline(at("2025-03-10 00:00"), timedelta(hours=1)) == at("2026-03-06 09:00")


@pytest.mark.parametrize(
    ("fault", "arguments"),
    [
        ("Mars", ("Asia/Mars", {"mon": [("08:00", "09:00")]})),
        ("'monday'", ("UTC", {"monday": [("08:00", "09:00")]})),
        ("mon: '8:00'", ("UTC", {"mon": [("8:00", "09:00")]})),
        ("mon: '25:00'", ("UTC", {"mon": [("08:00", "25:00")]})),
        ("08:00 to 08:00", ("UTC", {"mon": [("08:00", "08:00")]})),
        ("24:00 to 06:00", ("UTC", {"mon": [("24:00", "06:00")]})),
        ("2026-03-06: '8'", ("UTC", {"mon": [("08:00", "09:00")]}, (), {date(2026, 3, 6): [("8", "9")]})),
        ("'funday'", ("UTC", {"mon": [("08:00", "09:00")]}, (), {}, {date(2026, 3, 6): "funday"})),
        ("neither day off", ("UTC", {"mon": [("08:00", "09:00")]}, (), {}, {date(2026, 3, 6): 1})),
        ("not a date", ("UTC", {"mon": [("08:00", "09:00")]}, [datetime(2026, 3, 6)])),  # noqa: DTZ001 — the fault that is tried
    ],
)
def test_a_slip_in_a_calendar_is_named(fault: str, arguments: tuple[object, ...]) -> None:
    with pytest.raises(CalendarError, match=fault):
        Calendar(*arguments)  # type: ignore[arg-type]


def test_a_time_without_a_zone_and_a_deadline_in_the_past_are_refused() -> None:
    with pytest.raises(CalendarError, match="no time zone"):
        office().is_open(datetime(2026, 3, 6))  # noqa: DTZ001 — the fault that is tried
    with pytest.raises(CalendarError, match="lies ahead"):
        office().deadline(at("2026-03-06 10:00"), -SECOND)


def test_a_year_whose_holidays_nobody_knows_is_named() -> None:
    calendar = office(known_years=known_years())
    assert calendar.unknown(at("2026-11-01 10:00"), at("2027-01-01 00:00")) == frozenset()
    assert calendar.unknown(at("2026-12-31 10:00"), at("2027-01-01 00:00:01")) == {2027}
    assert office().unknown(at("2026-12-31 10:00"), at("2029-01-01 10:00")) == frozenset()


def test_calendars_are_values() -> None:
    one, same = office(holidays=china(2026)), office(holidays=dict(china(2026)))
    assert one == same
    assert len({one, same, office(), office("UTC")}) == 3
