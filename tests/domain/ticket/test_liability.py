"""Who is liable: what is found, corrected, disputed, appraised; the quote; access. Facts and words apart."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.ticket.command import ANSWERS, Command, answered
from chalicelib.domain.ticket.liability import Share, about, bears, for_office, share_of, shares
from chalicelib.domain.ticket.lifecycle import decide, legal
from chalicelib.domain.ticket.ticket import Actor, Role, Ticket, fold
from tests.domain.happened import HOME, MONDAY, POLICY, Life
from tests.domain.samples import SIGNED

MINUTE = timedelta(minutes=1)
OFFICE, OWNER, DESK, TECHNICIAN = Role.OFFICE, Role.OWNER, Role.DESK, Role.TECHNICIAN
PHOTO = {"words": "管根开裂", "photos": ["/p"]}


def standing(*happened: tuple[str, dict[str, Any]], place: dict[str, str] | None = None) -> Ticket:
    told = Life()
    if place:
        told.events[0] = type(told.events[0])("reported", MONDAY, "x", OWNER, {**told.events[0].data, "place": place})
    for n, (kind, data) in enumerate((("assigned", {}), ("acknowledged", {}), ("arrived", {}), *happened), 1):
        told.then(kind, n * MINUTE, **data)
    return told.ticket


def do(ticket: Ticket, name: str, role: Role, who: str = "x", said: Any = PHOTO, **data: Any) -> Ticket:
    of = {"of": answered(ticket, name)} if name in ANSWERS else {}
    events = decide(ticket, Command(name, Actor(who, role), of | data, said), MONDAY + 60 * MINUTE, POLICY)
    assert all("words" not in event.data and "items" not in event.data for event in events)
    return fold(ticket.id, events, onto=ticket)


def refused(ticket: Ticket, name: str, role: Role, said: Any = PHOTO, **data: Any) -> tuple[str, str]:
    with pytest.raises(Invalid) as fault:
        do(ticket, name, role, said=said, **data)
    return fault.value.field, fault.value.reason


def by_dates(payer: str, **more: Any) -> tuple[str, dict[str, Any]]:
    return ("verdict_given", {"payer": payer, "about": about(standing()), **more})


HALF = [["contractor", 50, "C1"], ["developer", 50]]
FOUND = ("found", {"cause": "waterproof_layer", "shares": HALF, "photos": 1})
OWNERS = ("found", {"cause": "misuse", "shares": [["owner", 100]], "photos": 1})
COMMON = {"subsidiary": "S1", "project": "P1", "building": "B1", "area": "A1", "label": "P1 大堂"}


def test_a_finding_takes_the_place_of_the_verdict() -> None:
    ticket = standing(by_dates("contractor", contract="C9"))
    assert shares(ticket) == (Share("contractor", 100, "C9"),)
    found = do(ticket, "find", TECHNICIAN, cause="waterproof_layer", shares=HALF)
    assert shares(found) == (Share("contractor", 50, "C1"), Share("developer", 50))
    assert (share_of(found, "C1"), share_of(found, "C9")) == (50, 0)
    assert found.finding["component"] == "water_leak/"


@pytest.mark.parametrize(
    ("made", "why"),
    [
        ([], "required"),
        ([["contractor", 60, "C1"], ["developer", 50]], "not_a_hundred"),
        ([["contractor", 99, "C1"]], "not_a_hundred"),
        ([["owner", 0], ["developer", 100]], "no_percent"),
        ([["owner", 101]], "no_percent"),
        ([["owner", 100.0]], "no_percent"),
        ([["owner", True], ["developer", 99]], "no_percent"),
        ([["nobody", 100]], "required"),
        ([["undecided", 100]], "required"),
        ([["contractor", 50, "C1"], ["contractor", 50, "C1"]], "party_twice"),
        ([["fund", 100]], "fund_in_flat"),
        ([{"party": "owner"}], "required"),
        (["owner"], "required"),
    ],
)
def test_shares_make_a_hundred_and_each_party_bears_one(made: Any, why: str) -> None:
    assert refused(standing(), "find", TECHNICIAN, cause="wear", shares=made) == ("shares", why)


def test_two_contractors_may_share_it() -> None:
    two = [["contractor", 30, "C1"], ["contractor", 70, "C2"]]
    assert share_of(do(standing(), "find", TECHNICIAN, cause="hollow", shares=two), "C2") == 70


def test_a_finding_needs_its_cause_and_a_photo_and_a_correction_its_reason() -> None:
    assert refused(standing(), "find", TECHNICIAN, shares=HALF) == ("cause", "required")
    bare = {"words": "x"}
    assert refused(standing(), "find", TECHNICIAN, said=bare, cause="wear", shares=HALF)[1] == "finding_photo_needed"
    again = refused(standing(FOUND), "correct_finding", OFFICE, said={"photos": ["/p"]}, cause="wear", shares=HALF)
    assert again == ("words", "required")
    corrected = do(standing(FOUND), "correct_finding", OFFICE, said=bare, cause="misuse", shares=[["owner", 100]])
    assert bears(corrected, "owner")
    assert corrected.events[-1].data["of"] == standing(FOUND).finding["version"]


def test_what_money_moved_by_or_was_appraised_stays() -> None:
    for last in (("money_moved", {"what": "compensation"}), ("appraised", {"result": "upheld"})):
        ticket = standing(FOUND, ("finding_disputed", {"side": "owner"}), last)
        with pytest.raises(IllegalMove):
            do(ticket, "correct_finding", OFFICE, cause="wear", shares=HALF)
        assert not legal(ticket, "dispute_finding", OWNER)
        assert not legal(ticket, "appraise", OFFICE)


def test_a_dispute_waits_for_an_appraisal_with_its_document_by_somebody_else() -> None:
    ticket = do(standing(by_dates("owner"), OWNERS), "dispute_finding", OWNER)
    assert for_office(ticket) == "appraisal"
    assert not legal(ticket, "correct_finding", OFFICE)
    assert refused(ticket, "appraise", OFFICE, said={"words": "x"}, upheld=True) == ("photos", "document_needed")
    assert refused(ticket, "appraise", OFFICE) == ("upheld", "required")
    assert refused(ticket, "appraise", OFFICE, upheld=False) == ("shares", "required")
    with pytest.raises(NotAllowed):
        do(ticket, "appraise", OFFICE, who=ticket.finding["by"], upheld=True)
    upheld = do(ticket, "appraise", OFFICE, upheld=True)
    assert (for_office(upheld), bears(upheld, "owner")) == ("", True)
    changed = do(ticket, "appraise", OFFICE, upheld=False, shares=HALF)
    assert shares(changed) == (Share("contractor", 50, "C1"), Share("developer", 50))


def test_the_office_decides_what_the_dates_leave_open_with_its_reason() -> None:
    ticket = standing(by_dates("undecided", cause="undecided"))
    assert for_office(ticket) == "verdict"
    assert refused(ticket, "decide_liability", OFFICE, said={}, payer="developer") == ("words", "required")
    assert refused(ticket, "decide_liability", OFFICE, payer="undecided") == ("payer", "required")
    assert refused(ticket, "decide_liability", OFFICE, payer="contractor") == ("contract", "required")
    decided = do(ticket, "decide_liability", OFFICE, payer="contractor", contract="C1")
    assert (for_office(decided), shares(decided)) == ("", (Share("contractor", 100, "C1"),))
    with pytest.raises(NotAllowed):
        do(ticket, "decide_liability", DESK, payer="developer")
    assert not legal(standing(by_dates("owner")), "decide_liability", OFFICE)


def test_where_no_contract_was_ever_loaded_the_office_is_not_waited_for() -> None:
    assert for_office(standing(by_dates("undecided", cause="no_contracts"))) == ""


def test_a_contractor_without_a_contract_is_for_the_office_to_name() -> None:
    ticket = standing(("found", {"cause": "hollow", "shares": [["contractor", 100, ""]], "photos": 1}))
    assert for_office(ticket) == "finding"
    named = do(ticket, "correct_finding", OFFICE, cause="hollow", shares=[["contractor", 100, "C1"]])
    assert for_office(named) == ""


def test_another_category_or_place_needs_another_verdict_and_undoes_the_decision() -> None:
    ticket = standing(by_dates("undecided", cause="undecided"), ("verdict_decided", {"payer": "developer"}))
    assert not ticket.verdict_due
    moved = do(ticket, "set_category", DESK, category="water_leak", component="roof")
    assert moved.verdict_due
    judged = do(moved, "give_verdict", Role.SYSTEM, payer="contractor", contract="C1", about=about(moved))
    assert (judged.verdict_due, shares(judged)) == (False, (Share("contractor", 100, "C1"),))
    assert not do(standing(FOUND), "set_category", DESK, category="water_leak", component="roof").verdict_due


def test_an_owner_is_quoted_what_is_his_alone_by_lines_and_total() -> None:
    lines = {"lines": [[1500, 3333], [1000, 12000]]}
    said = {"items": ["人工(小时)", "角阀"], "words": ""}
    ticket = do(standing(OWNERS), "quote", DESK, said=said, **lines)
    assert ticket.quote["lines"] == [[1500, 3333, 5000], [1000, 12000, 12000]]  # 49.995 yuan are 50
    assert (ticket.quote["fen"], ticket.quote["state"]) == (17000, "offered")
    accepted = do(ticket, "accept_quote", OWNER, said={"signature": SIGNED})
    assert accepted.quote["state"] == "accepted"
    with pytest.raises(Invalid):
        do(ticket, "accept_quote", OWNER, said={})
    assert do(ticket, "decline_quote", OWNER, said={}).quote["state"] == "declined"
    assert not legal(accepted, "decline_quote", OWNER)


def test_a_quote_holds_only_while_what_was_found_does() -> None:
    ticket = do(standing(OWNERS), "quote", DESK, said={"items": ["角阀"]}, lines=[[1000, 12000]])
    disputed = do(ticket, "dispute_finding", OWNER)
    corrected = do(ticket, "correct_finding", OFFICE, cause="waterproof_layer", shares=HALF)
    for later in (disputed, corrected):
        assert not legal(later, "accept_quote", OWNER)
        assert not legal(later, "quote", DESK)
    upheld = do(disputed, "appraise", OFFICE, upheld=True)
    assert legal(upheld, "accept_quote", OWNER)


@pytest.mark.parametrize(
    ("lines", "items", "why"),
    [
        ([], [], "required"),
        ([[1000, 1]], [], "required"),
        ([[1000, 1]], [" "], "required"),
        ([[0, 100]], ["x"], "no_amount"),
        ([[1000, 0]], ["x"], "no_amount"),
        ([[1000, -5]], ["x"], "no_amount"),
        ([[1000, 10**9]], ["x"], "no_amount"),
        ([["a", 1]], ["x"], "no_amount"),
        ([[1000, 100]], ["长" * 81], "too_long"),
        ([[1000, 1]] * 21, ["x"] * 21, "required"),
    ],
)
def test_a_line_of_a_quote_names_what_it_is_for_and_what_it_costs(lines: Any, items: Any, why: str) -> None:
    assert refused(standing(OWNERS), "quote", DESK, said={"items": items}, lines=lines) == ("lines", why)


def test_nobody_is_quoted_a_common_part_nor_found_to_owe_one() -> None:
    here = standing(by_dates("fund"), place=COMMON)
    assert refused(here, "find", TECHNICIAN, cause="wear", shares=[["owner", 100]]) == ("shares", "common_part")
    assert bears(do(here, "find", TECHNICIAN, cause="wear", shares=[["fund", 100]]), "fund")
    undecided = standing(("verdict_given", {"payer": "undecided", "cause": "undecided"}), place=COMMON)
    assert refused(undecided, "decide_liability", OFFICE, payer="owner") == ("payer", "common_part")
    stored = standing(OWNERS, place=COMMON)  # however it came there
    assert refused(stored, "quote", DESK, said={"items": ["x"]}, lines=[[1000, 100]]) == ("lines", "common_part")
    assert not legal(standing(FOUND), "quote", DESK)  # nothing of it is the owner's


def test_who_bars_the_contractor_without_a_reason_makes_it_the_developers() -> None:
    ticket = standing(FOUND)
    barred = do(ticket, "note_access", OWNER, said={}, what="refused", reason="no_reason")
    assert shares(barred) == (Share("developer", 100),)
    assert barred.events[-1].data["side"] == "owner"
    claimed = do(ticket, "note_access", Role.CONTRACTOR, what="refused", reason="no_reason")
    assert shares(claimed) == shares(ticket)  # nobody clears himself by his own word
    later = do(ticket, "note_access", OWNER, said={}, what="refused", reason="other_time")
    assert shares(later) == shares(ticket)
    assert shares(do(barred, "note_access", OWNER, said={}, what="given")) == shares(ticket)


def test_access_is_on_record_from_both_sides_and_a_refusal_has_its_reason() -> None:
    ticket = standing(FOUND)
    assert do(ticket, "note_access", Role.CONTRACTOR, what="offered").events[-1].data["side"] == "contractor"
    assert refused(ticket, "note_access", OWNER, said={}, what="refused") == ("reason", "required")
    assert refused(ticket, "note_access", OWNER, said={}, what="refused", reason="mood") == ("reason", "required")
    assert refused(ticket, "note_access", OWNER, said={}) == ("what", "required")
    heard = refused(ticket, "note_access", Role.CONTRACTOR, said={}, what="refused", reason="not_at_home")
    assert heard == ("words", "required")


def test_planned_upkeep_and_what_is_no_work_have_no_verdict() -> None:
    for kind, due in (("repair", True), ("emergency", True), ("patrol", True), ("maintenance", False)):
        assert Life(kind).ticket.verdict_due is due
    assert not Life("complaint").ticket.verdict_due
    assert dict(Life().ticket.place) == HOME
