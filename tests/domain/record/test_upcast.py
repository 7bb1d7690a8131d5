"""Old events are read as today's, step by step; nothing stored is rewritten."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chalicelib.domain.record import upcast as upcasting
from chalicelib.domain.record.upcast import SCHEMA, upcast
from chalicelib.store import tickets
from tests.world import World


def to_second(data: dict[str, Any]) -> dict[str, Any]:
    """Schema 1 called the person `who`."""
    return {"person" if k == "who" else k: v for k, v in data.items()}


def to_third(data: dict[str, Any]) -> dict[str, Any]:
    return {"team": "", **data}


STEPS = {("assigned", 1): to_second, ("assigned", 2): to_third}


@pytest.mark.parametrize(
    ("schema", "stored"),
    [(1, {"who": "b1"}), (2, {"person": "b1"}), (3, {"person": "b1", "team": ""})],
)
def test_every_schema_is_read_as_the_last(schema: int, stored: dict[str, Any]):
    assert upcast("assigned", schema, stored, STEPS) == {"person": "b1", "team": ""}


def test_what_needs_no_step_is_left_as_it_is():
    assert upcast("noted", 1, {"photos": 2}, STEPS) == {"photos": 2}
    assert all(schema < SCHEMA for _, schema in upcasting.UPCASTERS)


def test_a_ticket_stored_in_an_old_schema_is_read_and_worked_on(world: World, monkeypatch: pytest.MonkeyPatch):
    ticket = world.report().id
    world.pump()
    row = world.table.parts[tickets.key(ticket)]["EVENT#000002"]
    old = json.loads(row["body"])
    [event] = old["e"]
    event["d"] = {"who": event["d"]["person"]}
    event["s"] = 1
    row["body"] = json.dumps(old)
    monkeypatch.setattr(tickets, "upcast", lambda kind, schema, data: upcast(kind, schema, data, STEPS))
    assert world.load(ticket).holder in ("b1", "b2")
    world.do(ticket, "acknowledge")
    assert world.load(ticket).state == "acknowledged"
    assert json.loads(row["body"]) == old
