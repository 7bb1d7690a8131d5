"""An owner's compensation: claimed, offered, agreed by signature, approved by another, paid with proof; never twice."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters import objects, originals
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.ticket.lifecycle import legal
from chalicelib.domain.ticket.ticket import Role, Ticket
from chalicelib.domain.warranty.compensation import MOVES, Compensation, moves
from chalicelib.services.record import record
from chalicelib.services.record.erasing import Held, erase, erase_held
from chalicelib.services.warranty import compensating, listing
from chalicelib.store import records
from tests.domain.samples import SIGNED
from tests.promised import CONTRACT, promise
from tests.world import World

SAID = {"words": "地板泡坏", "photos": ["/p"]}


@pytest.fixture
def ticket(world: World) -> Ticket:
    promise(world, CONTRACT)
    made = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    return world.load(made)


def claim(world: World, ticket: Ticket, key: str = "k" * 26, fen: int = 300_000) -> Compensation:
    return compensating.claim(world.load(ticket), world.actor("reporter"), world.at, SAID, fen=fen, key=key)


def do(world: World, ticket: Ticket, name: str, who: str, said: Any = SAID, key: str = "", **data: Any) -> Compensation:
    return compensating.move(world.load(ticket), name, world.actor(who), world.at, data, said, key=key)


def agreed(world: World, ticket: Ticket) -> Compensation:
    claim(world, ticket)
    offered = do(world, ticket, "offer", "o1", fen=200_000)
    return do(world, ticket, "agree", "reporter", {"signature": SIGNED}, of=offered.version)


def told(world: World, one: Compensation) -> set[tuple[str, str]]:
    world.pump()
    return {(m.template, m.to) for m in world.told(one.id)}


def test_a_claim_goes_its_way_to_the_payment_and_each_is_told_whose_turn_it_is(world: World, ticket: Ticket) -> None:
    one = agreed(world, ticket)
    assert (one.state, one.fen, one.asked) == ("agreed", 200_000, 300_000)
    with pytest.raises(NotAllowed):
        do(world, ticket, "approve", "o1")  # who offered it
    do(world, ticket, "approve", "o2")
    with pytest.raises(Invalid):
        do(world, ticket, "pay", "o2", {"words": ""}, on="2026-03-02")
    paid = do(world, ticket, "pay", "o2", on="2026-03-02")
    assert (paid.state, paid.is_open, paid.paid_on) == ("paid", False, "2026-03-02")
    known = told(world, paid)
    assert {("compensation_claimed", "o1"), ("compensation_agreed", "o2")} <= known
    assert {("compensation_offered", "reporter"), ("compensation_paid", "reporter")} <= known


def test_the_ticket_hears_of_the_claim_and_of_the_payment_once_and_its_finding_stays_then(
    world: World, ticket: Ticket
) -> None:
    agreed(world, ticket)
    do(world, ticket, "approve", "o2")
    do(world, ticket, "pay", "o2", on="2026-03-02")
    world.to_act *= 2
    world.pump()
    world.reconcile()
    kinds = world.kinds(ticket)
    assert (kinds.count("compensation_claimed"), kinds.count("money_moved")) == (1, 1)
    after = world.load(ticket)
    assert len(after.compensations) == 1
    assert after.money_moved
    assert not legal(after, "correct_finding", Role.OFFICE)


def test_a_claim_sent_twice_is_one_and_a_second_one_waits_for_the_first(world: World, ticket: Ticket) -> None:
    first = claim(world, ticket)
    assert claim(world, ticket).id == first.id
    with pytest.raises(IllegalMove, match="claim_open"):
        claim(world, ticket, key="m" * 26)
    do(world, ticket, "refuse", "o1")
    second = claim(world, ticket, key="m" * 26)
    assert second.id != first.id
    assert [one.id for one in compensating.of(ticket)] == [second.id, first.id]
    assert claim(world, ticket).id == first.id  # the form of before, sent again


def test_an_agreement_is_to_the_offer_that_was_read(world: World, ticket: Ticket) -> None:
    claim(world, ticket)
    first = do(world, ticket, "offer", "o1", fen=200_000)
    do(world, ticket, "decline", "reporter")
    do(world, ticket, "offer", "o1", fen=100_000)
    with pytest.raises(IllegalMove, match="changed_meanwhile"):
        do(world, ticket, "agree", "reporter", {"signature": SIGNED}, of=first.version)


@pytest.mark.parametrize("fen", [0, -1, 1.5, "100", True, 10**9, None])
def test_an_amount_is_whole_fen_and_more_than_nothing(world: World, ticket: Ticket, fen: Any) -> None:
    claim(world, ticket)
    with pytest.raises(Invalid):
        do(world, ticket, "offer", "o1", fen=fen)


def test_nobody_outside_the_office_offers_approves_or_pays(world: World, ticket: Ticket) -> None:
    one = agreed(world, ticket)
    by_role = {role: set(moves(one, role)) - {"note_on_ticket", "note_failed_message"} for role in Role}
    assert by_role[Role.OFFICE] == {"approve", "reject"}
    others = {role: found for role, found in by_role.items() if found and role not in (Role.OFFICE, Role.SYSTEM)}
    assert others == {}


def test_every_open_state_has_a_deadline_and_whoever_is_late_is_climbed_past(world: World, ticket: Ticket) -> None:
    one = claim(world, ticket)
    world.pump()
    assert records.ids_at("S1/office", limit=9, prefix="COMPENSATION")[0] == [one.id]
    [line], _ = listing.claims("S1/office")
    assert (line.id, line.line.ticket, line.line.state, line.line.fen) == (one.id, ticket.id, "claimed", 300_000)
    assert line.by == world.at + timedelta(days=3)
    world.advance(days=3, hours=1)
    late: Compensation = record.load(one.id)
    assert [e.kind for e in late.events if e.kind in ("warned", "breached", "escalated")] == [
        "warned",
        "warned",
        "breached",
        "escalated",
    ]
    known = told(world, late)
    assert ("compensation_waits", "o1") in known
    assert any(template == "compensation_late" and to.startswith("s") for template, to in known)
    world.advance(days=1, hours=1)
    assert [e.kind for e in record.load(one.id).events].count("reminded") == 1
    do(world, ticket, "refuse", "o1")
    world.pump()
    assert records.ids_at("S1/office", limit=9, prefix="COMPENSATION")[0] == []
    before = record.load(one.id).version
    world.advance(days=30)
    assert record.load(one.id).version == before


def test_what_the_office_refuses_or_sends_back_has_its_reason(world: World, ticket: Ticket) -> None:
    agreed(world, ticket)
    with pytest.raises(Invalid):
        do(world, ticket, "reject", "o2", {})
    back = do(world, ticket, "reject", "o2")
    assert ("compensation_rejected", "o1") in told(world, back)
    assert "offer" in moves(back, Role.OFFICE)


def test_what_was_paid_is_held_and_then_goes_with_the_erased_ticket_whose_facts_stay(
    world: World, ticket: Ticket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "forget", lambda key: 0)
    monkeypatch.setattr(objects, "note_erased", lambda ticket: None)
    monkeypatch.setattr(originals, "forget", lambda ticket: 0)
    one = agreed(world, ticket)
    do(world, ticket, "approve", "o2")
    do(world, ticket, "pay", "o2", on="2026-03-02")
    world.do(ticket, "cancel", "d1")
    world.pump()
    [held] = erase(ticket.id, world.at)
    assert isinstance(held, Held)
    assert [reason.kind for reason in held.reasons] == ["money"]
    assert any(e.said for e in record.load(one.id, consistent=True).events)
    erase_held(world.at + timedelta(days=4 * 366))
    after: Compensation = record.load(one.id, consistent=True)
    assert not any(e.said for e in after.events)
    assert (after.fen, after.state) == (200_000, "paid")


def test_a_claim_needs_words_and_a_ticket_that_somebody_comes_for(world: World, ticket: Ticket) -> None:
    with pytest.raises(Invalid):
        compensating.claim(ticket, world.actor("reporter"), world.at, {"words": " "})
    complaint = world.report("没人理我", kind="complaint")
    with pytest.raises(IllegalMove):
        compensating.claim(complaint, world.actor("reporter"), world.at, SAID)
    assert set(MOVES) >= {"offer", "agree", "approve", "pay"}
