"""Balances of retention come from finance's system by file: checked as a whole, the same file twice is once."""

from __future__ import annotations

from datetime import datetime

import pytest

from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.money.release import Release
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.language.faults import explain_fault
from chalicelib.services.money import balances, releases, retentions
from chalicelib.services.money.balances import Loaded
from tests.services.money import kept
from tests.world import World

FINANCE = Actor("f1", Role.FINANCE)
HEAD = "合同编号,截止日期,累计扣留,累计扣款,累计返还,未付工程款,保函余额\n"


@pytest.fixture
def here(world: World) -> World:
    kept.settle(world)
    return world


def load(world: World, *rows: str, by: Actor = FINANCE, write: bool = True) -> Loaded:
    content = ("\ufeff" + HEAD + "\n".join(rows)).encode()
    return balances.load("E1", content, "balances.csv", by, world.at, write=write)


def faults(done: Loaded) -> list[tuple[int, str, str]]:
    assert all(explain_fault(one, "zh_CN") and explain_fault(one, "en") for one in done.faults)
    return [(one.row, one.column, one.reason) for one in done.faults]


def test_a_row_states_how_a_contract_stands_by_its_printed_number_or_its_code(here: World) -> None:
    done = load(here, "HT-2021-007,2026-02-28,30000.00,1000,0,5000.50,")
    assert (done.rows, done.changed, faults(done)) == (1, 1, [])
    one = kept.load()
    assert one.balance is not None
    assert (one.balance.held, one.balance.deducted, one.balance.payable, one.left) == (
        3_000_000,
        100_000,
        500_050,
        2_900_000,
    )
    assert one.liability_ends is not None
    assert one.liability_ends.isoformat() == "2025-06-30"
    assert load(here, "H1,2026-03-01,30000,2000,,,").changed == 1
    assert kept.load().left == 2_800_000


def test_the_same_file_twice_is_once(here: World) -> None:
    row = "H1,2026-02-28,30000.00,1000,0,0,0"
    load(here, row)
    before = kept.load().version
    assert load(here, row).changed == 0
    assert kept.load().version == before


def test_a_fault_names_its_row_and_column_and_nothing_is_written(here: World) -> None:
    done = load(
        here, "H1,2026-02-28,30000,,,,", "HT-9,2026-02-28,1,,,,", "HT-2021-007,2026-02-28,5,,,,", "X,gestern,abc,,,,"
    )
    assert faults(done) == [(5, "on", "date"), (5, "held", "money")]
    done = load(here, "H1,2026-02-28,30000,,,,", "HT-9,2026-02-28,1,,,,", "HT-2021-007,2026-02-28,5,,,,")
    assert faults(done) == [(3, "contract", "unknown_contract"), (4, "contract", "code_twice")]
    assert faults(load(here, "H1,2026-02-28,100,60,50,,")) == [(2, "held", "less_than_gone")]
    assert retentions.of_contract("H1") is None


def test_an_older_balance_is_a_fault_and_a_check_writes_nothing(here: World) -> None:
    assert load(here, "H1,2026-02-28,30000,,,,", write=False).faults == []
    assert retentions.of_contract("H1") is None
    load(here, "H1,2026-02-28,30000,,,,")
    assert faults(load(here, "H1,2026-02-27,30000,,,,")) == [(2, "on", "older_balance")]


def test_a_balance_that_a_later_one_overtook_since_the_check_is_named(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = releases.begun

    def overtaken(contract: Contract, at: datetime) -> Release:
        with monkeypatch.context() as beside:
            beside.setattr(releases, "begun", begun)
            load(here, "H1,2026-03-01,30000,,,,")
        return begun(contract, at)

    monkeypatch.setattr(releases, "begun", overtaken)
    done = load(here, "H1,2026-02-28,20000,,,,")
    assert (done.changed, faults(done)) == (0, [(2, "on", "older_balance")])
    assert kept.load().left == 3_000_000


def test_what_is_no_table_is_said_so_and_nobody_but_finance_loads(here: World) -> None:
    done = balances.load("E1", b"\xd0\xcf\x11\xe0old", "b.xls", FINANCE, here.at)
    assert done.unread is not None
    assert faults(load(here)) != []
    with pytest.raises(NotAllowed):
        load(here, "H1,2026-02-28,1,,,,", by=Actor("o1", Role.OFFICE))


def test_another_entitys_contract_is_unknown(here: World) -> None:
    content = (HEAD + "H1,2026-02-28,30000,,,,").encode()
    done = balances.load("E9", content, "b.csv", FINANCE, here.at)
    assert [one.reason for one in done.faults] == ["unknown_contract"]
