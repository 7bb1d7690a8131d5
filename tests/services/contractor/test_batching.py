"""Like defects under one letter: suggested, joined, repaired one by one."""

from __future__ import annotations

import pytest

from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.services.contractor import batching
from chalicelib.store import letters
from tests.services.contractor import scene
from tests.services.contractor.scene import case_of, do, find, opened
from tests.world import World

UNITS = ("U1", "U2", "U3", "U4")


def many(world: World, number: int) -> list[str]:
    """So many cases of one component in one building, the newest last."""
    return [opened(world, unit=UNITS[n % 4])[1] for n in range(number)]


def test_open_cases_of_one_component_and_building_are_suggested(here: World) -> None:
    first, second = many(here, 2)
    opened(here, component="kitchen")
    assert [one.id for one in batching.like(case_of(first), here.at)] == [second]
    do(here, second, "release_notice", "o1")
    assert [one.id for one in batching.like(case_of(first), here.at)] == [second]
    do(here, second, "acknowledge", "C1.k1")
    assert batching.like(case_of(first), here.at) == []
    assert batching.like(case_of(second), here.at) == [], "its letter is out"


def test_twelve_stand_under_one_letter_and_go_on_one_by_one(here: World) -> None:
    first, *others = many(here, 12)
    do(here, first, "join", "o1", cases=others, key="join")
    one = case_of(first)
    assert len(one.tickets) == 12
    assert {case_of(other).outcome for other in others} == {"joined"}
    assert {here.load(ticket).cases[scene.CONTRACT] for ticket in one.tickets} == {first}
    do(here, first, "release_notice", "o1")
    content = letters.content("E1-2026-0001")
    assert content is not None
    assert len(content.body["tickets"]) == 12
    here.advance(hours=3)
    assert letters.last("E1", 2026) == 1, "those that were joined write no letter of their own"
    do(here, first, "acknowledge", "C1.k1")
    assert {here.load(ticket).holder for ticket in one.tickets} == {"C1.k1"}
    for ticket in one.tickets:
        assert case_of(first).state is State.ACKNOWLEDGED
        scene.repair(here, ticket)
        here.do(ticket, "sign_off", "reporter")
        here.pump()
    assert case_of(first).outcome == "cured"


def test_joining_twice_is_joining_once(here: World) -> None:
    first, second = many(here, 2)
    for _ in range(2):
        do(here, first, "join", "o1", cases=[second], key="join")
    assert [e.kind for e in case_of(first).events].count("joined") == 1
    assert here.kinds(case_of(first).ticket).count("case_opened") == 1


def test_what_was_found_before_is_brought_along(here: World) -> None:
    first, second = many(here, 2)
    find(here, second, share=60)
    do(here, first, "join", "o1", cases=[second])
    one = case_of(first)
    found = one.findings[case_of(second).ticket]
    assert (found.share, found.finder) == (60, "b1")
    assert "b1" in one.finders


@pytest.mark.parametrize("about", [{"component": "kitchen"}, {"unit": "V1"}])
def test_what_is_not_alike_is_not_joined(here: World, about: dict[str, str]) -> None:
    first = opened(here)[1]
    ticket = here.report(**{"category": "water_leak", "component": "bathroom", **about})
    here.pump()
    other = here.load(ticket).cases.get(scene.CONTRACT, "CASE#0")
    with pytest.raises(Invalid):
        do(here, first, "join", "o1", cases=[other])


def test_nothing_is_joined_to_a_letter_that_is_out(here: World) -> None:
    first, second = many(here, 2)
    do(here, first, "release_notice", "o1")
    with pytest.raises(IllegalMove):
        do(here, first, "join", "o1", cases=[second])


def test_what_somebody_has_taken_on_goes_on_alone(here: World) -> None:
    first, second = many(here, 2)
    do(here, second, "release_notice", "o1")
    do(here, second, "acknowledge", "C1.k1")
    with pytest.raises(Invalid):
        do(here, first, "join", "o1", cases=[second])
