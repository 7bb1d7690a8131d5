"""The proof of the ledger: nothing wrong of what the services wrote, and each tampering found."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from chalicelib.adapters import archive
from chalicelib.commands import ledger as command
from chalicelib.functions import export
from chalicelib.services.money import checking, making, periods, sealing, settling
from chalicelib.store.table import Change, Delete, Put
from tests.services.money.debts import do, firm, propose
from tests.services.money.people import OTHER, SEALER
from tests.services.money.test_settling import FIRST, table
from tests.world import World


@pytest.fixture
def lived(here: World) -> World:
    """Two months: proposed, firm, sealed, reversed, partly settled, countered and sealed anew, a period closed."""
    for period in ("2026-03", "2026-04"):
        periods.open_one("E1", period, SEALER, here.at)
    propose(here, "D0")
    firm(here, "D1", ("repair_cost", 10_000))
    firm(here, "D2", ("repair_cost", 5_000), ("fee", 500), company="C2", contract="K2")
    firm(here, "D3")
    do(here, "DEBT#D3", "reversed", fen=10_000)
    first = seal(here, "k1")
    settling.settle("E1", table(FIRST), "b.csv", OTHER, here.at)
    making.go_on(sealing.counter("E1", first.number, SEALER, here.at, period="2026-03", words="重复").id, here.at)
    seal(here, "k2")
    do(here, "DEBT#D2", "reversed", fen=1_000)
    periods.close_one("E1", "2026-03", SEALER, here.at)
    firm(here, "D4")
    seal(here, "k3", "2026-04")
    return here


def seal(world: World, key: str, period: str = "2026-03") -> sealing.Batch:
    return making.go_on(sealing.seal("E1", SEALER, world.at, period=period, key=key).id, world.at)


def test_what_the_services_wrote_adds_up(lived: World, capsys: pytest.CaptureFixture[str]) -> None:
    proof = checking.check("E1")
    assert proof.wrong == []
    assert (proof.batches, sorted(proof.projects)) == (4, ["P1"])
    one = proof.projects["P1"]
    assert (one.deductions, one.approved, one.reversed, one.recovered) == (5, 35_500, 11_000, 6_000)
    assert one.left == 35_500 - 11_000 - 6_000
    assert one.exported == 10_000 + 4_500 + 10_000
    assert command.main(["--check", "E1", "--lang", "en"]) == 0
    assert "approved 355.00" in capsys.readouterr().out
    assert export.export({}, None) == {"wrong": 0}
    assert "LedgerWrong" not in lived.rings


def rows(world: World, begins: str) -> list[tuple[str, str]]:
    return [(pk, sk) for pk, part in sorted(world.table.parts.items()) if pk.startswith(begins) for sk in sorted(part)]


def changed(world: World, key: tuple[str, str], old: str, new: str, column: str = "body") -> None:
    text = world.table.parts[key[0]][key[1]][column]
    assert old in text
    world.table.write(Change(key, sets={column: text.replace(old, new)}))


def an_unbalanced_entry(world: World) -> str:
    key = next(key for key in rows(world, "LEDGER#E1") if "reversed" in world.table.parts[key[0]][key[1]]["body"])
    body = json.loads(world.table.parts[key[0]][key[1]]["body"])
    body["l"][0][2] += 1
    world.table.write(Change(key, sets={"body": json.dumps(body)}))
    return "unbalanced"


def a_lost_entry(world: World) -> str:
    world.table.write(Delete(rows(world, "LEDGER#E1")[-1]))
    return "missing"


def facts_that_were_changed(world: World) -> str:
    key = next(key for key in rows(world, "ENTRY#D2") if key[1].startswith("FACTS#"))
    changed(world, key, "5500", "5501")
    return "content_differs"


def a_file_that_was_changed(world: World) -> str:
    key = next(key for key in world.pictures.stored if key.endswith(".csv"))
    world.pictures.stored[key] += b"\r\n"
    return "file_changed"


def a_file_that_is_gone(world: World) -> str:
    world.pictures.stored.pop(next(key for key in world.pictures.stored if key.endswith(".xlsx")))
    return "file_absent"


def a_claim_that_was_undone(world: World) -> str:
    pk, sk = next(key for key in rows(world, "ENTRY#D1") if not key[1].startswith("FACTS#"))
    world.table.write(Change((pk, sk), sets={"state": "ready", "qk": "EXPORTABLE#E1"}))
    return "elsewhere"


def a_plan_that_names_what_another_has(world: World) -> str:
    plans = rows(world, "PLAN#")
    bodies = [world.table.parts[pk][sk]["body"] for pk, sk in plans]
    longest = max(bodies, key=len)
    for (pk, sk), body in zip(plans, bodies, strict=True):
        if body != longest:
            world.table.write(Change((pk, sk), sets={"body": longest}))
    return "in_two"


def a_batch_that_is_not_listed(world: World) -> str:
    world.table.write(Delete(("BATCHES#E1", "2026#000000002")))
    return "gap"


def a_closing_that_was_changed(world: World) -> str:
    changed(world, ("BALANCES#E1", "2026-03#0000"), "4000", "4001")
    return "closing_differs"


TAMPERED: list[Callable[[World], str]] = [
    an_unbalanced_entry,
    a_lost_entry,
    facts_that_were_changed,
    a_file_that_was_changed,
    a_file_that_is_gone,
    a_claim_that_was_undone,
    a_plan_that_names_what_another_has,
    a_batch_that_is_not_listed,
    a_closing_that_was_changed,
]


@pytest.mark.parametrize("tampered", TAMPERED, ids=lambda f: f.__name__)
def test_what_was_tampered_with_is_found_and_rings(lived: World, tampered: Callable[[World], str]) -> None:
    what = tampered(lived)
    assert what in {fault.what for fault in checking.check("E1").wrong}
    assert export.export({}, None)["wrong"] > 0
    assert lived.rings["LedgerWrong"] > 0
    assert command.main(["--check", "E1"]) == 1


def test_an_entry_put_there_by_nobody_is_found(lived: World) -> None:
    key = rows(lived, "LEDGER#E1")[0]
    row = dict(lived.table.parts[key[0]][key[1]])
    lived.table.write(Put({**row, "sk": row["sk"].rpartition("#")[0] + "#000099"}))
    assert {"too_many", "differ"} & {fault.what for fault in checking.check("E1").wrong}


def test_a_file_larger_than_any_letter_is_proved_whole(lived: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive, "MOST_BYTES", 10)
    assert checking.check("E1").wrong == []
    key = next(key for key in lived.pictures.stored if key.endswith(".csv"))
    lived.pictures.stored[key] += b"x"
    assert "file_changed" in {fault.what for fault in checking.check("E1").wrong}
