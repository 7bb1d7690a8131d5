"""Ten days with random people leave no ticket, person or message without a next step; see `days.py`."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from chalicelib.domain.ticket.ticket import Kind
from tests.model.days import Days
from tests.world import world as fresh_world

TICKETS = 200
FIRST = int(os.environ.get("BAOXIU_DAYS", "20260302"))


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    """Ten days leave tens of thousands of log lines."""
    log = logging.getLogger("baoxiu")
    level = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(level)


def lived(number: int, tickets: int = TICKETS) -> None:
    with fresh_world() as world:
        days = Days(world, number, tickets)
        found = days.play()
        assert not found, "\n".join([*found[:12], days.story(found[0].split()[3])])
        assert len(days.ids) > tickets * 0.9
        assert {days.load(i).kind for i in days.everything()} == set(Kind) - {
            Kind.SNAG
        }  # which come by lists of their own
        assert {"complete", "sign_off", "follow_up", "confirm", "relay", "pause", "decline"} <= days.made.keys()


def test_ten_days_leave_no_ticket_person_or_message_without_a_next_step() -> None:
    lived(FIRST)


@pytest.mark.deep
@pytest.mark.parametrize("number", range(1, 9))
def test_nor_do_any_other_ten_days(number: int) -> None:
    lived(number)


def test_days_in_which_nobody_is_told_anything_are_noticed() -> None:
    with fresh_world() as world:
        days = Days(world, 7, tickets=6, days=3)
        stream = world.pump_stream

        def deaf() -> None:
            world.to_tell.clear()
            stream()

        world.pump_stream = deaf  # type: ignore[method-assign]
        found = days.play()
    assert any("were told nothing of it" in fault for fault in found)


def test_days_in_which_no_timer_runs_and_nothing_sweeps_are_noticed() -> None:
    with fresh_world() as world:
        days = Days(world, 7, tickets=6, days=3)
        world.states.running = lambda ticket="": []  # type: ignore[method-assign]
        world.sweep = dict  # type: ignore[method-assign]
        found = days.play()
    assert any("nothing was recorded" in fault for fault in found)
