"""A real deduction, from its case to finance and back: what the stand-in of the other tests says of it holds."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest

from chalicelib.domain.record.number import spoken
from chalicelib.services.money import batches, checking, making, periods, reporting, sealing, settling
from chalicelib.store import contracts, entries
from chalicelib.store.table import Put
from tests.services.money import debts
from tests.services.money.owed import act, invoiced, noticed, of_case, packed, settle
from tests.services.money.people import OTHER, SEALER
from tests.services.money.test_settling import HEAD
from tests.world import World


@pytest.fixture
def firm(world: World) -> World:
    settle(world)
    batches.forget()
    world.case = invoiced(world)  # type: ignore[attr-defined]
    noticed(world, world.case)  # type: ignore[attr-defined]
    act(world, world.case, "agree", "C1.k1", total=of_case(world.case).total)  # type: ignore[attr-defined]
    packed(world, world.case)  # type: ignore[attr-defined]
    return world


def test_it_is_sealed_partly_settled_taken_back_and_adds_up(firm: World) -> None:
    one = of_case(firm.case)  # type: ignore[attr-defined]
    period = firm.at.strftime("%Y-%m")
    periods.open_one("E1", period, SEALER, firm.at)
    batch = making.go_on(sealing.seal("E1", SEALER, firm.at, period=period, key="k").id, firm.at)
    assert (batch.fen, batch.count) == (one.total, 1)
    content = firm.pictures.stored[next(f.key for f in batch.files if f.name.endswith(".csv"))]
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert {row["扣款单号"] for row in rows} == {one.number}
    assert [row["扣款性质"] for row in rows] == ["维修费", "代修管理费", "违约金"]
    assert all(row["扣款通知单"] == one.letter.number for row in rows)  # type: ignore[union-attr]
    assert all(row["送达日期"] and row["第三方发票号码"] and row["审批人"] for row in rows)
    assert {row["第三方发票类型"] for row in rows} == {"增值税专用发票"}
    assert {row["工单"] for row in rows} == {spoken(firm.load(ticket).number) for ticket in one.tickets}
    line = f"{one.number},记-1,{firm.at.date()},{period},质保金,100.00,付-1,"
    file = "\r\n".join([HEAD, line]).encode("utf-8-sig")
    assert settling.settle("E1", file, "b.csv", OTHER, firm.at).booked == 1
    assert of_case(firm.case).left == one.total - 10_000  # type: ignore[attr-defined]
    back = making.go_on(sealing.counter("E1", batch.number, SEALER, firm.at, period=period, words="重复").id, firm.at)
    assert back.fen == -one.total
    [roll] = reporting.roll_forward("E1", period)
    assert (roll.adds_up, roll.closing) == (True, one.total - 10_000)
    assert checking.check("E1").wrong == []


def test_reversed_before_anybody_had_it_nothing_of_it_is_exported(firm: World) -> None:
    one = of_case(firm.case)  # type: ignore[attr-defined]
    act(firm, firm.case, "reverse", "o4", fen=one.total)  # type: ignore[attr-defined]
    assert sealing.preview("E1").lines == []
    assert checking.check("E1").wrong == []


def test_the_amount_without_tax_is_by_the_method_that_the_contract_has(here: World) -> None:
    contract = contracts.contract("K1")
    assert contract is not None
    for row in contracts.put_contract(replace(contract, tax_rate=300)):
        here.table.write(Put(row))
    debts.firm(here, "D1", ("repair_cost", 10_300))
    debts.firm(here, "D2", ("repair_cost", 10_900), company="C2", contract="K2")
    found = {one.number: one for one in entries.facts([("D1", 5), ("D2", 5)])}
    assert (found["D1"].tax_rate, found["D1"].tax_method) == (300, "simple")
    assert (found["D2"].tax_rate, found["D2"].tax_method) == (900, "general")
