"""The timer of a ticket: armed once, in time, and only as often as needed."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.functions import act, tick
from chalicelib.services.record import timers
from chalicelib.services.record.record import Busy
from chalicelib.store import records
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import iso
from tests.model.crashes import Scissors
from tests.world import World

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)


def events(world: World, ticket: str, kind: str) -> list[tuple[str, int]]:
    """(moment, second since the report) of the events of a kind."""
    found = world.load(ticket).events
    return [(e.data["moment"], int((e.at - found[0].at).total_seconds())) for e in found if e.kind == kind]


def test_with_nothing_broken_every_moment_is_recorded_on_the_second_and_no_sweep_is_needed(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    world.advance(days=8)
    assert events(world, ticket, "breached") == [("arrive:due", 4 * 3600 + 1), ("resolve:due", 6 * 86400 + 1)]
    levels = dict(events(world, ticket, "escalated"))
    assert levels["arrive:level:2"] == 4 * 3600 + 1
    assert levels["arrive:level:3"] == 8 * 3600 + 1
    assert levels["resolve:level:3"] == 7 * 86400 + 1
    assert [second for _, second in events(world, ticket, "warned")][:2] == [2 * 3600, int(3.2 * 3600)]
    assert len({e.name for e in world.states.executions.values() if e.name.startswith(ticket)}) == 1


def test_an_earlier_moment_is_armed_anew_and_the_old_execution_stopped(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    world.advance(hours=1)
    world.do(ticket, "set_priority", "d1", priority="emergency")
    world.pump()
    running = world.states.running(ticket)
    assert [e.name[-2:] for e in running] == ["-2"]
    assert world.states.executions[f"{ticket}-1"].status == "ABORTED"
    assert running[0].until <= world.at + SECOND
    world.advance(seconds=2)
    assert ("arrive:due", 3601) in events(world, ticket, "breached")


def test_a_deadline_put_into_the_past_is_missed_at_once_and_once(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    world.advance(hours=3)
    world.do(ticket, "set_priority", "d1", priority="urgent")
    world.advance(minutes=1)
    world.do(ticket, "set_priority", "d1", priority="normal")
    world.do(ticket, "set_priority", "d1", priority="urgent")
    world.advance(hours=20)
    assert [m for m, _ in events(world, ticket, "breached")].count("arrive:due") == 1
    assert ("arrive:due", 3 * 3600 + 1) in events(world, ticket, "breached")


def test_a_change_hides_no_deadline_that_the_timer_is_late_to_record(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    world.at += timedelta(hours=4, minutes=5)  # nothing ticks
    start, end = world.at + 60 * MINUTE, world.at + 120 * MINUTE
    world.do(ticket, "set_window", window=[start.isoformat(), end.isoformat()])
    assert [m for m, _ in events(world, ticket, "breached")] == ["arrive:due"]


def test_acknowledging_late_is_accepted_while_nobody_took_it_away(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.at += timedelta(minutes=31)
    after = world.do(ticket, "acknowledge")
    assert after.state == "acknowledged"
    assert "acknowledge:due" in after.recorded


def test_a_ticket_that_is_done_has_no_timer_and_a_deadline_it_had_missed_is_recorded(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.at += timedelta(minutes=40)
    world.do(ticket, "cancel", "reporter")
    world.pump()
    assert world.states.running(ticket) == []
    assert {m for m, _ in events(world, ticket, "breached")} == {"response:due", "acknowledge:due"}
    assert "due" not in world.head(ticket)
    assert "armed" not in world.head(ticket)


def test_while_all_is_paused_only_its_day_is_armed_and_resuming_arms_the_clocks_again(world: World):
    ticket = world.report("公共区域路灯坏了", unit="A1", kind="patrol", by="d1").id
    world.pump()
    world.do(ticket, "acknowledge")
    its_day = world.at + timedelta(days=3)
    world.do(ticket, "pause", reason="weather", until=its_day.isoformat())
    world.advance(hours=5)
    assert {e.until for e in world.states.running(ticket)} == {its_day}
    world.do(ticket, "resume")
    world.pump()
    assert len(world.states.running(ticket)) == 1
    world.advance(days=8)
    assert ("resolve:due", 6 * 86400 + 5 * 3600 + 1) in events(world, ticket, "breached")


# crashes, by name


def test_an_execution_that_was_started_and_not_noted_is_found_again(world: World):
    ticket = world.report("马桶堵了").id
    with Scissors(world, lambda _: None).cutting((1, "cut")):
        world.deliver(act.act, world.to_act)
    assert len(world.states.running(ticket)) == 1
    assert "armed" not in world.head(ticket)
    world.pump()
    assert len(world.states.running(ticket)) == 1
    assert world.head(ticket)["gen"] == 1


def test_a_name_that_is_used_up_is_not_taken_for_a_timer(world: World):
    ticket = world.report("马桶堵了").id
    with Scissors(world, lambda _: None).cutting((1, "cut")):
        world.deliver(act.act, world.to_act)
    world.states.fail_all()
    world.pump()
    assert [e.name for e in world.states.running(ticket)] == [f"{ticket}-2"]
    assert world.head(ticket)["gen"] == 2


def test_an_older_execution_ends_when_it_looks(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    with Scissors(world, lambda _: None).cutting(None):
        world.advance(hours=1)
    first = world.states.running(ticket)[0]
    world.do(ticket, "set_priority", "d1", priority="emergency")
    with Scissors(world, lambda _: None).cutting((4, "cut")):  # noted; the old one is not stopped
        world.deliver(act.act, world.to_act)
    assert len(world.states.running(ticket)) == 2
    world.at = max(world.at, first.until)
    world.states.fire(first, tick.tick, world.at)
    assert first.status == "ABORTED"
    assert timers.look(ticket, 1, world.at) == (1, None)


def test_an_execution_that_can_not_be_stopped_waits_idly_and_asks_again(world: World, monkeypatch: pytest.MonkeyPatch):
    ticket = world.report("马桶堵了").id
    world.pump()
    monkeypatch.setattr(world.states, "stop_execution", lambda **_: {})
    world.do(ticket, "cancel", "reporter")
    world.pump()
    [left] = world.states.running(ticket)
    world.at = left.until
    world.states.fire(left, tick.tick, world.at)
    assert left.until >= world.at + timedelta(days=30)
    assert not world.load(ticket).is_open


def test_an_execution_of_the_older_definition_is_told_to_end(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "cancel", "reporter")
    world.pump()
    asked = {"ticket": ticket, "generation": 1}
    assert tick.tick(asked, None) == {**asked, "end": True}


def test_an_answer_that_was_lost_is_given_again(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    execution = world.states.running(ticket)[0]
    world.at = execution.until
    first = tick.tick({"ticket": ticket, "generation": 1}, None)
    version = world.load(ticket).version
    assert tick.tick({"ticket": ticket, "generation": 1}, None) == first
    assert world.load(ticket).version == version


# others come in between


def meanwhile(world: World, does: object) -> Scissors:
    return Scissors(world, lambda _: does())  # type: ignore[operator]


def test_a_look_that_meets_a_change_looks_again(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    world.pump()
    scissors = meanwhile(world, lambda: world.do(ticket, "set_priority", "d1", priority="emergency"))
    with scissors.cutting((0, "priority")):
        timers.look(ticket, 1, world.at)
    assert scissors.met_at == "priority before table.write"
    timer = records.load(ticket)[1]  # type: ignore[index]
    assert timer.due == iso(world.at + 30 * MINUTE)  # half of the hour to arrive


def test_arming_on_a_stale_view_is_refused(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    read, timer = records.load(ticket)  # type: ignore[misc]
    world.do(ticket, "contact")
    with pytest.raises(StaleRecord):
        records.look_again(read, records.Timer("2026-03-09T00:00:00Z", timer.armed, timer.generation), timer)


def test_whoever_always_loses_is_told_to_try_again(world: World, monkeypatch: pytest.MonkeyPatch):
    ticket = world.report("马桶堵了").id

    def lose(*_: object, **__: object) -> None:
        raise StaleRecord(ticket)

    monkeypatch.setattr(timers, "append", lose)
    with pytest.raises(Busy):
        timers.look(ticket, None, world.at + timedelta(hours=1))


def test_tick_with_nothing_due_makes_two_calls(world: World, monkeypatch: pytest.MonkeyPatch):
    ticket = world.report("马桶堵了").id
    world.pump()
    calls: list[str] = []
    for name in ("get", "query", "index", "count", "batch", "write", "transact"):
        real = getattr(world.table, name)

        def counted(*args: object, _real: object = real, _name: str = name, **more: object) -> object:
            calls.append(_name)
            return _real(*args, **more)  # type: ignore[operator]

        monkeypatch.setattr(world.table, name, counted)
    tick.tick({"ticket": ticket, "generation": 1}, None)
    assert calls == ["query"]


def test_what_is_not_acknowledged_is_taken_away_which_is_nobodys_refusal(world: World):
    ticket = world.report().id
    world.pump()
    first = world.load(ticket).holder
    world.advance(minutes=31)
    taken = world.load(ticket)
    assert [e.data for e in taken.events if e.kind == "taken_away"] == [{"person": first, "cause": "not_acknowledged"}]
    assert "declined" not in world.kinds(ticket)
    assert taken.declined_by == frozenset()
    assert taken.holder not in (first, "")
    assert (first, "taken_away") in {(m.to, m.template) for m in world.told(ticket)}
    world.advance(minutes=31)
    assert world.load(ticket).at_desk  # who was passed over is passed over until somebody acknowledges


def test_a_technician_alone_in_the_team_loses_it_to_the_desk(world: World):
    world.employ("b2", "P1/building", active=False)
    ticket = world.report().id
    world.pump()
    world.advance(minutes=31)
    assert "routed_to_desk" in world.kinds(ticket)
    assert world.load(ticket).holder in ("d1", "d2")


def test_a_place_in_another_project_takes_it_away_and_tells_who_had_it(world: World):
    ticket = world.report().id
    world.pump()
    first = world.load(ticket).holder
    there = {"subsidiary": "S2", "project": "P2", "building": "B2", "unit": "V1", "label": "P2苑 V1"}
    after = world.do(ticket, "change_place", "d1", place=there)
    assert [e.kind for e in after.events[-2:]] == ["place_changed", "taken_away"]
    assert after.declined_by == frozenset()
    world.pump()
    assert (first, "taken_away") in {(m.to, m.template) for m in world.told(ticket)}


def test_what_nobody_acknowledges_comes_to_the_desk_and_does_not_go_round_for_ever(world: World) -> None:
    ticket = world.report()
    world.advance(days=30)
    lost = [e.data["person"] for e in world.load(ticket).events if e.kind == "taken_away"]
    assert lost
    assert len(lost) == len(set(lost))
    assert world.load(ticket).at_desk
    assert len(world.load(ticket).events) < 150
