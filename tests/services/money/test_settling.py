"""Settlements by file: the whole file or nothing, each row once, never more than is left, never by whoever sealed."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.adapters.sheetfiles import Plain, XlsxFile
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.language.faults import explain_fault
from chalicelib.services.money import making, periods, reporting, sealing, settling
from tests.services.money import debts
from tests.services.money.debts import do, firm
from tests.services.money.people import OTHER, SEALER
from tests.world import World

HEAD = "扣款单号,凭证号,记账日期,会计期间,来源,金额,付款申请,类型"


@pytest.fixture
def exported(here: World) -> World:
    periods.open_one("E1", "2026-03", SEALER, here.at)
    firm(here, "D1", ("repair_cost", 10_000))
    firm(here, "D2", ("repair_cost", 5_000))
    making.go_on(sealing.seal("E1", SEALER, here.at, period="2026-03", key="k").id, here.at)
    return here


def table(*rows: str) -> bytes:
    return "\r\n".join([HEAD, *rows]).encode("utf-8-sig")


def settle(world: World, *rows: str, by: debts.Actor = OTHER) -> settling.Settlement:
    return settling.settle("E1", table(*rows), "回单.csv", by, world.at)


def reasons(done: settling.Settlement) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.reason) for fault in done.faults]


FIRST = "D1,记-0012,2026-03-20,2026-03,质保金,60.00,付-7,"


def test_what_was_recovered_is_booked_once_however_often_the_file_comes(exported: World) -> None:
    done = settle(exported, FIRST, "D1,记-0012,2026-03-20,2026-03,进度款,40.00,付-7,")
    assert (done.rows, done.booked, done.faults) == (2, 2, [])
    assert exported.load("DEBT#D1").recovered == {"retention": 6_000, "progress": 4_000}
    again = settle(exported, FIRST)
    assert (again.booked, again.known) == (0, 1)
    [roll] = reporting.roll_forward("E1", "2026-03")
    assert (roll.approved, roll.recovered, roll.closing) == (15_000, 10_000, 5_000)
    assert roll.adds_up


def test_anything_at_fault_books_nothing_and_each_fault_names_its_row(exported: World) -> None:
    done = settle(
        exported,
        FIRST,
        "D1,记-0013,2026-03-21,2026-03,质保金,40.01,,",
        "D9,记-0014,2026-03-21,2026-03,质保金,1,,",
        "D2,记-0015,2026-03-21,2026-04,质保金,1,,",
        "D2,记-0016,2026-04-21,2026-04,质保金,1,,",
        "D2,记-0017,x,2026-03,现金,-1,,",
        "D2,记-0018,2026-03-21,2026-03,质保金,1,,退还",
        FIRST,
    )
    assert (done.booked, done.rows) == (0, 0) or done.booked == 0
    assert exported.load("DEBT#D1").recovered == {}
    assert {(r, c) for r, c, _ in reasons(done)} >= {
        (5, "period"),
        (7, "posted"),
        (7, "source"),
        (7, "fen"),
        (9, "voucher"),
    }
    sound = settle(
        exported,
        FIRST,
        "D1,记-0013,2026-03-21,2026-03,质保金,40.01,,",
        "D9,记-0014,2026-03-21,2026-03,质保金,1,,",
        "D2,记-0016,2026-04-21,2026-04,质保金,1,,",
        "D2,记-0018,2026-03-21,2026-03,质保金,1,,退还",
    )
    assert reasons(sound) == [
        (3, "fen", "recovered_too_much"),
        (4, "number", "unknown_deduction"),
        (5, "period", "period_not_open"),
        (6, "fen", "refunded_too_much"),
    ]
    assert exported.load("DEBT#D1").recovered == {}
    assert "40.00" in explain_fault(sound.faults[0], "zh_CN")
    assert explain_fault(sound.faults[1], "en").startswith("settlements row 4, number")


def test_whoever_sealed_books_no_settlement_and_only_finance_does(exported: World) -> None:
    assert reasons(settle(exported, FIRST, by=SEALER)) == [(2, "number", "sealed_by_you")]
    with pytest.raises(NotAllowed):
        settle(exported, FIRST, by=debts.OFFICE)


def test_what_was_not_exported_or_is_anothers_is_refused(exported: World) -> None:
    firm(exported, "D3")
    firm(exported, "D4", entity="E2", contract="K9")
    assert [r for _, _, r in reasons(settle(exported, FIRST.replace("D1", "D3")))] == ["not_exported"]
    assert [r for _, _, r in reasons(settle(exported, FIRST.replace("D1", "D4")))] == ["unknown_deduction"]


def test_a_voucher_that_comes_with_another_amount_is_refused(exported: World) -> None:
    settle(exported, FIRST)
    assert reasons(settle(exported, FIRST.replace("60.00", "61.00"))) == [(2, "voucher", "settled_otherwise")]


def test_a_tilde_in_a_voucher_hides_none_of_its_bookings(exported: World) -> None:
    first = FIRST.replace("记-0012", "记~12")
    assert (settle(exported, first).booked, settle(exported, first).known) == (1, 1)
    assert reasons(settle(exported, first.replace("60.00", "30.00"))) == [(2, "voucher", "settled_otherwise")]


def test_a_closed_period_takes_nothing(exported: World) -> None:
    periods.close_one("E1", "2026-03", SEALER, exported.at)
    assert reasons(settle(exported, FIRST)) == [(2, "period", "period_closed")]


def test_recovered_and_reversed_afterwards_is_refunded_and_no_more(exported: World) -> None:
    settle(exported, FIRST)
    do(exported, "DEBT#D1", "reversed", fen=10_000)
    assert reporting.roll_forward("E1", "2026-03")[0].closing == 5_000 - 6_000
    back = "D1,记-0020,2026-03-25,2026-03,质保金,60.00,,退还"
    assert settle(exported, back).booked == 1
    assert settle(exported, back).known == 1
    [roll] = reporting.roll_forward("E1", "2026-03")
    assert (roll.closing, roll.adds_up) == (5_000, True)


def test_a_workbook_is_read_as_well(exported: World, tmp_path: Path) -> None:
    path = tmp_path / "b.xlsx"
    kinds = ("code", "code", "date", "code", "text", "money", "code", "text")
    columns = [Plain(name, kind) for name, kind in zip(HEAD.split(","), kinds, strict=True)]
    book = XlsxFile(path)
    book.sheet("Sheet1", columns).row(["D1", "记-1", "2026-03-20", "2026-03", "质保金", 6_000, "付-7", "扣回"])
    book.close()
    assert settling.settle("E1", path.read_bytes(), "b.xlsx", OTHER, exported.at).booked == 1


def test_what_is_no_table_is_said_so(exported: World) -> None:
    done = settling.settle("E1", b"%PDF-1.7", "b.pdf", OTHER, exported.at)
    assert done.unread
    assert done.booked == 0
