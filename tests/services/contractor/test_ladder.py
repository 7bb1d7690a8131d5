"""The whole ladder on the mechanism: notice, silence, reminder, gate A, third party, acceptance; ways beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contractor.letter import OF_CASES
from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.errors import IllegalMove, NotAllowed
from chalicelib.services.contractor.opening import open_case
from chalicelib.store import letters
from tests.services.contractor import scene
from tests.services.contractor.scene import arrives, case_of, do, find, opened, repair
from tests.world import World


def kinds(case: str) -> list[str]:
    return [e.kind for e in case_of(case).events]


def told(world: World, case: str) -> Counter[tuple[str, str]]:
    return Counter((m.to, m.template) for m in world.told(case))


def test_a_notice_goes_by_itself_when_its_time_has_come_and_is_told_to_who_may_receive_it(here: World) -> None:
    ticket, case = opened(here)
    assert case_of(case).state is State.DRAFTED
    assert here.load(ticket).cases == {scene.CONTRACT: case}
    here.advance(hours=1, minutes=1)
    one = case_of(case)
    assert one.state is State.NOTICED
    assert [letter.number for letter in one.letters] == ["E1-2026-0001"]
    assert here.queue.pressed == ["E1-2026-0001"]
    assert told(here, case) == {("C1.k1", "case_letter"): 1}
    assert letters.content("E1-2026-0001") is not None


def test_opening_a_case_twice_is_opening_it_once(here: World) -> None:
    ticket, case = opened(here)
    assert open_case(replace(here.load(ticket), cases={}, events=ticket.events[:2]), scene.CONTRACT, here.at) == case
    assert kinds(case) == ["opened"]
    assert here.kinds(ticket).count("case_opened") == 1


def test_only_an_authorised_contact_confirms_and_whoever_acknowledges_gets_the_ticket(here: World) -> None:
    ticket, case = opened(here)
    do(here, case, "release_notice", "o1")
    with pytest.raises(NotAllowed):
        do(here, case, "acknowledge", "C1.k3", authorised=True)
    one = do(here, case, "acknowledge", "C1.k1")
    assert (one.state, one.letters[0].how) == (State.ACKNOWLEDGED, "button")
    held = here.load(ticket)
    assert (held.team, held.holder, held.state.value) == ("C1/contractor", "C1.k1", "acknowledged")
    assert case_of(case).entrusted == {ticket.id: ("C1/contractor", "C1.k1")}


def test_what_the_contractor_repairs_and_the_owner_signs_closes_the_case(here: World) -> None:
    ticket, case = opened(here)
    do(here, case, "release_notice", "o1")
    do(here, case, "acknowledge", "C1.k1")
    repair(here, ticket.id)
    assert case_of(case).state is State.CURED
    here.do(ticket, "sign_off", "reporter")
    one = case_of(case)
    assert (one.state, one.outcome) == (State.CLOSED, "cured")
    assert [e.kind for e in one.events][-3:] == ["work_accepted", "accepted", "closed"]


def silent(world: World) -> tuple[str, str]:
    """A contractor who never answers, up to the last deadline: (ticket, case)."""
    ticket, case = opened(world)
    find(world, case)
    do(world, case, "release_notice", "o1")
    arrives(world, case)
    world.advance(days=9)
    return ticket.id, case


def test_a_silent_contractor_is_reminded_and_a_third_party_repairs_it_to_the_end(here: World) -> None:
    ticket, case = silent(here)
    assert case_of(case).cause == "missed"
    assert told(here, case)["C1.k2", "case_climbed"] >= 1
    assert told(here, case)["o1", "case_missed"] == 1
    do(here, case, "release_reminder", "o1")
    arrives(here, case)
    do(here, case, "call", "o1", purpose="deadline", result="no_answer")
    with pytest.raises(IllegalMove) as early:
        do(here, case, "pass_gate", "o1")
    assert early.value.details["missing"] == ["last_expired"]
    here.advance(days=4)
    assert case_of(case).expired
    do(here, case, "pass_gate", "o1")
    do(here, case, "engage", "o1", company="T1", items=[["membrane", 4500]])
    one = case_of(case)
    assert (one.state, one.job and one.job.price) == (State.ENGAGED, 54_000)
    assert (here.load(ticket).team, here.load(ticket).holder) == ("T1/third_party", "T1.t1")
    start = here.at + timedelta(days=1)
    do(here, case, "appoint", "T1.t1", start=start.isoformat(), end=(start + timedelta(hours=4)).isoformat())
    do(here, case, "release_third_party_notice", "o1")
    here.until(start)
    repair(here, ticket)
    assert case_of(case).state is State.DONE
    with pytest.raises(NotAllowed):
        do(here, case, "accept", "o1")
    here.do(ticket, "sign_off", "reporter")
    assert case_of(case).state is State.ACCEPTED
    do(here, case, "invoice", "T1.t1", invoice="2" * 20)
    one = case_of(case)
    assert (one.state, one.outcome) == (State.CLOSED, "third_party")
    assert [letter.kind for letter in one.letters] == list(OF_CASES)
    assert [letter.number[-4:] for letter in one.letters] == ["0001", "0002", "0003"]


def test_nobody_but_the_gate_lets_a_third_party_in(here: World) -> None:
    _, case = silent(here)
    with pytest.raises(IllegalMove):
        do(here, case, "engage", "o1", company="T1", items=[["membrane", 1000]])
    with pytest.raises(IllegalMove):
        do(here, case, "pass_gate", "o1", route="direct_engagement")
    with pytest.raises(IllegalMove):
        do(here, case, "stop_damage", "o1", company="T1")
