"""What all tests share: compiled catalogues, a fresh world on request, long runs only where `make test-deep` asks."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from infra.build.catalogue import compile_all
from tests import frozen
from tests.world import World
from tests.world import world as fresh_world

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"

frozen.use()
# What an example costs depends on what else the machine does: nothing fails for that.
settings.register_profile("steady", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("deep", settings.get_profile("steady"))
settings.load_profile("deep" if DEEP else "steady")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "deep: takes minutes; only in `make test-deep`")


def pytest_sessionstart() -> None:
    """A fresh clone has no compiled catalogues; the first run makes them, before any test is collected."""
    compile_all()


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
