"""A deduction from the third party's invoice to the last fen: gate B, approvals, notice, dispute, what is recovered."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.changes import fold
from chalicelib.domain.money import gates
from chalicelib.domain.money.deduction import Deduction, State
from chalicelib.domain.money.ledger import balances, faults_of
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.services.contractor import office
from chalicelib.services.money import gathering, sealing
from chalicelib.store import invoices, ledger, letters
from tests.services.contractor.scene import case_of
from tests.services.money import owed
from tests.services.money.owed import act, gathered, invoiced, noticed, of_case
from tests.world import World


@pytest.fixture
def here(world: World) -> World:
    office.forget()
    return owed.settle(world)


@pytest.fixture
def case(here: World) -> str:
    return invoiced(here)


def kinds(one: Deduction) -> list[str]:
    return [event.kind for event in one.events]


def test_an_invoice_begins_a_deduction_once_however_often_it_is_heard_of(here: World, case: str) -> None:
    one = of_case(case)
    assert (one.state, one.total, one.case) == (State.GATHERING, 0, case)
    assert one.third_party == "T1"
    here.pump()
    here.advance(hours=1)
    assert kinds(of_case(case)).count("opened") == 1
    assert list(case_of(case).deductions) == ["direct_engagement"]


def test_it_puts_itself_forward_when_the_last_condition_is_met_and_no_sooner(here: World, case: str) -> None:
    one = gathered(here, case)
    assert one.state is State.PROPOSED
    assert [(line.nature, line.fen) for line in one.lines] == [
        ("repair_cost", 54_000),
        ("fee", 5_400),
        ("penalty", 10_000),
    ]
    assert one.total == 69_400
    proposed = one.last("proposed")
    assert proposed is not None
    assert all(condition["event"] > 0 for condition in proposed.data["conditions"])
    assert {condition["name"] for condition in proposed.data["conditions"]} >= {
        "gate_a",
        "measured",
        "invoiced",
        "paid",
    }


@pytest.mark.parametrize("without", ["check_scope", "measure", "check_invoice", "pay_third"])
def test_nothing_is_put_forward_while_a_condition_is_missing(
    here: World, case: str, without: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = owed.act

    def all_but(world: World, case: str, move: str, *rest: Any, **data: Any) -> Deduction:
        return of_case(case) if move == without else real(world, case, move, *rest, **data)

    monkeypatch.setattr(owed, "act", all_but)
    if without == "check_invoice":
        with pytest.raises(IllegalMove):
            gathered(here, case)
    else:
        gathered(here, case)
    with pytest.raises(IllegalMove) as closed:
        real(here, case, "propose", "o2", proposal={"case": case, "lines": [], "total": 1}, conditions=[])
    assert closed.value.reason == "gate_not_passed"
    assert closed.value.details["missing"]
    assert of_case(case).total == 0


def test_quantities_that_two_people_measured_differently_hold_it_up(here: World, case: str) -> None:
    act(here, case, "measure", "o1", items=[["membrane", 4500]])
    act(here, case, "measure", "o2", items=[["membrane", 4400]])
    with pytest.raises(IllegalMove) as closed:
        act(here, case, "propose", "o2")
    assert "measured" in closed.value.details["missing"]
    with pytest.raises(Invalid):
        act(here, case, "measure", "o2", items=[["gold", 4400]])


def test_an_invoice_is_for_the_entity_and_its_total_is_used_once(here: World, case: str) -> None:
    about = {"number": owed.INVOICE, "total": 60_000, "type": "special", "upload": owed.uploaded(here, case)}
    with pytest.raises(Invalid) as another:
        act(here, case, "check_invoice", "o2", allocated=54_000, buyer_tax="91310000MA1FL0XX0B", **about)
    assert another.value.field == "buyer_tax"
    with pytest.raises(Invalid) as short:
        act(here, case, "check_invoice", "o2", allocated=60_001, buyer_tax="91310000MA1FL0XX0A", **about)
    assert short.value.field == "allocated"
    act(here, case, "check_invoice", "o2", allocated=54_000, buyer_tax="91310000MA1FL0XX0A", **about)
    act(here, case, "check_invoice", "o2", allocated=55_000, buyer_tax="91310000MA1FL0XX0A", **about)
    other = invoiced(here)
    about["upload"] = owed.uploaded(here, other)
    with pytest.raises(Invalid) as used:
        act(here, other, "check_invoice", "o2", allocated=5_001, buyer_tax="91310000MA1FL0XX0A", **about)
    assert used.value.details["left"] == 5_000
    with pytest.raises(Invalid) as total:
        act(
            here,
            other,
            "check_invoice",
            "o2",
            allocated=1,
            buyer_tax="91310000MA1FL0XX0A",
            **{**about, "total": 70_000},
        )
    assert total.value.reason == "another_total"


def test_whoever_engaged_or_approved_does_not_approve_and_the_number_has_no_gap(here: World, case: str) -> None:
    gathered(here, case)
    with pytest.raises(NotAllowed):
        act(here, case, "approve", "o1")
    assert act(here, case, "approve", "o2").state is State.APPROVED
    assert of_case(case).number == "E1-K-2026-0001"
    other = invoiced(here)
    gathered(here, other, number="25310000000000000018", total=54_000, allocated=54_000)
    act(here, other, "approve", "o2")
    assert of_case(other).number == "E1-K-2026-0002"


def test_above_the_limit_of_contractor_and_third_party_together_a_second_person_approves(here: World) -> None:
    first = invoiced(here, quantity=200_000)
    gathered(here, first, quantity=200_000)
    act(here, first, "approve", "o2")
    second = invoiced(here, quantity=220_000)
    one = gathered(here, second, 220_000, number="25310000000000000018", total=2_640_000, allocated=2_640_000)
    assert of_case(first).total + one.total > 5_000_000 > one.total
    assert act(here, second, "approve", "o2").state is State.HALF
    with pytest.raises(NotAllowed):
        act(here, second, "approve", "o2")
    assert act(here, second, "approve", "o3").state is State.APPROVED


def test_two_approvals_side_by_side_do_not_pass_the_limit_together(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = invoiced(here, quantity=200_000)
    gathered(here, first, quantity=200_000)
    second = invoiced(here, quantity=220_000)
    gathered(here, second, 220_000, number="25310000000000000018", total=2_640_000, allocated=2_640_000)
    looked, approved = [], invoices.approved

    def between(*asked: Any) -> list[tuple[str, int]]:
        before = approved(*asked)
        if not looked:
            looked.append(True)
            act(here, first, "approve", "o3")
        return before

    monkeypatch.setattr(invoices, "approved", between)
    assert act(here, second, "approve", "o2").state is State.HALF
    assert of_case(first).state is State.APPROVED


def test_a_deduction_is_for_what_the_notice_named_and_accepted_by_somebody_else(here: World, case: str) -> None:
    one = of_case(case)
    known = gathering.known_of(one)

    def met(case: Case) -> dict[str, bool]:
        return {one.name: one.met for one in gates.gate_b(of_case(case.id), replace(known, case=case))}

    assert met(known.case)["noticed"]
    assert met(known.case)["accepted"]
    facts = {"place": dict(known.case.place), "category": known.case.category, "component": "pipe"}
    corrected = Event("corrected", here.at, "system", Role.SYSTEM, facts)
    assert not met(fold(known.case.id, [corrected], onto=known.case))["noticed"]
    assert known.case.job is not None
    for own in (*known.case.finders, *known.case.engagers):
        assert not met(replace(known.case, job=replace(known.case.job, accepter=own)))["accepted"]


def test_the_notice_is_the_fourth_letter_with_the_amount_in_figures_and_capitals(here: World, case: str) -> None:
    one = noticed(here, case)
    assert one.state is State.DELIVERED
    assert one.letter is not None
    content = letters.content(one.letter.number)
    assert content is not None
    assert "694.00" in content.text
    assert "人民币陆佰玖拾肆元整" in content.text
    assert "防水卷材 120.00/m² × 4.5" in content.text


def test_who_keeps_silent_is_set_off_after_the_period_and_finance_may_pull_it(here: World, case: str) -> None:
    noticed(here, case)
    here.advance(days=6)
    assert of_case(case).state is State.DELIVERED
    here.advance(days=2)
    one = of_case(case)
    assert (one.state, one.basis) == (State.FIRM, "setoff")
    assert [line.fen for line in sealing.preview("E1").lines] == [69_400]


def test_who_agrees_makes_it_firm_by_the_contract_and_only_who_is_authorised(here: World, case: str) -> None:
    noticed(here, case)
    with pytest.raises(NotAllowed):
        act(here, case, "agree", "C1.k3", total=69_400)
    with pytest.raises(IllegalMove):
        act(here, case, "agree", "C1.k1", total=1)
    one = act(here, case, "agree", "C1.k1", total=69_400)
    assert (one.state, one.basis, one.answered_by) == (State.FIRM, "contract", "C1.k1")


def test_a_dispute_is_decided_by_somebody_who_did_not_approve_and_upheld_it_is_reversed(here: World, case: str) -> None:
    noticed(here, case)
    act(here, case, "dispute", "C1.k1", ground="amount")
    with pytest.raises(NotAllowed):
        act(here, case, "decide_dispute", "o2", upheld_fen=69_400)
    one = act(here, case, "decide_dispute", "o4", upheld_fen=69_400)
    assert (one.state, one.reversed, one.left) == (State.CLOSED, 69_400, 0)
    assert sealing.preview("E1").lines == []


def test_a_dispute_that_is_upheld_in_part_leaves_the_rest_firm(here: World, case: str) -> None:
    noticed(here, case)
    act(here, case, "dispute", "C1.k1", ground="amount", fen=10_000)
    one = act(here, case, "decide_dispute", "o4", upheld_fen=4_000)
    assert (one.state, one.reversed, one.left) == (State.FIRM, 4_000, 65_400)
    assert [line.fen for line in sealing.preview("E1").lines] == [65_400]


def recover(here: World, case: str, fen: int, voucher: str = "记-31") -> Deduction:
    booked = {"voucher": voucher, "posted": "2026-04-30", "period": "2026-04", "source": "retention"}
    return act(here, case, "recover", "f1", fen=fen, **booked)


def test_it_is_recovered_in_parts_never_beyond_and_what_is_reversed_after_is_refunded(here: World, case: str) -> None:
    noticed(here, case)
    act(here, case, "agree", "C1.k1", total=69_400)
    assert recover(here, case, 60_000).left == 9_400
    with pytest.raises(Invalid):
        recover(here, case, 9_401)
    one = act(here, case, "reverse", "o4", fen=20_000)
    assert (one.left, one.refund_due, one.state) == (-10_600, 10_600, State.FIRM)
    booked = {"voucher": "记-40", "posted": "2026-05-10", "period": "2026-05"}
    one = act(here, case, "refund", "f1", fen=10_600, **booked)
    assert (one.left, one.state) == (0, State.CLOSED)


def test_what_is_written_off_needs_two_people(here: World, case: str) -> None:
    noticed(here, case)
    act(here, case, "agree", "C1.k1", total=69_400)
    act(here, case, "ask_write_off", "f1", fen=69_400)
    act(here, case, "refuse_write_off", "o3")
    act(here, case, "ask_write_off", "o3", fen=69_400)
    with pytest.raises(NotAllowed):
        act(here, case, "write_off", "o3")
    one = act(here, case, "write_off", "o4")
    assert (one.state, one.written_off) == (State.CLOSED, 69_400)


def test_what_was_rejected_is_put_forward_anew_or_dropped_and_asks_the_gate_again(here: World, case: str) -> None:
    gathered(here, case)
    act(here, case, "reject", "o2")
    act(here, case, "check_scope", "o2", beyond=4_000)
    one = act(here, case, "propose", "o2")
    assert (one.state, one.round, one.total) == (State.PROPOSED, 2, 50_000 + 5_000 + 10_000)
    act(here, case, "reject", "o2")
    assert act(here, case, "drop", "o2").state is State.DROPPED


def test_the_ledger_has_an_entry_for_each_change_and_all_of_them_balance(here: World, case: str) -> None:
    noticed(here, case)
    act(here, case, "agree", "C1.k1", total=69_400)
    recover(here, case, 69_400)
    one = of_case(case)
    assert one.state is State.CLOSED
    entries = [e for period in ("2026-03", "2026-04") for e in ledger.entries("E1", period) if e.deduction == one.id]
    assert [e.event for e in entries] == ["proposed", "approved", "letter_released", "firm", "recovered"]
    assert faults_of(entries) == []
    assert {account: fen for account, fen in balances(entries).items() if fen} == {
        "recovered:retention": 69_400,
        "claims": -69_400,
    }
