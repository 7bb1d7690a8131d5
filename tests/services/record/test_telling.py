"""Who is told what, once each, however often and late it is told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.functions import tell
from chalicelib.services.record import telling
from tests.model.crashes import Scissors
from tests.world import ALL_HOURS, World


def templates(world: World, ticket: str, to: str) -> list[str]:
    return [m.template for m in world.told(ticket) if m.to == to]


def test_a_repair_tells_the_reporter_and_whoever_must_act(world: World):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "acknowledge")
    world.pump()
    assert templates(world, ticket, "reporter") == ["reported", "acknowledged"]
    assert templates(world, ticket, holder) == ["assigned"]


def test_a_warning_goes_to_whoever_must_act(world: World):
    ticket = world.report("插座坏了").id
    world.pump()
    holder = world.load(ticket).holder
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    world.pump()
    world.advance(days=6)
    told = {(m.template, m.to, m.facts.get("clock")) for m in world.told(ticket) if "clock" in m.facts}
    assert ("completed", "reporter", "sign_off") in told
    followers = {to for template, to, clock in told if clock == "follow_up" and template in ("warned", "breached")}
    assert followers == {"d1", "d2"}
    assert not [t for t in told if t[1] == holder]


def test_whoever_it_was_taken_from_is_told_that_and_nothing_more_of_it(world: World):
    ticket = world.report().id
    world.pump()
    first = world.load(ticket).holder
    world.advance(minutes=31)
    assert world.load(ticket).holder != first
    assert templates(world, ticket, first) == ["assigned", "taken_away"]


def test_the_desk_is_told_once_even_if_another_one_is_on_duty_by_then(world: World):
    ticket = world.report("插座坏了").id
    world.pump()
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    record = world.to_tell[-1]
    world.pump()
    [first] = [m.to for m in world.told(ticket) if m.template == "follow_up_due"]
    world.employ(first, "P1/desk", active=False)
    world.employ("d3", "P1/desk", duty=ALL_HOURS)
    tell.tell({"Records": [record]}, None)
    assert [m.to for m in world.told(ticket) if m.template == "follow_up_due"] == [first]


@pytest.mark.parametrize("point", range(8))
def test_wherever_telling_is_cut_all_are_told_once(world: World, point: int):
    ticket = world.report().id
    scissors = Scissors(world, lambda _: None)
    with scissors.cutting((point, "cut")):
        world.pump()
    world.pump()
    told = world.told(ticket)
    assert {m.template for m in told} == {"reported", "assigned"}
    assert {m.state for m in told} == {"sent"}


def test_what_happened_before_a_holder_was_named_is_not_told_to_them(world: World):
    ticket = world.report().id
    world.pump()
    world.do(ticket, "note", "reporter")
    late = list(world.to_tell)
    world.to_tell.clear()
    before = world.load(ticket).holder
    world.do(ticket, "assign", "d1", team="P1/engineering", person="e1")
    world.pump()
    world.to_tell += late
    world.pump()
    assert templates(world, ticket, "e1") == ["assigned"]
    assert templates(world, ticket, before) == ["assigned"]


def test_a_new_deadline_is_told_to_the_owner_and_the_holder(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "set_priority", "d1", priority="urgent")
    world.pump()
    [event] = [e for e in world.load(ticket).events if e.kind == "deadline_changed"]
    assert event.data["clock"] == "arrive"
    assert set(event.data["deadlines"]) == {"arrive", "resolve"}
    assert {m.to for m in world.told(ticket) if m.template == "deadline_changed"} == {"reporter", holder}


def test_what_is_missing_is_found_and_what_may_be_on_its_way_is_left(world: World):
    ticket = world.report().id
    world.to_tell.clear()
    world.pump()
    assert telling.tell_missing(world.load(ticket), world.at) == 0
    world.at += timedelta(hours=2)
    assert telling.tell_missing(world.load(ticket), world.at) >= 1
    world.pump()
    assert telling.tell_missing(world.load(ticket), world.at) == 0
