"""A manager enters an action on a bad figure: it has a doer, a last day, reminders; it climbs, ends, is taken up."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.domain.measures.action import Action, Before, moved
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import role_in
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.measures import improving
from chalicelib.services.record import record, registry
from chalicelib.store import actions
from chalicelib.store.grants import Grant
from tests.world import World

KEY = "01KJP0Y9M0QWGD6621HF2227B1"
BEFORE = Before("2026-02", 300, 400, 750)
TEAMS = {"m1": "P1/manager", "m2": "S1/manager2", "m9": "group/management", "m7": "P2/manager"}
EITHER = frozenset({"staff", "ticket"})


def managed(world: World) -> None:
    for who, team in TEAMS.items():
        world.employ(who, team)


def grant(who: str) -> Grant:
    return access.staff_grant(who, TEAMS[who], 1)


def plan(world: World, by: str = "m1", key: str = KEY, words: str = "漏水件由两人一起上门", **more: Any) -> Action:
    facts = {"measure": "first_fix", "goal": 850, "who": "d1", "until": "2026-03-20"} | more
    place = improving.home(TEAMS[by])
    return improving.plan(grant(by), place, BEFORE, facts, words, world.at, key)


def do(world: World, one: Action, move: str, who: str = "m1", words: str = "已培训两次", **data: Any) -> Action:
    team = TEAMS.get(who) or world.employed.get(who) or "P1/desk"
    by = Actor(who, role_in(team))  # type: ignore[arg-type]
    made: Action = record.perform(Command(move, by, data, {"words": words}), one.id, world.at)
    return made


def told(world: World) -> list[tuple[str, str]]:
    return [(sk.split("#")[-2], sk.split("#")[-1]) for _, sk in world.delivered]


def test_it_says_what_by_whom_until_when_and_what_the_figure_is_to_be(world: World) -> None:
    managed(world)
    one = record.load(plan(world).id)
    assert (one.scope, one.who, one.until, one.measure, one.goal) == (
        "project#P1",
        "d1",
        date(2026, 3, 20),
        "first_fix",
        850,
    )
    assert one.before == BEFORE
    assert one.what == "漏水件由两人一起上门"
    world.pump()
    assert told(world) == [("d1", "action_given")]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("measure", ""),
        ("goal", None),
        ("goal", 750),
        ("who", "e1"),
        ("who", ""),
        ("until", "2026-03-01"),
        ("until", "2027-06-01"),
        ("until", "bald"),
    ],
)
def test_what_is_missing_is_said_at_its_field(world: World, field: str, value: object) -> None:
    managed(world)
    with pytest.raises(Invalid) as refused:
        plan(world, **{field: value})
    assert refused.value.field == field


def test_entered_twice_it_is_one(world: World) -> None:
    managed(world)
    assert plan(world).id == plan(world).id
    assert len(actions.of_scope("project#P1")[0]) == 1


def test_whoever_does_it_is_reminded_and_what_is_late_climbs_level_by_level(world: World) -> None:
    managed(world)
    one = plan(world)
    world.pump()
    world.delivered.clear()
    world.advance(days=16)
    assert told(world) == [("d1", "action_due")] * 2
    world.delivered.clear()
    world.advance(days=4)
    assert sorted(told(world)) == [("d1", "action_late"), ("m2", "action_climbed")]
    world.delivered.clear()
    world.advance(days=7)
    assert ("m9", "action_climbed") in told(world)
    do(world, one, "finish", "d1")
    world.pump()
    world.delivered.clear()
    world.advance(days=30)
    assert told(world) == []


def test_once_whoever_does_it_is_gone_its_manager_is_reminded(world: World) -> None:
    managed(world)
    plan(world)
    world.pump()
    world.employ("d1", "P1/desk", active=False)
    world.delivered.clear()
    world.advance(days=16)
    assert told(world) == [("m1", "action_due")] * 2
    world.delivered.clear()
    world.advance(days=4)
    assert sorted(told(world)) == [("m1", "action_late"), ("m2", "action_climbed")]


def test_who_entered_it_is_gone_and_another_manager_hears_that_it_is_done(world: World) -> None:
    managed(world)
    world.employ("m3", "P1/manager")
    one = plan(world)
    world.employ("m1", "P1/manager", active=False)
    do(world, one, "finish", "d1")
    world.pump()
    assert ("m3", "action_done") in told(world)


def test_a_level_without_managers_leaves_it_to_the_next_one_up(world: World) -> None:
    managed(world)
    plan(world)
    world.employ("m2", "S1/manager2", active=False)
    world.delivered.clear()
    world.advance(days=20)
    assert ("m9", "action_climbed") in told(world)


def test_it_is_put_off_cancelled_and_taken_up_again_each_with_a_reason(world: World) -> None:
    managed(world)
    one = plan(world)
    for move, more in (("put_off", {"until": "2026-04-10"}), ("cancel", {}), ("take_up", {"until": "2026-04-20"})):
        with pytest.raises(Invalid):
            do(world, one, move, words="", **more)
        after = do(world, one, move, **more)
    assert (after.state, after.until) == ("planned", date(2026, 4, 20))
    [item] = actions.of_scope("project#P1")[0]
    assert (item.line.until, item.line.state, item.words) == (date(2026, 4, 20), "planned", one.what)


def test_once_it_is_done_nothing_but_taking_it_up_is_left(world: World) -> None:
    managed(world)
    one = do(world, plan(world), "finish")
    assert not one.is_open
    for move in ("finish", "cancel", "put_off"):
        with pytest.raises(IllegalMove):
            do(world, one, move, until="2026-04-10")
    world.pump()
    assert "action_done" not in dict(told(world)).values()  # who entered it did it
    assert do(world, one, "take_up", until="2026-04-10").is_open


def test_whoever_does_it_reports_and_changes_nothing_else(world: World) -> None:
    managed(world)
    one = plan(world)
    for move in ("cancel", "put_off"):
        with pytest.raises(NotAllowed):
            do(world, one, move, "d1", until="2026-04-10")
    do(world, one, "finish", "d1")
    world.pump()
    assert ("m1", "action_done") in told(world)


@pytest.mark.parametrize(
    ("move", "more", "template"),
    [
        ("finish", {}, "action_reported"),
        ("cancel", {}, "action_cancelled"),
        ("put_off", {"until": "2026-04-10"}, "action_put_off"),
    ],
)
def test_whoever_does_it_hears_what_a_manager_made_of_it_by_a_link_to_it(
    world: World, move: str, more: dict[str, str], template: str
) -> None:
    managed(world)
    one = plan(world)
    world.pump()
    world.delivered.clear()
    after = do(world, one, move, "m2", **more)
    world.pump()
    assert ("d1", template) in told(world)
    assert (("m1", "action_done") in told(world)) is (move == "finish"), "who entered it hears of its end too"
    [message] = [m for m in world.told(one.id) if m.template == template]
    opened = registry.of(one.id).link(after, message)
    assert opened is not None
    assert opened.holder == "d1"


def test_who_reports_it_hears_nothing_and_who_entered_it_for_themselves_hears_once(world: World) -> None:
    managed(world)
    do(world, plan(world), "finish", "d1")
    own = plan(world, who="m1", key=KEY[:-1] + "2")
    do(world, own, "finish", "m2")
    world.pump()
    assert "action_reported" not in [template for _, template in told(world)]
    assert [m.template for m in world.told(own.id) if m.to == "m1"].count("action_done") == 1


@pytest.mark.parametrize(("who", "opens"), [("m1", True), ("m2", True), ("m9", True), ("m7", False)])
def test_managers_of_the_scope_and_above_reach_it_and_no_others(world: World, who: str, opens: bool) -> None:
    managed(world)
    one = plan(world)
    reach = registry.of(one.id).actor_on
    if opens:
        assert reach(grant(who), one).id == who
    else:
        with pytest.raises(NoAccess):
            reach(grant(who), one)


def test_an_action_of_the_group_is_not_a_projects(world: World) -> None:
    managed(world)
    one = plan(world, "m9", who="h1")
    assert one.scope == "group"
    with pytest.raises(NoAccess):
        registry.of(one.id).actor_on(grant("m2"), one)


def test_the_message_of_whoever_does_it_opens_this_one_and_is_dead_once_they_are_gone(world: World) -> None:
    managed(world)
    one = plan(world)
    world.sends = world.send_really
    world.pump()
    theirs = access.ticket_grant(one.id, "d1", "P1/desk")
    token = access.token(theirs)
    assert opening.open_record(token, EITHER, prefix="ACTION").record.id == one.id
    assert f"/g/{token}" in str(world.provider.sent[-1])
    world.employ("d1", "P1/desk", active=False)
    with pytest.raises(NoAccess):
        opening.open_record(token, EITHER, prefix="ACTION")


def test_open_ones_are_found_by_the_nightly_walk(world: World) -> None:
    managed(world)
    one = plan(world)
    head = world.table.get(one.id, "HEAD")
    assert head
    assert head["qk"] == "ACTION.DESK#P1/manager"
    assert {"P1/manager", "S1/manager2", "group/management"} <= set(registry.of(one.id).desks())


@pytest.mark.parametrize(
    ("before", "goal", "now", "how"),
    [
        (750, 850, 850, "reached"),
        (750, 850, 900, "reached"),
        (750, 850, 800, "better"),
        (750, 850, 750, "none"),
        (750, 850, 700, "worse"),
        (3600, 1800, 1700, "reached"),
        (3600, 1800, 2000, "better"),
        (3600, 1800, 4000, "worse"),
    ],
)
def test_whether_the_figure_moved_is_read_from_the_figures(before: int, goal: int, now: int, how: str) -> None:
    assert moved(before, goal, now) == how


def test_days_are_the_offices(world: World) -> None:
    managed(world)
    world.at += timedelta(hours=16)  # 01:00 of the next day there
    with pytest.raises(Invalid):
        plan(world, until="2026-03-02")
