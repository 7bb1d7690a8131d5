"""Mapping files: what ships can be read, gives every field that finance asked for, and a fault is named."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from chalicelib.adapters import mappings
from chalicelib.domain.money.entry import Entry
from chalicelib.domain.money.layout import About, read_layout
from chalicelib.domain.record.errors import PolicyError

ABOUT = About("E1-B-2026-0001", "2026-03", "2026-03-31", "2026-03-31")
PARTED = Entry(
    number="D1",
    version=7,
    deduction="DEDUCTION#1",
    kind="firm",
    fen=11_350,
    lines={"repair_cost": 10_900, "penalty": 450},
    entity="E1",
    company_name="第一建筑公司",
    source="retention",
    tax_rate=900,
    tax_method="general",
    treatment={"repair_cost": "price_reduction", "penalty": "receipt"},
)


def rows(name: str, entry: Entry = PARTED) -> list[dict[str, Any]]:
    layout = mappings.layout(name)
    names = [column.name for column in layout.columns]
    return [dict(zip(names, row, strict=True)) for row in layout.rows_of(entry, ABOUT, 1, 1)]


def test_three_layouts_ship_and_each_can_be_read() -> None:
    assert mappings.names() == ["deductions", "kingdee", "yonyou_nc"]
    for name in mappings.names():
        assert mappings.layout(name).columns


def test_the_list_has_a_row_for_each_nature_with_and_without_tax() -> None:
    cost, penalty = rows("deductions")
    assert (cost["扣款性质"], cost["含税金额"], cost["不含税金额"], cost["税额"], cost["税率"]) == (
        "维修费",
        10_900,
        10_000,
        900,
        900,
    )
    assert (penalty["扣款性质"], penalty["含税金额"], penalty["税额"], penalty["税率"]) == ("违约金", 450, 0, 0)
    assert (cost["税务处理"], penalty["税务处理"]) == ("价格折让（未开票，按折让后金额开具）", "收据（不征增值税）")


def test_the_list_shows_every_field_that_an_entry_has() -> None:
    used = {column.field for column in mappings.layout("deductions").columns}
    internal = {"version", "deduction", "fen", "lines", "entity", "company", "contract", "case"}
    assert {f.name for f in fields(Entry)} - internal <= used | {"kind"}


@pytest.mark.parametrize("name", ["kingdee", "yonyou_nc"])
def test_a_voucher_balances_and_names_accounts_and_auxiliary_items(name: str) -> None:
    legs = rows(name)
    assert sum(leg["借方金额"] for leg in legs) == sum(leg["贷方金额"] for leg in legs) == PARTED.fen
    assert [leg["分录号"] for leg in legs] == list(range(1, len(legs) + 1))
    assert all(leg["科目" if name == "kingdee" else "科目编码"] for leg in legs)
    assert legs[0]["摘要"] == "扣款 D1 第一建筑公司 维修费"


def test_a_reversal_is_a_red_voucher() -> None:
    from chalicelib.domain.money.content import taken_back

    legs = rows("kingdee", taken_back(PARTED))
    assert sum(leg["借方金额"] for leg in legs) == -PARTED.fen
    assert {leg["方向"] for leg in legs if leg["借方金额"]} == {"借"}


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ({}, "it has no column"),
        ({"column": [{"name": "A", "field": "colour"}]}, "no field is called 'colour'"),
        ({"column": [{"name": "A", "text": "{colour}"}]}, "no field is called colour"),
        ({"column": [{"name": "A", "kind": "picture"}]}, "no kind is called 'picture'"),
        ({"rows": "voucher", "column": [{"name": "A"}]}, "legs belong to"),
        ({"rows": "voucher", "column": [{"name": "A"}], "leg": [{"side": "left"}]}, "a leg has a side"),
    ],
)
def test_a_fault_of_a_mapping_file_is_named(made: dict[str, Any], why: str) -> None:
    with pytest.raises(PolicyError, match=f"exports/mine.toml.*{why}"):
        read_layout("mine", made)
