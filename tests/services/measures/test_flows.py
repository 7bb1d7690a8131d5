"""Money counts in figures when it moves, with the very change that moves it, and as often as it moved."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from chalicelib.domain.measures.flows import Flow
from chalicelib.services.contractor import office
from chalicelib.services.measures import reading, rolling
from chalicelib.store import flows
from tests.promised import CONTRACT, promise
from tests.services.money import owed
from tests.services.money.owed import act, invoiced, noticed
from tests.services.warranty import test_compensating as claimed
from tests.world import World

CHINA = ZoneInfo("Asia/Shanghai")
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


def test_behind_money_stands_its_ticket_with_all_that_the_figure_is_made_of(here: World) -> None:
    case = invoiced(here)
    one = act(here, case, "agree", "C1.k1", total=noticed(here, case).total)
    act(here, case, "reverse", "o4", fen=4_000)
    booking = {"voucher": "V1", "posted": "2026-05-04", "period": "2026-05", "source": "retention"}
    act(here, case, "recover", "f1", fen=10_000, **booking)
    months = {flow.what: f"{flow.at.astimezone(CHINA):%Y-%m}" for flow in moved()}
    ticket, seen = one.tickets[0], {}
    for measure, what in (("cost", "paid"), ("deductions", "firm"), ("recovery", "recovered")):
        (behind,) = reading.money_behind("P1", months[what], measure)
        assert behind.ticket == ticket
        seen[measure] = (behind.n, behind.d)
        rolling.roll(months[what], here.at)
        figure = reading.months_of("project#P1", months[what], 1)[0].figures.get(measure)
        assert figure.n == behind.n if figure else measure == "cost"  # which is one of closed tickets: none yet
    assert seen == {
        "cost": (54_000, 0),
        "deductions": (one.total - 4_000, 1),
        "recovery": (10_000, one.total - 4_000),
    }
    assert reading.money_behind("P1", "2025-01", "recovery") == []


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
