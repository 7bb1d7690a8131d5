"""What the tests of pages share: a browser on the routes, with nothing remembered from the test before."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from chalice.test import Client

from app import app
from chalicelib.services.ticket import choosing, frontdesk, sheet
from tests.world import World


@pytest.fixture
def browser(world: World) -> Iterator[Client]:
    for kept in (choosing, frontdesk, sheet):
        kept.forget()
    with Client(app) as client:
        yield client
