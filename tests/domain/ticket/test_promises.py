"""Every clock of the product's table: what starts, stops, holds and moves it, and what is told of it when."""

from __future__ import annotations

import cProfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.ticket.heading import heading
from chalicelib.domain.ticket.promises import due_moments, may_climb, new_deadlines, next_moment, promises
from chalicelib.domain.ticket.ticket import Role, Ticket
from tests.domain.happened import DAY, HOUR, MINUTE, MONDAY, POLICY, Life

SECOND = timedelta(seconds=1)
NIGHT = datetime(2026, 3, 2, 13, 0, tzinfo=UTC)  # Monday 21:00: service hours are over
FRIDAY = datetime(2026, 9, 25, 1, 0, tzinfo=UTC)  # Mid-Autumn Festival
NEW_YEAR = datetime(2026, 2, 16, 1, 0, tzinfo=UTC)  # the eve of Spring Festival

# kind, priority, what happened an hour after the report, clock → its deadline from the report, reported Monday 09:00
TABLE = [
    ("repair", "emergency", "reported", "response", 10 * MINUTE),
    ("repair", "urgent", "reported", "response", 30 * MINUTE),
    ("repair", "normal", "reported", "response", 30 * MINUTE),
    ("emergency", "emergency", "reported", "response", 10 * MINUTE),
    ("repair", "emergency", "reported", "dispatch", 15 * MINUTE),
    ("repair", "normal", "reported", "dispatch", 15 * MINUTE),
    ("patrol", "normal", "reported", "dispatch", 15 * MINUTE),
    ("repair", "emergency", "assigned", "acknowledge", HOUR + 10 * MINUTE),
    ("repair", "urgent", "assigned", "acknowledge", HOUR + 30 * MINUTE),
    ("maintenance", "normal", "assigned", "acknowledge", HOUR + 30 * MINUTE),
    ("repair", "emergency", "assigned", "arrive", 2 * HOUR),
    ("repair", "urgent", "assigned", "arrive", 3 * HOUR),
    ("repair", "normal", "assigned", "arrive", 5 * HOUR),
    ("repair", "emergency", "reported", "resolve", DAY),
    ("repair", "urgent", "reported", "resolve", 4 * DAY),  # 48 h of 12 h days
    ("repair", "normal", "reported", "resolve", 6 * DAY),
    ("repair", "normal", "completed", "sign_off", HOUR + 7 * DAY),
    ("repair", "urgent", "completed", "follow_up", HOUR + DAY),
    ("complaint", "emergency", "reported", "relay", HOUR),
    ("complaint", "urgent", "reported", "relay", 4 * HOUR),
    ("complaint", "normal", "reported", "relay", DAY),
    ("complaint", "emergency", "reported", "feedback", 4 * HOUR),
    ("complaint", "normal", "reported", "feedback", DAY),
    ("enquiry", "normal", "reported", "feedback", DAY),
    ("suggestion", "normal", "reported", "feedback", DAY),
]


@pytest.mark.parametrize(("kind", "priority", "start", "clock", "due"), TABLE)
def test_a_clock_promises_what_the_table_says(kind: str, priority: str, start: str, clock: str, due: timedelta):
    life = Life(kind, priority)
    if start != "reported":
        life.then(start, HOUR)
    assert life.due(clock) == due


@pytest.mark.parametrize(
    ("kind", "clocks"),
    [
        ("repair", {"response", "dispatch", "resolve"}),
        ("patrol", {"dispatch", "resolve"}),
        ("complaint", {"relay", "feedback"}),
        ("enquiry", {"feedback"}),
    ],
)
def test_a_kind_has_its_own_clocks(kind: str, clocks: set[str]):
    assert {p.name for p in promises(Life(kind).ticket, POLICY)} == clocks


