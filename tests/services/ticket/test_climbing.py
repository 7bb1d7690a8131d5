"""Climbing, by the owner and by breach: who is told, once each, and the complaint that level 3 opens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.ticket.ticket import Role
from chalicelib.functions import act
from chalicelib.services.access import access
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import climbing
from chalicelib.store.table import Conflict, Write
from tests.model.crashes import Scissors
from tests.world import World


def late(world: World) -> str:
    """A ticket nobody called about for half an hour."""
    ticket = world.report("马桶堵了").id
    world.pump()
    world.do(ticket, "acknowledge")
    world.advance(minutes=31)
    return ticket


def escalations(world: World, ticket: str) -> list[tuple[int, str, str]]:
    return [
        (e.data["level"], e.data["cause"], e.data["person"]) for e in world.load(ticket).events if e.kind == "escalated"
    ]


def test_a_breach_tells_the_person_on_duty_at_level_2_who_gets_in_by_a_link(world: World):
    ticket = late(world)
    assert escalations(world, ticket) == [(2, "breach", "s1")]
    [message] = [m for m in world.told(ticket) if m.template == "escalated"]
    assert (message.to, message.link, message.state) == ("s1", "ticket", "sent")
    grant = access.open_link(access.token(access.ticket_grant(ticket, "s1")))
    assert access.actor_on(grant, world.load(ticket)).role is Role.SUPERVISOR


def test_the_owner_climbs_one_desk_further_and_that_is_the_same_event_by_another_cause(world: World):
    ticket = late(world)
    world.do(ticket, "climb", "reporter")
    world.pump()
    assert escalations(world, ticket) == [(2, "breach", "s1"), (3, "owner", "h1")]
    assert "h1" in {m.to for m in world.told(ticket) if m.template == "escalated"}


def test_nobody_climbs_before_a_clock_is_breached(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.advance(minutes=14)
    with pytest.raises(IllegalMove) as refused:
        world.do(ticket, "climb", "reporter")
    assert refused.value.reason == "not_late_yet"


def test_asking_for_the_desk_that_was_told_meanwhile_tells_nobody_twice(world: World):
    ticket = late(world)
    world.do(ticket, "climb", "reporter", level=2)
    assert escalations(world, ticket) == [(2, "breach", "s1")]


def test_level_3_opens_one_linked_complaint_with_its_own_link_and_clocks(world: World):
    ticket = late(world)
    world.do(ticket, "climb", "reporter")
    world.pump()
    complaint = world.load(climbing.complaint_id(ticket))
    assert world.load(ticket).linked == (complaint.id,)
    assert complaint.linked == (ticket,)
    assert (complaint.kind, complaint.holder) == ("complaint", "d1")
    assert complaint.said("reported")["words"] == "马桶堵了"
    assert world.own_link(complaint)
    assert {m.template for m in world.told(complaint)} == {"to_relay"}
    assert world.states.running(complaint.id)
    world.advance(days=4)  # the system climbs to level 3 by itself, more than once
    assert len(world.load(ticket).linked) == 1


@pytest.mark.parametrize("point", range(8))
def test_wherever_it_is_cut_there_is_one_complaint_and_both_say_so(world: World, point: int):
    ticket = late(world)
    world.do(ticket, "climb", "reporter")
    with Scissors(world, lambda _: None).cutting((point, "cut")):
        world.deliver(act.act, world.to_act)
    world.pump()
    assert world.load(ticket).linked == (climbing.complaint_id(ticket),)
    assert not world.load(ticket).complaint_due


def test_two_that_open_it_at_once_open_one(world: World):
    ticket = late(world)
    world.do(ticket, "climb", "reporter")
    record = world.to_act[0]
    scissors = Scissors(world, lambda _: act.act({"Records": [record]}, None) and None)
    with scissors.cutting((2, "act")):
        world.deliver(act.act, world.to_act)
    assert scissors.met_at
    world.pump()
    assert [e.kind for e in world.load(ticket).events].count("linked") == 1


def test_an_answer_stops_feedback(world: World):
    ticket = world.report("物业态度很差", kind="complaint").id
    world.pump()
    world.do(ticket, "answer", "d1")
    world.advance(hours=30)
    assert "feedback:due" not in world.load(ticket).recorded


def test_a_level_hands_back_with_an_instruction_to_whoever_must_act(world: World):
    ticket = late(world)
    holder = world.load(ticket).holder
    world.do(ticket, "hand_back", "s1", {"words": "今天上门"})
    world.pump()
    assert not world.load(ticket).stands("s1")
    assert holder in {m.to for m in world.told(ticket) if m.template == "handed_back"}


def test_what_the_last_level_hands_back_is_told_to_the_level_below(world: World):
    ticket = late(world)
    world.do(ticket, "climb", "reporter")
    world.pump()
    below = world.load(ticket).watchers[2]
    world.do(ticket, "hand_back", "h1", {"words": "今天上门"})
    world.pump()
    assert world.load(ticket).level == 2
    assert below in {m.to for m in world.told(ticket) if m.template == "handed_back"}


def test_after_the_last_level_there_is_a_reminder_a_day_whose_reader_gets_in(world: World):
    ticket = late(world)
    world.advance(days=3)
    reminders = [e for e in world.load(ticket).events if e.kind == "reminded" and e.data["clock"] == "response"]
    assert len(reminders) == 3
    assert all(world.load(ticket).stands(e.data["person"]) for e in reminders[-1:])
    world.do(ticket, "contact")
    world.advance(days=2)
    again = [e for e in world.load(ticket).events if e.kind == "reminded" and e.data["clock"] == "response"]
    assert len(again) == 3


def test_levels_that_were_missed_are_made_up_the_latest_first_without_a_burst(world: World):
    ticket = world.report("马桶堵了").id
    world.pump()
    world.states.fail_all()
    world.at += timedelta(days=9)
    world.sweep()
    world.pump()
    told = [e for e in world.load(ticket).events if e.kind == "escalated" and not e.data.get("quiet")]
    assert [e.data["level"] for e in told] == [3, 2]
    sent = [m.template for m in world.told(ticket) if m.made == world.at]
    assert sent.count("reminded") == 0
    assert sent.count("escalated") == 2


def test_a_desk_without_anybody_rings_and_the_next_one_up_answers(world: World):
    for who in ("s1", "s2"):
        world.employ(who, "S1/desk2", active=False)
    ticket = late(world)
    assert escalations(world, ticket) == [(2, "breach", "h1")]
    assert world.rings["NobodyAtLevel"] >= 1


def test_at_night_the_first_of_the_desk_is_told_and_whoever_knows_it_is_kept_by_day(world: World):
    world.at += timedelta(hours=14)
    ticket = late(world)
    assert escalations(world, ticket)[0] == (2, "breach", "s1")
    world.advance(hours=12)
    assert {person for level, _, person in escalations(world, ticket) if level == 2} == {"s1"}


def test_a_complaint_is_noted_only_when_it_is_there(world: World, monkeypatch: pytest.MonkeyPatch):
    ticket = late(world)
    world.do(ticket, "climb", "reporter")
    transact = world.table.transact

    def meets(writes: Sequence[Write], token: str = "") -> None:
        raise Conflict([], len(writes))

    monkeypatch.setattr(world.table, "transact", meets)
    with pytest.raises(NotFound):
        climbing.open_complaint(world.load(ticket), world.at)
    monkeypatch.setattr(world.table, "transact", transact)
    assert not world.load(ticket).linked
    climbing.open_complaint(world.load(ticket), world.at)
    [complaint] = world.load(ticket).linked
    assert world.load(complaint).kind == "complaint"
