"""Why is it late: the account agrees with the clocks that decided, and leaves no time unexplained."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.adapters.policies import policy
from chalicelib.domain.ticket.explaining import Account, Explanation, explain
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Event, Role, Ticket, fold

NINE = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # Monday 09:00 in Shanghai
REPORTED = {
    "number": "483921756",
    "kind": "repair",
    "priority": "normal",
    "category": "plumbing",
    "place": {"project": "P1", "subsidiary": "S1", "unit": "U1", "label": "U1"},
    "desk": "P1/desk",
}


def at(hours: float) -> datetime:
    return NINE + timedelta(hours=hours)


def ticket(*happened: tuple[float, str, dict[str, Any]]) -> Ticket:
    """A repair reported at nine, and what happened so many hours after."""
    events = [(0.0, "reported", REPORTED), *happened]
    return fold("T", [Event(kind, at(h), "b1", Role.TECHNICIAN, data) for h, kind, data in events])


def account(explanation: Explanation, name: str, run: int = 1) -> Account:
    return next(a for a in explanation.accounts if (a.name, a.run) == (name, run))


ASSIGNED = (0.1, "assigned", {"team": "P1/building", "person": "b1"})


def test_a_night_outside_service_hours_does_not_count_and_says_so() -> None:
    found = account(explain(ticket((10.0, "assigned", ASSIGNED[2])), policy(), at(25)), "arrive")
    assert [(p.why, p.counted) for p in found.past] == [("shift", True), ("outside", False), ("shift", True)]
    assert found.worked == timedelta(hours=3)  # 19:00 to 20:00, 08:00 to 10:00
    assert found.without == {"outside": timedelta(hours=12)}
    assert found.left == timedelta(hours=1)
    assert found.verdict == "running"


def test_what_is_late_is_cut_at_the_deadline() -> None:
    found = account(explain(ticket(ASSIGNED), policy(), at(6)), "arrive")
    assert found.verdict == "late"
    assert found.due == at(4.1)
    assert found.late_by == timedelta(hours=1.9) == found.late_counted
    assert [p.phase for p in found.pieces] == ["before", "late"]


def test_a_pause_is_named_and_has_no_deadline_while_it_lasts() -> None:
    story = ticket(ASSIGNED, (1, "acknowledged", {}), (2, "arrived", {}), (3, "paused", {"reason": "parts"}))
    found = account(explain(story, policy(), at(9)), "resolve")
    assert (found.verdict, found.due, found.paused_for) == ("paused", None, "parts")
    assert found.without["parts"] == timedelta(hours=6)
    assert found.worked == timedelta(hours=3)
    assert found.left == timedelta(hours=69)


def test_an_appointment_keeps_the_first_promise_beside_it() -> None:
    chosen = {"start": at(26).isoformat(), "end": at(28).isoformat()}
    found = account(explain(ticket(ASSIGNED, (1, "window_chosen", chosen)), policy(), at(2)), "arrive")
    assert (found.first_due, found.due) == (at(4.1), at(28))
    assert [c.cause for c in found.changes] == ["reported", "window_chosen"]
    assert found.changes[-1].until == at(28)


def test_rework_is_another_run_and_the_time_between_counts_for_neither() -> None:
    story = ticket(
        ASSIGNED,
        (1, "acknowledged", {}),
        (2, "arrived", {}),
        (3, "completed", {"photos": 0}),
        (8, "reworked", {"cause": "refused"}),
    )
    found = explain(story, policy(), at(9))
    first, second = account(found, "resolve"), account(found, "resolve", 2)
    assert (first.until, second.started) == (at(3), at(8))
    assert first.verdict == "kept"


def test_who_was_told_stands_with_the_clock_it_was_about() -> None:
    story = ticket(
        ASSIGNED,
        (2.1, "warned", {"moment": "arrive:warn:0.5", "clock": "arrive", "fraction": 0.5}),
        (4.2, "breached", {"moment": "arrive:due", "clock": "arrive", "deadline": at(4.1).isoformat()}),
        (4.2, "escalated", {"moment": "arrive:level:2", "clock": "arrive", "level": 2, "person": "s1", "quiet": True}),
    )
    found = explain(story, policy(), at(5))
    assert [(t.kind, t.level, t.person, t.quiet) for t in account(found, "arrive").told] == [
        ("warned", 0, "b1", False),
        ("breached", 0, "b1", False),
        ("escalated", 2, "s1", True),
    ]
    assert account(found, "resolve").told == ()
    assert [m.which for m in account(found, "arrive").coming if m.kind == "level"] == [3]
    assert found.late[0].name == "response"


def test_a_year_whose_holidays_nobody_knows_is_said() -> None:
    known = explain(ticket(ASSIGNED), policy(), at(1))
    assert known.unknown_years == ()  # service hours follow no holidays


STEPS = st.lists(
    st.tuples(
        st.floats(0.01, 40),
        st.sampled_from(["acknowledged", "paused", "resumed", "arrived", "completed", "reworked", "priority_changed"]),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(STEPS, st.floats(0, 80))
def test_every_account_is_without_a_gap_and_sums_to_what_its_clock_says(
    steps: list[tuple[float, str]], after: float
) -> None:
    data: dict[str, dict[str, Any]] = {
        "paused": {"reason": "owner_absent"},
        "priority_changed": {"priority": "urgent"},
        "reworked": {"cause": "refused"},
    }
    hour, happened, paused = 0.1, [ASSIGNED], False
    for wait, kind in steps:
        if (kind == "paused") == paused and kind in ("paused", "resumed"):
            continue
        if kind == "resumed" and not paused:
            continue
        paused = kind == "paused" or (paused and kind != "resumed")
        hour += wait
        happened.append((hour, kind, data.get(kind, {})))
    story = ticket(*happened)
    now = at(hour + after)
    found = explain(story, policy(), now)
    for a, promise in zip(found.accounts, promises(story, policy()), strict=True):
        past = a.past
        assert all(one.end == two.start for one, two in zip(a.pieces, a.pieces[1:], strict=False))
        assert not past or (past[0].start, past[-1].end) == (a.started, a.until)
        assert sum((p.length for p in past if p.counted), timedelta(0)) == a.worked
        assert sum(a.without.values(), timedelta(0)) + a.worked == a.until - a.started
        assert (a.verdict == ("late" if a.ours else "over")) == promise.clock.breached(now)
        assert a.due == promise.clock.due_at or promise.clock.paused_at is not None
        if a.verdict == "late":
            assert a.due is not None
            assert a.late_by == a.until - a.due > timedelta(0)