@pytest.mark.parametrize(
    ("kind", "before", "stop", "clocks"),
    [
        ("repair", (), "contacted", {"response"}),
        ("repair", (), "assigned", {"dispatch"}),
        ("repair", ("assigned",), "acknowledged", {"acknowledge"}),
        ("repair", ("assigned",), "declined", {"acknowledge"}),
        ("repair", ("assigned", "acknowledged"), "arrived", {"arrive", "response"}),
        ("repair", ("assigned",), "completed", {"resolve"}),
        ("repair", ("assigned", "completed"), "signed_off", {"sign_off"}),
        ("repair", ("assigned", "completed"), "checked", {"sign_off"}),
        ("repair", ("assigned", "completed"), "followed_up", {"follow_up"}),
        ("complaint", (), "relayed", {"relay"}),
        ("complaint", (), "answered", {"relay", "feedback"}),
        ("complaint", ("answered",), "result_written", {"result"}),
        ("complaint", ("answered", "result_written"), "satisfied", {"satisfaction"}),
        ("complaint", ("answered", "result_written"), "dissatisfied", {"satisfaction"}),
        ("complaint", ("relayed",), "result_written", {"feedback"}),
        ("enquiry", (), "answered", {"feedback"}),
    ],
)
def test_what_keeps_a_promise_stops_its_clock_and_no_other(
    kind: str, before: tuple[str, ...], stop: str, clocks: set[str]
):
    life = Life(kind)
    for i, event in enumerate(before):
        life.then(event, i * MINUTE)
    running = {p.clock.name for p in promises(life.ticket, POLICY) if p.running}
    life.then(stop, 5 * MINUTE)
    still = {p.clock.name for p in promises(life.ticket, POLICY) if p.running}
    assert running - still == clocks


@pytest.mark.parametrize("end", ["closed", "cancelled", "waived", "merged"])
def test_the_end_stops_all(end: str):
    life = Life().then("assigned", MINUTE).then(end, HOUR, how="x")
    assert not any(p.running for p in promises(life.ticket, POLICY))


def test_service_hours_do_not_count_at_night_and_24_hours_are_24_hours():
    life = Life("repair", "normal", at=NIGHT).then("assigned", MINUTE)
    assert life.due("response") == 30 * MINUTE
    assert life.due("acknowledge") == 11 * HOUR + 30 * MINUTE  # 08:30 the next morning
    assert Life("repair", "emergency", at=NIGHT).then("assigned", MINUTE).due("acknowledge") == 11 * MINUTE


@pytest.mark.parametrize("begin", [FRIDAY, NEW_YEAR])
def test_service_hours_and_round_the_clock_know_no_holiday(begin: datetime):
    life = Life("repair", "normal", at=begin).then("assigned", MINUTE)
    assert life.due("arrive") == 4 * HOUR + MINUTE
    assert Life("complaint", at=begin).due("relay") == DAY


# pauses


def test_a_pause_stops_only_what_it_names():
    life = Life().then("assigned", MINUTE).then("acknowledged", 2 * MINUTE).then("paused", HOUR, reason="parts")
    paused = {p.name for p in promises(life.ticket, POLICY) if p.clock.paused_at}
    assert paused == {"resolve"}
    life = Life().then("assigned", MINUTE).then("acknowledged", 2 * MINUTE).then("paused", HOUR, reason="weather")
    assert {p.name for p in promises(life.ticket, POLICY) if p.clock.paused_at} == {"arrive", "resolve"}


def test_a_pause_adds_what_it_covered_of_counted_time():
    life = Life().then("assigned", MINUTE).then("acknowledged", MINUTE).then("paused", HOUR).then("resumed", 3 * HOUR)
    assert life.due("resolve") == 6 * DAY + 2 * HOUR
    night = Life().then("assigned", MINUTE).then("paused", 12 * HOUR).then("resumed", 20 * HOUR)  # 21:00 to 05:00
    assert night.due("resolve") == 6 * DAY


def test_nothing_is_due_of_what_is_paused():
    life = Life("patrol", "urgent").then("assigned", MINUTE).then("acknowledged", MINUTE)
    life.then("paused", HOUR, reason="weather")
    assert next_moment(life.ticket, POLICY) == MONDAY + HOUR + 30 * DAY  # the day that it waits for
    assert due_moments(life.ticket, POLICY, MONDAY + 30 * DAY) == []


def test_a_breach_before_a_pause_stays():
    life = Life("patrol", "urgent").then("assigned", MINUTE).then("acknowledged", MINUTE)
    life.then("paused", 3 * HOUR, reason="weather")  # arrive was due at 2:01
    assert "arrive:due" in {d.moment.key for d in due_moments(life.ticket, POLICY, MONDAY + 4 * HOUR)}


