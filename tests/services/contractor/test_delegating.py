"""Workers of a contractor: made by their phone, given tickets, taken back; their links die at once."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import delegating
from chalicelib.services.record import record
from tests.services.contractor.scene import acknowledged, actor, case_of, own_link
from tests.world import World

OWN = frozenset({"staff"})


def test_a_worker_gets_the_ticket_and_loses_it_and_his_link_at_once(here: World) -> None:
    ticket, case = acknowledged(here)
    by = actor("C1.k1")
    delegating.delegate(case_of(case), "张工", "139 0000 0009", by, here.at, key="a")
    here.pump()
    worker = here.load(ticket).holder
    assert worker.startswith("C1.w")
    assert here.load(ticket).team == "C1/workers"
    token = own_link(worker)
    assert opening.open_ticket(token, OWN, ticket).actor.role is Role.WORKER
    with pytest.raises(NoAccess):
        opening.open_record(token, OWN, case)
    delegating.take_back(case_of(case), worker, by, here.at, key="b")
    with pytest.raises(NoAccess):
        opening.open_ticket(token, OWN, ticket)
    here.pump()
    assert here.load(ticket).holder == "C1.k1"
    assert not opening.open_record(own_link("C1.k1"), OWN, case).record.workers


def test_the_same_phone_is_the_same_worker_again(here: World) -> None:
    _, case = acknowledged(here)
    by = actor("C1.k1")
    for n in range(2):
        delegating.delegate(case_of(case), "张工", "13900000009", by, here.at, key=f"d{n}")
        here.pump()
        workers = case_of(case).workers
        assert len(workers) == 1
        delegating.take_back(case_of(case), next(iter(workers)), by, here.at, key=f"t{n}")
        here.pump()


@pytest.mark.parametrize("phone", ["", "123", "0571-88888888"])
def test_a_worker_needs_a_phone_that_an_sms_reaches(here: World, phone: str) -> None:
    _, case = acknowledged(here)
    with pytest.raises(Invalid):
        delegating.delegate(case_of(case), "张工", phone, actor("C1.k1"), here.at)


def test_a_decline_of_a_worker_comes_back_to_his_company(here: World) -> None:
    ticket, case = acknowledged(here)
    delegating.delegate(case_of(case), "张工", "13900000009", actor("C1.k1"), here.at, key="a")
    here.pump()
    worker = here.load(ticket).holder
    command = Command("decline", Actor(worker, Role.WORKER), {}, {"words": "没空"})
    record.perform(command, ticket, here.at)
    here.pump()
    assert here.load(ticket).team == "C1/contractor"
