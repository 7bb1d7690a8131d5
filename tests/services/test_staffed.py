"""What the kinds of records that people work on answer alike."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.moving import book
from chalicelib.domain.record.roles import desk_of, office_of
from chalicelib.services import staffed
from chalicelib.services.contractor import office
from chalicelib.services.record import registry
from chalicelib.store import people
from chalicelib.store.messages import Message
from tests.domain.happened import MONDAY, POLICY
from tests.services.money import owed
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


def test_who_is_told_of_what_is_graver_is_not_told_of_the_rest_as_well(world: World) -> None:
    office.forget()
    owed.settle(world)
    case = owed.invoiced(world)
    owed.gathered(world, case)
    before = len(world.told(owed.of_case(case).id))
    world.at += timedelta(days=12)  # nobody looked: the deadline, the level and its reminder came together
    world.sweep()
    world.pump()
    one = owed.of_case(case)
    kinds = Counter(event.kind for event in one.events)
    assert (kinds["breached"], kinds["escalated"], kinds["reminded"]) == (1, 1, 1)
    told = Counter(message.to for message in world.told(one.id)[before:])
    assert max(told.values()) == 1, told
    [reminded] = [event for event in one.events if event.kind == "reminded"]
    assert reminded.data["quiet"] is True, "level 2 hears of it once"


@pytest.mark.parametrize("kind", ["warn", "breach", "escalate", "remind"])
def test_the_book_of_every_kind_says_what_was_not_said_aloud(kind: str) -> None:
    move = book(frozenset({"open"}), frozenset({"open", "over"}))[kind]
    facts = {"moment": "m", "clock": "c", "person": "p", "level": 2, "deadline": "d", "fraction": 0.5, "quiet": True}
    [(_, kept)] = move.makes(None, Command(kind, SYSTEM, facts), MONDAY, POLICY)
    assert kept["quiet"] is True
    assert {"moment", "clock", "person"} <= kept.keys()
