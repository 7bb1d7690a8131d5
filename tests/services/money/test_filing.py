"""The files of a batch: made once, equal to its entries, the same however often they are asked for."""

from __future__ import annotations

import csv
import hashlib
import io
import json

import openpyxl
import pytest

from chalicelib.adapters import mappings
from chalicelib.domain.money.entry import Filter
from chalicelib.services.money import checking, filing, making, periods, sealing
from chalicelib.store import entries
from chalicelib.store.table import Change
from tests.services.money.debts import do, firm
from tests.services.money.people import SEALER
from tests.world import World


@pytest.fixture
def ready(here: World) -> World:
    periods.open_one("E1", "2026-03", SEALER, here.at)
    firm(here, "D1", ("repair_cost", 10_900), ("penalty", 450))
    firm(here, "D2", ("repair_cost", 218), company="C2", contract="K2")
    return here


def sealed(world: World, **more: Filter) -> sealing.Batch:
    return making.go_on(sealing.seal("E1", SEALER, world.at, period="2026-03", key="k", **more).id, world.at)


def stored(world: World, one: sealing.Batch, ending: str) -> bytes:
    [file] = [f for f in one.files if f.name.endswith(ending)]
    content = world.pictures.stored[file.key]
    assert hashlib.sha256(content).hexdigest() == file.sha256
    return content


def test_csv_workbook_and_manifest_say_what_the_ledger_says(ready: World) -> None:
    one = sealed(ready)
    rows = list(csv.DictReader(io.StringIO(stored(ready, one, ".csv").decode("utf-8-sig"), newline="")))
    assert [(row["扣款单号"], row["扣款性质"], row["含税金额"]) for row in rows] == [
        ("D1", "维修费", "109.00"),
        ("D1", "违约金", "4.50"),
        ("D2", "维修费", "2.18"),
    ]
    assert rows[0]["合同编号"] == "HT-K1"
    assert rows[0]["统一社会信用代码"] == "91330100000000001A"
    book = openpyxl.load_workbook(io.BytesIO(stored(ready, one, ".xlsx")), data_only=True)
    column = next(cell.column_letter for cell in book["扣款单"][1] if cell.value == "含税金额")
    assert book["扣款单"][f"{column}5"].value == one.fen / 100 == 115.68
    manifest = json.loads(stored(ready, one, ".json"))
    assert (manifest["count"], manifest["fen"], manifest["content_sha256"]) == (2, 11_568, one.hash)
    assert manifest["by_company"] == {"C1": 11_350, "C2": 218}
    assert {name: f["sha256"] for name, f in manifest["files"].items()} == {
        f.name: f.sha256 for f in one.files if not f.name.endswith(".json")
    }


def test_going_on_again_makes_nothing_else(ready: World) -> None:
    one = sealed(ready)
    kept = dict(ready.pictures.stored)
    assert making.go_on(one.id, ready.at).files == one.files
    assert ready.pictures.stored == kept


def test_a_counter_batch_has_the_negatives(ready: World) -> None:
    first = sealed(ready)
    back = making.go_on(
        sealing.counter("E1", first.number, SEALER, ready.at, period="2026-03", words="重复").id, ready.at
    )
    rows = list(csv.DictReader(io.StringIO(stored(ready, back, ".csv").decode("utf-8-sig"), newline="")))
    assert [row["含税金额"] for row in rows] == ["-109.00", "-4.50", "-2.18"]


def test_content_that_is_not_what_was_hashed_makes_no_file(ready: World) -> None:
    opened = sealing.seal("E1", SEALER, ready.at, period="2026-03", key="k")
    made = filing.make
    filing.make = lambda one, at: one  # type: ignore[assignment]
    try:
        making.go_on(opened.id, ready.at)
    finally:
        filing.make = made
    pk, _ = entries.key("D1", 0)
    [sk] = [sk for sk in ready.table.parts[pk] if sk.startswith("FACTS#")]
    body = ready.table.parts[pk][sk]["body"].replace("10900", "10901")
    ready.table.write(Change((pk, sk), sets={"body": body}))
    with pytest.raises(filing.Unsound):
        making.go_on(opened.id, ready.at)


def test_a_reversal_of_part_is_exported_by_nature(ready: World) -> None:
    sealed(ready)
    do(ready, "DEBT#D1", "reversed", fen=5_675)
    two = making.go_on(sealing.seal("E1", SEALER, ready.at, period="2026-03", key="k2").id, ready.at)
    rows = list(csv.DictReader(io.StringIO(stored(ready, two, ".csv").decode("utf-8-sig"), newline="")))
    assert [(row["类型"], row["含税金额"]) for row in rows] == [("冲销", "-54.50"), ("冲销", "-2.25")]


def test_every_layout_that_ships_makes_files_whose_sums_are_the_batch_s(
    ready: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mappings, "of_entity", lambda entity: tuple(mappings.names()))
    one = sealed(ready)
    assert len(one.files) == 7
    for name, debit, credit in (("kingdee", "借方金额", "贷方金额"), ("yonyou_nc", "借方金额", "贷方金额")):
        content = stored(ready, one, f"{name}.csv").decode("utf-8-sig")
        rows = list(csv.DictReader(io.StringIO(content, newline="")))
        sums = [sum(round(float(row[side]) * 100) for row in rows) for side in (debit, credit)]
        assert sums == [one.fen, one.fen]
        book = openpyxl.load_workbook(io.BytesIO(stored(ready, one, f"{name}.xlsx")))
        assert len(book.sheetnames) == 2
    assert checking.check("E1").wrong == []
