"""Contracts on both tables: what was written is read as it was, a project's in one query, and loaded again nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest

from chalicelib.domain.contractor.contract import (
    CitySeasons,
    Clause,
    Company,
    CompanyKind,
    Contact,
    Contract,
    ContractKind,
    Duty,
    Entity,
    MatrixRow,
    OwnerTerm,
    Price,
    Scope,
    Starts,
)
from chalicelib.store import bulk, contracts, table
from chalicelib.store.bulk import Wanted
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import Table
from tests.store.tables import deployed

CLAUSE = Clause(
    "1",
    Scope(("YS-P1",), ("YS-1",), frozenset({"water_leak/roof", "water_leak/bathroom"}), frozenset({"hvac"})),
    "屋面、卫生间防水五年",
    starts=Starts.DAY,
    starts_on=date(2019, 5, 20),
    months=60,
    response={"emergency": timedelta(minutes=30), "normal": timedelta(hours=24)},
    cure_days={"normal": 15},
    fee_rate=1000,
    cap=5_000_000,
    direct_engagement=True,
)
HEATING = Clause("2", Scope(), "", seasons=2, season="heating", returned_counts=True)
CONTRACT = Contract(
    id="HT-1",
    number="滨江〔2018〕总-1号",
    entity="E1",
    company="C1",
    kind=ContractKind.GENERAL,
    lots=("YS-P1", "FL-P1"),
    projects=("FL", "YS"),
    signed=date(2018, 3, 1),
    amount=12_345_678_900,
    retention_rate=300,
    clauses=(CLAUSE, HEATING),
)
THIRD = Company(
    "T1",
    CompanyKind.THIRD_PARTY,
    "演示防水维修",
    contacts=(Contact("T1.A", "T1", Duty.AUTHORISED, 2),),
    trades=frozenset({"waterproofing"}),
    projects=("YS",),
    prices={"W1": Price("卫生间防水", "平方米", 12_000)},
)


@pytest.fixture(params=["deployed", "memory"])
def kept(request: pytest.FixtureRequest) -> Iterator[Table]:
    """An empty table of each kind."""
    if request.param == "memory":
        table.use(MemoryTable())
        yield table.table()
    else:
        with deployed() as made:
            table.use(made)
            yield made
    table.use(None)


def wanted(contract: Contract) -> Wanted:
    return Wanted(contracts.put_contract(contract), "CONTRACT", gone=lambda old: contracts.contract_left(old, contract))


def wanted_company(company: Company) -> Wanted:
    return Wanted(contracts.put_company(company), "COMPANY", gone=lambda old: contracts.company_left(old, company))


def test_what_was_written_is_read_as_it_was(kept: Table) -> None:
    entity = Entity("E1", "演示滨江置业", "91330100MA00000000", "101", ("YS", "FL"))
    bulk.write([Wanted(contracts.put_entity(entity), "ENTITY"), wanted(CONTRACT), wanted_company(THIRD)])
    assert contracts.entity("E1") == entity
    assert contracts.contract("HT-1") == CONTRACT
    assert contracts.company("T1") == THIRD
    assert contracts.companies(["T1", "nobody"]) == {"T1": THIRD}
    assert contracts.contracts_of("C1") == ["HT-1"]
    assert contracts.entity("nobody") is None


def test_all_that_decides_who_is_liable_in_a_project_is_one_query(kept: Table, monkeypatch: pytest.MonkeyPatch) -> None:
    terms = [OwnerTerm("YS-P1", "YS", "water_leak/roof", months=96)]
    matrix = [MatrixRow("YS", "waterproofing", "", "GC", date(2020, 1, 1), "YS-GC1")]
    seasons = CitySeasons("北方市", {"heating": ((11, 15), (3, 15))}, ("YS",))
    rows = [contracts.put_owner_terms("YS", terms), contracts.put_matrix("YS", matrix)]
    bulk.write([wanted(CONTRACT), *(Wanted([row], "") for row in (*rows, contracts.put_seasons("YS", seasons)))])
    asked: list[str] = []
    query = type(kept).query
    monkeypatch.setattr(type(kept), "query", lambda self, pk, *a, **k: asked.append(pk) or query(self, pk, *a, **k))
    held = contracts.of_project("YS")
    assert held == contracts.Held([CONTRACT], terms, matrix, seasons)
    assert asked == ["CONTRACTS#YS"]
    assert contracts.of_project("LW") == contracts.Held()


def test_a_contract_written_again_changes_nothing_and_leaves_the_projects_that_it_has_no_lot_in(kept: Table) -> None:
    assert bulk.write([wanted(CONTRACT)])["added"] == 1
    assert bulk.write([wanted(CONTRACT)])["unchanged"] == 1
    moved = replace(CONTRACT, lots=("YS-P1",), projects=("YS",), company="C2")
    assert bulk.write([wanted(moved)])["changed"] == 1
    assert contracts.of_project("FL").contracts == []
    assert contracts.of_project("YS").contracts == [moved]
    assert (contracts.contracts_of("C1"), contracts.contracts_of("C2")) == ([], ["HT-1"])


def test_companies_that_share_a_number_find_each_other_until_one_changes_it(kept: Table) -> None:
    one, other = replace(THIRD, account="00000001"), replace(THIRD, id="T2", account="00000001", tax_number="X")
    bulk.write([wanted_company(one), wanted_company(other)])
    assert contracts.sharing("account", "00000001") == ["T1", "T2"]
    assert contracts.sharing("tax_number", "X") == ["T2"]
    bulk.write([wanted_company(replace(other, account="00000002"))])
    assert contracts.sharing("account", "00000001") == ["T1"]


def test_a_third_party_is_found_by_trade_where_it_works(kept: Table) -> None:
    everywhere = replace(THIRD, id="T2", projects=())
    contractor = replace(THIRD, id="C1", kind=CompanyKind.CONTRACTOR)
    bulk.write([wanted_company(company) for company in (THIRD, everywhere, contractor)])
    assert contracts.third_parties("YS", "waterproofing") == [THIRD, everywhere]
    assert contracts.third_parties("FL", "waterproofing") == [everywhere]
    assert contracts.third_parties("YS", "hvac") == []
    bulk.write([wanted_company(replace(THIRD, projects=("FL",)))])
    assert [found.id for found in contracts.third_parties("YS", "waterproofing")] == ["T2"]
