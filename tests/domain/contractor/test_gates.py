"""Gate A: each condition with the event behind it, or what it still takes; nothing passes without all of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contractor.gates import gate_a
from chalicelib.domain.contractor.words import Route, State, Terms
from chalicelib.domain.record.errors import IllegalMove, Refused
from tests.domain.contractor.cases import DAY, POLICY, Told

LADDER = ["finding", "notice_delivered", "cure_missed", "reminder_delivered", "last_expired", "called"]
EVENTS = {
    "finding": "found",
    "notice_delivered": "letter_delivered",
    "cure_missed": "missed",
    "reminder_delivered": "letter_delivered",
    "last_expired": "expired",
    "called": "called",
}


def test_at_first_all_of_it_is_missing_and_each_says_what_it_takes() -> None:
    told = Told()
    conditions = gate_a(told.case, POLICY, told.at)
    assert [one.name for one in conditions] == LADDER
    assert not any(one.met for one in conditions)
    assert {one.name: one.costs for one in conditions} == {
        "finding": "days",
        "notice_delivered": "days",
        "cure_missed": "days",
        "reminder_delivered": "days",
        "last_expired": "days",
        "called": "",
    }


def test_what_runs_is_named_with_its_deadline() -> None:
    told = Told().noticed()
    told.wait(7 * DAY)
    cure = next(one for one in gate_a(told.case, POLICY, told.at) if one.name == "cure_missed")
    assert (cure.until, cure.costs) == (told.due("cure"), "hours")


def test_in_the_end_each_has_the_event_that_meets_it() -> None:
    told = Told().silent()
    conditions = gate_a(told.case, POLICY, told.at)
    assert {one.name: told.case.events[one.event - 1].kind for one in conditions} == EVENTS
    assert all(not one.missing and not one.costs for one in conditions)
    case = told.then("pass_gate", "o1")
    passed = case.last("gate_passed")
    assert passed is not None
    assert [one["name"] for one in passed.data["conditions"]] == LADDER
    assert all(one["event"] for one in passed.data["conditions"])


def test_every_ticket_of_a_batch_needs_its_finding() -> None:
    told = Told(tickets=2).silent()
    with pytest.raises(IllegalMove) as closed:
        told.then("pass_gate", "o1")
    assert closed.value.details["missing"] == ["finding"]
    told.found(ticket="T2")
    assert told.then("pass_gate", "o1").state is State.GATED


def test_a_finding_that_was_corrected_away_closes_the_gate_again() -> None:
    told = Told(tickets=2).silent().found(ticket="T2").found(share=0)
    with pytest.raises(IllegalMove) as closed:
        told.then("pass_gate", "o1")
    assert closed.value.details["missing"] == ["finding"]


def test_a_new_reminder_has_a_deadline_of_its_own() -> None:
    told = Told().silent()
    told.letter("reminder")
    with pytest.raises(IllegalMove) as closed:
        told.then("pass_gate", "o1")
    assert "last_expired" in closed.value.details["missing"]


def test_a_call_before_the_notice_is_no_call_about_its_deadline() -> None:
    told = Told()
    told.then("call", "o1", purpose="deadline", result="reached")
    told.noticed()
    assert "called" in [one.missing for one in gate_a(told.case, POLICY, told.at)]


@pytest.mark.parametrize(
    ("terms", "route", "missing"),
    [
        ({}, Route.DIRECT, ["clause"]),
        ({"direct_engagement": True}, Route.DIRECT, []),
        ({"direct_engagement": True}, Route.LADDER, ["cure_missed", "reminder_delivered", "last_expired", "called"]),
    ],
)
def test_each_route_has_conditions_of_its_own(terms: dict[str, Any], route: Route, missing: list[str]) -> None:
    told = Told(Terms(timedelta(hours=24), 7, **terms)).noticed().found()
    assert [one.name for one in gate_a(told.case, POLICY, told.at, route) if not one.met] == missing


STEPS: list[Callable[[Told], Any]] = [
    lambda told: told.letter("notice"),
    lambda told: told.letter("reminder"),
    lambda told: told.arrives(told.case.letters[-1].number) if told.case.letters else None,
    lambda told: told.found(),
    lambda told: told.found(share=0),
    lambda told: told.then("call", "o1", purpose="deadline", result="no_answer"),
    lambda told: told.then("acknowledge", "k1", authorised=True),
    lambda told: told.then("refuse", "k1", authorised=True, reason="misuse"),
    lambda told: told.then("answer_refusal", "o1"),
    lambda told: told.then("hear_done", ticket="T1", by="contractor"),
    lambda told: told.then("hear_refusal", ticket="T1"),
    lambda told: told.wait(5 * DAY),
    lambda told: told.then("pass_gate", "o1"),
    lambda told: told.then("pass_gate", "o1", route="direct_engagement"),
    lambda told: told.then("engage", "o1", company="T1", contact="t1", price=1, basis="framework"),
]


@given(st.lists(st.sampled_from(STEPS), max_size=25))
def test_whatever_happens_no_third_party_is_engaged_without_every_condition(
    steps: list[Callable[[Told], Any]],
) -> None:
    told = Told(Terms(timedelta(hours=24), 7))
    for step in steps:
        before = told.case
        try:
            step(told)
        except Refused:
            continue
        if told.case.gate and not before.gate:
            gate = told.case.events[told.case.gate - 1]
            evidence = {one["name"]: told.case.events[one["event"] - 1].kind for one in gate.data["conditions"]}
            assert evidence | {"cure_missed": "missed"} == EVENTS
            assert evidence["cure_missed"] in ("missed", "refusal_overruled")
    assert told.case.job is None or told.case.gate
