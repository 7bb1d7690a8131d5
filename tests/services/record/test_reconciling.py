"""The nightly reconciliation, heads made anew, and deadlines that a correction moved."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.commands import rebuild as command
from chalicelib.domain.ticket.promises import promises
from chalicelib.domain.ticket.ticket import Ticket, fold
from chalicelib.domain.time.calendar import Calendar
from chalicelib.services.record import numbers, rebuilding, recomputing, reconciling
from chalicelib.store import records, walks
from chalicelib.store.table import Change, Delete
from tests.world import World

TIMER = ("due", "armed", "gen")
UNITS = ("U1", "U2", "U3", "U4")


def several(world: World, n: int = 4) -> list[str]:
    found = [world.report("马桶堵了", unit=UNITS[i % 4]).id for i in range(n)]
    world.pump()
    for ticket in found:
        world.do(ticket, "contact")
        world.do(ticket, "acknowledge")
    world.pump()
    world.at += timedelta(minutes=10)
    return found


def spoil(world: World, ticket: str, **attributes: Any) -> None:
    world.table.write(Change((records.key(ticket), "HEAD"), sets=attributes))


def test_a_night_without_faults_changes_nothing(world: World):
    several(world)
    before = {pk: {sk: dict(row) for sk, row in rows.items()} for pk, rows in world.table.parts.items()}
    done = world.reconcile()
    assert done == {"seen": 4, "rebuilt": 0, "acted": 0, "repaired": 0, "told": 0, "failed": 0, "more": False}
    notes = ("WALK#", "WATCH#")  # how far it came, and when it looked for what an auditor should see
    after = {pk: rows for pk, rows in world.table.parts.items() if not pk.startswith(notes)}
    assert after == before


@pytest.mark.parametrize(
    "fault",
    [
        {"due": None, "dk": None},
        {"due": "2027-01-01T00:00:00Z"},
        {"line": "{}"},
        {"by": "9998"},
        {"hk": None},
        {"lk": "PLACE#elsewhere"},
        {"armed": None},
        {"armed": "2027-01-01T00:00:00Z"},
    ],
    ids=str,
)
def test_a_head_that_its_events_do_not_make_is_put_right(world: World, fault: dict[str, Any]):
    ticket, *_ = several(world)
    right = world.head(ticket)
    spoil(world, ticket, **fault)
    done = world.reconcile()
    assert done["rebuilt"] + done["repaired"] == 1
    after = world.head(ticket)
    assert {k: v for k, v in after.items() if k not in TIMER} == {k: v for k, v in right.items() if k not in TIMER}
    assert after["due"] <= "2026-03-02T03:00:00Z"  # half of the time to arrive
    assert any(e.until <= datetime.fromisoformat(after["due"]) for e in world.states.running(ticket))


def test_what_nobody_has_and_what_nobody_was_told_is_made_up(world: World):
    ticket = world.report("马桶堵了").id
    world.to_act.clear()
    world.to_tell.clear()
    world.at += timedelta(hours=2)
    world.reconcile()
    world.pump()
    assert world.load(ticket).holder
    assert {m.template for m in world.told(ticket)} >= {"reported", "assigned"}


def test_a_message_that_waits_for_an_hour_is_queued_again(world: World):
    ticket = world.report("马桶堵了").id
    world.sends = lambda ticket, sk: None
    world.pump()
    world.at += timedelta(minutes=30)
    assert world.reconcile()["told"] == 0
    world.at += timedelta(hours=1)
    done = world.reconcile()
    assert done["told"] >= 1
    assert len(world.queue.waiting) == done["told"]
    assert {m.state for m in world.told(ticket)} == {"queued"}


def test_it_goes_by_slices_and_on_where_the_last_run_stopped(world: World, monkeypatch: pytest.MonkeyPatch):
    found = several(world, 9)
    monkeypatch.setattr(reconciling, "SLICE", 2)
    seen: list[str] = []
    real = reconciling.reconcile_one
    monkeypatch.setattr(reconciling, "reconcile_one", lambda t, at, done: (seen.append(t), real(t, at, done))[1])
    runs = 0
    while True:
        once = iter([True, True, False])
        done = reconciling.reconcile(world.at, lambda once=once: next(once))  # type: ignore[misc]
        assert done.seen <= 4
        runs += 1
        if not done.more:
            break
    assert runs >= 3
    assert sorted(seen) == sorted(found)
    assert walks.get(reconciling.NAME) is None


def test_from_december_on_it_rings_while_next_years_holidays_are_unknown(world: World):
    known = frozenset({2026})
    assert not reconciling.schedule_missing(datetime(2026, 11, 30, 12, tzinfo=UTC), known)
    assert reconciling.schedule_missing(datetime(2026, 12, 1, tzinfo=UTC), known)
    assert not reconciling.schedule_missing(datetime(2026, 12, 1, tzinfo=UTC), known | {2027})
    world.at = datetime(2026, 12, 2, tzinfo=UTC)
    world.reconcile()
    assert world.rings["HolidayScheduleMissing"] == 1


# heads


def test_every_ticket_is_what_its_stored_events_make(world: World):
    found = several(world)
    world.advance(days=9)
    for ticket in found:
        live = world.load(ticket)
        assert fold(ticket, live.events) == live
        again = fold(ticket, live.events[:5])
        assert fold(ticket, live.events[5:], onto=again) == live
        made = rebuilding.head_of(live, records.load(ticket)[1], world.at)  # type: ignore[index]
        assert made == world.head(ticket)


def test_what_a_command_answers_is_what_is_stored(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.at += timedelta(microseconds=654321)
    answered: Ticket = world.do(ticket, "acknowledge")
    assert answered == world.load(ticket)


def test_a_lost_head_comes_back_and_its_timer_goes_on(world: World):
    ticket, *_ = several(world)
    right = world.head(ticket)
    world.table.write(Delete((records.key(ticket), "HEAD")))
    assert rebuilding.rebuild(ticket, world.at)
    after = world.head(ticket)
    assert {k: v for k, v in after.items() if k not in TIMER} == {k: v for k, v in right.items() if k not in TIMER}
    assert not rebuilding.rebuild(ticket, world.at)
    world.advance(hours=5)
    assert "arrive:due" in world.load(ticket).recorded
    assert world.head(ticket)["gen"] == right["gen"]


def test_the_command_names_what_was_different(world: World, capsys: pytest.CaptureFixture[str]):
    found = several(world)
    spoil(world, found[1], line="{}")
    assert command.main(["--lang", "en"]) == 0
    said = capsys.readouterr().out
    assert f"{found[1]}: head written anew" in said
    assert "4 tickets, 1 heads were different" in said
    assert command.main([world.load(found[0]).number, "nothing", "--lang", "en"]) == 1
    assert "1 tickets, 0 heads were different" in capsys.readouterr().out


# corrections


def test_whoever_was_promised_another_deadline_is_told_once(world: World, monkeypatch: pytest.MonkeyPatch):
    found = several(world)
    before = numbers.policy_for({"project": "P1"})
    service = before.calendars["service"]
    assert service is not None
    shorter = Calendar(
        "Asia/Shanghai", {day: [("08:00", "18:00")] for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun")}
    )
    after = replace(before, version="corrected", calendars={**before.calendars, "service": shorter})
    monkeypatch.setattr(numbers, "_made", {("", ""): after})
    numbers.forget()
    walked, place = 0, recomputing.BEGIN
    while place is not None:
        moved, place = recomputing.recompute(lambda _: before, world.at, place, size=3)  # type: ignore[assignment]
        walked += moved
    assert walked == 4
    world.pump()
    for ticket in found:
        event = world.load(ticket).events[-1]
        due = {p.name: p.clock.due_at for p in promises(world.load(ticket), after) if p.running}["resolve"]
        assert (event.kind, event.data["deadlines"]) == ("deadline_changed", {"resolve": due.isoformat()})  # type: ignore[union-attr]
        assert {m.to for m in world.told(ticket) if m.template == "deadline_changed"} >= {"reporter"}
    assert recomputing.recompute(lambda _: before, world.at)[0] == 0


def test_nothing_is_said_where_nothing_moved(world: World):
    several(world)
    before = numbers.policy_for({"project": "P1"})
    assert recomputing.recompute(lambda _: replace(before), world.at)[0] == 0
    assert date(2026, 3, 2) == world.at.date()
