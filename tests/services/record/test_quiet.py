"""A change that moves nothing on the head is its event alone; a timer that moves to later is noted behind its event."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.services.record import rebuilding, record, timers
from chalicelib.store import records
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import Key, key_of
from tests.model.crashes import Scissors
from tests.world import World

NOTED = Command("note_case", SYSTEM, {"contract": "H1", "case": "CASE#01KJP0Y9M03XZQZMTTYVP2SN4V"})


@pytest.fixture
def ticket(world: World) -> str:
    """A ticket that somebody has acknowledged, with a warning ahead."""
    found = world.report("马桶堵了").id
    world.pump()
    for move in ("contact", "acknowledge"):
        world.do(found, move)
    world.pump()
    timers.look(found, 1, when(world, found))
    return found


@pytest.fixture
def written(world: World, monkeypatch: pytest.MonkeyPatch) -> list[list[Key]]:
    """The keys of each call that writes."""
    calls: list[list[Key]] = []
    write, transact = world.table.write, world.table.transact

    def one(this: Any) -> Any:
        calls.append([key_of(this)])
        return write(this)

    def several(these: Any, token: str = "") -> None:
        calls.append([key_of(this) for this in these])
        transact(these, token)

    monkeypatch.setattr(world.table, "write", one)
    monkeypatch.setattr(world.table, "transact", several)
    return calls


def is_whole(world: World, ticket: str) -> bool:
    timer = records.load(ticket, consistent=True)[1]  # type: ignore[index]
    return records.stored_head(ticket) == rebuilding.head_of(world.load(ticket), timer, world.at)


def when(world: World, ticket: str) -> datetime:
    """When it is to be looked at."""
    return datetime.fromisoformat(due(world, ticket))


def due(world: World, ticket: str) -> str:
    return str(world.head(ticket)["due"])


def test_what_moves_nothing_on_the_head_writes_its_event_alone(world: World, ticket: str, written: list[list[Key]]):
    version = world.load(ticket).version
    record.perform(NOTED, ticket, world.at)
    assert written == [[(records.key(ticket), f"EVENT#{version + 1:06d}")]]
    assert world.head(ticket)["v"] < world.load(ticket).version == version + 1
    assert is_whole(world, ticket)
    assert not rebuilding.rebuild(ticket, world.at)


def test_what_moves_a_list_writes_both_at_once(world: World, ticket: str, written: list[list[Key]]):
    record.perform(NOTED, ticket, world.at)
    written.clear()
    world.do(ticket, "arrive")
    assert [sk.partition("#")[0] for _, sk in written[0]][:2] == ["EVENT", "HEAD"]
    assert world.head(ticket)["v"] == world.load(ticket).version


@pytest.mark.parametrize("faster", [NOTED, Command("set_priority", SYSTEM, {"priority": "emergency"})])
def test_whoever_was_slower_is_told_though_the_head_stands(world: World, ticket: str, faster: Command):
    before, seen = record.load_with_timer(ticket)
    slow = record.decided(before, seen, record.only(NOTED), world.at)
    record.append(before, seen, record.decided(before, seen, record.only(NOTED), world.at))
    with pytest.raises(StaleRecord):
        record.append(before, seen, slow)
    assert world.kinds(ticket).count("case_opened") == 1


def test_a_moment_is_recorded_first_and_the_timer_moved_behind_it(world: World, ticket: str, written: list[list[Key]]):
    at = when(world, ticket) + timedelta(seconds=1)
    timers.look(ticket, None, at)
    assert [[sk.partition("#")[0] for _, sk in call] for call in written] == [["EVENT"], ["HEAD"]]
    assert due(world, ticket) > at.isoformat()


def test_cut_between_moment_and_timer_it_looks_again_and_records_it_once(world: World, ticket: str):
    first = due(world, ticket)
    world.at = when(world, ticket) + timedelta(seconds=1)
    scissors = Scissors(world, lambda _: None)
    with scissors.cutting((1, "cut")):
        timers.look(ticket, None, world.at)
    assert scissors.cut_at == "after table.write"
    assert due(world, ticket) == first
    warned = [e.data["moment"] for e in world.load(ticket).events if "moment" in e.data]
    assert len(warned) == 1
    timers.look(ticket, None, world.at)
    assert [e.data["moment"] for e in world.load(ticket).events if "moment" in e.data] == warned
    assert due(world, ticket) > first
    assert is_whole(world, ticket)


def test_what_comes_between_moment_and_timer_is_seen(world: World, ticket: str):
    world.at = when(world, ticket) + timedelta(seconds=1)
    scissors = Scissors(world, lambda _: world.do(ticket, "set_priority", "d1", priority="emergency"))
    with scissors.cutting((1, "priority")):
        timers.look(ticket, None, world.at)
    assert scissors.met_at == "priority after table.write"
    assert record.load(ticket).priority.value == "emergency"
    coming = rebuilding.head_of(world.load(ticket), records.NO_TIMER, world.at)["due"]
    assert due(world, ticket) <= coming
    assert is_whole(world, ticket)


def test_a_look_that_meets_a_change_which_moves_nothing_goes_through(world: World, ticket: str):
    world.at = when(world, ticket) - timedelta(seconds=1)
    scissors = Scissors(world, lambda _: record.perform(NOTED, ticket, world.at))
    with scissors.cutting((0, "failed")):
        timers.look(ticket, 1, world.at)
    assert is_whole(world, ticket)


def test_what_ends_what_was_outstanding_and_moves_nothing_else_is_its_event_alone(
    world: World, ticket: str, written: list[list[Key]], monkeypatch: pytest.MonkeyPatch
):
    kind = type(world.load(ticket))
    folded = kind.outstanding
    monkeypatch.setattr(kind, "outstanding", property(lambda one: one.cases == {} or folded.__get__(one)))
    record.perform(NOTED, ticket, world.at)
    assert written == [[(records.key(ticket), f"EVENT#{world.load(ticket).version:06d}")]]
