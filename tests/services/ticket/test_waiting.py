"""Waiting ends: it is dated and told, asked about on its day, and goes on by itself where nobody answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.promises import next_moment
from chalicelib.domain.ticket.ticket import State, Ticket, fold
from chalicelib.services.record import record
from chalicelib.services.record.moments import come
from chalicelib.services.record.numbers import policy_of
from tests.world import World

DAY = timedelta(days=1)


def taken(world: World) -> Ticket:
    ticket = world.report("卫生间漏水")
    world.pump()
    world.do(ticket, "contact", how="phone")
    world.do(ticket, "acknowledge")
    world.pump()
    return world.load(ticket)


def waiting(world: World, days: int = 3) -> Ticket:
    ticket = taken(world)
    world.do(ticket, "pause", reason="weather", until=(world.at + days * DAY).isoformat())
    world.pump()
    return world.load(ticket)


def told(world: World, ticket: Ticket, template: str) -> list[str]:
    return [m.to for m in world.told(ticket) if m.template == template]


@pytest.mark.parametrize(
    ("until", "reason"),
    [("", "wait_needs_day"), ("soon", "wait_needs_day"), (0, "wait_too_long"), (32, "wait_too_long")],
)
def test_a_wait_has_a_day_within_thirty(world: World, until: str | int, reason: str) -> None:
    ticket = taken(world)
    day = until if isinstance(until, str) else (world.at + until * DAY).isoformat()
    with pytest.raises(Invalid) as refused:
        world.do(ticket, "pause", reason="parts", until=day)
    assert (refused.value.field, refused.value.reason) == ("until", reason)


def test_a_wait_says_why_in_words(world: World) -> None:
    with pytest.raises(Invalid) as refused:
        world.do(taken(world), "pause", said={}, reason="parts")
    assert refused.value.field == "words"


def test_nobody_is_absent_who_was_not_to_be_visited(world: World) -> None:
    ticket = taken(world)
    with pytest.raises(Invalid) as refused:
        world.do(ticket, "pause", reason="owner_absent")
    assert (refused.value.field, refused.value.reason) == ("reason", "nobody_came")
    start = world.at + timedelta(hours=2)
    world.do(ticket, "set_window", window=[start.isoformat(), (start + timedelta(hours=2)).isoformat()])
    with pytest.raises(Invalid):  # the time has not come
        world.do(ticket, "pause", reason="owner_absent")
    world.advance(hours=2, minutes=1)
    assert world.do(ticket, "pause", reason="owner_absent").state is State.WAITING


def test_who_came_may_say_that_nobody_was_there(world: World) -> None:
    ticket = taken(world)
    world.do(ticket, "arrive")
    assert world.do(ticket, "pause", reason="owner_absent").state is State.WAITING


def test_the_owner_hears_of_the_wait_of_another_day_and_that_it_goes_on(world: World) -> None:
    ticket = waiting(world)
    assert told(world, ticket, "paused") == ["reporter"]
    world.do(ticket, "wait_longer", until=(world.at + 5 * DAY).isoformat())
    world.pump()
    assert told(world, ticket, "wait_changed") == ["reporter"]
    world.do(ticket, "resume")
    world.pump()
    assert told(world, ticket, "resumed") == ["reporter"]
    assert told(world, ticket, "resumed_for_you") == []  # who pressed it knows


def test_on_its_day_whoever_has_it_is_asked_once(world: World) -> None:
    ticket = waiting(world)
    world.advance(days=3)
    world.advance(hours=20)
    assert told(world, ticket, "resume_asked") == [ticket.holder]
    assert world.load(ticket).state is State.WAITING


def test_who_says_why_not_is_asked_again_on_the_new_day(world: World) -> None:
    ticket = waiting(world)
    world.advance(days=3, minutes=1)
    world.do(ticket, "wait_longer", until=(world.at + 4 * DAY).isoformat())
    world.advance(days=3)
    assert world.load(ticket).state is State.WAITING
    assert len(told(world, ticket, "resume_asked")) == 1
    world.advance(days=1, minutes=2)
    assert len(told(world, ticket, "resume_asked")) == 2


def test_unanswered_for_a_day_it_goes_on_by_itself_and_level_2_hears_of_it(world: World) -> None:
    ticket = waiting(world)
    world.advance(days=4, minutes=5)
    after = world.load(ticket)
    assert (after.state, after.level) == (State.ACKNOWLEDGED, 2)
    assert told(world, after, "wait_ended") == [after.watchers[2]]
    assert told(world, after, "resumed") == ["reporter"]
    assert told(world, after, "resumed_for_you") == [ticket.holder]
    assert [e.kind for e in after.events].count("resumed") == 1


def test_without_its_timer_the_sweep_ends_it(world: World) -> None:
    ticket = waiting(world)
    world.at += 3 * DAY + timedelta(minutes=10)
    world.sweep()
    world.at += DAY + timedelta(minutes=10)
    world.sweep()
    assert world.load(ticket).state is State.ACKNOWLEDGED


def test_a_pause_of_before_that_has_no_day_is_asked_about_now_and_given_its_day(world: World) -> None:
    ticket = waiting(world)
    old = [replace(e, data={"reason": "weather"}) if e.kind == "paused" else e for e in ticket.events]
    ticket = fold(ticket.id, old)
    later = world.at + 20 * DAY
    assert next_moment(ticket, policy_of(ticket), at=later) == ticket.paused_at
    made = come(ticket, later)
    assert [e.kind for e in made if e.kind in ("resumption_asked", "resumed")] == ["resumption_asked"]
    asked = fold(ticket.id, made, onto=ticket)
    assert next_moment(asked, policy_of(asked), at=later) == later + DAY


def test_the_list_of_whoever_has_it_names_the_day(world: World) -> None:
    ticket = waiting(world)
    assert world.head(ticket)["by"].startswith((world.at + 3 * DAY).strftime("%Y-%m-%dT%H"))
    assert record.load(ticket.id).until == world.at.replace(microsecond=0) + 3 * DAY
