"""What the tests of money share: an entity with a contract, deductions that are nothing but their money."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.adapters import mappings
from chalicelib.services.money import batches
from chalicelib.services.record import registry
from tests.services.money import debts
from tests.world import World


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Its deductions have no case, so nobody can pack the evidence of one: what needs it says so itself."""
    monkeypatch.setattr(mappings, "evidence_needed", lambda: False)
    registry.register(debts.SERVICE)
    batches.forget()
    debts.entity(world)
    yield world
    registry.forget(debts.PREFIX)
