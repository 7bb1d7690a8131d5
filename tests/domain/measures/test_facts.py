"""What is stated of a ticket for figures: each clock as it stood then, ids and counts, and nothing personal."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from chalicelib.domain.measures.facts import ClockResult, Fact, fact_due, fact_of, history, month_of
from chalicelib.domain.measures.packing import packed, unpacked
from chalicelib.domain.ticket.ticket import Event, Role, Ticket, fold
from tests.domain.happened import DAY, HOME, HOUR, MINUTE, MONDAY, POLICY, Life

SCORES = {"overall": 5, "speed": 4, "thoroughness": 5, "manners": 5}


def repaired(rework: bool = False) -> Life:
    """Late to dispatch, in time with everything else; a pause of an hour for parts."""
    life = (
        Life()
        .then("assigned", 20 * MINUTE)
        .then("contacted", 21 * MINUTE, Role.DESK, how="phone")
        .then("acknowledged", 25 * MINUTE, Role.TECHNICIAN)
        .then("arrived", HOUR, Role.TECHNICIAN)
        .then("paused", 2 * HOUR, Role.TECHNICIAN)
        .then("resumed", 3 * HOUR, Role.TECHNICIAN)
        .then("completed", 4 * HOUR, Role.TECHNICIAN, photos=2)
    )
    if rework:
        life.then("rated", 5 * HOUR, Role.OWNER, scores=SCORES)
        life.then("reworked", 6 * HOUR, Role.OWNER, cause="refused").then("completed", 7 * HOUR, photos=1)
    life.then("signed_off", 8 * HOUR, Role.OWNER)
    return life.then("followed_up", DAY, Role.DESK).then("closed", DAY, Role.DESK, how="followed_up")


def one_by_one(ticket: Ticket) -> list[Fact]:
    """The facts when each event was a change of its own."""
    return list(history(ticket, range(1, ticket.version + 1), lambda now: POLICY))


def clocks(fact: Fact) -> dict[str, ClockResult]:
    return {c.name: c for c in fact.clocks}


def test_a_ticket_that_closes_makes_one_fact_with_every_clock():
    [fact] = one_by_one(repaired().ticket)
    assert (fact.why, fact.state, fact.policy) == ("closed", "closed", POLICY.version)
    found = clocks(fact)
    assert set(found) == {"response", "dispatch", "acknowledge", "arrive", "resolve", "sign_off", "follow_up"}
    assert {name for name, c in found.items() if c.verdict == "late"} == {"dispatch"}
    assert found["dispatch"].late_by == 5 * MINUTE
    assert found["dispatch"].wall == 20 * MINUTE
    assert found["resolve"].counted == 3 * HOUR
    assert found["resolve"].wall == 4 * HOUR
    assert fact.waits == {"parts": (1, HOUR)}
    assert fact.held == ("b1",)


def test_a_fault_that_came_back_counts_as_a_repeat_of_the_ticket_that_was_to_have_mended_it():
    [first] = one_by_one(repaired().ticket)
    assert first.repeats == ""
    life = Life(repeats="T0").then("assigned", 20 * MINUTE).then("cancelled", HOUR, Role.OWNER)
    [fact] = one_by_one(life.ticket)
    assert fact.repeats == "T0"
    assert unpacked(fact.ticket, fact.n, fact.counts, json.loads(json.dumps(packed(fact)))) == fact


def test_a_clock_that_the_end_cut_off_is_neither_kept_nor_missed():
    life = Life().then("assigned", 5 * MINUTE).then("cancelled", 8 * MINUTE, Role.OWNER)
    found = clocks(fact_of(life.ticket, POLICY, "closed"))
    assert {name: c.verdict for name, c in found.items()} == {
        "dispatch": "kept",
        "response": "void",
        "acknowledge": "void",
        "arrive": "void",
        "resolve": "void",
    }


def test_a_deadline_that_had_passed_is_missed_whatever_ended_the_ticket():
    life = Life().then("assigned", 5 * MINUTE).then("merged", DAY, Role.DESK, into="T2")
    fact = fact_of(life.ticket, POLICY, "closed")
    assert clocks(fact)["arrive"].verdict == "late"
    assert fact.into == "T2"


def test_an_appointment_stands_beside_the_first_promise():
    start, end = MONDAY + DAY, MONDAY + DAY + 2 * HOUR
    life = Life().then("assigned", MINUTE).then("acknowledged", 2 * MINUTE)
    life.then("window_chosen", 3 * MINUTE, Role.OWNER, start=start.isoformat(), end=end.isoformat())
    life.then("arrived", DAY + HOUR).then("completed", DAY + 2 * HOUR)
    arrive = clocks(fact_of(life.ticket, POLICY, "closed"))["arrive"]
    assert arrive.due == end
    assert arrive.first_due == MONDAY + MINUTE + 4 * HOUR
    assert arrive.verdict == "kept"


def test_a_rating_and_the_rework_after_it_each_add_a_fact():
    found = one_by_one(repaired(rework=True).ticket)
    assert [f.why for f in found] == ["rated", "reopened", "closed"]
    assert [f.rounds for f in found] == [0, 1, 1]
    assert found[0].scores == SCORES
    assert sum(c.name == "resolve" for c in found[-1].clocks) == 2


def test_a_complaint_makes_a_fact_when_it_is_answered_and_when_that_does_not_hold():
    life = Life("complaint").then("relayed", HOUR).then("answered", 2 * HOUR, Role.DESK)
    life.then("result_written", 3 * HOUR).then("dissatisfied", 4 * HOUR, Role.OWNER).then("answered", 5 * HOUR)
    life.then("result_written", 6 * HOUR).then("satisfied", 7 * HOUR).then("closed", 7 * HOUR, how="satisfied")
    assert [(f.why, f.dissatisfied) for f in one_by_one(life.ticket)] == [
        ("answered", 0),
        ("reopened", 1),
        ("answered", 1),
        ("closed", 1),
    ]


def test_stars_given_afterwards_count_when_they_were_given():
    life = repaired().then("rated", 40 * DAY, Role.OWNER, scores=SCORES)
    first, second = one_by_one(life.ticket)
    assert (month_of(first, POLICY), month_of(second, POLICY)) == ("2026-03", "2026-04")
    assert second.rated == MONDAY + 40 * DAY


def test_what_changes_after_the_end_counts_at_the_end_and_what_changes_nothing_makes_no_fact():
    life = repaired().then("escalated", 40 * DAY, level=2, cause="breach", moment="sign_off:level:2")
    life.then("message_failed", 41 * DAY)
    first, second = one_by_one(life.ticket)
    assert (second.why, second.counts, second.at) == ("corrected", first.counts, MONDAY + 40 * DAY)
    assert second.climbed == ((2, "breach"),)


def test_the_month_is_that_of_the_office():
    at = datetime.fromisoformat("2026-03-31T20:00:00+00:00")
    life = Life(at=at).then("cancelled", timedelta(0))
    assert month_of(fact_of(life.ticket, POLICY, "closed"), POLICY) == "2026-04"


@pytest.mark.parametrize("life", [repaired(), repaired(rework=True), Life().then("cancelled", HOUR), Life("complaint")])
def test_what_is_packed_is_unpacked(life: Life):
    fact = fact_of(life.ticket, POLICY, "closed")
    stored = json.loads(json.dumps(packed(fact)))
    assert unpacked(fact.ticket, fact.n, fact.counts, stored) == fact


def test_a_fact_has_no_words_no_name_and_no_phone():
    said = {"words": "水从灯里滴下来", "name": "周某某", "phone": "19900002222", "email": "zhou@example.invalid"}
    events = [Event(e.kind, e.at, e.by, e.role, e.data, said) for e in repaired().events]
    text = json.dumps(packed(fact_of(fold("T1", events), POLICY, "closed")), ensure_ascii=False)
    assert not [part for part in said.values() if part in text]
    assert "P1 U1" not in text


def test_a_change_that_ends_nothing_makes_no_fact():
    life = Life().then("assigned", MINUTE)
    assert fact_due(None, life.ticket, life.events, POLICY) is None


def test_a_contact_within_a_minute_of_an_assignment_is_counted_each_time():
    life = Life().then("assigned", MINUTE).then("contacted", 2 * MINUTE - timedelta(seconds=1), Role.TECHNICIAN)
    life.then("assigned", HOUR).then("contacted", HOUR + MINUTE, Role.TECHNICIAN)
    life.then("assigned", 2 * HOUR).then("contacted", 2 * HOUR, Role.TECHNICIAN).then("contacted", 2 * HOUR)
    [fact] = one_by_one(life.then("cancelled", 3 * HOUR).ticket)
    assert fact.quick == 2
    assert unpacked(fact.ticket, fact.n, fact.counts, json.loads(json.dumps(packed(fact)))) == fact


def test_the_last_stars_say_what_device_they_came_from():
    life = repaired().then("rated", 2 * DAY, Role.OWNER, scores=SCORES, device="s0a1b2c3")
    assert [fact.device for fact in one_by_one(life.ticket)] == ["", "s0a1b2c3"]
    fact = one_by_one(life.ticket)[-1]
    assert unpacked(fact.ticket, fact.n, fact.counts, json.loads(json.dumps(packed(fact)))) == fact


def test_a_fact_says_the_owners_stage_and_who_bears_most_of_it():
    life = Life(stage="first_year").then("assigned", MINUTE).then("cancelled", HOUR, Role.OWNER)
    assert (fact_of(life.ticket, POLICY, "closed").stage, fact_of(life.ticket, POLICY, "closed").verdict) == (
        "first_year",
        None,
    )
    life = Life(stage="settled").then("assigned", MINUTE)
    life.then("found", HOUR, Role.OFFICE, shares=[["contractor", 60, "K1"], ["developer", 40, ""]], cause="work")
    fact = fact_of(life.then("cancelled", DAY, Role.OWNER).ticket, POLICY, "closed")
    assert (fact.verdict, fact.contract) == ("contractor", "K1")
    assert unpacked(fact.ticket, fact.n, fact.counts, json.loads(json.dumps(packed(fact)))) == fact


def test_a_finding_after_the_end_corrects_the_fact():
    life = Life().then("assigned", MINUTE).then("cancelled", HOUR, Role.OWNER)
    life.then("found", DAY, Role.OFFICE, shares=[["contractor", 100, "K1"]], cause="work")
    assert [(f.why, f.verdict) for f in one_by_one(life.ticket)] == [("closed", None), ("corrected", "contractor")]


def test_the_same_words_of_an_answer_leave_the_same_mark_of_which_nothing_can_be_read():
    def answered(words: str, place: str = "P1") -> str:
        life = Life("complaint", place={**HOME, "project": place}).then("answered", HOUR, Role.DESK)
        life.events[-1] = replace(life.events[-1], said={"words": words})
        return fact_of(life.ticket, POLICY, "answered").reply

    assert answered("您好, 已收到!") == answered("您好 已收到") != answered("水管周三更换")
    assert answered("已收到") != answered("已收到", "P2")
    assert "已收到" not in answered("已收到")
    assert answered("…") == ""


def test_a_row_of_before_there_was_more_to_say_is_read_as_it_was():
    fact = one_by_one(repaired().ticket)[0]
    row = {k: v for k, v in packed(fact).items() if k not in ("kt", "sg", "re", "ve")}
    assert unpacked(fact.ticket, fact.n, fact.counts, row) == fact
