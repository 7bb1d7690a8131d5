"""A case goes by the clause and priority that its ticket has come to; another contract takes its place."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import running
from chalicelib.domain.contractor.contract import Clause, Contact, Duty, Scope
from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.contractor import contacts, hearing
from chalicelib.services.contractor.hearing import catch_up
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.warranty import judging
from chalicelib.store import contracts, letters
from chalicelib.store.table import Put
from tests.services.contractor import scene
from tests.services.contractor.scene import CONTRACT, arrives, case_of, do, find, opened
from tests.world import World, forget

BATH = Clause(
    "7.2",
    Scope(components=frozenset({"water_leak/bathroom"})),
    "卫生间防水保修五年。",
    months=60,
    response={"urgent": timedelta(hours=12), "emergency": timedelta(hours=1)},
    cure_days={"urgent": 7, "emergency": 2},
)
ROOF = Clause(
    "7.9",
    Scope(components=frozenset({"water_leak/roof"})),
    "屋面防水保修五年。",
    months=60,
    response={"urgent": timedelta(hours=48)},
    cure_days={"urgent": 20},
)
ROOFER = Contact("C2.k1", "C2", Duty.AUTHORISED, 1)


@pytest.fixture
def here(world: World) -> World:
    scene.settle(world, BATH)
    known = contracts.contract(CONTRACT)
    assert known is not None
    store(world, replace(known, clauses=(BATH, ROOF)))
    return world


def store(world: World, *contract: contracts.Contract) -> None:
    for one in contract:
        for row in contracts.put_contract(one):
            world.table.write(Put(row))
    forget()
    judging.forget()


def told(world: World, case: str) -> list[tuple[str, str]]:
    return [(m.to, m.template) for m in world.told(case)]


def cure_days(world: World, case: str) -> int:
    run = running(case_of(case), policy_for(case_of(case).place))["cure"].clock
    assert run.due_at is not None
    return (run.due_at - run.started_at).days


def test_a_corrected_verdict_gives_the_case_its_new_clause_with_the_contracts_times(here: World) -> None:
    ticket, case = opened(here)
    do(here, case, "release_notice", "o1")
    arrives(here, case)
    assert (case_of(case).clause, cure_days(here, case)) == ("7.2", 7)
    here.do(ticket, "set_category", "d1", category="water_leak", component="roof")
    here.pump()
    one = case_of(case)
    assert (one.clause, one.terms.cure_days, one.component) == ("7.9", 20, "roof")
    assert cure_days(here, case) == 20
    assert here.load(ticket).cases == {CONTRACT: case}
    assert ("C1.k1", "case_terms") in told(here, case)
    assert [e.kind for e in one.events].count("terms_changed") == 1
    here.advance(days=8)
    assert case_of(case).cause is None  # by the old clause it would be missed


def test_a_reminder_names_the_clause_that_holds_by_then(here: World) -> None:
    ticket, case = opened(here)
    do(here, case, "release_notice", "o1")
    arrives(here, case)
    here.advance(days=9)
    assert case_of(case).cause is not None
    here.do(ticket, "set_category", "d1", category="water_leak", component="roof")
    here.pump()
    number = do(here, case, "release_reminder", "o1").letters[-1].number
    content = letters.content(number)
    assert content is not None
    assert content.body["clause"] == "7.9"


def test_what_is_corrected_after_the_finding_goes_by_the_clause_about_it(here: World) -> None:
    ticket, case = opened(here)
    find(here, case)
    do(here, case, "release_notice", "o1")
    here.do(ticket, "set_category", "d1", category="water_leak", component="roof")
    here.pump()
    assert case_of(case).clause == "7.9"
    here.do(ticket, "set_category", "d1", category="water_leak", component="window")  # no clause is about it
    here.pump()
    assert case_of(case).clause == "7.9"


def test_a_priority_that_is_raised_gives_the_case_the_clauses_times_for_it(here: World) -> None:
    ticket, case = opened(here)
    do(here, case, "release_notice", "o1")
    arrives(here, case)
    here.do(ticket, "set_priority", "d1", priority="emergency")
    here.pump()
    one = case_of(case)
    assert (one.priority.value, one.terms.response, one.terms.cure_days) == ("emergency", timedelta(hours=1), 2)
    assert cure_days(here, case) == 2
    assert ("C1.k1", "case_terms") in told(here, case)


def test_an_owner_cancels_though_the_case_that_ends_with_it_has_come_to_other_terms(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket, case = opened(here)
    other = case_of(case).terms.stored() | {"cure_days": 99}

    def others(ticket: Ticket, case: Case) -> list[Command]:
        facts = {"ticket": ticket.id, "clause": case.clause, "priority": case.priority.value, "terms": other}
        return [Command("hear_terms", SYSTEM, facts)]

    monkeypatch.setattr(hearing, "_terms", others)
    here.do(ticket, "cancel", "reporter")
    assert here.load(ticket.id).state == "cancelled"
    assert case_of(case).state == "dropped"


def test_what_a_case_could_not_hear_of_its_priority_it_hears_at_night(here: World) -> None:
    ticket, case = opened(here)
    with pytest.MonkeyPatch.context() as unheard:
        unheard.setattr("chalicelib.services.contractor.hearing._writes", lambda *_: [])
        here.do(ticket, "set_priority", "d1", priority="emergency")
        here.pump()
    assert case_of(case).priority.value == "urgent"
    assert catch_up(case_of(case), here.at) == 1
    assert case_of(case).priority.value == "emergency"
    assert catch_up(case_of(case), here.at) == 0


def test_a_verdict_that_names_another_contract_drops_the_case_and_opens_another_and_both_are_told(here: World) -> None:
    known = contracts.contract(CONTRACT)
    assert known is not None
    other = replace(known, id="H2", number="HT-2021-008", company="C2", clauses=(ROOF,))
    store(here, replace(known, clauses=(BATH,)), other)
    company = contracts.company("C1")
    assert company is not None
    for row in contracts.put_company(replace(company, id="C2", name="屋面公司", contacts=(ROOFER,))):
        here.table.write(Put(row))
    here.employ("C2.k1", "C2/contractor")
    contacts.forget()
    ticket, case = opened(here)
    do(here, case, "release_notice", "o1")
    here.do(ticket, "set_category", "d1", category="water_leak", component="roof")
    here.pump()
    assert case_of(case).state is State.DROPPED
    assert told(here, case)[-1] == ("C1.k1", "case_let_go")
    second = here.load(ticket).cases["H2"]
    assert (case_of(second).contract, case_of(second).company) == ("H2", "C2")
    do(here, second, "release_notice", "o1")
    assert ("C2.k1", "case_letter") in told(here, second)


def test_a_ticket_that_leaves_a_batch_by_its_verdict_is_told(here: World) -> None:
    ticket, case = opened(here)
    second, other = opened(here, unit="U2")
    do(here, case, "join", "o1", cases=[other])
    do(here, case, "release_notice", "o1")
    here.do(second, "set_category", "d1", category="water_leak", component="window")
    here.pump()
    one = case_of(case)
    assert (one.is_open, list(one.tickets)) == (True, [ticket.id])
    assert ("C1.k1", "case_left") in told(here, case)
