"""After the work: how a follow-up ends, and what a low rating asks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.ticket.ticket import Ticket
from tests.world import World

GOOD = {"overall": 5, "speed": 5, "thoroughness": 5, "manners": 5}


@pytest.fixture
def done(world: World) -> Ticket:
    ticket = world.report("卫生间漏水")
    world.pump()
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    return world.load(ticket)


def asked(world: World, ticket: Ticket, **data: Any) -> Ticket:
    return world.do(ticket, "follow_up", "d1", **data)


def test_whoever_is_not_reached_is_tried_again_and_the_clock_runs_on(world: World, done: Ticket) -> None:
    world.do(done, "sign_off", "reporter")
    after = asked(world, done, outcome="not_reached")
    assert after.is_open
    assert not after.followed_up
    assert after.tries == (world.at,)
    world.advance(hours=25)
    assert "follow_up" in {e.data.get("clock") for e in world.load(done).events if e.kind == "breached"}


def test_three_tries_end_the_follow_up_and_close_what_is_signed(world: World, done: Ticket) -> None:
    world.do(done, "sign_off", "reporter")
    for n in (1, 2, 3):
        assert world.load(done).is_open
        after = asked(world, done, outcome="not_reached")
        assert len(after.tries) == n
        world.at += timedelta(hours=2)
    assert after.state.value == "closed"
    last = next(e for e in after.events if e.kind == "followed_up")
    assert last.data == {"outcome": "not_reached"}


def test_tries_lie_apart(world: World, done: Ticket) -> None:
    asked(world, done, outcome="not_reached")
    world.at += timedelta(hours=2) - timedelta(seconds=1)
    with pytest.raises(Invalid):
        asked(world, done, outcome="not_reached")
    world.at += timedelta(seconds=1)
    asked(world, done, outcome="not_reached")


def test_tries_of_an_earlier_round_do_not_count(world: World, done: Ticket) -> None:
    asked(world, done, outcome="not_reached")
    assert world.do(done, "refuse", "reporter").tries == ()


def test_who_refuses_to_be_asked_is_asked_no_more(world: World, done: Ticket) -> None:
    world.do(done, "sign_off", "reporter")
    assert asked(world, done, outcome="refused").state.value == "closed"


def test_an_owner_who_was_not_reached_was_not_followed_up_in_the_figures(world: World, done: Ticket) -> None:
    world.do(done, "sign_off", "reporter")
    for _ in range(3):
        asked(world, done, outcome="not_reached")
        world.at += timedelta(hours=2)
    from chalicelib.store import facts

    found, _ = facts.of_month("P1", "2026-03")
    assert "followed_up" not in found[-1].did


@pytest.mark.parametrize(("stars", "alerts"), [(1, True), (2, True), (3, False), (5, False)])
def test_one_or_two_stars_tell_the_desk_and_ask_one_question(
    world: World, done: Ticket, stars: int, alerts: bool
) -> None:
    after = world.do(done, "rate", "reporter", said={}, scores=GOOD | {"overall": stars})
    world.pump()
    told = [m for m in world.told(done) if m.template == "rated_low"]
    assert after.why_asked is alerts
    assert [m.to in ("d1", "d2") for m in told] == [True] * alerts


def test_the_question_is_answered_once_and_the_desk_reads_it(world: World, done: Ticket) -> None:
    world.do(done, "rate", "reporter", said={}, scores=GOOD | {"overall": 1})
    with pytest.raises(Invalid):
        world.do(done, "say_why", "reporter", said={})
    after = world.do(done, "say_why", "reporter", said={"words": "师傅迟到三小时"})
    world.pump()
    assert not after.why_asked
    assert [m.template for m in world.told(done)].count("told_why") == 1
    with pytest.raises(IllegalMove):
        world.do(done, "say_why", "reporter", said={"words": "再说一次"})