# appointments and plans


def appointed(end: timedelta, life: Life | None = None, at: timedelta = HOUR) -> Life:
    life = life or Life().then("assigned", MINUTE).then("acknowledged", 2 * MINUTE)
    start = life.begin + end - HOUR
    return life.then("window_chosen", at, start=start.isoformat(), end=(life.begin + end).isoformat())


def test_an_appointment_replaces_arrive_and_moves_resolve_by_the_delay():
    life = appointed(DAY + 4 * HOUR)  # arrive was due after 4:01
    assert life.due("arrive") == DAY + 4 * HOUR
    assert life.due("resolve") == 7 * DAY - MINUTE
    assert life.clock("arrive").clock.first_due == MONDAY + 4 * HOUR + MINUTE
    assert life.clock("resolve").clock.first_due == MONDAY + 6 * DAY


def test_an_earlier_appointment_moves_nothing_but_arrive():
    life = appointed(2 * HOUR)
    assert (life.due("arrive"), life.due("resolve")) == (2 * HOUR, 6 * DAY)


def test_the_last_appointment_counts_and_delays_do_not_add_up():
    life = appointed(3 * DAY, appointed(2 * DAY), at=2 * HOUR)
    assert life.due("resolve") == 9 * DAY - 4 * HOUR - MINUTE
    assert appointed(2 * HOUR, life, at=3 * HOUR).due("resolve") == 6 * DAY


def test_an_appointment_outlasts_another_category_and_urgency_but_no_emergency():
    life = appointed(DAY).then("category_changed", 2 * HOUR, category="walls_floors")
    life.then("priority_changed", 3 * HOUR, priority="urgent")
    assert life.due("arrive") == DAY
    life.then("priority_changed", 4 * HOUR, priority="emergency")
    assert life.due("arrive") == HOUR + MINUTE
    assert life.due("resolve") == DAY


def test_an_appointment_keeps_its_delay_when_resolve_is_counted_anew():
    life = appointed(DAY + HOUR + MINUTE)  # 21 h later than 4:01
    life.then("priority_changed", 3 * HOUR, priority="urgent")
    assert life.due("resolve") == 4 * DAY + 21 * HOUR


def test_a_change_during_a_pause_moves_resolve_when_it_ends():
    life = appointed(DAY + HOUR + MINUTE).then("paused", 2 * HOUR).then("priority_changed", 3 * HOUR, priority="urgent")
    assert life.due("resolve") is None
    life.then("resumed", 5 * HOUR)
    assert life.due("resolve") == 4 * DAY + 3 * HOUR + 21 * HOUR


def test_an_agreed_plan_promises_its_completion_and_keeps_the_first_promise_beside_it():
    life = Life().then("assigned", MINUTE).then("plan_agreed", HOUR, until=(MONDAY + 10 * DAY).isoformat())
    assert life.due("resolve") == 10 * DAY
    assert life.clock("resolve").clock.first_due == MONDAY + 6 * DAY
    assert appointed(3 * DAY, life.then("acknowledged", HOUR), at=2 * HOUR).due("resolve") == 10 * DAY
    assert life.then("priority_changed", 3 * HOUR, priority="urgent").due("resolve") == 10 * DAY


def test_a_plan_that_is_paused_moves_by_the_pause():
    life = Life().then("assigned", MINUTE).then("plan_agreed", HOUR, until=(MONDAY + 10 * DAY).isoformat())
    assert life.then("paused", DAY).then("resumed", DAY + 2 * HOUR).due("resolve") == 10 * DAY + 2 * HOUR


# changes


def test_another_priority_counts_from_the_clocks_own_start_and_keeps_pauses():
    life = Life().then("assigned", MINUTE).then("paused", HOUR).then("resumed", 2 * HOUR)
    life.then("priority_changed", 3 * HOUR, priority="urgent")
    assert life.due("resolve") == 4 * DAY + HOUR
    assert life.due("arrive") == 2 * HOUR + MINUTE


