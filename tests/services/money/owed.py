"""A case up to the third party's invoice, and what each person does with the deduction that follows.

o1 engages · o2 approves · o3 approves above the limit · o4 decides disputes · k1 speaks for the contractor
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from chalicelib.adapters import ids
from chalicelib.domain.contractor.contract import Clause
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.routing import Person
from chalicelib.services.money import gathering
from chalicelib.services.record import record
from chalicelib.store import people
from chalicelib.store.people import Staff
from chalicelib.store.table import Put
from tests.services.contractor import scene
from tests.services.contractor.scene import arrives, case_of, do, find, opened, repair
from tests.world import ALL_HOURS, World, forget

CLAUSE = replace(scene.CLAUSE, direct_engagement=True, fee_rate=1000, fee_cap=1_000_000, penalty=10_000)
MORE = {"o3": "S1/office", "o4": "S1/office", "f1": "E1/finance", "f2": "E1/finance"}
ANSWERS = {"approve": "proposed", "write_off": "write_off_asked"}  # what a page that is fresh shows
INVOICE = "25310000000000000017"
ORIGINAL = b"%PDF-1.7 as it came\n%%EOF\n"


def settle(world: World, clause: Clause = CLAUSE) -> World:
    """The scene of cases, with more people of the office, and one of finance."""
    scene.settle(world, clause)
    for who, team in MORE.items():
        for row in people.rows_of(Staff(Person(who, who, team, frozenset(), ALL_HOURS), "19900003333", "")):
            world.table.write(Put(row))
    forget()
    return world


def invoiced(world: World, quantity: int = 4500) -> str:
    """A third party has repaired what the contractor did not, and sent its invoice: the case."""
    ticket, case = opened(world)
    find(world, case)
    do(world, case, "release_notice", "o1")
    arrives(world, case)
    do(world, case, "pass_gate", "o1", route="direct_engagement")
    do(world, case, "engage", "o1", company="T1", items=[["membrane", quantity]])
    start = world.at + timedelta(days=1)
    do(world, case, "appoint", "T1.t1", start=start.isoformat(), end=(start + timedelta(hours=4)).isoformat())
    do(world, case, "release_third_party_notice", "o1")
    world.until(start)
    repair(world, ticket.id)
    world.do(ticket, "sign_off", "reporter")
    world.pump()
    do(world, case, "invoice", "T1.t1", invoice=INVOICE)
    return case


def of_case(case: str) -> Deduction:
    """The deduction of a case, as it is."""
    found: Deduction = record.load(next(iter(case_of(case).deductions.values())), consistent=True)
    return found


def act(
    world: World, case: str, move: str, who: str, said: Mapping[str, Any] | None = None, key: str = "", **data: Any
) -> Deduction:
    """A move of somebody on the deduction; the deduction afterwards."""
    role = Role.FINANCE if who.startswith("f") else Role.CONTRACTOR if who.startswith("C1") else Role.OFFICE
    words = {"words": "说明", "photos": ["/p"]} if said is None else said
    if move in ANSWERS and (shown := of_case(case).last(ANSWERS[move])):
        data = {"of": shown.version} | data
    name = gathering.named(case, case_of(case).job.route.value)  # type: ignore[union-attr]
    done: Deduction = record.perform(Command(move, Actor(who, role), data, words, key), name, world.at)
    world.pump()
    return done


def uploaded(world: World, case: str, content: bytes = ORIGINAL) -> str:
    """A file in the inbox, as a page sends it; its upload."""
    upload = ids.ulid(world.at)
    world.pictures.stored[f"scans/{of_case(case).id.partition('#')[2]}/{upload}"] = content
    return upload


def gathered(world: World, case: str, quantity: int = 4500, **invoice: Any) -> Deduction:
    """All that gate B asks for is entered; the deduction, which puts itself forward."""
    act(world, case, "check_scope", "o2")
    act(world, case, "measure", "o1", items=[["membrane", quantity]])
    act(world, case, "measure", "o2", items=[["membrane", quantity]])
    total = quantity * 12
    about: dict[str, Any] = {"number": INVOICE, "total": total, "allocated": total, "buyer_tax": "91310000MA1FL0XX0A"}
    act(world, case, "check_invoice", "o2", type="special", upload=uploaded(world, case), **(about | invoice))
    paid, day = invoice.get("allocated", total), world.at.date().isoformat()
    act(world, case, "pay_third", "f1", fen=paid, on=day, voucher="记-12", upload=uploaded(world, case))
    return of_case(case)


def packed(world: World, case: str) -> Deduction:
    """Its evidence pack is noted, as the function that makes it does."""
    facts = {"hash": "e" * 64, "key": f"evidence/E1/{'e' * 64}.pdf", "size": 1_234_567}
    name = of_case(case).id
    done: Deduction = record.perform(Command("note_evidence", SYSTEM, facts, key="evidence"), name, world.at)
    world.pump()
    return done


def noticed(world: World, case: str, *, waybill: bool = False) -> Deduction:
    """Approved, its notice released and arrived; `waybill`: by a file, not by a photo."""
    gathered(world, case)
    act(world, case, "approve", "o2")
    if of_case(case).state == "half":
        act(world, case, "approve", "o3")
    act(world, case, "release_deduction_notice", "o2")
    one = of_case(case)
    assert one.letter is not None
    number = one.letter.number
    arrived: dict[str, Any] = {
        "letter": number,
        "how": "ems_signed",
        "at": world.at.isoformat(),
        "waybill": "EE123456785CN",
    }
    said: Mapping[str, Any] | None = None
    if waybill:
        said, arrived["upload"] = {}, ids.ulid(world.at)
        world.pictures.stored[f"scans/{number}/{arrived['upload']}"] = ORIGINAL
    return act(world, case, "prove_delivery", "o2", said, contents=f"{number} 函件", **arrived)
