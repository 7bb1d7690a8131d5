"""Tickets as they are stored: one transaction, refused where anything was written since it was read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.ticket.heading import heading
from chalicelib.domain.ticket.lifecycle import Command, decide
from chalicelib.domain.ticket.ticket import Event, Ticket, fold
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import records, tickets
from chalicelib.store.records import NumberTaken, StaleRecord, Timer
from tests.world import World


def read(world: World) -> tuple[Ticket, Timer, list[Event]]:
    """A ticket with its timer as read, and a change that is about to be written."""
    ticket_id = world.report().id
    world.pump()
    found = records.load(ticket_id)
    assert found is not None
    command = Command("contact", world.actor("d1"))
    return *found, decide(found[0], command, world.at, policy_for(found[0].place))


def test_what_is_written_is_read_again(world: World):
    ticket, timer, events = read(world)
    after = record.append(ticket, timer, events)
    assert records.load(ticket.id) == (after, timer)


def test_a_second_writer_is_told_the_ticket_is_stale(world: World):
    ticket, timer, events = read(world)
    record.append(ticket, timer, events)
    with pytest.raises(StaleRecord):
        record.append(ticket, timer, events)


@pytest.mark.parametrize("other", [{"armed": "2026-03-02T09:00:00Z"}, {"generation": 7}, {"armed": ""}], ids=str)
def test_a_timer_that_changed_meanwhile_makes_it_stale_too(world: World, other: dict[str, Any]):
    ticket, timer, events = read(world)
    records.look_again(ticket, replace(timer, **other), timer)
    with pytest.raises(StaleRecord):
        record.append(ticket, timer, events)


def test_a_number_is_given_once(world: World):
    first, timer, _ = read(world)
    event = replace(first.events[0], key="another")
    after = fold("T2", [event])
    top = heading(after, policy_for(after.place))
    with pytest.raises(NumberTaken):
        records.append(None, after, [event], top, timer, act=True, tell=True)
    assert records.load("T2") is None
    assert tickets.by_number(first.number) == first.id


def test_lists_hold_open_tickets_only_and_page_by_deadline(world: World):
    found = [world.report(unit=f"U{1 + i % 4}").id for i in range(7)]
    world.pump()
    world.do(found[0], "cancel", "reporter")
    seen: list[str] = []
    start = None
    while True:
        lines, start = tickets.queue("P1/desk", limit=2, start=start)
        seen += [line.id for line in lines]
        if not start:
            break
    assert sorted(seen) == sorted(found[1:])
    held = [line.id for who in ("b1", "b2") for line in tickets.held_by(who)[0]]
    assert sorted(held) == sorted(found[1:])
    assert sum(tickets.count_held_by(who) for who in ("b1", "b2")) == 6
    assert {line.id for line in tickets.open_at("U2")} == {found[1], found[5]}


def test_what_is_due_is_found_within_its_bounds(world: World):
    ticket = world.report().id
    world.pump()
    due = world.at + timedelta(minutes=30, seconds=1)

    def found(**bounds: Any) -> list[str]:
        return [pk for shard in range(records.SHARDS) for pk, _ in records.due_until(shard, limit=5, **bounds)[0]]

    assert found(until=due) == [records.key(ticket)]
    assert found(until=due - timedelta(seconds=1)) == []
    assert found(until=due, after=due) == []
    assert found(until=due, after=due - timedelta(seconds=1)) == [records.key(ticket)]


def test_a_head_is_put_back_only_where_nobody_wrote(world: World):
    ticket, timer, events = read(world)
    stands = records.stored_head(ticket.id)
    assert stands is not None
    record.append(ticket, timer, events)
    with pytest.raises(StaleRecord):
        records.put_head(stands, stands)
    with pytest.raises(StaleRecord):
        records.put_head(stands, None)


def test_words_and_names_lie_apart_from_facts(world: World):
    ticket = world.report("卫生间漏水", phone="19900009999").id
    rows = world.table.parts[records.key(ticket)]
    facts = "".join(str(row) for sk, row in rows.items() if not sk.startswith("PRIVATE#"))
    assert "19900009999" not in facts
    assert "漏水" not in facts
    assert "19900009999" in str(rows["PRIVATE#000001"])
