"""Many of one kind in a short time are one message, and none of them is passed over."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.policy.telling import Telling, told_at
from chalicelib.domain.ticket.ticket import Event, Role
from tests.domain.happened import MONDAY

NOTED = Telling("noted", "holder", "noted", "ticket", frozenset({"owner"}), bundle=timedelta(minutes=30))


def note(minutes: float, role: Role = Role.OWNER) -> Event:
    return Event("noted", MONDAY + timedelta(minutes=minutes), "x", role)


def told(*events: Event) -> list[float | None]:
    """When each is told, in minutes."""
    found = [told_at(NOTED, events[: n + 1]) for n in range(len(events))]
    return [None if at is None else (at - MONDAY) / timedelta(minutes=1) for at in found]


def test_the_first_is_told_at_once_and_what_follows_shares_one_message() -> None:
    assert told(note(0), note(1), note(2), note(29)) == [0, 30, None, None]


def test_after_the_window_the_next_one_is_told_at_once() -> None:
    assert told(note(0), note(31)) == [0, 31]
    assert told(note(0), note(5), note(40), note(45), note(61)) == [0, 30, 60, None, 90]


def test_who_acted_or_was_given_the_ticket_has_read_them() -> None:
    acted = Event("arrived", MONDAY + timedelta(minutes=5), "b1", Role.TECHNICIAN)
    assert told(note(0), note(1), acted, note(6), note(7))[3:] == [6, 36]
    other = Event("assigned", MONDAY + timedelta(minutes=5), "system", Role.SYSTEM)
    assert told(note(0), note(1), other, note(6))[3:] == [6]


@given(st.lists(st.integers(0, 300), min_size=1, max_size=30).map(sorted))
def test_every_note_is_told_within_the_window_and_messages_lie_that_far_apart(minutes: list[int]) -> None:
    found = told(*(note(m) for m in minutes))
    sent = [at for at in found if at is not None]
    for m in minutes:
        assert any(m <= at <= m + 30 for at in sent)
    assert all(b - a >= 30 for a, b in pairwise(sent))
