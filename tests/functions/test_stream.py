"""Readers of the stream, with records as the table's stream brings them."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.functions import act, tell
from chalicelib.functions.stream import changed
from chalicelib.services.record import acting
from tests.fakes import as_record
from tests.world import World


def test_a_record_says_which_events_are_new():
    row = {"pk": "TICKET#T1", "sk": "EVENT#000007", "body": '{"e":[{"k":"refused"},{"k":"reworked"}]}', "act": 1}
    change = changed(as_record(row, 1))
    assert (change.record, change.first, change.count) == ("T1", 7, 2)


@pytest.mark.parametrize("broken", [{"S": "no json"}, {"S": "[]"}, {"N": "1"}, {"S": '{"e":7}'}, None])
@pytest.mark.parametrize("reader", [act.act, tell.tell])
def test_a_record_that_cannot_be_read_goes_aside_and_holds_nobody_up(world: World, reader: Any, broken: Any) -> None:
    for unit in ("U1", "U2", "U3"):
        world.report(unit=unit)
    records = list(world.to_act if reader is act.act else world.to_tell)
    image = records[1]["dynamodb"]["NewImage"]
    if broken is None:
        del records[1]["dynamodb"]["NewImage"]
    else:
        image["body"] = broken
    assert reader({"Records": records}, None) == {"batchItemFailures": []}
    assert world.rings["ChangesSetAside"] == 1
    done = {e.document for e in world.states.running()} if reader is act.act else world.queue.waiting
    assert len(done) == 2


def test_a_ticket_with_an_event_that_cannot_be_read_holds_nobody_up(world: World) -> None:
    broken = world.report(unit="U1")
    world.report(unit="U2")
    world.table.parts[f"TICKET#{broken.id}"]["EVENT#000001"]["body"] = "no json"
    assert act.act({"Records": world.to_act}, None) == {"batchItemFailures": []}
    assert len(world.states.running()) == 1
    assert world.rings["RowsUnreadable"] == 1


def test_a_ticket_that_fails_is_delivered_again(world: World, monkeypatch: pytest.MonkeyPatch):
    ticket = world.report()
    monkeypatch.setattr(acting, "_give", lambda *_: 1 / 0)
    answer = act.act({"Records": world.to_act}, None)
    assert len(answer["batchItemFailures"]) == 1
    monkeypatch.undo()
    world.pump()
    assert world.load(ticket).holder


def test_reading_twice_or_in_another_order_changes_nothing(world: World):
    ticket = world.report()
    records = list(world.to_act) + list(world.to_tell)
    world.pump()
    version, told = world.load(ticket).version, len(world.told(ticket))
    for record in reversed(records):
        act.act({"Records": [record]}, None)
        tell.tell({"Records": [record]}, None)
    world.pump()
    assert (world.load(ticket).version, len(world.told(ticket))) == (version, told)
    assert len(world.delivered) == told
