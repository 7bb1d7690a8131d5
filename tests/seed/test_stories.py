"""The demo's stories, played in memory: each ends where its name says, and a play that is repeated changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.services.contractor import contacts, pressing
from chalicelib.services.warranty import judging
from infra.seed import stories
from infra.seed.demo import demo
from infra.seed.stage import Stage, picture
from tests import demo as held
from tests import world as worlds
from tests.typeset import use_faces
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

    def upload(self, key: str, body: bytes) -> None:
        assert body.startswith(b"\x89PNG")

    def _wait(self, name: str, load: Callable[[], Any], holds: Callable[[Any], object]) -> Any:
        self.settle()
        found = load()
        assert holds(found), f"{name}: {found.id} is {found.state.value}"
        return found

    def settle(self) -> None:
        self.world.pump()
        while self.world.queue.pressed:
            pressing.make(self.world.queue.pressed.pop(), self.world.at)
            self.world.pump()


@pytest.fixture(scope="module")
def stage() -> Iterator[Played]:
    use_faces()
    with worlds.world(stories.FIRST) as world:
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
