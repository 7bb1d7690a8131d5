"""The ways beside the ladder, on the mechanism: refusal, stop of damage, direct engagement, workers, silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contractor.clocks import running
from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.roles import Role
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import contacts, engaging, listing
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts, letters, places
from chalicelib.store.table import Put
from tests.services.contractor import scene
from tests.services.contractor.scene import (
    CLAUSE,
    acknowledged,
    actor,
    arrives,
    case_of,
    do,
    find,
    opened,
    own_link,
    repair,
)
from tests.world import World

OWN = frozenset({"staff"})


def told(world: World, case: str) -> set[tuple[str, str]]:
    return {(m.to, m.template) for m in world.told(case)}


def test_a_refusal_comes_to_the_office_and_upheld_it_frees_the_contractor_and_the_ticket(here: World) -> None:
    ticket, case = opened(here)
    do(here, case, "release_notice", "o1")
    do(here, case, "refuse", "C1.k1", reason="not_mine")
    assert ("o1", "case_refused") in told(here, case)
    do(here, case, "answer_refusal", "o2", upheld=True)
    assert ("C1.k1", "case_let_go") in told(here, case)
    assert not case_of(case).is_open
    assert here.load(ticket).is_open


def test_a_refusal_that_is_overruled_is_told_and_the_deadline_runs_on(here: World) -> None:
    _, case = opened(here)
    do(here, case, "release_notice", "o1")
    do(here, case, "refuse", "C1.k1", reason="misuse")
    do(here, case, "answer_refusal", "o1")
    assert ("C1.k1", "case_overruled") in told(here, case)
    here.advance(days=8)
    assert case_of(case).cause == "refused"
    do(here, case, "release_reminder", "o1")
    assert case_of(case).state is State.REMINDED


def burst(world: World) -> tuple[str, str]:
    """A burst pipe that the contractor is liable for."""
    ticket = world.report("水管爆了", category="water_leak", component="bathroom")
    world.pump()
    if world.load(ticket).priority.value != "emergency":
        world.do(ticket, "set_priority", "d2", priority="emergency")
    return ticket.id, world.load(ticket).cases[scene.CONTRACT]


def test_damage_is_stopped_by_a_third_party_and_the_rest_goes_back_to_the_ladder(world: World) -> None:
    here = scene.settle(world, replace(CLAUSE, response={}))
    ticket, case = burst(here)
    do(here, case, "release_notice", "o1")
    with pytest.raises(IllegalMove):
        do(here, case, "stop_damage", "o1", company="T1")
    do(here, case, "call", "o1", purpose="stop", result="no_answer")
    do(here, case, "stop_damage", "o1", company="T1", items=[["membrane", 1000]])
    assert here.load(ticket).team == "T1/third_party"
    assert case_of(case).state is State.NOTICED
    do(here, case, "finish_stop", "T1.t1")
    assert here.load(ticket).team != "T1/third_party"
    do(here, case, "confirm_in_writing", "o1")
    assert ("C1.k1", "case_stopped") in told(here, case)
    do(here, case, "acknowledge", "C1.k1")
    repair(here, ticket)
    here.do(ticket, "sign_off", "reporter")
    assert case_of(case).is_open, "the stop is not invoiced yet"
    do(here, case, "invoice", "T1.t1", invoice="4" * 20, route="stop_of_damage")
    assert case_of(case).outcome == "cured"


def test_a_clause_of_direct_engagement_goes_without_a_reminder(world: World) -> None:
    here = scene.settle(world, replace(CLAUSE, direct_engagement=True))
    _, case = opened(here)
    find(here, case)
    do(here, case, "release_notice", "o1")
    arrives(here, case)
    do(here, case, "pass_gate", "o1", route="direct_engagement")
    do(here, case, "engage", "o1", company="T1")
    one = case_of(case)
    assert (one.state, one.job and one.job.price) == (State.ENGAGED, None)
    assert ("T1.t1", "case_engaged") in told(here, case)


def test_silence_is_repeated_then_climbs_to_the_contact_above_the_office_the_developer_desk(here: World) -> None:
    _, case = opened(here)
    do(here, case, "release_notice", "o1")
    here.advance(days=5)
    heard = [m.to for m in here.told(case) if m.facts.get("clock") == "delivery" and m.template != "case_due_soon"]
    assert heard[:4] == ["C1.k1", "C1.k2", "o1", "s1"]
    assert heard.count("s1") > 1, "every day, until somebody moves"


def test_a_contractor_s_contact_reaches_the_cases_of_its_company_alone(here: World) -> None:
    _, case = acknowledged(here)
    assert opening.open_record(own_link("C1.k3"), OWN, case).actor.role is Role.CONTRACTOR
    here.employ("C1.k3", "C9/contractor")
    with pytest.raises(NoAccess):
        opening.open_record(own_link("C1.k3"), OWN, case)


def test_a_third_party_reaches_a_case_once_it_is_engaged(here: World) -> None:
    _, case = acknowledged(here)
    with pytest.raises(NoAccess):
        opening.open_record(own_link("T1.t1"), OWN, case)


def test_moves_through_a_link_are_the_holder_s_and_a_page_s_word_for_what_is_looked_up_is_nothing(here: World) -> None:
    _, case = opened(here)
    do(here, case, "release_notice", "o1")
    with pytest.raises(NotAllowed):
        opening.move(
            own_link("C1.k3"), OWN, "acknowledge", here.at, reference=case, data={"authorised": True}, key="k" * 20
        )
    opening.move(own_link("C1.k2"), OWN, "acknowledge", here.at, reference=case, key="m" * 20)
    assert case_of(case).contact == "C1.k2"


def test_cases_stand_in_the_lists_of_office_contractor_and_third_party(world: World) -> None:
    here = scene.settle(world, replace(CLAUSE, direct_engagement=True))
    _, case = opened(here)
    assert [one.id for one in listing.at_office("S1/office")[0]] == [case]
    assert [one.id for one in listing.of_company("C1")[0]] == [case]
    find(here, case)
    do(here, case, "release_notice", "o1")
    arrives(here, case)
    do(here, case, "pass_gate", "o1", route="direct_engagement")
    do(here, case, "engage", "o1", company="T1", items=[["membrane", 1000]])
    [engaged] = listing.engaged("T1")[0]
    assert (engaged.id, engaged.line.state, engaged.line.third_party) == (case, "engaged", "T1")


def test_what_has_ended_is_in_the_contractor_s_past(here: World) -> None:
    ticket, case = acknowledged(here)
    repair(here, ticket)
    here.do(ticket, "sign_off", "reporter")
    assert listing.of_company("C1")[0] == []
    assert [one.id for one in listing.past("C1")[0]] == [case]


def test_a_ticket_that_is_judged_otherwise_leaves_its_case_and_comes_back_with_another(here: World) -> None:
    ticket, case = opened(here)
    here.do(ticket, "set_category", "d1", category="plumbing", component="tap")
    here.pump()
    assert case_of(case).outcome == "nothing_left"
    assert here.load(ticket).cases == {}
    here.do(ticket, "set_category", "d1", category="water_leak", component="bathroom")
    here.pump()
    again = here.load(ticket).cases[scene.CONTRACT]
    assert again != case
    assert case_of(again).is_open


def test_a_notice_that_lacks_something_does_not_go_and_the_office_hears_of_it_once(world: World) -> None:
    here = scene.settle(world, replace(CLAUSE, text=""))
    _, case = opened(here)
    here.advance(hours=2)
    here.sweep()
    here.pump()
    one = case_of(case)
    assert (one.state, len(one.letters)) == (State.DRAFTED, 0)
    assert [e.kind for e in one.events].count("unwritten") == 1
    assert ("o1", "case_unwritten") in told(here, case)
    assert here.rings["NoticeNotWritten"] == 1


def test_a_case_that_can_t_be_read_holds_up_no_ticket(here: World) -> None:
    ticket, case = acknowledged(here)
    here.table.parts[case]["EVENT#000001"]["body"] = "{}"
    repair(here, ticket)
    assert here.load(ticket).state.value == "completed"
    assert here.rings["CaseUnreadable"] >= 1


def test_deadlines_stand_by_their_contract_in_the_office_s_list(here: World) -> None:
    _, case = opened(here)
    [item] = listing.at_office("S1/office")[0]
    assert (item.by, item.line.clock, item.line.hands) == (here.at + timedelta(hours=1), "release", "office")
    assert not item.late(here.at)
    assert item.late(here.at + timedelta(hours=2))
    assert case == item.id


def test_a_case_that_a_finding_opens_knows_of_it_from_the_start(here: World) -> None:
    """The dates leave it open, an inspection names the contract: the case is opened by what it has to know."""
    ticket = here.report("墙面开裂", category="water_leak", component="bathroom")
    here.to_act.clear()
    here.advance(minutes=1)
    for move in ("route",):
        here.do(ticket, move, "system", team="P1/building", person="b1")
    said = {"words": "管根开裂", "photos": ["/p"]}
    shares = [["contractor", 40, scene.CONTRACT], ["developer", 60]]
    here.to_act.clear()
    here.do(ticket, "find", "b1", said, cause="waterproof_layer", shares=shares)
    here.do(
        ticket,
        "correct_finding",
        "b1",
        said,
        cause="waterproof_layer",
        shares=[["contractor", 70, scene.CONTRACT], ["developer", 30]],
    )
    here.pump()
    one = case_of(here.load(ticket).cases[scene.CONTRACT])
    assert [e.kind for e in one.events] == ["opened", "found"]
    assert one.findings[ticket.id].share == 70


def test_what_a_case_could_not_hear_is_caught_up_at_night(here: World) -> None:
    ticket, case = acknowledged(here)
    row = here.table.parts[case]["EVENT#000001"]
    whole, row["body"] = row["body"], "{}"
    repair(here, ticket)
    here.table.parts[case]["EVENT#000001"]["body"] = whole
    assert "work_done" not in [e.kind for e in case_of(case).events]
    here.at += timedelta(hours=1)
    for _ in range(2):
        here.reconcile()
        here.pump()
    assert [e.kind for e in case_of(case).events].count("work_done") == 1
    assert case_of(case).state is State.CURED


def test_a_letter_to_who_is_there_no_more_reaches_the_next_contact(here: World) -> None:
    _, case = acknowledged(here)
    here.employ("C1.k1", "C1/contractor", active=False)
    here.advance(days=8)
    late = [m.to for m in here.told(case) if m.template == "case_late" and m.facts.get("clock") == "cure"]
    assert late == ["C1.k2"]


def test_between_gate_and_engagement_no_crew_is_sent(here: World) -> None:
    ticket, case = acknowledged(here)
    find(here, case)
    here.advance(days=8)
    do(here, case, "release_reminder", "o1")
    arrives(here, case)
    do(here, case, "call", "o1", purpose="deadline", result="no_answer")
    here.advance(days=4)
    do(here, case, "pass_gate", "o1")
    held = here.load(ticket)
    assert (held.at_desk, held.team) == (True, "P1/desk")
    gone = next(e for e in reversed(held.events) if e.kind == "taken_away")
    assert (gone.data["person"], gone.data["cause"]) == ("C1.k1", "gated")
    do(here, case, "engage", "o2", company="T1", items=[["membrane", 1000]])
    assert here.load(ticket).holder == "T1.t1"


def test_a_third_party_is_engaged_for_its_trade_and_projects(here: World) -> None:
    _, case = opened(here)
    assert [one.id for one in engaging.candidates(case_of(case))] == ["T1"]
    third = contracts.company("T1")
    assert third is not None
    for company in (replace(third, trades=frozenset({"plumbing"})), replace(third, projects=("P2",))):
        for row in contracts.put_company(company):
            here.table.write(Put(row))
        with pytest.raises(Invalid) as refused:
            engaging.informed(Command("engage", actor("o1"), {"company": "T1"}), case_of(case), here.at)
        assert refused.value.reason == "not_its_trade"
    assert [one.id for one in engaging.candidates(case_of(case))] == ["T1"], "kept for a minute"
    engaging.forget()
    assert engaging.candidates(case_of(case)) == []


def test_wherever_the_ladder_stands_each_clock_is_somebody_s_by_name(here: World) -> None:
    """Each clock that runs on the way to the end names a person, who is there."""
    ticket, case = opened(here)
    find(here, case)
    seen: set[str] = set()

    def look() -> None:
        one = case_of(case)
        numbers = policy_for(one.place)
        for name, run in running(one, numbers).items():
            person = contacts.in_hand(run.rule.hands, one, here.at)
            assert person in scene.TEAMS, (name, one.state)
            seen.add(name)
            for level, _ in run.levels:
                assert contacts.at_level(level, one, here.at), (name, level)

    look()
    do(here, case, "release_notice", "o1")
    look()
    arrives(here, case)
    look()
    here.advance(days=8)
    look()
    do(here, case, "release_reminder", "o1")
    arrives(here, case)
    look()
    do(here, case, "call", "o1", purpose="deadline", result="no_answer")
    here.advance(days=4)
    look()
    do(here, case, "pass_gate", "o1")
    look()
    do(here, case, "engage", "o2", company="T1")
    look()
    do(here, case, "quote", "T1.t1", price=9_000)
    look()
    do(here, case, "agree_price", "o2", price=9_000, basis="quote")
    look()
    start = here.at + timedelta(hours=5)
    do(here, case, "appoint", "T1.t1", start=start.isoformat(), end=(start + timedelta(hours=4)).isoformat())
    look()
    do(here, case, "release_third_party_notice", "o1")
    repair(here, ticket.id)
    look()
    here.do(ticket, "sign_off", "reporter")
    look()
    assert seen >= {"release", "delivery", "reply", "cure", "reminder", "last", "gate", "engage"}
    assert seen >= {"quote", "price", "appoint", "invite", "work", "acceptance", "invoice"}


def test_a_corrected_place_is_the_case_s_too_and_stands_in_its_letter(here: World) -> None:
    ticket, case = opened(here)
    place = places.get("U3")
    assert place is not None
    here.do(ticket, "change_place", "d1", place=place.as_fact())
    here.pump()
    assert case_of(case).place["unit"] == "U3"
    do(here, case, "release_notice", "o1")
    content = letters.content("E1-2026-0001")
    assert content is not None
    assert "U3" in content.text
