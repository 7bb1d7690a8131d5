"""A project's own row is read once, whoever asks for its name, its desks and its departments."""

from __future__ import annotations

import pytest

from chalicelib.services import premises
from chalicelib.services.ticket import choosing, departments, frontdesk, sheet
from chalicelib.store import places
from tests.world import World


@pytest.fixture
def read(world: World, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The places that are read from now on."""
    choosing.forget(), frontdesk.forget(), departments.forget()
    asked: list[str] = []
    get = places.get
    monkeypatch.setattr(places, "get", lambda place: asked.append(place) or get(place))
    return asked


def test_name_desks_and_departments_of_a_project_are_one_read(world: World, read: list[str]):
    ticket = world.report()
    read.clear()
    choosing.ladder("P1")
    departments.of("P1")
    found = sheet.sheet(ticket, world.at)
    assert found.project == premises.called("P1") != ""
    assert sorted(read) == ["P1", "S1"]


def test_a_place_that_is_not_there_has_no_name(world: World, read: list[str]):
    assert premises.called("") == ""
    assert premises.called("nowhere") == ""
    assert read == ["nowhere"]
