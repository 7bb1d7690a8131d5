"""A deduction's life: every way it can go is walked, by whatever moves whoever may make; gate B is the only way in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.money.changes import fold
from chalicelib.domain.money.deduction import ENDED, SOURCES, Deduction, State
from chalicelib.domain.money.kind import heading, next_moment, runs
from chalicelib.domain.money.moves import MOVES, decide, legal
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.roles import Role
from tests.domain.happened import MONDAY, POLICY

TOTAL = 10_000
LIMIT = 5_000_000
OFFICE = ("o1", "o2", "o3", "o4")
PEOPLE: dict[Role, tuple[str, ...]] = {Role.OFFICE: OFFICE, Role.CONTRACTOR: ("C1.k1",), Role.FINANCE: ("f1",)}
BOOK = frozenset({"warn", "breach", "escalate", "remind", "note_failed_message"})
BESIDE = BOOK | {"note_evidence", "note_unpacked", "pack_again", "note_made", "note_sent", "seal"}  # they lead nowhere
WAYBILL = "EE123456785CN"
SAID = {"words": "说明", "photos": ["/p"]}
PROPOSAL = {
    "lines": [{"nature": "repair_cost", "fen": TOTAL, "steps": []}],
    "total": TOTAL,
    "conditions": [],
    "source": "retention",
}
OPENED = {
    "entity": "E1",
    "company": "C1",
    "contract": "K1",
    "case": "CASE#1",
    "case_number": "1",
    "route": "ladder",
    "third_party": "T1",
    "about": {"category": "water_leak"},
    "price": 10_000,
    "items": [["membrane", 1_000]],
    "place": {"project": "P1", "subsidiary": "S1"},
    "tickets": ["T"],
    "people": {"finders": ["o1"]},
}
MONEY = {"voucher": "记-1", "posted": "2026-03-02", "period": "2026-03"}


def opened() -> Deduction:
    return fold("DEDUCTION#1", [Event("opened", MONDAY, "system", Role.SYSTEM, OPENED)])


def facts(one: Deduction, name: str) -> list[dict[str, Any]]:
    """The ways in which a move can be made; what services look up is put in as they would."""
    shown = {kind: one.last(kind) for kind in ("proposed", "write_off_asked")}
    of = {kind: event.version if event else 0 for kind, event in shown.items()}
    letter = one.letter.number if one.letter else ""
    looked = {"of": of["proposed"], "number_given": "E1-K-2026-0001"}
    known: dict[str, list[dict[str, Any]]] = {
        "measure": [{"items": [["membrane", 1_000]]}],
        "check_scope": [{}, {"beyond": 100}],
        "check_invoice": [
            {"number": "1" * 20, "total": 99, "allocated": 99, "used": 0, "buyer": "T", "buyer_tax": "T"}
            | {"type": "special", "original": "aa"}
        ],
        "pay_third": [{"proof": "bb", "fen": 99, "on": "2026-03-02", "voucher": "记-1"}],
        "propose": [{"proposal": PROPOSAL}, {"missing": ["paid"]}],
        "approve": [{**looked, "recent": 0}, {**looked, "recent": LIMIT}],
        "release_deduction_notice": [{"letter": "E1-2026-0001", "kind": "deduction_notice"}],
        "prove_delivery": [
            {"letter": letter, "how": "ems_signed", "at": MONDAY.isoformat(), "waybill": "EE123456785CN"}
        ],
        "confirm": [{"authorised": True, "letter": letter}],
        "agree": [{"authorised": True, "total": one.total}],
        "dispute": [{"authorised": True, "ground": "amount", "fen": fen} for fen in (0, 4_000)],
        "decide_dispute": [{"upheld_fen": fen} for fen in sorted({0, one.disputed_fen // 2, one.disputed_fen})],
        "reverse": [{"fen": 1_000}, {"fen": one.total - one.reversed - one.written_off}],
        "ask_write_off": [{"fen": one.left}],
        "write_off": [{"of": of["write_off_asked"]}],
        "recover": [{**MONEY, "source": SOURCES[0], "fen": fen} for fen in (1_000, one.left)],
        "refund": [{**MONEY, "fen": one.refund_due}],
    }
    return known.get(name, [{}])


def steps(one: Deduction, policy: Policy = POLICY) -> Iterator[tuple[str, str, Deduction]]:
    """Every move that somebody can make now, and what the deduction is then."""
    at = one.events[-1].at + timedelta(hours=2)
    for name, move in MOVES.items():
        for role in move.by if name not in BESIDE else ():
            for who in PEOPLE.get(role, ("system",)) if legal(one, name, role) else ():
                for data in facts(one, name):
                    if name == "prove_delivery":
                        data = data | {"contents": data["letter"]}
                    try:
                        made = decide(one, Command(name, Actor(who, role), data, SAID), at, policy)
                    except Refused:
                        continue
                    if made:
                        yield name, who, fold(one.id, made, onto=one)


def situation(one: Deduction) -> tuple[Any, ...]:
    """What may matter for what comes next."""
    gathered = (one.scope > 0, one.beyond, tuple(sorted(one.measured)), one.invoice is not None, one.paid > 0)
    money = (one.left, one.reversed, one.written_off, bool(one.recovered), one.refunded, one.disputed_fen)
    return (one.state, one.unpriced, gathered if one.state in ("gathering", "rejected") else (), one.approvals, money)


@pytest.fixture(scope="module")
def walked() -> list[Deduction]:
    found, seen, front = [], set(), [opened()]
    while front:
        one = front.pop()
        if situation(one) in seen or one.round > 2 or len(seen) > 6_000:
            continue
        seen.add(situation(one))
        found.append(one)
        front += [after for _, _, after in steps(one)]
    return found


def test_the_walk_comes_to_every_state(walked: list[Deduction]) -> None:
    assert {one.state for one in walked} == set(State)
    assert len(walked) > 200


def test_wherever_it_is_open_a_clock_runs_and_somebody_has_it(walked: list[Deduction]) -> None:
    for one in walked:
        if one.state in ENDED:
            assert runs(one, POLICY) == []
            continue
        found = runs(one, POLICY)
        assert len(found) == 1, one.state
        assert found[0].rule.hands in ("office", "contractor", "finance")
        assert next_moment(one, POLICY) is not None
        assert heading(one, POLICY).lists["desk"] == "S1/office"


def test_wherever_it_is_open_whoever_has_it_can_make_a_move_that_leads_on(walked: list[Deduction]) -> None:
    for one in walked:
        if one.state in ENDED:
            continue
        hands = runs(one, POLICY)[0].rule.hands
        theirs = {"office": Role.OFFICE, "contractor": Role.CONTRACTOR, "finance": Role.FINANCE}[hands]
        ways = [name for name in MOVES if name not in BESIDE and legal(one, name, theirs)]
        assert ways, f"{one.state} is in {hands}'s hands, who can do nothing"


def test_no_way_leads_to_an_amount_but_a_proposal_that_gate_b_made(walked: list[Deduction]) -> None:
    for one in walked:
        proposed = [event for event in one.events if event.kind == "proposed"]
        assert (one.total > 0) == bool(proposed)
        for event in proposed:
            assert event.role in (Role.OFFICE, Role.SYSTEM)
            assert event.data["total"] == TOTAL
    for one in (opened(), *(one for one in walked if one.state == "rejected")):
        for role in Role:
            for name in MOVES.keys() - BESIDE:
                try:
                    made = decide(one, Command(name, Actor("x", role), {"total": 1, "lines": []}, SAID), MONDAY, POLICY)
                except Refused:
                    continue
                assert "proposed" not in {event.kind for event in made}, name


def test_who_found_it_approves_nothing_and_nobody_approves_twice_or_decides_on_what_he_approved(
    walked: list[Deduction],
) -> None:
    for one in walked:
        assert "o1" not in one.approvals
        assert len(set(one.approvals)) == len(one.approvals)
        decided = one.last("dispute_decided")
        assert decided is None or decided.by not in one.approvals


def test_nothing_is_taken_twice_and_it_ends_when_nothing_is_left_on_either_side(walked: list[Deduction]) -> None:
    for one in walked:
        taken = sum(one.recovered.values()) - one.refunded + one.reversed + one.written_off
        assert one.left == one.total - taken
        assert one.reversed + one.written_off <= one.total
        assert (one.state is State.CLOSED) == (bool(one.total) and one.left == 0 and one.state is not State.DROPPED)


def test_silence_is_firm_after_the_objection_period_alone(walked: list[Deduction]) -> None:
    for one in walked:
        for name, _, after in steps(one) if one.state is State.NOTICED else ():
            assert name not in ("lapse", "recover")
            assert after.state is not State.FIRM or name == "agree"


def test_what_is_noted_a_second_time_under_the_same_key_changes_nothing() -> None:
    one = opened()
    command = Command("check_scope", Actor("o2", Role.OFFICE), {}, {}, "key-1")
    after = fold(one.id, decide(one, command, MONDAY, POLICY), onto=one)
    assert decide(after, command, MONDAY, POLICY) == []
    assert SYSTEM.role is Role.SYSTEM
