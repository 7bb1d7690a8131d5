"""Old events are read as today's, step by step; nothing stored is rewritten."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.record.upcast import UPCASTERS, newest, upcast
from chalicelib.domain.ticket.ticket import CHANGES
from chalicelib.store import events, records
from tests.world import World


def to_second(kind: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Schema 1 called the person `who`."""
    return kind, {"person" if k == "who" else k: v for k, v in data.items()}


def to_third(kind: str, data: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    return kind, {"team": "", **data}


STEPS = {("assigned", 1): to_second, ("assigned", 2): to_third}


@pytest.mark.parametrize(
    ("schema", "stored"),
    [(1, {"who": "b1"}), (2, {"person": "b1"}), (3, {"person": "b1", "team": ""})],
)
def test_every_schema_is_read_as_the_last(schema: int, stored: dict[str, Any]):
    assert upcast("assigned", schema, stored, STEPS) == ("assigned", {"person": "b1", "team": ""})


def test_every_step_that_ships_leads_from_and_to_events_that_are_known():
    assert UPCASTERS
    for (kind, schema), step in UPCASTERS.items():
        assert kind in CHANGES
        assert step(kind, {"person": "b1", "cause": "left"})[0] in CHANGES
        assert 1 <= schema < newest(kind)


def test_what_needs_no_step_is_left_as_it_is():
    assert upcast("noted", 1, {"photos": 2}, STEPS) == ("noted", {"photos": 2})
    assert newest("noted", STEPS) == 1
    assert newest("assigned", STEPS) == 3


def test_a_ticket_stored_in_an_old_schema_is_read_and_worked_on(world: World, monkeypatch: pytest.MonkeyPatch):
    ticket = world.report().id
    world.pump()
    row = world.table.parts[records.key(ticket)]["EVENT#000002"]
    old = json.loads(row["body"])
    event = old["e"][0]
    event["d"] = {"who": event["d"]["person"]}
    event["s"] = 1
    row["body"] = json.dumps(old)
    monkeypatch.setattr(events, "upcast", lambda kind, schema, data: upcast(kind, schema, data, STEPS))
    assert world.load(ticket).holder in ("b1", "b2")
    world.do(ticket, "acknowledge")
    assert world.load(ticket).state == "acknowledged"
    assert json.loads(row["body"]) == old


@pytest.mark.parametrize(
    ("data", "kind"),
    [({"person": "b1"}, "declined"), ({"person": "b1", "cause": "not_acknowledged"}, "taken_away")],
)
def test_who_lost_a_ticket_unasked_never_declined_it_whatever_was_stored(world: World, data: dict[str, Any], kind: str):
    ticket = world.report().id
    world.pump()
    holder = world.load(ticket).holder
    world.do(ticket, "decline")
    row = world.table.parts[records.key(ticket)]["EVENT#000004"]
    old = json.loads(row["body"])
    old["e"][0]["d"] = data | {"person": holder}
    old["e"][0].pop("s", None)
    row["body"] = json.dumps(old)
    read = world.load(ticket)
    assert read.events[3].kind == kind
    assert (holder in read.declined_by) == (kind == "declined")
    world.advance(hours=2)
    world.reconcile()
    assert not [m for m in world.told(ticket) if m.template == "taken_away" and m.to == holder and m.event == 4]
