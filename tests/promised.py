"""Contracts, dates and a warranty office for the small world of `tests/world.py`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from chalicelib.domain.contractor.contract import (
    Clause,
    Company,
    CompanyKind,
    Contract,
    ContractKind,
    MatrixRow,
    Scope,
)
from chalicelib.store import contracts, places
from chalicelib.store.table import Put
from tests.world import World, forget

LEAKS = frozenset({"water_leak/bathroom", "water_leak/kitchen", "water_leak/roof"})
FIVE_YEARS = Clause("8.1", Scope(components=LEAKS), "防水五年", months=60)
BUILDER = Company("BUILDER", CompanyKind.CONTRACTOR, "建一公司")
CONTRACT = Contract(
    "C1",
    "HT-01",
    "E1",
    "BUILDER",
    ContractKind.GENERAL,
    ("P1",),
    ("P1",),
    date(2019, 1, 1),
    clauses=(FIVE_YEARS,),
)
OTHER = replace(CONTRACT, id="C2", number="HT-02")
DATES = {"acceptance": "2023-06-30", "handover": "2023-09-30"}


def promise(world: World, *made: Contract, dates: Mapping[str, str] = DATES, unit: str = "U1") -> None:
    """Contracts of P1 with their company, the dates of a unit, and o1 and o2 in the warranty office of S1."""
    place = places.get(unit)
    assert place
    rows = [*places.put_place(replace(place, facts=dict(dates))), *contracts.put_company(BUILDER)]
    for contract in made:
        rows += contracts.put_contract(contract)
    for row in rows:
        world.table.write(Put(row))
    for who in ("o1", "o2"):
        world.employ(who, "S1/office")
    forget()


def entrust(world: World, *rows: MatrixRow) -> None:
    """The responsibility matrix of P1."""
    world.table.write(Put(contracts.put_matrix("P1", rows)))
    forget()
