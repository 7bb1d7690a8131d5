"""The sweep: what is overdue is run, what is broken is mended, what is healthy is left alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.functions import act, tell
from chalicelib.services.record import sending, sweeping, telling
from chalicelib.services.record.sweeping import AHEAD, GRACE
from chalicelib.store import messages, records
from chalicelib.store.table import Delete, Put, iso
from tests.world import World

LONG = timedelta(minutes=3)


def waiting(world: World, words: str = "马桶堵了", unit: str = "U1") -> str:
    """A ticket that was reported a while ago and has its timer."""
    ticket = world.report(words, unit=unit).id
    world.pump()
    world.at += LONG
    return ticket


def test_all_timers_that_died_are_armed_anew_within_one_sweep_and_counted(world: World):
    found = [waiting(world, unit=unit) for unit in ("U1", "U2", "U3", "U4")]
    world.states.fail_all()
    world.at += timedelta(minutes=18)  # 21 to 30 minutes after the reports; acknowledge and response are due at 30
    assert world.sweep()["repaired"] == 4
    assert world.rings["TimersRepaired"] == 4
    for ticket in found:
        assert [e.name[-2:] for e in world.states.running(ticket)] == ["-2"]
    assert world.sweep()["repaired"] == 0


def test_executions_that_failed_and_deadlines_that_passed_meanwhile_are_all_told_within_one_sweep(world: World):
    found = [waiting(world, unit=unit) for unit in ("U1", "U2", "U3", "U4")]
    world.states.fail_all()
    world.at += timedelta(hours=1)
    done = world.sweep()
    world.pump()
    assert (done["run"], done["repaired"], done["failed"]) == (4, 4, 0)
    for ticket in found:
        assert "breached" in world.kinds(ticket)
        assert any(m.template == "escalated" and m.state == "sent" for m in world.told(ticket))


def test_what_is_healthy_is_left_alone(world: World):
    waiting(world)
    world.at += timedelta(minutes=20)
    before = dict(world.states.executions)
    assert world.sweep()["repaired"] == 0
    assert world.states.executions == before
    assert world.states.calls.count("describe") == 1


def test_what_is_far_off_costs_nothing(world: World):
    for unit in ("U1", "U2", "U3", "U4"):
        waiting(world, "随便问问", unit)
        world.report("问一个问题", unit=unit, kind="enquiry")
        world.pump()
    world.at += LONG
    due = sum(row.get("due", "9") <= _iso(world, AHEAD) for rows in world.table.parts.values() for row in rows.values())
    world.states.calls.clear()
    done = world.sweep()
    assert done["seen"] == due
    assert len(world.states.calls) <= due


def _iso(world: World, ahead: timedelta) -> str:
    return (world.at + ahead).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_an_execution_that_is_late_and_lives_is_not_replaced(world: World):
    ticket = waiting(world)
    world.at += timedelta(minutes=40)  # its tick is held up, its execution runs
    assert world.sweep()["run"] == 1
    assert [e.name[-2:] for e in world.states.running(ticket)] == ["-1"]
    assert "breached" in world.kinds(ticket)


def test_a_report_whose_wake_up_was_lost_is_given_to_somebody(world: World):
    ticket = world.report("马桶堵了").id
    world.to_act.clear()
    world.pump()
    world.at += timedelta(minutes=2) + GRACE
    world.sweep()
    world.pump()
    assert world.load(ticket).holder
    assert world.states.running(ticket)


def test_a_change_whose_wake_up_was_lost_is_looked_at_in_time(world: World):
    ticket = waiting(world)
    world.do(ticket, "contact")
    world.do(ticket, "acknowledge")
    world.advance(minutes=30)
    world.do(ticket, "set_priority", "d1", priority="emergency")
    world.to_act.clear()
    world.at += timedelta(minutes=20)
    world.sweep()
    assert world.states.running(ticket)[0].until <= world.at + timedelta(minutes=15)


def test_one_broken_ticket_keeps_nobody_waiting_and_rings(world: World, monkeypatch: pytest.MonkeyPatch):
    bad, good = sorted([waiting(world), waiting(world, unit="U2")])
    world.at += timedelta(hours=1)
    real = sweeping.look

    def look(ticket: str, *more: object) -> object:
        if ticket == bad:
            raise ZeroDivisionError
        return real(ticket, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(sweeping, "look", look)
    done = world.sweep()
    assert (done["run"], done["failed"]) == (1, 1)
    assert world.rings["SweepFailed"] == 1
    assert "breached" in world.kinds(good)


def test_a_run_whose_time_is_out_says_so_and_the_next_goes_on(world: World):
    found = [waiting(world, unit=unit) for unit in ("U1", "U2", "U3")]
    world.at += timedelta(hours=1)
    asked = iter([True, False])
    first = sweeping.sweep(world.at, lambda: next(asked))
    assert (first.run, first.more) == (1, True)
    second = sweeping.sweep(world.at)
    assert (second.run, second.more) == (2, False)
    assert all("breached" in world.kinds(ticket) for ticket in found)


def test_the_longest_overdue_come_first(world: World, monkeypatch: pytest.MonkeyPatch):
    old = waiting(world)
    world.at += timedelta(minutes=34)
    new = waiting(world, unit="U2")
    world.at += timedelta(minutes=18)
    order: list[str] = []
    monkeypatch.setattr(sweeping, "sweep_one", lambda ticket, at: (order.append(ticket), (False, False))[1])
    world.sweep()
    assert order == [old, new]


def lose_the_entries(world: World) -> str:
    """A ticket whose messages were written, and whose entries in the queue were lost with the function."""
    ticket = world.report().id
    world.queue.is_down = True
    with pytest.raises(AssertionError):
        world.deliver(tell.tell, world.to_tell)
    world.to_tell.clear()
    world.queue.is_down = False
    world.pump()
    assert [m.state for m in world.told(ticket) if m.to == "reporter"] == ["queued"]
    return ticket


def test_a_message_whose_entry_in_the_queue_was_lost_is_queued_by_the_next_sweep(world: World):
    ticket = lose_the_entries(world)
    world.at += timedelta(minutes=5)
    assert world.sweep()["queued"] == 1
    world.pump()
    assert {m.state for m in world.told(ticket)} == {"sent"}
    world.at += timedelta(hours=3)
    assert world.sweep()["queued"] == 0


def test_a_message_costs_no_index_and_is_found_all_the_same(world: World):
    ticket = lose_the_entries(world)
    rows = [world.table.get(*m.key) for m in world.told(ticket)]
    assert not [row for row in rows if row is None or "due" in row]
    world.at += timedelta(minutes=5)
    assert world.sweep()["queued"] == 1


def test_a_message_that_was_lost_while_nobody_swept_is_found_hours_later(world: World):
    world.sweep()
    ticket = lose_the_entries(world)
    world.at = (world.at + timedelta(days=1)).replace(hour=0, minute=10)  # in another day's part of the table
    assert world.sweep()["queued"] == 1
    world.pump()
    assert {m.state for m in world.told(ticket)} == {"sent"}


def test_what_is_told_after_the_sweep_looked_at_its_time_is_found_too(world: World):
    ticket = world.report()
    world.deliver(act.act, world.to_act)
    world.at += timedelta(minutes=8)
    world.sweep()
    world.queue.waiting.clear()
    telling.tell(ticket.id, 1, 1, world.at)
    world.queue.waiting.clear()  # the queue lost it
    world.queue.marks.clear()
    world.at += timedelta(minutes=5)
    assert world.sweep()["queued"] == 1


def test_a_sweep_that_ran_out_of_time_leaves_no_message_behind(world: World):
    lose_the_entries(world)
    world.at += timedelta(minutes=5)
    assert sweeping.sweep(world.at, lambda: False).more
    assert world.sweep()["queued"] == 1


def test_a_message_of_before_is_found_sent_and_not_told_again(world: World):
    ticket = world.report()
    world.pump()
    for message in world.told(ticket):
        row = world.table.get(*message.key)
        assert row is not None
        world.table.write(Delete(message.key))
        old = {"pk": f"TICKET#{ticket.id}", "sk": f"TOLD#{message.told}", "state": "queued"}
        world.table.write(Put({**row, **old, "dk": records.shard(ticket.id), "due": iso(world.at)}))
    world.at += timedelta(minutes=5)
    assert world.sweep()["queued"] == 2
    world.pump()
    names = [f"TOLD#{told}" for told in ("000001#reporter#reported", f"000002#{world.load(ticket).holder}#assigned")]
    assert [m.state for name in names if (m := messages.get(ticket.id, name))] == ["sent", "sent"]
    world.at += timedelta(hours=2)
    assert telling.tell_missing(world.load(ticket), world.at) == 0


def test_a_message_of_a_minute_ago_is_left_to_the_queue(world: World):
    ticket = lose_the_entries(world)
    world.at += timedelta(minutes=1)
    assert world.sweep()["queued"] == 0
    assert [m.state for m in world.told(ticket) if m.to == "reporter"] == ["queued"]


def test_a_message_that_waits_for_its_next_try_is_left_to_the_queue_and_then_queued_again(world: World):
    ticket = lose_the_entries(world)
    message = next(m for m in world.told(ticket) if m.to == "reporter")
    sending.try_later(ticket, message.sk, "receipt", 7, world.at, emergency=False)
    world.at += timedelta(minutes=6)  # the next try is due after five
    assert world.sweep()["queued"] == 0
    world.at += timedelta(minutes=1)
    assert world.sweep()["queued"] == 1


def test_a_queue_that_is_down_when_the_sweep_comes_loses_nothing(world: World):
    ticket = lose_the_entries(world)
    world.at += timedelta(minutes=5)
    world.queue.is_down = True
    assert world.sweep()["queued"] == 0
    world.queue.is_down = False
    assert world.sweep()["queued"] == 1
    world.pump()
    assert {m.state for m in world.told(ticket)} == {"sent"}


def test_a_message_that_was_sent_skipped_or_given_up_is_due_no_more(world: World):
    ticket = world.report()
    world.pump()
    for end in (messages.skipped, messages.given_up, lambda m: messages.sent(m, world.at, "sms")):
        message = replace(world.told(ticket)[0], event=900)
        world.table.write(Delete(message.key))
        assert messages.add(message, world.at)
        end(message)
        messages.again(message, world.at)
        row = world.table.get(*message.key)
        assert row is not None
        assert "due" not in row


@pytest.mark.parametrize("end", ["cancel"])
def test_a_ticket_that_is_done_is_not_looked_at_again(world: World, end: str):
    ticket = waiting(world)
    world.do(ticket, end, "reporter")
    world.pump()
    world.at += timedelta(hours=3)
    assert world.sweep()["seen"] == 0
