"""The ladder in the trade's own words: who may do what when, and what it comes to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.contractor.changes import fold
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.lifecycle import MOVES, decide, legal
from chalicelib.domain.contractor.words import State, Terms
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from tests.domain.contractor.cases import DAY, HOUR, POLICY, SAID, Told

OUTSIDERS = {Role.OWNER, Role.TECHNICIAN, Role.DEPARTMENT, Role.WORKER, Role.HOTLINE}


def test_neither_owners_nor_crews_nor_workers_move_a_case() -> None:
    assert not {name for name, move in MOVES.items() if move.by & OUTSIDERS}


def test_only_a_notice_goes_by_itself() -> None:
    told = Told()
    with pytest.raises(NotAllowed):
        told.noticed().then("release_reminder", "system", kind="reminder", letter="E1-2026-0002")
    assert Told().then("release_notice", "system", kind="notice", letter="E1-2026-0001").state is State.NOTICED


def test_no_letter_goes_without_a_number() -> None:
    with pytest.raises(Invalid):
        Told().then("release_notice", "o1", kind="notice")


def test_a_reminder_waits_for_a_deadline_that_was_missed() -> None:
    told = Told().noticed()
    with pytest.raises(IllegalMove):
        told.letter("reminder")
    told.wait(9 * DAY)
    told.letter("reminder")
    assert told.case.state is State.REMINDED


@pytest.mark.parametrize(
    ("how", "returned", "more"),
    [
        ("ems_signed", False, {}),
        ("ems_refused", False, {}),
        ("email", False, {}),
        ("ems_returned", True, {}),
    ],
)
def test_a_letter_arrives_by_the_ways_that_count(how: str, returned: bool, more: dict[str, Any]) -> None:
    told = Told(Terms(timedelta(hours=24), 7, returned_counts=returned))
    number = told.letter("notice")
    assert told.arrives(number, how, **more).arrived(LetterKind.NOTICE) is not None
    assert told.arrives(number, how).letters == told.case.letters, "it arrives once"


def test_what_the_post_returned_has_arrived_only_where_the_contract_says_so() -> None:
    told = Told()
    with pytest.raises(Invalid):
        told.arrives(told.letter("notice"), "ems_returned")


@pytest.mark.parametrize(("field", "value"), [("waybill", ""), ("at", "x"), ("how", "button"), ("letter", "E1-2026-9")])
def test_no_proof_no_delivery(field: str, value: str) -> None:
    told = Told()
    number = told.letter("notice")
    facts = {
        "letter": number,
        "how": "ems_signed",
        "at": told.at.isoformat(),
        "waybill": "EE123456785CN",
        "contents": number,
    } | {field: value}
    with pytest.raises((Invalid, NotAllowed)):
        told.then("prove_delivery", "o1", **facts)
    with pytest.raises(Invalid):  # without the scan
        told.then("prove_delivery", "o1", said={}, **(facts | {"how": "ems_signed"}))


def test_a_letter_arrives_neither_before_it_went_nor_in_the_future() -> None:
    told = Told()
    number = told.letter("notice")
    for at in (told.at - DAY, told.at + DAY):
        with pytest.raises(Invalid):
            told.then("prove_delivery", "o1", letter=number, how="email", at=at.isoformat())


def test_the_button_is_an_authorised_contact_s_alone() -> None:
    told = Told()
    told.letter("notice")
    for move in ("confirm", "acknowledge"):
        with pytest.raises(NotAllowed):
            told.then(move, "k1")
    case = told.then("acknowledge", "k1", authorised=True)
    assert (case.state, case.letters[0].how) == (State.ACKNOWLEDGED, "button")


def test_a_refusal_that_is_upheld_lets_the_contractor_go() -> None:
    told = Told().noticed()
    assert told.then("refuse", "k1", authorised=True, reason="not_mine").state is State.REFUSED
    case = told.then("answer_refusal", "o1", upheld=True)
    assert (case.state, case.outcome) == (State.DROPPED, "refusal_upheld")


def test_a_refusal_that_is_overruled_is_a_cause_for_the_reminder_at_once() -> None:
    told = Told().noticed()
    told.then("refuse", "k1", authorised=True, reason="misuse")
    with pytest.raises(IllegalMove):  # the refusal has to be answered first
        told.letter("reminder")
    case = told.then("answer_refusal", "o1")
    assert (case.state, case.cause) == (State.NOTICED, "refused")
    told.letter("reminder")
    assert told.case.state is State.REMINDED


def test_refusing_says_that_the_letter_has_arrived() -> None:
    told = Told()
    told.letter("notice")
    case = told.then("refuse", "k1", authorised=True, reason="out_of_term")
    assert case.arrived(LetterKind.NOTICE) is not None
    assert told.due("cure") is not None


def test_came_and_failed_twice_is_a_cure_that_was_missed() -> None:
    told = Told().noticed()
    told.then("acknowledge", "k1", authorised=True)
    for failures in (1, 2):
        assert told.then("hear_done", ticket="T1", by="contractor").state is State.CURED
        case = told.then("hear_refusal", ticket="T1")
        assert (case.failures, case.state) == (failures, State.ACKNOWLEDGED)
    assert case.cause == "failed"


def test_while_the_owner_has_it_to_sign_the_cure_does_not_run_out() -> None:
    told = Told().noticed()
    told.then("acknowledge", "k1", authorised=True)
    told.then("hear_done", ticket="T1", by="contractor", after=6 * DAY)
    told.wait(5 * DAY)
    assert (told.case.cause, told.due("cure")) == (None, None)
    told.then("hear_refusal", ticket="T1")
    assert told.due("cure") is not None
    told.wait(2 * DAY)
    assert told.case.cause == "missed"


def test_a_finding_that_lays_nothing_on_the_contractor_lets_him_go() -> None:
    case = Told().noticed().found(share=0).case
    assert (case.state, case.outcome) == (State.DROPPED, "finding")


def test_of_several_tickets_one_that_is_not_his_keeps_the_case_open() -> None:
    told = Told(tickets=2).noticed().found(share=0)
    assert told.case.is_open
    told.found(share=0, ticket="T2")
    assert told.case.outcome == "finding"


def test_many_tickets_go_on_one_by_one_and_end_together() -> None:
    told = Told(tickets=12).noticed()
    told.then("acknowledge", "k1", authorised=True)
    assert set(told.case.to_entrust) == set(told.case.tickets)
    for ticket in list(told.case.tickets):
        assert told.case.state is State.ACKNOWLEDGED
        told.then("hear_done", ticket=ticket, by="contractor")
    assert told.case.state is State.CURED
    for ticket in list(told.case.tickets):
        assert told.case.is_open
        told.then("hear_acceptance", ticket=ticket, by="reporter", how="signed")
    assert told.case.outcome == "cured"


def test_what_ends_otherwise_leaves_the_case_and_the_last_one_ends_it() -> None:
    told = Told(tickets=2).noticed()
    assert told.then("hear_end", ticket="T1", why="merged").is_open
    assert told.then("hear_end", ticket="T2", why="cancelled").outcome == "nothing_left"


def test_what_the_house_repaired_itself_closes_the_case_and_charges_nobody() -> None:
    told = Told().noticed()
    told.then("hear_done", ticket="T1", by="house")
    assert told.then("hear_acceptance", ticket="T1", by="reporter", how="signed").outcome == "house"


def test_a_rework_after_the_end_opens_the_case_again_with_a_deadline_of_its_own() -> None:
    told = Told().noticed()
    told.then("acknowledge", "k1", authorised=True)
    told.then("hear_done", ticket="T1", by="contractor")
    assert not told.then("hear_acceptance", ticket="T1", by="reporter", how="signed").is_open
    case = told.then("hear_refusal", ticket="T1")
    assert (case.state, case.closed_under) == (State.ACKNOWLEDGED, None)
    assert told.due("cure") is not None


def test_what_was_missed_before_it_was_repaired_is_no_evidence_after_it_is_opened_again() -> None:
    told = Told().silent()
    told.then("acknowledge", "k1", authorised=True)
    told.then("hear_done", ticket="T1", by="contractor")
    told.then("hear_acceptance", ticket="T1", by="reporter", how="signed")
    case = told.then("hear_refusal", ticket="T1")
    assert (case.state, case.cause, case.expired) == (State.ACKNOWLEDGED, None, False)
    with pytest.raises(IllegalMove) as closed:
        told.then("pass_gate", "o1")
    assert closed.value.details["missing"] == ["cure_missed", "last_expired"]
    assert told.wait(9 * DAY).cause == "missed"
    assert told.due("reminder") is not None


def test_finder_engager_and_accepter_are_different_people() -> None:
    told = Told().noticed().found(finder="o1")
    told.wait(9 * DAY)
    told.arrives(told.letter("reminder"))
    told.then("call", "o1", purpose="deadline", result="reached")
    told.wait(6 * DAY)
    told.then("pass_gate", "o2")
    job = {"company": "T1", "contact": "t1", "price": 1000, "basis": "framework"}
    with pytest.raises(NotAllowed):
        told.then("engage", "o1", **job)
    told.then("engage", "o2", **job)
    told.then("hear_done", ticket="T1", by="third_party")
    for who in ("o1", "o2"):
        with pytest.raises(NotAllowed):
            told.then("accept", who)
    assert told.then("accept", "s1").state is State.ACCEPTED


def test_a_check_by_who_engaged_or_found_is_no_acceptance() -> None:
    told = Told().engaged()
    told.then("hear_done", ticket="T1", by="third_party")
    case = told.then("hear_acceptance", ticket="T1", by="o1", how="checked")
    assert case.state is State.DONE
    assert told.then("accept", "s1").state is State.ACCEPTED


def test_a_dear_job_needs_sealed_quotes_of_different_companies() -> None:
    told = Told().gated()
    job: dict[str, Any] = {"company": "T1", "contact": "t1", "price": 5_000_000, "basis": "quotes"}
    for quotes in ([], [["T1", 5_000_000]] * 3, [["T1", 1], ["T2", 2]]):
        with pytest.raises(Invalid):
            told.then("engage", "o1", **job, quotes=quotes)
    quotes = [["T1", 5_000_000], ["T2", 5_100_000], ["T3", 6_000_000]]
    assert told.then("engage", "o1", **job, quotes=quotes).state is State.ENGAGED


def test_a_job_without_a_price_is_quoted_and_agreed_before_it_is_appointed() -> None:
    told = Told().gated()
    told.then("engage", "o1", company="T1", contact="t1")
    start, end = (told.at + 2 * DAY).isoformat(), (told.at + 3 * DAY).isoformat()
    with pytest.raises(IllegalMove):
        told.then("appoint", "t1", of_company="T1", start=start, end=end)
    told.then("quote", "t1", of_company="T1", price=90_000)
    with pytest.raises(IllegalMove):  # another price than was quoted
        told.then("agree_price", "o1", price=80_000, basis="quote")
    told.then("agree_price", "o1", price=90_000, basis="quote")
    told.then("appoint", "t1", of_company="T1", start=start, end=end)
    told.letter("third_party_notice")
    assert told.case.letter(LetterKind.THIRD_PARTY_NOTICE) is not None


def test_a_third_party_moves_its_own_job_alone() -> None:
    told = Told().engaged()
    for move, facts in (("quote", {"price": 1}), ("disengage", {})):
        with pytest.raises(NotAllowed):
            told.then(move, "t1", of_company="T9", **facts)


def stopped(told: Told) -> Told:
    told.then("call", "d1", purpose="stop", result="no_answer")
    told.then("stop_damage", "d1", company="T1", contact="t1", price=20_000, basis="framework")
    return told


def test_damage_is_stopped_in_an_emergency_alone_and_after_a_call() -> None:
    job = {"company": "T1", "contact": "t1"}
    with pytest.raises(IllegalMove) as early:
        Told(priority="emergency").then("stop_damage", "d1", **job)
    assert early.value.details["missing"] == ["called_first"]
    told = Told()
    told.then("call", "d1", purpose="stop", result="no_answer")
    with pytest.raises(IllegalMove) as calm:
        told.then("stop_damage", "d1", **job)
    assert calm.value.details["missing"] == ["emergency"]


def test_a_stop_of_damage_leaves_the_ladder_where_it_was_and_gives_the_ticket_back() -> None:
    told = Told(priority="emergency").noticed()
    told.then("acknowledge", "k1", authorised=True)
    stopped(told)
    assert told.case.state is State.ACKNOWLEDGED
    assert told.case.hand("T1") == ("T1/third_party", "t1")
    told.then("finish_stop", "t1", of_company="T1")
    assert told.case.hand("T1") == ("C1/contractor", "k1")
    assert told.due("cure") is not None


def test_a_case_is_not_over_before_the_stop_is_confirmed_in_writing_and_invoiced() -> None:
    told = Told(priority="emergency").noticed()
    told.then("acknowledge", "k1", authorised=True)
    stopped(told)
    told.then("finish_stop", "t1", of_company="T1")
    told.then("hear_done", ticket="T1", by="contractor")
    assert told.then("hear_acceptance", ticket="T1", by="reporter", how="signed").is_open
    told.then("confirm_in_writing", "o1")
    with pytest.raises(IllegalMove):
        told.then("release_from", "o1", reason="withdrawn")
    case = told.then("invoice", "t1", of_company="T1", invoice="3" * 20, route="stop_of_damage")
    assert case.outcome == "cured"


def test_a_clause_of_direct_engagement_needs_no_reminder() -> None:
    told = Told(Terms(timedelta(hours=24), 7, direct_engagement=True)).noticed().found()
    assert told.then("pass_gate", "o1", route="direct_engagement").state is State.GATED


def test_only_workers_of_the_case_are_taken_back_and_delegating_needs_the_work_taken_on() -> None:
    told = Told().noticed()
    with pytest.raises(IllegalMove):
        told.then("delegate", "k1", person="C1.w1")
    told.then("acknowledge", "k1", authorised=True)
    told.then("delegate", "k1", person="C1.w1")
    assert told.case.hand("T1") == ("C1/workers", "C1.w1")
    with pytest.raises(IllegalMove):
        told.then("take_back", "k1", person="C1.w2")
    told.then("take_back", "k1", person="C1.w1")
    assert told.case.hand("T1") == ("C1/contractor", "k1")


def test_whoever_does_not_come_to_the_inspection_is_bound_by_photos_and_a_witness() -> None:
    told = Told().noticed()
    for said in ({}, {"photos": ["/p"]}, {"witness": "邻居"}):
        with pytest.raises(Invalid):
            told.then("hold_inspection", "o1", said=said, came=["office"])
    case = told.then("hold_inspection", "o1", came=["office"])
    assert case.events[-1].data["one_sided"] is True
    assert told.due("inspection") is None


def test_a_time_for_the_inspection_is_agreed_by_the_other_side() -> None:
    told = Told().noticed()
    told.then("propose_inspection", "k1", start=(told.at + DAY).isoformat())
    with pytest.raises(IllegalMove):
        told.then("agree_inspection", "k1")
    assert told.then("agree_inspection", "o1").inspection is not None


def test_the_same_move_under_the_same_key_is_made_once() -> None:
    told = Told().noticed()
    command = Command("note", Actor("o1", Role.OFFICE), {}, SAID, key="k" * 20)
    made = decide(told.case, command, told.at, POLICY)
    after = fold(told.case.id, made, onto=told.case)
    assert decide(after, command, told.at + HOUR, POLICY) == []


@pytest.mark.parametrize("name", MOVES)
def test_every_move_is_refused_to_who_has_no_part_in_it(name: str) -> None:
    case = Told().noticed().case
    for role in Role:
        if role not in MOVES[name].by:
            assert not legal(case, name, role)
            with pytest.raises(NotAllowed):
                decide(case, Command(name, Actor("x", role), {}, SAID), Told().at, POLICY)
