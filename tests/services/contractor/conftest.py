"""What the tests of cases share: a world in which a contract holds."""

from __future__ import annotations

import pytest

from tests.services.contractor import scene
from tests.world import World


@pytest.fixture
def here(world: World) -> World:
    return scene.settle(world)
