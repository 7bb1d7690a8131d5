"""What the kinds of records that people work on answer alike."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.roles import desk_of, office_of
from chalicelib.services import staffed
from chalicelib.services.record import registry
from chalicelib.store import people
from chalicelib.store.messages import Message
from tests.world import World, forget

NO_MOVE = frozenset({"AMENDMENT", "FINDING"})  # ends by itself, whoever reads of it; tells nobody


@pytest.mark.parametrize("prefix", sorted(set(registry.SHIPPED) - NO_MOVE))
def test_a_message_that_reached_nobody_is_noted_by_every_kind_that_has_people_waiting(
    world: World, prefix: str
) -> None:
    message = Message(f"{prefix}#01KJP0Y9M0DSZ2W0CPXYQF0N48", 1, "d1", "assigned", "", world.at)
    command = registry.of(message.record).undelivered(message)
    assert command is not None
    assert command.name == "note_failed_message"
    assert command.key == f"failed/{message.sk}"


def test_an_office_without_people_leaves_it_to_a_desk_that_has_some(world: World) -> None:
    place = {"project": "P1", "subsidiary": "S1"}
    for team in (office_of(place), desk_of(2, place), desk_of(3, place)):
        for one in people.team(team):
            world.employ(one.id, team, active=False)
    forget()
    assert staffed.at_office(place, world.at) in {one.id for one in people.team(desk_of(1, place))}
