"""Clocks against an oracle that walks their timeline minute by minute."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chalicelib.adapters.holidays import china
from chalicelib.domain.time.calendar import ALWAYS_OPEN, WEEKDAYS, Calendar
from chalicelib.domain.time.clocks import Clock, ClockError, Interval, Moment

SHANGHAI = ZoneInfo("Asia/Shanghai")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECOND = timedelta(seconds=1)
LEVELS = [(2, HOUR), (3, 4 * HOUR)]

SERVICE = Calendar("Asia/Shanghai", {day: [("08:00", "20:00")] for day in WEEKDAYS})
OFFICE = Calendar(
    "Asia/Shanghai", {day: [("09:00", "12:00"), ("13:30", "18:00")] for day in WEEKDAYS[:5]}, holidays=china(2026)
)
NIGHT = Calendar("Europe/Berlin", {day: [("22:00", "06:00")] for day in WEEKDAYS})

exactly = settings(derandomize=True, deadline=None, max_examples=150, database=None)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-{text}").replace(tzinfo=SHANGHAI)


def started(target: timedelta, calendar: Calendar = SERVICE, when: str = "03-02 10:00") -> Clock:
    return Clock.start("resolve", at(when), target, calendar)


@dataclass(frozen=True)
class Timeline:
    """When a clock started, what it owes, and the pauses that ended, in order and apart."""

    calendar: Calendar
    start: datetime
    target: timedelta
    pauses: list[tuple[datetime, datetime]]

    def clock(self) -> Clock:
        clock = Clock.start("resolve", self.start, self.target, self.calendar)
        for begin, end in self.pauses:
            clock = clock.pause(begin, "parts").resume(end)
        return clock

    def counts(self, minute: datetime) -> bool:
        return self.calendar.is_open(minute) and not any(begin <= minute < end for begin, end in self.pauses)

    def due(self) -> datetime:
        minute, left = self.start, self.target
        while left:
            left -= MINUTE * self.counts(minute)
            minute += MINUTE
        return minute


@st.composite
def timelines(draw: st.DrawFn) -> Timeline:
    calendar, first = draw(
        st.sampled_from(
            [
                (ALWAYS_OPEN, datetime(2026, 3, 7, 4, tzinfo=UTC)),
                (SERVICE, datetime(2026, 3, 6, 8, tzinfo=UTC)),
                (OFFICE, datetime(2026, 2, 14, 1, tzinfo=UTC)),
                (NIGHT, datetime(2026, 3, 28, 12, tzinfo=UTC)),
                (NIGHT, datetime(2026, 10, 24, 12, tzinfo=UTC)),
            ]
        )
    )
    start = first + MINUTE * draw(st.integers(0, 600))
    edges = sorted(draw(st.lists(st.integers(0, 3000), max_size=6, unique=True)))
    times = [start + MINUTE * edge for edge in edges]
    target = MINUTE * draw(st.integers(1, 900))
    return Timeline(calendar, start, target, list(zip(times[::2], times[1::2], strict=False)))


@exactly
@given(timelines())
def test_a_clock_is_due_once_its_target_has_counted_outside_its_pauses(timeline: Timeline) -> None:
    due = timeline.due()
    assume(all(begin != due for begin, _ in timeline.pauses))
    assert timeline.clock().due_at == due
    assert not timeline.clock().breached(due)
    assert timeline.clock().breached(due + SECOND)


@exactly
@given(timelines(), st.integers(0, 5000))
def test_what_a_clock_worked_is_its_counted_minutes_and_its_intervals_say_the_same(
    timeline: Timeline, minutes: int
) -> None:
    end = timeline.start + MINUTE * minutes
    clock = timeline.clock()
    counted = sum(timeline.counts(timeline.start + MINUTE * n) for n in range(minutes))
    intervals = clock.intervals(end)
    assert clock.worked(end) == MINUTE * counted
    assert sum((i.end - i.start for i in intervals if i.counted), timedelta(0)) == MINUTE * counted
    if minutes:
        assert [i.start for i in intervals] + [end] == [timeline.start] + [i.end for i in intervals]


@exactly
@given(timelines(), st.integers(1, 2000))
def test_a_pause_adds_exactly_the_counted_time_it_covered(timeline: Timeline, length: int) -> None:
    before = timeline.clock()
    begin = timeline.pauses[-1][1] if timeline.pauses else timeline.start
    due = before.due_at
    assert due is not None
    assume(begin < due)
    end = begin + MINUTE * length
    paused = before.pause(begin, "weather")
    assert paused.due_at is None
    assert not paused.breached(end + 1000 * DAY)
    covered = timeline.calendar.worked(begin, end)
    assert paused.resume(end).due_at == timeline.calendar.deadline(due, covered)
    if not covered:
        assert paused.resume(end).due_at == due


@exactly
@given(timelines(), st.integers(1, 2000))
def test_a_breach_before_a_pause_stays(timeline: Timeline, length: int) -> None:
    clock = timeline.clock()
    due = clock.due_at
    assert due is not None
    assume(all(end <= due for _, end in timeline.pauses))
    paused = clock.pause(due + SECOND, "parts")
    resumed = paused.resume(due + MINUTE * length)
    assert paused.breached(due + DAY)
    assert resumed.due_at == due
    assert resumed.breached(due + SECOND)


@exactly
@given(timelines())
def test_warnings_come_before_the_deadline_in_order_and_in_counted_time(timeline: Timeline) -> None:
    moments = timeline.clock().moments()
    assert [m.at for m in moments] == sorted(m.at for m in moments)
    assert moments[-1].key == "resolve:due"
    for warning in moments[:-1]:
        assert isinstance(warning.which, float)
        worked = timeline.clock().worked(warning.at)
        assert worked == timeline.target * warning.which
        assert timeline.calendar.is_open(warning.at - timedelta(microseconds=1))


@exactly
@given(timelines(), st.integers(1, 900))
def test_a_retarget_gives_what_a_clock_started_with_that_target_would_have(timeline: Timeline, minutes: int) -> None:
    clock = timeline.clock()
    changed = clock.retarget(timeline.start + 9 * DAY, MINUTE * minutes, SERVICE)
    fresh = Timeline(SERVICE, timeline.start, MINUTE * minutes, timeline.pauses).clock()
    assert changed.due_at == fresh.due_at
    assert changed.first_due == clock.due_at
    assert changed.worked(timeline.start + 9 * DAY) == fresh.worked(timeline.start + 9 * DAY)


def test_24_hours_are_24_hours_over_a_week_end_and_over_the_festivals() -> None:
    for when in ("03-07 20:00", "02-16 23:00", "10-01 00:00"):
        assert started(DAY, ALWAYS_OPEN, when).due_at == at(when) + DAY


def test_a_clock_in_service_hours_never_warns_at_night() -> None:
    moments = started(24 * HOUR, when="03-02 14:00").moments()
    assert [(m.key, m.at) for m in moments] == [
        ("resolve:warn:0.5", at("03-03 14:00")),
        ("resolve:warn:0.8", at("03-04 09:12")),
        ("resolve:due", at("03-04 14:00")),
    ]


def test_pausing_twice_resuming_what_runs_and_changing_what_stopped_are_refused() -> None:
    clock = started(HOUR)
    paused = clock.pause(at("03-02 10:10"), "parts")
    stopped = clock.stop(at("03-02 10:30"))
    with pytest.raises(ClockError, match="paused already, for parts"):
        paused.pause(at("03-02 10:20"), "weather")
    with pytest.raises(ClockError, match="not paused"):
        clock.resume(at("03-02 10:20"))
    with pytest.raises(ClockError, match="not paused"):
        paused.resume(at("03-02 10:20")).resume(at("03-02 10:30"))
    for change in (
        lambda: stopped.pause(at("03-02 11:00"), "parts"),
        lambda: stopped.resume(at("03-02 11:00")),
        lambda: stopped.stop(at("03-02 11:00")),
        lambda: stopped.retarget(at("03-02 11:00"), HOUR, SERVICE),
        lambda: stopped.promise(at("03-02 11:00"), at("03-02 12:00")),
    ):
        with pytest.raises(ClockError, match="has stopped"):
            change()


def test_a_clock_without_target_or_with_a_warning_after_its_deadline_is_refused() -> None:
    with pytest.raises(ClockError, match="more than nothing"):
        started(timedelta(0))
    with pytest.raises(ClockError, match="warning"):
        Clock.start("resolve", at("03-02 10:00"), HOUR, SERVICE, warn=(1.5,))


def test_stopping_while_paused_ends_the_pause() -> None:
    stopped = started(4 * HOUR).pause(at("03-02 11:00"), "parts").stop(at("03-02 15:00"))
    assert stopped.due_at == at("03-02 18:00")
    assert stopped.worked(at("03-09 00:00")) == HOUR
    assert not stopped.breached(at("03-09 00:00"))


def test_a_pause_from_the_deadline_itself_on_holds_the_breach_off() -> None:
    clock = started(HOUR)
    resumed = clock.pause(at("03-02 11:00"), "parts").resume(at("03-02 12:00"))
    assert resumed.due_at == at("03-02 12:00")
    overnight = clock.pause(at("03-02 11:00"), "parts").resume(at("03-02 21:00"))
    assert not overnight.breached(at("03-02 20:59"))
    assert overnight.breached(at("03-02 21:00:01"))


def test_a_time_before_the_last_change_counts_as_that_of_the_change() -> None:
    clock = started(4 * HOUR).pause(at("03-02 11:00"), "parts").resume(at("03-02 10:59:59"))
    assert clock.due_at == at("03-02 14:00")


def test_work_that_was_done_before_it_was_reported_voids_what_came_between() -> None:
    clock = started(4 * HOUR).pause(at("03-02 12:00"), "parts").retarget(at("03-02 12:30"), HOUR, SERVICE)
    stopped = clock.stop(at("03-02 11:30"))
    assert (stopped.due_at, stopped.pauses, stopped.breached(at("03-03 00:00"))) == (at("03-02 14:00"), (), False)


def test_a_change_that_puts_the_deadline_into_the_past_is_a_breach_now() -> None:
    changed = started(48 * HOUR).retarget(at("03-02 15:00"), HOUR, ALWAYS_OPEN)
    assert changed.due_at == at("03-02 11:00")
    assert changed.breached(at("03-02 15:00"))
    assert [(m.key, m.at) for m in changed.moments(LEVELS)] == [
        ("resolve:due", at("03-02 15:00")),
        ("resolve:level:2", at("03-02 16:00")),
        ("resolve:level:3", at("03-02 19:00")),
    ]


def test_a_change_after_the_breach_does_not_put_the_ladder_off() -> None:
    breached = started(HOUR)
    changed = breached.retarget(at("03-02 13:00"), HOUR, SERVICE)
    assert changed.moments(LEVELS, {"resolve:due"}) == breached.moments(LEVELS, {"resolve:due"})


def test_a_longer_target_takes_the_deadline_further_and_is_not_told_twice() -> None:
    changed = started(HOUR).retarget(at("03-02 13:00"), 6 * HOUR, SERVICE)
    assert not changed.breached(at("03-02 16:00"))
    assert [m.key for m in changed.moments(LEVELS, {"resolve:due", "resolve:level:2"})] == ["resolve:level:3"]


def test_an_appointment_takes_the_place_of_the_deadline_and_the_first_promise_stays_visible() -> None:
    clock = started(4 * HOUR).pause(at("03-02 11:00"), "owner").resume(at("03-02 12:00"))
    agreed = clock.promise(at("03-02 12:00"), at("03-04 11:00"))
    assert agreed.due_at == at("03-04 11:00")
    assert agreed.first_due == clock.due_at == at("03-02 15:00")
    later = agreed.pause(at("03-03 10:00"), "owner").resume(at("03-03 12:00"))
    assert later.due_at == at("03-04 13:00")
    assert later.retarget(at("03-03 12:00"), 5 * HOUR, SERVICE).due_at == at("03-02 16:00")


def test_an_appointment_warns_by_the_time_since_it_was_made() -> None:
    agreed = started(4 * HOUR).promise(at("03-02 12:00"), at("03-03 10:00"))
    assert [(m.key, m.at) for m in agreed.moments()] == [
        ("resolve:warn:0.5", at("03-02 17:00")),
        ("resolve:warn:0.8", at("03-02 20:00")),
        ("resolve:due", at("03-03 10:00")),
    ]


def test_a_promise_that_is_past_when_made_is_a_breach_now() -> None:
    agreed = started(4 * HOUR).promise(at("03-02 12:00"), at("03-02 11:00"))
    assert agreed.breached(at("03-02 12:00"))
    assert [(m.key, m.at) for m in agreed.moments()] == [("resolve:due", at("03-02 12:00"))]


def test_each_moment_is_given_until_it_is_recorded() -> None:
    clock, recorded, told = started(4 * HOUR), set[str](), []
    for _ in range(7):
        moment = clock.moments(LEVELS, recorded, remind=DAY)[0]
        recorded.add(moment.key)
        told.append((moment.key, moment.at))
    assert told == [
        ("resolve:warn:0.5", at("03-02 12:00")),
        ("resolve:warn:0.8", at("03-02 13:12")),
        ("resolve:due", at("03-02 14:00")),
        ("resolve:level:2", at("03-02 15:00")),
        ("resolve:level:3", at("03-02 18:00")),
        ("resolve:remind:2026-03-03", at("03-03 18:00")),
        ("resolve:remind:2026-03-04", at("03-04 18:00")),
    ]


def test_a_missed_level_is_made_up_but_what_is_stale_is_left_out() -> None:
    clock = started(4 * HOUR)
    outage_ends = at("03-07 09:00")
    assert [m.key for m in clock.moments(LEVELS, at=at("03-02 13:30"))] == [
        "resolve:warn:0.8", "resolve:due", "resolve:level:2", "resolve:level:3",
    ]  # fmt: skip
    assert [m.key for m in clock.moments(LEVELS, remind=DAY, at=outage_ends)] == [
        "resolve:due", "resolve:level:2", "resolve:level:3", "resolve:remind:2026-03-06",
    ]  # fmt: skip
    told_of_the_deadline = clock.moments(LEVELS, {"resolve:due", "resolve:level:3"})
    assert [m.key for m in told_of_the_deadline] == ["resolve:level:2"]
    assert [m.key for m in clock.moments(recorded={"resolve:warn:0.8"})] == ["resolve:due"]


def test_without_a_level_there_is_no_reminder() -> None:
    assert started(HOUR).moments(remind=DAY)[-1].kind == "deadline"


def test_a_paused_clock_has_only_the_moments_from_before_the_pause() -> None:
    clock = started(4 * HOUR)
    assert [m.key for m in clock.pause(at("03-02 12:30"), "parts").moments(LEVELS)] == ["resolve:warn:0.5"]
    late = clock.pause(at("03-02 15:30"), "parts").moments(LEVELS, remind=DAY)
    assert [m.key for m in late][2:] == ["resolve:due", "resolve:level:2"]


def test_a_stopped_clock_still_owes_the_breach_that_really_happened() -> None:
    clock = started(4 * HOUR)
    in_time, late = clock.stop(at("03-02 14:00")), clock.stop(at("03-02 14:00:01"))
    assert [m.kind for m in in_time.moments(LEVELS, remind=DAY)] == ["warning", "warning"]
    assert [m.key for m in late.moments(LEVELS, {"resolve:warn:0.8"}, remind=DAY)] == ["resolve:due"]
    assert late.moments(LEVELS, {"resolve:due"}, remind=DAY) == []


def test_the_deadline_itself_still_belongs_to_whoever_must_keep_it() -> None:
    due = Moment("deadline", at("03-02 14:00"), "resolve")
    warning = Moment("warning", at("03-02 14:00"), "resolve", 0.5)
    assert not due.reached(at("03-02 14:00"))
    assert due.reached(at("03-02 14:00:01"))
    assert warning.reached(at("03-02 14:00"))


def test_the_intervals_name_shifts_nights_and_the_reason_of_a_pause() -> None:
    clock = started(24 * HOUR, when="03-02 19:00").pause(at("03-03 09:00"), "parts").resume(at("03-03 10:00"))
    assert clock.intervals(at("03-03 11:00")) == [
        Interval(at("03-02 19:00"), at("03-02 20:00"), True, "shift"),
        Interval(at("03-02 20:00"), at("03-03 08:00"), False, "outside"),
        Interval(at("03-03 08:00"), at("03-03 09:00"), True, "shift"),
        Interval(at("03-03 09:00"), at("03-03 10:00"), False, "parts"),
        Interval(at("03-03 10:00"), at("03-03 11:00"), True, "shift"),
    ]


def test_a_deadline_that_touches_a_year_of_unknown_holidays_says_so() -> None:
    calendar = Calendar("Asia/Shanghai", {day: [("09:00", "17:00")] for day in WEEKDAYS[:5]}, known_years={2026})
    assert started(8 * HOUR, calendar, "12-31 10:00").unknown_years() == {2027}
    assert started(7 * HOUR, calendar, "12-31 10:00").unknown_years() == frozenset()


def test_clocks_are_values() -> None:
    assert started(HOUR) == started(HOUR)
    assert len({started(HOUR), started(HOUR), started(2 * HOUR)}) == 2
