"""What the tests of pages share: a browser on the routes, with nothing remembered from the test before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chalice.test import Client

from app import app
from chalicelib.services.ticket import choosing, frontdesk
from tests.demo import corner, load
from tests.world import World


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    for kept in (choosing, frontdesk):
        kept.forget()
    with Client(app) as client:
        yield client


@pytest.fixture
def in_corner(browser: Client) -> Iterator[Client]:
    """A browser where a corner of the demo group is loaded."""
    assert load(corner()).faults == []
    for kept in (choosing, frontdesk):
        kept.forget()
    yield browser
    for kept in (choosing, frontdesk):
        kept.forget()
