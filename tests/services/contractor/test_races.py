"""Two people, or one and the system, at one case at once: at every point of what one does, the other comes in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress

import pytest

from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role, role_in
from chalicelib.services.contractor.releasing import release_by_itself
from chalicelib.services.record import rebuilding, record
from chalicelib.store import letters, records
from tests.model.crashes import Scissors
from tests.services.contractor import scene
from tests.services.contractor.scene import actor, arrives, case_of, do, find, opened
from tests.world import World
from tests.world import world as fresh_world

SAID = {"words": "说明", "photos": ["/p"]}
MOST = 60  # points of one request, more than there are


class Scene:
    """A case and its ticket in a world; `other` a second case that is alike."""

    def __init__(self, world: World) -> None:
        self.world = scene.settle(world)
        self.ticket, self.case = opened(world)
        self.other = opened(world, unit="U2")[1]

    def move(self, move: str, who: str, case: str = "", **data: object) -> None:
        command = Command(move, actor(who), data, SAID, key=f"{move}/{who}")
        record.perform(command, case or self.case, self.world.at)

    def complete(self) -> None:
        held = self.world.load(self.ticket)
        by = Actor(held.holder, role_in(held.team) or Role.TECHNICIAN)
        data = self.world.ticked(self.ticket.id, "complete")
        record.perform(Command("complete", by, data, SAID, key="complete"), self.ticket.id, self.world.at)


def nothing(one: Scene) -> None:
    """As it is opened."""


def under_way(one: Scene) -> None:
    """Somebody of the contractor's is there."""
    do(one.world, one.case, "release_notice", "o1")
    do(one.world, one.case, "acknowledge", "C1.k1")
    held = one.world.load(one.ticket)
    record.perform(Command("arrive", Actor(held.holder, Role.CONTRACTOR)), held.id, one.world.at)
    one.world.pump()


def expired(one: Scene) -> None:
    """The last deadline is over, and the contractor is there at last."""
    find(one.world, one.case)
    under_way(one)
    one.world.advance(days=9)
    do(one.world, one.case, "release_reminder", "o1")
    arrives(one.world, one.case)
    do(one.world, one.case, "call", "o1", purpose="deadline", result="reached")
    one.world.advance(days=4)


def once(one: Scene) -> None:
    assert Counter(e.kind for e in case_of(one.case).events)["letter_released"] == 1
    assert letters.last("E1", 2026) == 1


def cured_or_gated(one: Scene) -> None:
    """Whoever was first: nobody passes the gate of what is repaired, nobody repairs what a third party gets."""
    kinds = [e.kind for e in case_of(one.case).events]
    done = one.world.load(one.ticket).state.value == "completed"
    assert done == ("work_done" in kinds)
    if "gate_passed" in kinds and "cured" in kinds:
        assert kinds.index("cured") > kinds.index("gate_passed")
    assert done or "gate_passed" in kinds


def in_one_case(one: Scene) -> None:
    """The other ticket stands in one open case, and both agree which."""
    other = case_of(one.other)
    [ticket] = other.tickets
    joined = ticket in case_of(one.case).tickets
    assert joined == (other.outcome == "joined")
    assert one.world.load(ticket).cases[scene.CONTRACT] == (one.case if joined else one.other)
    assert joined != other.taken_on


def both(one: Scene) -> None:
    kinds = [e.kind for e in case_of(one.case).events]
    assert ("noted" in kinds, "work_done" in kinds) == (True, True)


Does = Callable[[Scene], object]
RACES: dict[str, tuple[Does, Does, Does, Does]] = {
    "the office and the system release the notice": (
        nothing,
        lambda one: one.move("release_notice", "o1"),
        lambda one: release_by_itself(case_of(one.case), one.world.at),
        once,
    ),
    "two of the office release the notice": (
        nothing,
        lambda one: one.move("release_notice", "o1"),
        lambda one: one.move("release_notice", "o2"),
        once,
    ),
    "the contractor completes while the office passes the gate": (
        expired,
        lambda one: one.complete(),
        lambda one: one.move("pass_gate", "o1"),
        cured_or_gated,
    ),
    "the office passes the gate while the contractor completes": (
        expired,
        lambda one: one.move("pass_gate", "o1"),
        lambda one: one.complete(),
        cured_or_gated,
    ),
    "a case is joined while its contractor takes it on": (
        lambda one: do(one.world, one.other, "release_notice", "o1"),
        lambda one: one.move("join", "o1", cases=[one.other]),
        lambda one: one.move("acknowledge", "C1.k1", one.other),
        in_one_case,
    ),
    "a contractor takes on what is being joined": (
        lambda one: do(one.world, one.other, "release_notice", "o1"),
        lambda one: one.move("acknowledge", "C1.k1", one.other),
        lambda one: one.move("join", "o1", cases=[one.other]),
        in_one_case,
    ),
    "work is done while somebody writes a note": (
        under_way,
        lambda one: one.complete(),
        lambda one: one.move("note", "o2"),
        both,
    ),
}


@pytest.mark.parametrize("name", RACES)
def test_whoever_comes_in_between_both_are_consistent(name: str) -> None:
    before, first, second, holds = RACES[name]
    for point in range(MOST):
        with fresh_world() as world:
            one = Scene(world)
            before(one)

            def meanwhile(_: str, one: Scene = one) -> None:
                with suppress(Refused):
                    second(one)

            scissors = Scissors(world, meanwhile)
            with scissors.cutting((point, "somebody else")), suppress(Refused):
                first(one)
            met = scissors.met_at
            world.pump()
            if met:
                holds(one)
            for named in (one.case, one.ticket.id):
                timer = records.load(named, consistent=True)[1]  # type: ignore[index]
                assert records.stored_head(named) == rebuilding.head_of(record.load(named), timer, world.at), met
            assert case_of(one.case).state in State
        if not met:
            break
    assert point > 1
    assert not met, "a request has more points than were tried"
