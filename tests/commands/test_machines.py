"""Keys for finance's machines: made, rotated, revoked and listed by an operator."""

from __future__ import annotations

import pytest

from chalicelib.commands import machines as command
from chalicelib.domain.contractor.contract import Entity
from chalicelib.services.money import machines
from chalicelib.store import contracts
from chalicelib.store import machines as store
from chalicelib.store.table import Put
from tests.world import World


@pytest.fixture
def here(world: World) -> World:
    for row in contracts.put_entity(Entity("E1", "项目公司", "91310000MA1FL0XX0A", "001", ("P1",))):
        world.table.write(Put(row))
    return world


def test_a_key_is_printed_once_and_lists_without_its_secret(here: World, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["make", "E1", "erp", "--may", "read"]) == 0
    key = capsys.readouterr().out.strip()
    found = machines.opened_by(key)
    assert found is not None
    assert found.verbs == {"read"}
    assert command.main(["list", "E1"]) == 0
    listed = capsys.readouterr().out
    assert listed.startswith("erp\tread\t")
    assert key not in listed
    assert command.main(["make", "E1", "erp"]) == 1


def test_a_rotated_or_revoked_key_opens_nothing(here: World, capsys: pytest.CaptureFixture[str]) -> None:
    command.main(["make", "E1", "erp"])
    first = capsys.readouterr().out.strip()
    assert command.main(["rotate", "E1", "erp"]) == 0
    second = capsys.readouterr().out.strip()
    assert machines.opened_by(first) is None
    assert command.main(["revoke", "E1", "erp"]) == 0
    assert machines.opened_by(second) is None
    assert command.main(["rotate", "E1", "erp"]) == 1
    assert command.main(["make", "E9", "erp"]) == 1


def test_of_two_that_rotate_one_key_at_once_one_key_opens(here: World, monkeypatch: pytest.MonkeyPatch) -> None:
    machines.make("E1", "erp", frozenset({"read"}), here.at)
    seen = store.named("E1", "erp")
    first = machines.rotate("E1", "erp", here.at)
    with monkeypatch.context() as stale:
        stale.setattr(store, "named", lambda entity, name: seen)
        with pytest.raises(machines.Unknown):
            machines.rotate("E1", "erp", here.at)
    assert machines.opened_by(first) is not None
    machines.revoke("E1", "erp")
    assert machines.opened_by(first) is None
