"""What stands behind a deduction: a stop blocks it, and it is taken from where something is left."""

from __future__ import annotations

import pytest

from chalicelib.domain.money.deduction import State
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import SYSTEM
from chalicelib.services.contractor import office
from chalicelib.services.money import releases, retentions
from chalicelib.services.record import record
from chalicelib.store import contracts
from tests.services.contractor import scene
from tests.services.money import kept, owed
from tests.services.money.owed import act, gathered, invoiced, noticed, of_case
from tests.world import World


@pytest.fixture
def case(world: World) -> str:
    office.forget()
    owed.settle(world)
    return invoiced(world)


def begun(world: World) -> None:
    contract = contracts.contract(scene.CONTRACT)
    assert contract
    releases.begun(contract, world.at)


def state(world: World, **amounts: int) -> None:
    begun(world)
    facts = {"on": "2026-03-01", "held": 0, **amounts}
    record.perform(Command("state", SYSTEM, facts), kept.NAME, world.at)


def test_while_payments_are_stopped_nobody_approves_a_deduction_or_sends_its_notice(world: World, case: str) -> None:
    gathered(world, case)
    begun(world)
    first = kept.do(world, "stop", "o1", ground="freeze").stops[0]
    with pytest.raises(IllegalMove, match="payments_stopped"):
        act(world, case, "approve", "o2")
    kept.do(world, "lift", "o2", of=first.version)
    assert act(world, case, "approve", "o2").state is State.APPROVED
    kept.do(world, "stop", "o1", ground="factored")
    with pytest.raises(IllegalMove, match="payments_stopped"):
        act(world, case, "release_deduction_notice", "o1")
    assert of_case(case).state is State.APPROVED


@pytest.mark.parametrize(
    ("amounts", "source"),
    [
        ({"held": 10_000_000}, "retention"),
        ({"held": 100, "deducted": 100, "bond": 5_000}, "bond"),
        ({"payable": 5_000}, "progress"),
        ({}, "claim"),
    ],
)
def test_it_is_taken_from_the_first_source_that_has_something_by_finances_balance(
    world: World, case: str, amounts: dict[str, int], source: str
) -> None:
    state(world, **amounts)
    assert gathered(world, case).source == source


def test_what_is_put_to_the_contractor_and_not_booked_yet_is_left_no_more(world: World, case: str) -> None:
    state(world, held=1_000_000)
    one = noticed(world, case)
    contract = contracts.contract(scene.CONTRACT)
    assert contract
    sheet = retentions.sheet(contract)
    assert (sheet.pending, sheet.left) == (one.total, 1_000_000 - one.total)
