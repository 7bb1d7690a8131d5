"""Reports: each amount in the one that it belongs to, whatever was closed in between."""

from __future__ import annotations

import io
from datetime import timedelta

import openpyxl
import pytest

from chalicelib.services.money import making, periods, reporting, reports, sealing, settling
from chalicelib.store import ledger
from tests.services.money.debts import do, firm, propose
from tests.services.money.people import OTHER, SEALER
from tests.services.money.test_settling import FIRST, table
from tests.world import World


@pytest.fixture
def lived(here: World) -> World:
    periods.open_one("E1", "2026-03", SEALER, here.at)
    firm(here, "D1", ("repair_cost", 10_000))
    making.go_on(sealing.seal("E1", SEALER, here.at, period="2026-03", key="k").id, here.at)
    settling.settle("E1", table(FIRST), "b.csv", OTHER, here.at)
    firm(here, "D2", ("repair_cost", 5_000), company="C2", contract="K2")
    do(here, propose(here, "D3", ("loss", 700)), "approved")
    propose(here, "D4", ("loss", 300))
    return here


def lines(found: object) -> list[tuple[str, str, int, int]]:
    return [(line.number, line.stage, line.fen, line.days) for line in found]  # type: ignore[attr-defined]


def test_each_amount_stands_in_the_report_that_it_belongs_to(lived: World) -> None:
    lived.at += timedelta(days=40)
    now = reporting.standing("E1", lived.at)
    assert lines(now.exported_not_booked) == [("D1", "firm", 4_000, 40)]
    assert lines(now.approved_not_exported) == [("D2", "firm", 5_000, 40), ("D3", "approved", 700, 40)]
    assert lines(now.incurred_not_approved) == [("D4", "proposed", 300, 40)]
    assert [(aged.contract, aged.fen) for aged in now.ageing] == [
        ("K1", (0, 4_700, 0, 0, 0, 0)),
        ("K2", (0, 5_000, 0, 0, 0, 0)),
    ]


def test_a_roll_forward_goes_on_from_what_was_kept_when_the_period_was_closed(lived: World) -> None:
    before = reporting.standing("E1", lived.at)
    first = reporting.roll_forward("E1", "2026-03")
    periods.close_one("E1", "2026-03", SEALER, lived.at)
    assert reporting.roll_forward("E1", "2026-03") == first
    assert ledger.open_then("E1", "2026-03")
    assert reporting.standing("E1", lived.at) == before
    do(lived, "DEBT#D2", "reversed", fen=1_000)
    rolls = reporting.roll_forward("E1", "2026-04")
    assert [(one.contract, one.opening, one.reversed, one.closing) for one in rolls] == [
        ("K1", 4_700, 0, 4_700),
        ("K2", 5_000, 1_000, 4_000),
    ]
    assert all(one.adds_up for one in [*first, *rolls])


def test_what_is_settled_is_not_kept_as_open(lived: World) -> None:
    do(lived, "DEBT#D1", "recovered", fen=4_000, source="bond")
    periods.close_one("E1", "2026-03", SEALER, lived.at)
    assert "DEBT#D1" not in (ledger.open_then("E1", "2026-03") or {})


def test_the_workbook_has_a_sheet_for_each_with_its_sum(lived: World) -> None:
    book = openpyxl.load_workbook(io.BytesIO(reports.workbook("E1", "2026-03", lived.at, "zh_CN")), data_only=True)
    assert book.sheetnames == ["台账滚动 2026-03", "账龄 2026-03-02", "已批准未导出", "已导出未入账", "已发生未批准"]
    roll = book["台账滚动 2026-03"]
    assert [cell.value for cell in roll[1]][:4] == ["责任单位", "合同编号", "项目", "期初"]
    assert [cell.value for cell in roll[2]][:3] == ["第1建筑公司", "HT-K1", "P1"]
    assert [cell.value for cell in roll[4]][3:] == [0, 157, 0, 60, 0, 97]
    assert book["已导出未入账"]["F2"].value == 40
