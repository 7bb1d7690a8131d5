"""A contract's retention: what is left, when its two periods end, what the law warns of, which source comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chalicelib.domain.contractor.contract import Clause, Contract, ContractKind, Scope, Starts
from chalicelib.domain.money import retention
from chalicelib.domain.money.retention import Balance, Sheet
from chalicelib.domain.policy.retention import Rules
from chalicelib.domain.time.periods import workdays

CONTRACT = Contract(
    "K1",
    "HT-1",
    "E1",
    "C1",
    ContractKind.GENERAL,
    ("L1", "L2"),
    ("P1",),
    date(2021, 3, 1),
    amount=100_000_00,
    retention_rate=300,
    retention=3_000_00,
    defect_liability_months=24,
    clauses=(Clause("1", Scope(), "防水", months=60), Clause("2", Scope(), "装修", months=24, starts=Starts.HANDOVER)),
)
RULES = Rules(estimate={"other": 1_500_00, "water_leak": 4_500_00})
WORKS = workdays({})
SHEET = Sheet(300, Balance(date(2026, 3, 1), 3_000_00, 500_00), 0, 0, 0, 0, None, None)


def test_left_is_withheld_less_deducted_less_paid_back_less_what_is_not_booked_yet() -> None:
    balance = Balance(date(2026, 3, 1), held=3_000_00, deducted=500_00, released=1_000_00)
    assert balance.left == 1_500_00
    assert replace(SHEET, balance=balance, booked=200_00, pending=400_00).left == 900_00
    assert replace(SHEET, balance=None).left == 0


def test_defect_liability_and_warranty_end_apart_each_by_its_own_count() -> None:
    accepted = date(2024, 2, 29)
    assert retention.liability_end(CONTRACT, [accepted, date(2023, 5, 1)], WORKS) == date(2026, 3, 2)  # a Saturday
    assert retention.warranty_end(CONTRACT, accepted, date(2024, 9, 30), {}, WORKS) == date(2029, 2, 28)


@pytest.mark.parametrize("accepted", [[], [None], [date(2024, 2, 29), None]])
def test_while_a_lot_is_not_accepted_defect_liability_has_no_end(accepted: list[date | None]) -> None:
    assert retention.liability_end(CONTRACT, accepted, WORKS) is None


@pytest.mark.parametrize(
    ("change", "warned"),
    [
        ({}, ()),
        ({"retention_rate": 301}, ("rate_high",)),
        ({"retention_rate": 0, "retention": 3_000_01}, ("rate_high",)),
        ({"defect_liability_months": 25}, ("liability_long",)),
        ({"bond": 1}, ("beside_bond",)),
        ({"quality_insurance": True}, ("beside_insurance",)),
        ({"bond": 1, "retention": 0, "retention_rate": 0}, ()),
    ],
)
def test_what_the_law_does_not_have_is_warned_of(change: dict[str, object], warned: tuple[str, ...]) -> None:
    assert retention.warnings_of(replace(CONTRACT, **change), RULES) == warned  # type: ignore[arg-type]


def test_an_open_defect_costs_what_was_agreed_else_what_the_policy_says_for_each_ticket() -> None:
    found = [("water_leak", 2, 0), ("water_leak", 3, 700_00), ("lift", 1, 0)]
    assert retention.estimate(found, RULES) == 2 * 4_500_00 + 700_00 + 1_500_00


def test_before_it_is_paid_back_somebody_knows_that_open_defects_exceed_what_is_left() -> None:
    assert retention.alerts(SHEET) == ()
    assert retention.alerts(replace(SHEET, estimate=2_500_01)) == ("defects_exceed",)
    assert retention.alerts(replace(SHEET, pending=2_500_01)) == ("overdrawn", "pending")
    assert retention.alerts(replace(SHEET, balance=None)) == ("no_balance",)


def taken(fen: int, **more: object) -> list[tuple[str, str, int]]:
    balance = Balance(date(2026, 3, 1), 3_000_00, 500_00, payable=200_00, bond=100_00)
    others = [
        (replace(CONTRACT, id="K2"), Balance(date(2026, 3, 1), 0, payable=50_00)),
        (replace(CONTRACT, id="K3", entity="E2"), Balance(date(2026, 3, 1), 0, payable=70_00)),
    ]
    found = retention.sources(fen, CONTRACT, replace(SHEET, balance=balance), others, **more)  # type: ignore[arg-type]
    assert sum(one.takes for one in found) == fen
    return [(one.kind, one.contract, one.takes) for one in found]


def test_a_deduction_takes_from_each_source_what_is_there_and_claims_the_rest() -> None:
    assert taken(2_400_00)[0] == ("retention", "K1", 2_400_00)
    assert taken(3_000_00) == [
        ("retention", "K1", 2_500_00),
        ("bond", "K1", 100_00),
        ("progress", "K1", 200_00),
        ("other_contract", "K2", 50_00),
        ("claim", "K1", 150_00),
    ]


def test_a_contract_of_another_entity_is_a_source_by_a_three_party_agreement_alone() -> None:
    assert ("other_contract", "K3", 70_00) in taken(3_000_00, agreed=("K3",))


def test_where_a_stop_stands_nothing_but_the_claim_is_left() -> None:
    assert taken(3_000_00, stopped=True) == [("claim", "K1", 3_000_00)]