def test_a_deadline_that_moves_into_the_past_is_missed_now_and_once():
    life = Life("patrol").then("assigned", MINUTE).then("acknowledged", MINUTE)
    life.then("priority_changed", 3 * HOUR, priority="urgent")
    found = [
        d.moment for d in due_moments(life.ticket, POLICY, MONDAY + 3 * HOUR + SECOND) if d.moment.clock == "arrive"
    ]
    assert [(m.kind, m.at) for m in found if m.kind == "deadline"] == [("deadline", MONDAY + 3 * HOUR)]
    life.then("breached", 3 * HOUR + SECOND, moment="arrive:due", clock="arrive")
    life.then("priority_changed", 3 * HOUR + MINUTE, priority="normal")
    keys = {d.moment.key for d in due_moments(life.ticket, POLICY, MONDAY + 5 * HOUR)}
    assert "arrive:due" not in keys


def test_an_emergency_counts_at_night_what_was_paused_by_it():
    life = Life("repair", "normal", at=NIGHT).then("assigned", MINUTE)
    assert life.then("priority_changed", HOUR, priority="emergency").due("arrive") == HOUR + MINUTE


def test_who_was_told_another_deadline_can_be_told():
    life = Life().then("assigned", MINUTE)
    before = promises(life.ticket, POLICY)
    life.then("priority_changed", HOUR, priority="urgent")
    moved = new_deadlines(before, promises(life.ticket, POLICY))
    assert moved == {"arrive": MONDAY + 2 * HOUR + MINUTE, "resolve": MONDAY + 4 * DAY}
    assert new_deadlines(before, before) == {}


# runs


def test_a_new_assignment_gives_time_to_acknowledge_and_none_to_arrive():
    life = Life().then("assigned", MINUTE).then("assigned", HOUR, person="b2")
    assert [p.clock.name for p in life.clocks("acknowledge")] == ["acknowledge", "acknowledge.2"]
    assert not life.clocks("acknowledge")[0].running
    assert (life.due("acknowledge"), life.due("arrive")) == (90 * MINUTE, 4 * HOUR + MINUTE)
    life.then("declined", 2 * HOUR).then("assigned", 3 * HOUR)
    assert [p.clock.name for p in life.clocks("acknowledge")][-1] == "acknowledge.3"
    assert len(life.clocks("arrive")) == 1


def test_rework_starts_anew_and_keeps_the_record_of_the_old():
    life = Life().then("assigned", MINUTE).then("arrived", HOUR).then("completed", 2 * HOUR).then("reworked", DAY)
    assert [p.clock.name for p in life.clocks("resolve")] == ["resolve", "resolve.2"]
    assert [p.clock.name for p in life.clocks("arrive")] == ["arrive", "arrive.2"]
    assert (life.due("resolve"), life.due("arrive")) == (7 * DAY, DAY + 4 * HOUR)
    assert life.clocks("resolve")[0].clock.stopped_at == MONDAY + 2 * HOUR
    assert not life.clock("sign_off").running
    assert not life.clock("follow_up").running
    life.then("arrived", DAY + HOUR).then("completed", DAY + 2 * HOUR)
    assert life.clock("sign_off").clock.name == "sign_off.2"


def test_rework_forgets_the_appointment():
    life = appointed(DAY).then("arrived", DAY).then("completed", DAY + HOUR).then("reworked", 2 * DAY)
    assert life.due("arrive") == 2 * DAY + 4 * HOUR
    life.then("priority_changed", 2 * DAY + HOUR, priority="urgent")
    assert life.due("arrive") == 2 * DAY + 2 * HOUR


def test_who_is_on_site_makes_no_second_promise_to_arrive():
    life = Life().then("assigned", MINUTE).then("arrived", HOUR).then("declined", 2 * HOUR).then("assigned", 3 * HOUR)
    assert len(life.clocks("arrive")) == 1


# moments


def test_a_deadline_is_missed_from_the_second_after_it():
    ticket = Life("enquiry").ticket
    recorded = replace(ticket, recorded=frozenset({"feedback:warn:0.5", "feedback:warn:0.8"}))
    assert due_moments(recorded, POLICY, MONDAY + DAY) == []
    assert {d.moment.kind for d in due_moments(recorded, POLICY, MONDAY + DAY + SECOND)} == {"deadline", "level"}


