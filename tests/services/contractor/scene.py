"""A contractor, a third party, a warranty office and a contract, added to a world; and what each of them does.

C1   contractor of H1 for waterproofing in P1   k1 authorised, k2 authorised above, k3 a contact who is not
T1   third party for waterproofing              t1
S1/office                                       o1 o2
E1   the entity in whose name letters go
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.contract import (
    Clause,
    Company,
    CompanyKind,
    Contact,
    Contract,
    ContractKind,
    Duty,
    Entity,
    Price,
    Scope,
)
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import role_in
from chalicelib.domain.ticket.routing import Person
from chalicelib.domain.ticket.ticket import State, Ticket
from chalicelib.services.access import access
from chalicelib.services.contractor import contacts
from chalicelib.services.record import record
from chalicelib.services.warranty import judging
from chalicelib.store import contracts, grants, people, places
from chalicelib.store.people import Staff
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from tests.world import ALL_HOURS, World, forget

CONTRACTOR, THIRD, ENTITY, CONTRACT = "C1", "T1", "E1", "H1"
TEAMS: Mapping[str, str] = {
    "C1.k1": "C1/contractor",
    "C1.k2": "C1/contractor",
    "C1.k3": "C1/contractor",
    "T1.t1": "T1/third_party",
    "o1": "S1/office",
    "o2": "S1/office",
}
CLAUSE = Clause(
    "7.2",
    Scope(trades=frozenset({"waterproofing"})),
    "防水工程保修五年。",
    months=60,
    response={"urgent": timedelta(hours=12)},
    cure_days={"urgent": 7},
)
SCAN = {"photos": ["/scan"]}


def settle(world: World, clause: Clause = CLAUSE) -> World:
    """The companies, the contract and their people stand there."""
    company = Company(
        CONTRACTOR,
        CompanyKind.CONTRACTOR,
        "防水工程公司",
        contacts=(
            Contact("C1.k1", CONTRACTOR, Duty.AUTHORISED, 1),
            Contact("C1.k2", CONTRACTOR, Duty.AUTHORISED, 2),
            Contact("C1.k3", CONTRACTOR, Duty.CONTACT, 1),
        ),
    )
    third = Company(
        THIRD,
        CompanyKind.THIRD_PARTY,
        "第三方维修公司",
        trades=frozenset({"waterproofing"}),
        prices={"membrane": Price("防水卷材", "m²", 12_000)},
    )
    contract = Contract(
        CONTRACT,
        "HT-2021-007",
        ENTITY,
        CONTRACTOR,
        ContractKind.SUB,
        ("P1",),
        ("P1",),
        date(2021, 3, 1),
        clauses=(clause,),
    )
    rows = [
        *contracts.put_company(company),
        *contracts.put_company(third),
        *contracts.put_contract(contract),
        *contracts.put_entity(Entity(ENTITY, "项目公司", "91310000MA1FL0XX0A", "001", ("P1",))),
    ]
    for who, team in TEAMS.items():
        rows += people.rows_of(Staff(Person(who, who, team, frozenset(), ALL_HOURS), "19900002222", ""))
    project = Place("P1", "project", "P1苑", "S1", "P1苑", {"subsidiary": "S1"}, {"acceptance": "2024-06-30"})
    rows += places.put_place(project)
    for unit in ("U1", "U2", "U3", "U4"):
        known = places.get(unit)
        assert known is not None
        rows += places.put_place(
            replace(known, facts={**known.facts, "handover": "2024-09-30", "acceptance": "2024-06-30"})
        )
    for row in rows:
        world.table.write(Put(row))
    forget()
    contacts.forget()
    judging.forget()
    return world


def actor(who: str) -> Actor:
    role = role_in(TEAMS[who])
    assert role is not None
    return Actor(who, role)


def opened(world: World, **more: Any) -> tuple[Ticket, str]:
    """A leak in the bathroom that the contractor is liable for: the ticket and its case."""
    made = world.report(**{"category": "water_leak", "component": "bathroom", **more})
    world.pump()
    ticket = world.load(made)
    return ticket, ticket.cases[CONTRACT]


def case_of(reference: str) -> Case:
    found: Case = record.load(reference, consistent=True)
    return found


def do(
    world: World, case: str, move: str, who: str, said: Mapping[str, Any] | None = None, key: str = "", **data: Any
) -> Case:
    """A move by somebody of the scene; the case afterwards."""
    words = {"words": "说明", "photos": ["/p"], "witness": "见证人"} if said is None else said
    done: Case = record.perform(Command(move, actor(who), data, words, key), case, world.at)
    world.pump()
    return done


def find(world: World, case: str, share: int = 100, by: str = "b1") -> Case:
    """What an inspection finds on the case's ticket."""
    shares = [["contractor", share, CONTRACT]] if share else []
    shares += [["developer", 100 - share]] if share < 100 else []
    said = {"words": "管根开裂", "photos": ["/p"]}
    ticket = world.load(case_of(case).ticket)
    move = "correct_finding" if ticket.finding else "find"
    world.do(ticket, move, by, said, cause="waterproof_layer", shares=shares)
    world.pump()
    return case_of(case)


def repair(world: World, ticket: str) -> None:
    """Whoever holds the ticket comes and repairs it."""
    held = world.load(ticket)
    role = role_in(held.team)
    assert role is not None
    moves = ("arrive", "complete") if held.state is State.ACKNOWLEDGED else ("acknowledge", "arrive", "complete")
    for move in moves:
        by, said = Actor(held.holder, role), {"words": "修好了", "photos": ["/after"]}
        record.perform(Command(move, by, world.ticked(ticket, move), said), ticket, world.at)
    world.pump()


def arrives(world: World, case: str, days: float = 0) -> Case:
    """The last letter arrives by post, as the office enters it."""
    one = case_of(case)
    at = (world.at - timedelta(days=days)).isoformat()
    return do(
        world,
        case,
        "prove_delivery",
        "o1",
        SCAN,
        letter=one.letters[-1].number,
        how="ems_signed",
        at=at,
        waybill="EE123456785CN",
        contents=f"{one.letters[-1].number} 函件",
    )


def acknowledged(world: World, **more: object) -> tuple[str, str]:
    """(ticket, case) that the contractor has taken on."""
    ticket, case = opened(world, **more)
    do(world, case, "release_notice", "o1")
    do(world, case, "acknowledge", "C1.k1")
    return ticket.id, case


def own_link(who: str, team: str = "") -> str:
    """The token of somebody's own link; `team`: as of a team that they were on."""
    staff = people.get(who)
    assert staff is not None
    grant = access.staff_grant(who, team or staff.person.team, staff.link)
    grants.put(grant, access.hash_of(access.token(grant)))
    return access.token(grant)
