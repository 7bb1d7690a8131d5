"""A contract with a retention whose defect liability is over, for the tests of its release: the scene of a contractor.

K1   H1 of contractor C1 and entity E1 in P1: accepted 2024-06-30, 12 months of defect liability, 3 % withheld
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.money.release import Release, named
from chalicelib.domain.money.releasing import ANSWERS, answered
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.money import releases
from chalicelib.services.record import record
from chalicelib.store import contracts
from chalicelib.store.table import Put
from tests.services.contractor import scene
from tests.world import World, forget

HELD = 3_000_000
NAME = named(scene.CONTRACT)
ROLES = {
    "C1.k1": Role.CONTRACTOR,
    "C1.k3": Role.CONTRACTOR,
    "o1": Role.OFFICE,
    "o2": Role.OFFICE,
    "d1": Role.DESK,
    "f1": Role.FINANCE,
}
PAPER = {"words": "见附件", "photos": ["/paper"]}


def settle(world: World, **more: Any) -> Contract:
    """The contract, its people, and a balance of finance's as of yesterday."""
    scene.settle(world)
    stored = contracts.contract(scene.CONTRACT)
    assert stored
    facts = {"amount": 100_000_000, "retention_rate": 300, "retention": HELD, "defect_liability_months": 12}
    contract = replace(stored, **{**facts, **more})
    for row in contracts.put_contract(contract):
        world.table.write(Put(row))
    forget()
    return contract


def stated(world: World, contract: Contract, on: str = "2026-03-01", held: int = HELD, **more: Any) -> Release:
    releases.begun(contract, world.at)
    facts = {"on": on, "held": held, "liability_ends": "2025-06-30", **more}
    done: Release = record.perform(Command("state", SYSTEM, facts), NAME, world.at)
    return done


def load() -> Release:
    found: Release = record.load(NAME, consistent=True)
    return found


def actor(who: str) -> Actor:
    return Actor(who, ROLES[who])


def do(world: World, move: str, who: str, key: str = "", said: Any = PAPER, **data: Any) -> Release:
    """A move of somebody, from a page that is fresh."""
    if move in ANSWERS:
        data = {"of": answered(load(), move)} | data
    done: Release = record.perform(Command(move, actor(who), data, said, key=key), NAME, world.at)
    return done
