"""What is stored of a ticket's events, and how short."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.policies import policy
from chalicelib.domain.heading import heading
from chalicelib.domain.ticket import Event, Role, fold
from chalicelib.store import table as tables
from chalicelib.store import tickets
from chalicelib.store.memory import MemoryTable
from chalicelib.store.tickets import NO_TIMER

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
T = "01KJP0Y9M0EKP85GZP5X19H9XC"
HOME = {"project": "P1", "subsidiary": "S1", "unit": "U1"}
FACTS = {"number": "123456789", "kind": "repair", "priority": "normal", "category": "other", "place": HOME, "desk": "d"}
texts = st.sampled_from(["", "a", "b", f"own/{T}"])
events = st.builds(
    Event,
    kind=st.sampled_from(["noted", "contacted"]),
    at=st.sampled_from([AT, AT + timedelta(minutes=5)]),
    by=st.sampled_from(["b1", "reporter"]),
    role=st.sampled_from([Role.OWNER, Role.TECHNICIAN]),
    data=st.sampled_from([{}, {"photos": 2}]),
    channel=st.sampled_from(["web", "phone"]),
    grant=texts,
    key=texts,
    policy=texts,
    cause=texts,
    correlation=texts,
)


@given(st.lists(events, min_size=0, max_size=4), st.lists(events, min_size=1, max_size=4))
def test_events_come_back_as_they_were_however_much_they_share(first: list[Event], second: list[Event]) -> None:
    twin = MemoryTable()
    tables.use(twin)
    try:
        before = None
        for change in ([Event("reported", AT, "reporter", Role.OWNER, FACTS), *first], second):
            after = fold(T, change, onto=before)
            tickets.append(before, after, change, heading(after, policy()), NO_TIMER, act=False, tell=False)
            before = after
        found = tickets.load(T)
        assert found is not None
        assert before is not None
        assert found[0].events == tuple(replace(e, data=dict(e.data)) for e in before.events)
    finally:
        tables.use(None)


def test_events_of_one_change_say_once_what_they_share() -> None:
    alike = [
        Event(kind, AT, "b1", Role.TECHNICIAN, correlation="k", policy="1") for kind in ("acknowledged", "contacted")
    ]
    first, second = tickets._together([tickets._stored(e, T) for e in alike])
    assert second == {"k": "contacted"}
    assert set(first) > {"t", "b", "r", "p"}


def test_work_that_waits_for_the_owner_is_off_the_list_of_whoever_did_it() -> None:
    reported = Event("reported", AT, "reporter", Role.OWNER, FACTS)
    given_to = Event("assigned", AT, "system", Role.SYSTEM, {"team": "t", "person": "b1"})
    done = Event("completed", AT, "b1", Role.TECHNICIAN)
    assigned = fold(T, [reported, given_to])
    completed = fold(T, [done], onto=assigned)
    assert tickets.head(assigned, heading(assigned, policy()), NO_TIMER)["hk"] == "HOLDER#b1"
    assert "hk" not in tickets.head(completed, heading(completed, policy()), NO_TIMER)
    assert completed.holder == "b1"
