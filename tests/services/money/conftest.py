"""What the tests of money share: an entity with a contract, deductions that are nothing but their money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.services.money import batches
from chalicelib.services.record import registry
from tests.services.money import debts
from tests.world import World


@pytest.fixture
def here(world: World) -> Iterator[World]:
    registry.register(debts.SERVICE)
    batches.forget()
    debts.entity(world)
    yield world
    registry.forget(debts.PREFIX)
