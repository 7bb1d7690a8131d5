"""Releasing letters: one number each, whoever comes in between and wherever it is cut off."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import pytest

from chalicelib.domain.contractor.letter import Letter
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.contractor import letters as releasing
from chalicelib.services.record import record, registry
from chalicelib.store import letters
from chalicelib.store.table import Write
from tests.domain.contractor.letters import NOTICE, REMINDER
from tests.model import rounds
from tests.model.crashes import Scissors
from tests.world import World

OFFICE = Actor("o1", Role.OFFICE)


@pytest.fixture(autouse=True)
def _rounds() -> Iterator[None]:
    """Any record can have letters: one that nothing else is known of will do."""
    registry.register(rounds.SERVICE)
    yield
    registry.forget("ROUND")


def planned(world: World, name: str = "1") -> str:
    reference = f"ROUND#{name:0>26}"
    record.begin(reference, rounds.planned("b1", world.at))
    return reference


def release(world: World, reference: str, letter: Letter = NOTICE, by: Actor = SYSTEM, key: str = "") -> Any:
    now = replace(
        letter,
        deadline=world.at + timedelta(days=15),
        respond_by=world.at + timedelta(days=1) if letter.respond_by else None,
        inspect_by=world.at + timedelta(days=2) if letter.inspect_by else None,
    )
    move = Command("letter_released", by, key=key or f"{letter.kind}/{reference}")
    return releasing.release(reference, lambda _: (now, move), world.at)


def given(one: Any) -> list[str]:
    return [event.data["letter"] for event in one.events if event.kind == "letter_released"]


def test_a_released_letter_has_number_content_and_an_event_that_names_both(world: World) -> None:
    one = release(world, planned(world))
    [event] = [event for event in one.events if event.kind == "letter_released"]
    number = event.data["letter"]
    assert number == "HY-2026-0001"
    kept, content = letters.get(number), letters.content(number)
    assert kept is not None
    assert content is not None
    assert (kept.record, kept.kind, kept.state, kept.at) == (one.id, "notice", "released", world.at)
    assert kept.hash == content.hash == event.data["hash"]
    assert content.body["number"] == number
    assert number in "".join(content.body["said"]["number"])
    assert event.data["deadline"] == (world.at + timedelta(days=15)).isoformat()


def test_the_same_release_sent_twice_takes_one_number(world: World) -> None:
    reference = planned(world)
    release(world, reference)
    again = release(world, reference)
    assert given(again) == ["HY-2026-0001"]
    assert letters.last("HY", 2026) == 1


def test_the_year_is_that_of_the_place(world: World) -> None:
    world.at = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)  # half past midnight in Shanghai
    assert given(release(world, planned(world))) == ["HY-2027-0001"]


def test_only_a_notice_goes_by_itself(world: World) -> None:
    reference = planned(world)
    late = replace(REMINDER, at=world.at)
    with pytest.raises(NotAllowed):
        release(world, reference, late)
    assert given(release(world, reference, late, by=OFFICE)) == ["HY-2026-0001"]


def test_an_incomplete_letter_takes_no_number(world: World) -> None:
    reference = planned(world)
    with pytest.raises(Invalid):
        release(world, reference, replace(NOTICE, matters=()))
    assert letters.last("HY", 2026) == 0
    assert given(record.load(reference)) == []


def test_letters_that_can_not_be_printed_are_named_to_the_office(world: World) -> None:
    one = release(world, planned(world), replace(NOTICE, words="请转交𠮷工"))
    assert one.events[-1].data["rare"] == ["U+20BB7"]


def test_whoever_loses_the_race_for_a_number_takes_the_next(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    references = [planned(world, str(n)) for n in range(6)]
    transact = world.table.transact
    others = references[1:]

    def beaten(writes: Sequence[Write], token: str = "") -> None:
        if others:
            release(world, others.pop())
        transact(writes, token)

    monkeypatch.setattr(world.table, "transact", beaten)
    release(world, references[0])
    numbers = sorted(number for one in references for number in given(record.load(one)))
    assert numbers == [f"HY-2026-{n:04d}" for n in range(1, 7)]


@pytest.mark.parametrize("seed", range(8))
def test_whatever_is_cut_off_no_number_is_missing_or_given_twice(world: World, seed: int) -> None:
    random = Random(seed)
    entities = ("HY", "LH")
    references: list[str] = []
    wanted: dict[str, Letter] = {}

    def meanwhile(_: str) -> None:
        other = planned(world, str(len(references) + 100))
        references.append(other)
        wanted[other] = replace(NOTICE, entity=replace(NOTICE.entity, id=random.choice(entities)))
        release(world, other, wanted[other])

    scissors = Scissors(world, meanwhile)
    for n in range(25):
        reference = planned(world, str(n))
        references.append(reference)
        wanted[reference] = replace(NOTICE, entity=replace(NOTICE.entity, id=random.choice(entities)))
        with scissors.cutting((random.randrange(4), random.choice(("cut", "other")))):
            release(world, reference, wanted[reference])
    for reference in references:  # whoever was cut off tries again
        release(world, reference, wanted[reference])
    found = {entity: [] for entity in entities}
    for reference in references:
        [number] = given(record.load(reference))
        kept, content = letters.get(number), letters.content(number)
        assert kept is not None
        assert content is not None
        assert (kept.record, content.body["number"]) == (reference, number)
        found[wanted[reference].entity.id].append(number)
    for entity, numbers in found.items():
        assert sorted(numbers) == [f"{entity}-2026-{n:04d}" for n in range(1, len(numbers) + 1)]
        assert letters.last(entity, 2026) == len(numbers)


def test_the_sweep_asks_for_a_pdf_that_nobody_made_and_only_then(world: World) -> None:
    number = given(release(world, planned(world)))[0]
    world.sweep()
    assert world.queue.pressed == [], "the function may be at it"
    world.at += timedelta(minutes=5)
    assert world.sweep()["queued"] == 1
    assert world.queue.pressed == [number]
    world.sweep()
    assert world.queue.pressed == [number], "not again at once"
    world.at += timedelta(minutes=25)
    world.sweep()
    assert world.queue.pressed == [number, number]
    kept = letters.get(number)
    assert kept is not None
    letters.settled(kept)
    world.at += timedelta(minutes=45)
    world.sweep()
    assert world.queue.pressed == [number, number]


def test_a_queue_that_is_down_loses_no_letter(world: World) -> None:
    number = given(release(world, planned(world)))[0]
    world.at += timedelta(minutes=5)
    world.queue.is_down = True
    assert world.sweep()["failed"] == 1
    world.queue.is_down = False
    world.sweep()
    assert world.queue.pressed == [number]
