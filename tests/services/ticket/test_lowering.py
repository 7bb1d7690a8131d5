"""A lower priority needs a reason, is told to both sides, and is counted."""

from __future__ import annotations

import pytest

from chalicelib.domain.measures.facts import fact_of
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.ticket import follow
from tests.world import World


def urgent(world: World) -> Ticket:
    ticket = world.report("卫生间漏水")
    world.pump()
    world.do(ticket, "set_priority", "d1", said={}, priority="urgent")  # to raise it needs no reason
    world.pump()
    return world.load(ticket)


def told(world: World, ticket: Ticket) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for m in world.told(ticket):
        found.setdefault(m.template, set()).add(m.to)
    return found


def test_nobody_lowers_a_priority_without_saying_why(world: World) -> None:
    ticket = urgent(world)
    with pytest.raises(Invalid) as refused:
        world.do(ticket, "set_priority", "d1", said={}, priority="normal")
    assert (refused.value.field, refused.value.reason) == ("words", "required")
    assert "priority_lowered" not in told(world, ticket)


def test_the_owner_and_whoever_has_it_hear_of_it_and_the_owner_reads_why(world: World) -> None:
    ticket = urgent(world)
    world.do(ticket, "set_priority", "d1", said={"words": "水阀已关"}, priority="normal")
    world.pump()
    lowered = told(world, ticket)
    assert lowered["priority_lowered"] == {"reporter"}
    assert lowered["lowered_for_you"] == {ticket.holder}
    assert "水阀已关" in [row.words for row in follow.look(world.load(ticket), world.at).rows]


def test_a_technician_who_lowers_it_is_seen_by_the_desk(world: World) -> None:
    ticket = urgent(world)
    world.do(ticket, "set_priority", said={"words": "只是滴水"}, priority="normal")
    world.pump()
    assert told(world, ticket)["lowered_for_you"] & {"d1", "d2"}


def test_it_is_counted(world: World) -> None:
    ticket = urgent(world)
    world.do(ticket, "set_priority", "d1", said={"words": "水阀已关"}, priority="normal")
    after = world.load(ticket)
    assert fact_of(after, policy_of(after), "closed").lowered == 1
