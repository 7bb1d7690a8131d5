"""What all tests share: a fresh world on request, and the long runs that only `make test-deep` asks for."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests import frozen
from tests.world import World
from tests.world import world as fresh_world

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"

frozen.use()
settings.register_profile("deep", settings(deadline=None))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "deep: takes minutes; only in `make test-deep`")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the long runs unless they were asked for."""
    long = [] if DEEP else [item for item in items if item.get_closest_marker("deep")]
    if long:
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]


@pytest.fixture
def world() -> Iterator[World]:
    """A fresh world; see `tests/world.py`."""
    with fresh_world() as made:
        yield made
