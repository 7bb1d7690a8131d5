"""Money counts in figures when it moves, with the very change that moves it, and as often as it moved."""

from __future__ import annotations

import pytest

from chalicelib.domain.measures.flows import Flow
from chalicelib.services.contractor import office
from chalicelib.store import flows
from tests.promised import CONTRACT, promise
from tests.services.money import owed
from tests.services.money.owed import act, invoiced, noticed
from tests.services.warranty import test_compensating as claimed
from tests.world import World

MONTHS = ("2026-03", "2026-04", "2026-05")


@pytest.fixture
def here(world: World) -> World:
    office.forget()
    return owed.settle(world)


def moved() -> list[Flow]:
    return [flow for month in MONTHS for flow in flows.of_month("P1", month)]


def test_what_a_third_party_was_paid_and_what_the_contractor_owes_and_gives_each_count_once(here: World) -> None:
    case = invoiced(here)
    one = noticed(here, case)
    assert [(flow.what, flow.fen) for flow in moved()] == [("paid", 54_000)]
    one = act(here, case, "agree", "C1.k1", total=one.total)
    booking = {"voucher": "V1", "posted": "2026-05-04", "period": "2026-05", "source": "retention"}
    act(here, case, "recover", "f1", fen=10_000, **booking)
    found = moved()
    assert [(flow.what, flow.fen) for flow in found] == [
        ("paid", 54_000),
        ("firm", one.total),
        ("recovered", 10_000),
    ]
    assert {(flow.company, flow.category, flow.record) for flow in found} == {(one.company, "water_leak", one.id)}
    assert all(flow.ticket == one.tickets[0] for flow in found)


def test_what_is_reversed_or_given_up_lessens_what_is_owed(here: World) -> None:
    case = invoiced(here)
    one = noticed(here, case)
    act(here, case, "agree", "C1.k1", total=one.total)
    act(here, case, "reverse", "o4", fen=4_000)
    assert [(flow.what, flow.fen) for flow in moved()][-1] == ("lessened", 4_000)


def test_what_an_owner_was_paid_counts_once(world: World) -> None:
    promise(world, CONTRACT)
    ticket = world.load(world.report("卫生间漏水", category="water_leak", component="bathroom"))
    claimed.agreed(world, ticket)
    claimed.do(world, ticket, "approve", "o2")
    paid = claimed.do(world, ticket, "pay", "o2", on="2026-03-02")
    world.reconcile()
    assert [(flow.what, flow.fen, flow.ticket) for flow in moved()] == [("compensated", paid.fen, ticket.id)]
