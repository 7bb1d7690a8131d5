"""No state without a next moment: every way that a case can go is walked, by whatever moves whoever may make.

Wherever an open case comes to, the system is at it or a clock runs, and that clock is somebody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.changes import fold
from chalicelib.domain.contractor.clocks import due_moments, next_moment, promises, running
from chalicelib.domain.contractor.heading import heading
from chalicelib.domain.contractor.kind import CASES
from chalicelib.domain.contractor.lifecycle import MOVES, decide, legal
from chalicelib.domain.contractor.words import State, Terms
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from tests.domain.contractor.cases import POLICY, SAID, Told

# What only the book of clocks notes: it leads nowhere by itself.
BESIDE = {"warn", "breach", "escalate", "remind", "note_failed_message", "note_made", "note_sent", "note"}
BESIDE |= {
    "edit_letter",
    "note_deduction",
    "seal",
    "hear_access",
    "hear_correction",
    "hear_terms",
    "hear_visit",
    "measure",
    "propose_inspection",
    "agree_inspection",
}
STEP = timedelta(hours=1)
LATER = timedelta(days=20)
PEOPLE = {Role.OFFICE: "o1", Role.CONTRACTOR: "k1", Role.THIRD_PARTY: "t1", Role.SUPERVISOR: "s1", Role.DESK: "d1"}
MOST, DEEP = 1200, 12_000  # situations that are looked at: those nearest to where they begin first


def facts(case: Case, name: str, at: datetime) -> list[dict[str, Any]]:
    """The ways in which a move can be made."""
    letter = f"E1-2026-{len(case.letters) + 1:04d}"
    kind = name.removeprefix("release_")
    out = case.undelivered[-1].number if case.undelivered else ""
    start, end = (at + STEP).isoformat(), (at + 3 * STEP).isoformat()
    job = {"company": "T1", "contact": "t1"}
    known: dict[str, list[dict[str, Any]]] = {
        "release_notice": [{"kind": kind, "letter": letter, "person": "k1"}],
        "release_reminder": [{"kind": kind, "letter": letter, "person": "k1"}],
        "release_third_party_notice": [{"kind": kind, "letter": letter, "person": "k1"}],
        "prove_delivery": [
            {"letter": out, "how": "ems_signed", "at": at.isoformat(), "waybill": "EE123456785CN", "contents": out}
        ],
        "refuse": [{"reason": "misuse"}],
        "answer_refusal": [{"upheld": True}, {}],
        "hold_inspection": [{"came": []}],
        "delegate": [{"person": "C1.w1"}],
        "take_back": [{"person": "C1.w1"}],
        "call": [{"purpose": "deadline", "result": "no_answer"}, {"purpose": "stop", "result": "no_answer"}],
        "join": [{"tickets": {"T2": "2"}}],
        "join_into": [{"case": "CASE#2"}],
        "stop_damage": [{**job, "price": 1, "basis": "framework"}],
        "pass_gate": [{"route": "ladder"}, {"route": "direct_engagement"}],
        "engage": [{**job, "price": 1, "basis": "framework"}, job],
        "quote": [{"price": 5}],
        "agree_price": [{"price": 5, "basis": "quote"}, {"price": 4, "basis": "framework"}],
        "appoint": [{"start": start, "end": end}],
        "invoice": [{"invoice": "1" * 20}, {"invoice": "1" * 20, "route": "stop_of_damage"}],
        "release_from": [{"reason": "withdrawn"}],
        "miss": [{"cause": "missed"}],
        "note_entrusted": [{"tickets": {t: list(hand) for t, hand in case.to_entrust.items()}}],
        "note_unwritten": [{"field": "clause"}],
        "hear_done": [{"ticket": "T1", "by": by} for by in ("contractor", "third_party", "house")],
        "hear_refusal": [{"ticket": "T1"}],
        "hear_acceptance": [
            {"ticket": "T1", "by": "reporter", "how": "signed"},
            {"ticket": "T1", "by": "o1", "how": "checked"},
        ],
        "hear_dispute": [{"ticket": "T1"}],
        "hear_end": [{"ticket": "T1", "why": "cancelled"}],
        "hear_finding": [{"ticket": "T1", "finder": "b1", "share": share} for share in (0, 100)],
    }
    return known.get(name, [{}])


def steps(case: Case) -> Iterator[tuple[str, Role, Case]]:
    """Every move that somebody can make now, and time passing; what the case is then."""
    at = case.events[-1].at + STEP
    for name in sorted(MOVES.keys() - BESIDE):
        for role in MOVES[name].by:
            if not legal(case, name, role):
                continue
            for data in facts(case, name, at):
                known = {**data, "authorised": True, "of_company": "T1"}
                try:
                    command = Command(name, Actor(PEOPLE.get(role, "system"), role), known, SAID)
                    made = decide(case, command, at, POLICY)
                except Refused:
                    continue
                if made:
                    yield name, role, fold(case.id, made, onto=case)
    yield "time", Role.SYSTEM, later(case)


def later(case: Case) -> Case:
    """Whatever was ahead has come and is on record."""
    until = case.events[-1].at + LATER
    for due in due_moments(case, POLICY, until):
        name = {"warning": "warn", "deadline": "breach", "level": "escalate", "reminder": "remind"}[due.moment.kind]
        data = {"moment": due.moment.key, "clock": due.promise.name, "level": due.moment.which}
        commands = [Command(name, Actor("system", Role.SYSTEM), data)]
        if follows := CASES.follows(due, case):
            commands.append(follows)
        for command in commands:
            if case.is_open:
                case = fold(case.id, decide(case, command, until, POLICY), onto=case)
    return case


def situation(case: Case) -> tuple[Any, ...]:
    """What tells two cases apart here: not who or when."""
    runs = tuple(sorted((p.name, p.clock.paused_at is None) for p in promises(case, POLICY) if p.running))
    job = case.job and (case.job.price is None, case.job.starts is None, case.job.accepted_at is None)
    stop = case.stop and (case.stop.done_at is None, case.stop.accepted_at is None, case.stop.finished)
    return (
        *(case.state, case.back, case.taken_on, bool(case.cause), case.expired, len(case.tickets), runs),
        *(bool(case.done), bool(case.accepted), case.settled, min(case.failures, 2), bool(case.delegates), job, stop),
        *(
            case.last("called", purpose="stop") is not None,
            case.unconfirmed,
            len(case.undelivered),
            bool(case.findings),
            bool(case.to_entrust),
            case.release_due,
        ),
    )


def walk(begins: list[Case], most: int) -> tuple[list[Case], set[tuple[str, Role]]]:
    """The situations that cases can come to, breadth first, and the moves that led there."""
    found, made, new = {situation(begin): begin for begin in begins}, set[tuple[str, Role]](), begins
    while new and len(found) < most:
        following: list[Case] = []
        for case in new:
            for name, role, after in steps(case):
                made.add((name, role))
                key = situation(after)
                if key not in found:
                    found[key] = after
                    following.append(after)
        new = following
    return list(found.values()), made


def begins(priority: str) -> list[Case]:
    terms = Terms(timedelta(hours=24), 7, direct_engagement=True)
    stopped = Told(terms, "emergency").noticed()
    stopped.then("call", "d1", purpose="stop", result="no_answer")
    stopped.then("stop_damage", "d1", company="T1", contact="t1", price=1, basis="framework")
    return [
        *[stopped.case] * (priority == "emergency"),
        Told(terms, priority).case,
        Told(terms, priority).noticed().case,
        Told(terms, priority).silent().case,
        Told(terms, priority).engaged().case,
    ]


def check(found: list[Case]) -> None:
    rows = ladder_of(POLICY).clocks
    for case in found:
        if not case.is_open:
            continue
        trail = [e.kind for e in case.events]
        assert case.outstanding or next_moment(case, POLICY) is not None, trail
        runs = running(case, POLICY)
        assert runs or case.outstanding, trail
        for name in runs:
            assert rows[name].hands != "third_party" or case.job or case.stop, (name, trail)
        lists = heading(case, POLICY).lists
        offices = any(rows[name].hands == "office" and one.clock.due_at for name, one in runs.items())
        assert lists["desk"] == ("S1/office" if offices else "S1/office/others"), trail
        assert lists["holder"] == "C1"


@pytest.mark.parametrize("priority", ["urgent", "emergency"])
def test_wherever_a_case_comes_to_a_clock_runs_and_it_is_somebody_s(priority: str) -> None:
    found, made = walk(begins(priority), MOST)
    check(found)
    assert {case.state for case in found} == set(State)
    never = MOVES.keys() - BESIDE - {name for name, _ in made}
    assert never <= {"stop_damage", "finish_stop", "accept_stop", "confirm_in_writing", "disengage", "agree_price"}


@pytest.mark.deep
@pytest.mark.parametrize("priority", ["urgent", "emergency"])
def test_however_far_a_case_goes_a_clock_runs(priority: str) -> None:
    found, made = walk(begins(priority), DEEP)
    check(found)
    emergencies = {"finish_stop", "accept_stop", "confirm_in_writing", "stop_damage"}
    assert MOVES.keys() - BESIDE - {name for name, _ in made} <= (
        emergencies if priority == "urgent" else {"stop_damage"}
    )
