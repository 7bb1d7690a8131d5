"""The demo's stories, played in memory: each ends where its name says, and a play that is repeated changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.commands import links
from chalicelib.services.contractor import contacts
from chalicelib.services.money import checking, making, periods, sealing
from chalicelib.services.warranty import judging
from chalicelib.store import people
from infra.seed import contracts, debts, stories
from infra.seed.demo import demo
from infra.seed.stage import Stage, picture
from tests import demo as held
from tests import world as worlds
from tests.typeset import press, use_faces
from tests.world import World


class Played(Stage):
    """A stage in memory: whatever waits is delivered whenever somebody looks."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world

    def until(self, at: Any) -> None:
        self.settle()
        self.world.until(at)
        self.settle()

    def upload(self, key: str, body: bytes, kind: str = "image/png") -> None:
        assert body.startswith(b"\x89PNG" if kind == "image/png" else b"%PDF")
        self.world.pictures.stored[key] = body

    def until_so(self, name: str, load: Callable[[], Any], holds: Callable[[Any], object]) -> Any:
        self.settle()
        found = load()
        assert holds(found), f"{name}: {found.id} is {found.state.value}"
        return found

    def settle(self) -> None:
        self.world.pump()
        while self.world.queue.pressed:
            press(self.world)
            self.world.pump()
        while self.world.queue.exported:
            making.go_on(self.world.queue.exported.pop(), self.world.at)


@pytest.fixture(scope="module")
def stage() -> Iterator[Played]:
    use_faces()
    with worlds.world(debts.JANUARY) as world:
        held.load(demo())
        for kept in (worlds, contacts, judging):
            kept.forget()
        made = Played(world)
        stories.play(made)
        made.settle()
        yield made


@pytest.mark.parametrize("story", stories.STAGES, ids=lambda story: story.name)
def test_a_story_ends_where_its_name_says(stage: Played, story: Any) -> None:
    assert stage.case(story).state.value == story.name


def test_where_two_contracts_promise_the_same_the_office_is_asked(stage: Played) -> None:
    ticket = stage.ticket(stories.RIVALS)
    assert (ticket.verdict["payer"], dict(ticket.cases)) == ("undecided", {})


def test_a_play_that_is_repeated_changes_nothing(stage: Played) -> None:
    rows = {pk: {sk: dict(row) for sk, row in part.items()} for pk, part in stage.world.table.parts.items()}
    stories.play(stage)
    stage.settle()
    now = stage.world.table.parts
    assert {pk for pk in now.keys() | rows.keys() if now.get(pk) != rows.get(pk)} == set()


def test_no_two_photos_are_the_same_picture() -> None:
    pictures = {picture(bytes((a, b, 7, 9)), wet=wet) for a in range(8) for b in range(8) for wet in (True, False)}
    assert len(pictures) == 128


def test_the_contractor_owes_of_two_months_what_its_story_says(stage: Played) -> None:
    found = {story.name.partition("/")[2]: stage.deduction(story) for story in debts.STORIES}
    states = {name: (one.state.value, one.basis) for name, one in found.items()}
    assert states == {
        "part": ("firm", "contract"),
        "whole": ("closed", "setoff"),
        "upheld": ("closed", ""),
        "taken": ("firm", "contract"),
        "ready": ("firm", "contract"),
        "ready_too": ("firm", "contract"),
        "disputed": ("disputed", ""),
    }
    assert found["part"].recovered == {"bond": debts.RECOVERED}
    assert found["part"].left == found["part"].total - debts.RECOVERED > 0
    assert found["upheld"].reversed == found["upheld"].total
    assert sum(found["whole"].recovered.values()) == found["whole"].total


def test_what_was_firm_is_in_a_batch_with_files_or_waits_for_one(stage: Played) -> None:
    numbers = {story: stage.deduction(story).number for story in debts.STORIES}
    sealed = [sealing.batch(debts.ENTITY, one.number) for one in sealing.batches(debts.ENTITY)[0]]
    told = [(one.number, one.state.value, one.count, bool(one.files)) for one in sealed]
    assert told == [("E-LW-B-2026-0002", "made", 1, True), ("E-LW-B-2026-0001", "acknowledged", 2, True)]
    waiting = {line.number for line in sealing.preview(debts.ENTITY).lines}
    assert waiting == {numbers[debts.READY], numbers[debts.READY_TOO]}
    assert periods.of(debts.ENTITY).opened() == ["2026-01", "2026-02"]


def test_the_demo_s_accounts_add_up(stage: Played) -> None:
    for entity, *_ in contracts.ENTITIES:
        proof = checking.check(entity)
        assert proof.wrong == []
        assert bool(proof.entries) is (entity == debts.ENTITY)


def test_finance_s_link_is_of_somebody_who_has_something_to_do(stage: Played) -> None:
    assert links.links()["work"]["finance"].rpartition("/")[2] == links.token_of(people.get(debts.SEALER))