def test_only_long_clocks_warn():
    keys = {d.moment.key for d in due_moments(Life("repair", "urgent").ticket, POLICY, MONDAY + 29 * MINUTE)}
    assert not {k for k in keys if "warn" in k}
    assert {d.moment.key for d in due_moments(Life("enquiry").ticket, POLICY, MONDAY + 13 * HOUR)} == {
        "feedback:warn:0.5"
    }


def test_what_has_stopped_or_waits_does_not_warn():
    life = Life("enquiry").then("answered", 13 * HOUR)
    assert due_moments(life.ticket, POLICY, MONDAY + 14 * HOUR) == []
    assert next_moment(life.ticket, POLICY) is None


def test_reminders_come_daily_until_somebody_moves():
    life = Life("enquiry")
    kinds = {d.moment.key for d in due_moments(life.ticket, POLICY, MONDAY + 4 * DAY) if d.moment.kind == "reminder"}
    assert len(kinds) == 1  # of those missed the latest alone
    life.then("answered", 4 * DAY)
    assert not [d for d in due_moments(life.ticket, POLICY, MONDAY + 9 * DAY) if d.moment.kind == "reminder"]


def recorded_all(ticket: Ticket, at: datetime) -> Ticket:
    return replace(ticket, recorded=ticket.recorded | {d.moment.key for d in due_moments(ticket, POLICY, at)})


@pytest.mark.parametrize("kind", ["repair", "complaint", "enquiry"])
def test_once_all_is_recorded_the_next_moment_lies_ahead(kind: str):
    life = Life(kind, "urgent").then("assigned", MINUTE)
    if kind == "repair":
        appointed(3 * DAY + 7 * SECOND, life.then("acknowledged", 5 * MINUTE))
    ticket, at, steps = life.ticket, MONDAY, 0
    while (coming := next_moment(ticket, POLICY, at=at)) and at < MONDAY + 12 * DAY:
        assert coming > at or not steps
        at = coming
        ticket = recorded_all(ticket, at)
        steps += 1
    assert steps > 10
    for late in range(0, 12 * 24 * 60, 97):
        at = MONDAY + late * MINUTE
        coming = next_moment(recorded_all(life.ticket, at), POLICY, at=at)
        assert coming is None or coming > at


def test_the_owner_may_climb_once_a_clock_is_breached():
    ticket = Life().ticket
    assert not may_climb(ticket, promises(ticket, POLICY), MONDAY + 15 * MINUTE)
    assert may_climb(ticket, promises(ticket, POLICY), MONDAY + 15 * MINUTE + SECOND)
    assert not may_climb(replace(ticket, level=3), promises(ticket, POLICY), MONDAY + DAY)


def test_the_heading_names_the_deadline_missed_longest_and_the_next_moment():
    life = Life().then("assigned", MINUTE)
    top = heading(life.ticket, POLICY)
    assert (top.line["x"], top.by) == ("response", MONDAY + 30 * MINUTE)
    assert top.due == MONDAY + 30 * MINUTE + SECOND
    assert heading(life.then("cancelled", HOUR).ticket, POLICY).by is None


def fifty_events() -> Ticket:
    life = Life().then("contacted", MINUTE).then("assigned", 2 * MINUTE).then("acknowledged", 3 * MINUTE)
    appointed(DAY, life, at=4 * MINUTE)
    for i in range(20):
        life.then("paused", DAY + i * HOUR).then("resumed", DAY + i * HOUR + 30 * MINUTE)
    life.then("priority_changed", 2 * DAY, priority="urgent").then("arrived", 2 * DAY + HOUR)
    return life.then("completed", 2 * DAY + 2 * HOUR).then("reworked", 3 * DAY).then("arrived", 3 * DAY + HOUR).ticket


MOST_CALLS = 3600  # 3005 when it took 0.7 ms; `make bench` measures the time


def test_the_heading_of_fifty_events_takes_a_bounded_number_of_calls():
    ticket = fifty_events()
    assert len(ticket.events) >= 49
    heading(ticket, POLICY)
    profile = cProfile.Profile()
    profile.runcall(heading, ticket, POLICY)
    assert sum(entry.callcount for entry in profile.getstats()) < MOST_CALLS


def test_a_role_may_be_anybody():
    assert Life().then("contacted", MINUTE, role=Role.DESK).ticket.contacted
