"""Whose clause holds for a component of a place, and whose department it is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from chalicelib.domain.contractor.contract import (
    Clause,
    Company,
    CompanyKind,
    Contact,
    Contract,
    ContractKind,
    Duty,
    MatrixRow,
    Scope,
    covering,
    department_of,
)

FLAT = {"subsidiary": "BJ", "project": "YS", "phase": "YS-P1", "building": "YS-1", "unit": "YS-1-1-101"}
GARAGE = {"subsidiary": "BJ", "project": "YS", "area": "YS-GARAGE"}
BATHROOM = ("water_leak", "bathroom", "waterproofing")


def contract(id_: str, *scopes: Scope, lots: Iterable[str] = ("YS-P1",), signed_with: str = "") -> Contract:
    clauses = tuple(Clause(f"{n}", scope, "", months=60) for n, scope in enumerate(scopes, 1))
    kind = ContractKind.SUB if signed_with else ContractKind.GENERAL
    return Contract(
        id_,
        id_,
        "E",
        "C",
        kind,
        tuple(lots),
        ("YS",),
        date(2018, 1, 1),
        signed_with=signed_with,
        clauses=clauses,
    )


def found(*contracts: Contract, place: dict[str, str] | None = None) -> list[str]:
    return [f"{c.id}.{clause.id}" for c, clause in covering(contracts, place or FLAT, *BATHROOM)]


def test_within_a_contract_what_names_the_component_goes_before_what_names_its_trade_and_that_before_the_rest() -> None:
    rest, trade = Scope(), Scope(trades=frozenset({"waterproofing"}))
    named = Scope(components=frozenset({"water_leak/bathroom"}))
    assert found(contract("A", rest, trade, named)) == ["A.3"]
    assert found(contract("A", rest, trade)) == ["A.2"]
    assert found(contract("A", rest)) == ["A.1"]
    assert found(contract("A", Scope(trades=frozenset({"lift"})))) == []


def test_two_clauses_or_contracts_that_name_it_alike_are_both_there() -> None:
    assert found(contract("A", Scope(), Scope())) == ["A.1", "A.2"]
    assert found(contract("A", Scope()), contract("B", Scope())) == ["A.1", "B.1"]


def test_a_subcontract_goes_before_the_general_contract_that_it_stands_under() -> None:
    general, sub = contract("G", Scope()), contract("S", Scope(), signed_with="G")
    assert found(general, sub) == ["S.1"]
    elsewhere = contract("S", Scope(components=frozenset({"lift/door"})), signed_with="G")
    assert found(general, elsewhere) == ["G.1"]


def test_a_clause_holds_in_its_lots_or_the_places_that_it_names_and_nowhere_else() -> None:
    assert found(contract("A", Scope(), lots=["YS-P2"])) == []
    assert found(contract("A", Scope(), lots=["YS"])) == ["A.1"]
    assert found(contract("A", Scope(lots=("YS-P2",)), lots=["YS-P1", "YS-P2"])) == []
    assert found(contract("A", Scope(places=("YS-2",)))) == []
    assert found(contract("A", Scope(places=("YS-1",)))) == ["A.1"]
    assert found(contract("A", Scope()), place=GARAGE) == []
    assert found(contract("A", Scope(places=("YS-GARAGE",))), place=GARAGE) == ["A.1"]


def test_only_authorised_contacts_receive_letters_the_nearest_first() -> None:
    duties = ((Duty.CONTACT, 1), (Duty.AUTHORISED, 2), (Duty.AUTHORISED, 1), (Duty.WORKER, 1))
    contacts = tuple(Contact(f"C.{n}", "C", duty, level) for n, (duty, level) in enumerate(duties))
    company = Company("C", CompanyKind.CONTRACTOR, "C", contacts=contacts)
    assert [contact.id for contact in company.receives()] == ["C.2", "C.1"]


def test_a_component_is_the_department_of_the_latest_row_that_names_it_most_exactly() -> None:
    rows = [
        MatrixRow("YS", "", "", "PM", date(2020, 1, 1)),
        MatrixRow("YS", "waterproofing", "", "GC", date(2020, 1, 1)),
        MatrixRow("YS", "waterproofing", "", "BX", date(2024, 1, 1)),
        MatrixRow("YS", "waterproofing", "settled", "PM", date(2022, 1, 1)),
    ]

    def whose(trade: str, stage: str, on: date) -> str:
        row = department_of(rows, "water_leak/bathroom", trade, stage, on)
        return row.department if row else ""

    assert whose("lift", "", date(2025, 1, 1)) == "PM"
    assert whose("waterproofing", "first_year", date(2023, 12, 31)) == "GC"
    assert whose("waterproofing", "first_year", date(2024, 1, 1)) == "BX"
    assert whose("waterproofing", "settled", date(2025, 1, 1)) == "PM"
    assert whose("waterproofing", "", date(2019, 1, 1)) == ""
