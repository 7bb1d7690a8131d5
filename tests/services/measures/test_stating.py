"""A fact stands if and only if what it states happened, once, whatever was cut off; it can be made up later."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chalicelib.adapters import objects
from chalicelib.commands import rebuild as command
from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.policy.overrides import Override
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.measures import restating
from chalicelib.services.record import erasing, numbers
from chalicelib.services.record.record import NotFound
from chalicelib.store import facts, rules
from chalicelib.store.table import Put, Row
from tests.model.crashes import CUT, Scissors
from tests.world import World

SCORES = {"overall": 5, "speed": 4, "thoroughness": 5, "manners": 5}


def rows(world: World) -> list[Row]:
    return [
        dict(row) for pk, part in sorted(world.table.parts.items()) if pk.startswith("FACT#") for row in part.values()
    ]


def stated(ticket: Ticket, month: str = "2026-03") -> list[Fact]:
    return [fact for fact in facts.of_month("P1", month)[0] if fact.ticket == ticket.id]


def completed(world: World) -> Ticket:
    ticket = world.report()
    world.pump()
    for minutes, move in ((5, "acknowledge"), (30, "arrive"), (90, "complete")):
        world.advance(minutes=minutes)
        world.do(ticket, move)
    world.pump()
    return world.load(ticket)


def closed(world: World) -> Ticket:
    ticket = completed(world)
    world.do(ticket, "sign_off", "reporter", scores=SCORES)
    world.advance(hours=2)
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.pump()
    return world.load(ticket)


def test_a_closed_ticket_has_its_fact_and_an_open_one_has_none(world: World):
    open_ticket, ticket = world.report(unit="U2"), closed(world)
    assert stated(open_ticket) == []
    fact = stated(ticket)[-1]
    assert (fact.why, fact.n, fact.scores) == ("closed", ticket.version, SCORES)
    assert fact.by == "d1"
    assert fact.policy == ticket.events[-1].policy


def test_an_answered_enquiry_closes_with_its_fact(world: World):
    ticket = world.report("几点开门", kind="enquiry")
    world.pump()
    world.do(ticket, "answer", "d1")
    assert [f.why for f in stated(ticket)] == ["closed"]


@pytest.mark.parametrize("move", ["cancel", "waive"])
def test_every_way_to_end_states_a_fact(world: World, move: str):
    ticket = world.report()
    world.pump()
    world.do(ticket, move, "reporter")
    assert [f.why for f in stated(ticket)] == ["closed"]


def test_cut_off_anywhere_the_fact_stands_if_and_only_if_the_ticket_closed(world: World):
    ticket = completed(world)
    world.do(ticket, "sign_off", "reporter")
    point = 0
    while world.load(ticket).is_open:
        scissors = Scissors(world, lambda what: None)
        with scissors.cutting((point, CUT)):
            world.do(ticket, "follow_up", "d1", fixed=True, key="follow-up-1")
        assert len(stated(ticket)) == int(not world.load(ticket).is_open)
        point += 1
    world.do(ticket, "follow_up", "d1", fixed=True, key="follow-up-1")
    assert len(stated(ticket)) == 1
    assert point > 1


def test_the_fact_of_a_usual_life_costs_two_write_units(world: World):
    closed(world)
    for row in rows(world):
        assert sum(len(k) + len(str(v).encode()) for k, v in row.items()) < 1024


def test_what_closed_before_there_were_facts_gets_the_same_bytes(world: World):
    ticket = closed(world)
    world.do(ticket, "note_failed_message", "system", message="m", template="closed", to="reporter")
    complaint = world.report("太吵", kind="complaint", unit="U3")
    world.pump()
    world.do(complaint, "relay", "d1", to="engineering")
    world.do(complaint, "answer", "d1")
    kept = copy.deepcopy(rows(world))
    assert len(kept) == 3
    for row in kept:
        del world.table.parts[row["pk"]][row["sk"]]
    assert restating.state_again(ticket.id) == 2
    assert restating.state_again(complaint.id) == 1
    assert rows(world) == kept
    assert restating.state_again(ticket.id) == 0


def test_the_command_finds_tickets_that_ended(world: World, capsys: pytest.CaptureFixture[str]):
    ticket = closed(world)
    world.report(unit="U2")
    for row in rows(world):
        del world.table.parts[row["pk"]][row["sk"]]
    assert command.main(["--lang", "en"]) == 0
    assert stated(ticket) == []
    assert command.main(["--ended", "--lang", "en"]) == 0
    assert "2 facts were not there" in capsys.readouterr().out
    assert stated(ticket)[-1].why == "closed"


def test_facts_of_no_ticket_are_not_made_up(world: World):
    with pytest.raises(NotFound):
        restating.state_again("0" * 26)


def test_erasing_leaves_the_facts(world: World, monkeypatch: pytest.MonkeyPatch):
    def nothing() -> Iterator[str]:
        return iter(())

    monkeypatch.setattr(objects, "forget", lambda key: 0)
    monkeypatch.setattr(objects, "note_erased", lambda ticket: None)
    monkeypatch.setattr(objects, "erased", nothing)
    ticket = closed(world)
    before = rows(world)
    erasing.erase(ticket.id, world.at)
    assert rows(world) == before


def test_a_rating_months_later_is_listed_under_its_own_month(world: World):
    ticket = completed(world)
    world.do(ticket, "sign_off", "reporter")
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.at += timedelta(days=40)
    world.do(ticket, "rate", "reporter", scores=SCORES)
    assert [f.why for f in stated(ticket)] == ["closed"]
    assert [f.why for f in stated(ticket, "2026-04")] == ["rated"]


def test_a_month_is_listed_page_by_page_in_the_order_of_time(world: World):
    for unit in ("U1", "U2", "U3"):
        ticket = world.report(unit=unit)
        world.pump()
        world.do(ticket, "cancel", "reporter")
        world.advance(minutes=1)
    first, more = facts.of_month("P1", "2026-03", limit=2)
    rest, end = facts.of_month("P1", "2026-03", limit=2, start=more)
    assert [len(first), len(rest), end] == [2, 1, None]
    assert [f.at for f in (*first, *rest)] == sorted(f.at for f in (*first, *rest))


def test_nothing_personal_of_a_world_stands_in_a_fact(world: World):
    closed(world)
    text = json.dumps(rows(world), ensure_ascii=False)
    assert not [word for word in ("测试", "1990000", "漏水", "P1苑") if word in text]


def test_a_fact_made_up_later_is_judged_by_the_numbers_of_its_time(world: World):
    def arrive_within(hours: int) -> None:
        for row in rules.put_overrides("P1", [Override("arrive", "urgent", timedelta(hours=hours), "")]):
            world.table.write(Put(row))
        numbers.forget()
        numbers._made.forget()

    world.sweep()
    arrive_within(2)
    ticket = closed(world)
    kept = rows(world)
    arrive_within(1)
    world.do(ticket, "note_failed_message", "system", message="m", template="closed", to="reporter")
    assert rows(world) == kept
    for row in kept:
        del world.table.parts[row["pk"]][row["sk"]]
    restating.state_again(ticket.id)
    assert rows(world) == kept
    assert {c.target for c in stated(ticket)[-1].clocks if c.name == "arrive"} == {timedelta(hours=2)}
