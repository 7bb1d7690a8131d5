"""A deduction's life, cut off once before and after every effect: one proposal, one number, one letter, one sum."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.ledger import balances, faults_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.roles import Role
from chalicelib.services.contractor import office
from chalicelib.services.money import gathering
from chalicelib.services.record import record
from chalicelib.store import invoices, ledger
from tests.model.crashes import CUT, Cut, Scissors, pump, until
from tests.services.contractor.scene import case_of
from tests.services.money import owed
from tests.world import World
from tests.world import world as fresh_world

STRIDE = 1 if os.environ.get("BAOXIU_STEPS") else 11
QUANTITY = 220_000
CLAUSE = replace(owed.CLAUSE, penalty=3_000_000)  # above the limit: two people approve
TOTAL = QUANTITY * 12
MONTHS = ("2026-03", "2026-04", "2026-05")
ONCE = ("opened", "proposed", "half_approved", "approved", "letter_released", "letter_delivered", "closed")
Step = tuple[str, str, dict[str, Any]]


def send(world: World, name: str, step: int, who: str, move: str, data: dict[str, Any]) -> None:
    """As a browser does it: what was cut off is sent once more under the same key, and refused where it is in."""
    role = {"f": Role.FINANCE, "C": Role.CONTRACTOR}.get(who[0], Role.OFFICE)
    command = Command(move, Actor(who, role), data, {"words": "说明", "photos": ["/p"]}, f"key-of-step-{step}")
    try:
        record.perform(command, name, world.at)
    except Cut:
        with suppress(Refused):
            record.perform(command, name, world.at)
    pump(world)


def load(name: str) -> Deduction:
    one: Deduction = record.load(name, consistent=True)
    return one


def live(world: World, case: str, ends: Callable[[World, str], list[Step]]) -> str:
    """From the invoice to the end; the deduction."""
    again(lambda: gathering.open_for(case_of(case), world.at))
    pump(world)
    name = gathering.named(case, case_of(case).job.route.value)  # type: ignore[union-attr]
    day = world.at.date().isoformat()
    about = {"number": owed.INVOICE, "total": TOTAL, "allocated": TOTAL, "buyer_tax": "91310000MA1FL0XX0A"}
    original, proof = owed.uploaded(world, case), owed.uploaded(world, case)
    steps: list[Step] = [
        ("check_scope", "o2", {}),
        ("measure", "o1", {"items": [["membrane", QUANTITY]]}),
        ("measure", "o2", {"items": [["membrane", QUANTITY]]}),
        ("check_invoice", "o2", {**about, "type": "special", "upload": original}),
        ("pay_third", "f1", {"fen": TOTAL, "on": day, "voucher": "记-12", "upload": proof}),
        ("approve", "o2", {}),
        ("approve", "o3", {}),
        ("release_deduction_notice", "o2", {}),
    ]
    for n, (move, who, data) in enumerate(steps):
        shown = load(name).last("proposed")
        of = {"of": shown.version} if move == "approve" and shown else {}
        send(world, name, n, who, move, data | of)
    letter = load(name).letter
    assert letter is not None
    arrived = {"letter": letter.number, "how": "ems_signed", "at": world.at.isoformat(), "waybill": "EE123456785CN"}
    send(world, name, 20, "o2", "prove_delivery", {**arrived, "contents": f"{letter.number} 函件"})
    for n, (move, who, data) in enumerate(ends(world, name), 30):
        send(world, name, n, who, move, data)
    for _ in range(2):
        again(world.sweep)
        pump(world)
        world.at += timedelta(hours=2)
        again(world.reconcile)
        pump(world)
    return name


def again(does: Callable[[], Any]) -> None:
    try:
        does()
    except Cut:
        with suppress(Refused):
            does()


def upheld(world: World, name: str) -> list[Step]:
    """All of it is objected to, and the objection is right."""
    return [
        ("dispute", "C1.k1", {"ground": "amount"}),
        ("decide_dispute", "o4", {"upheld_fen": load(name).total}),
    ]


def lapsed(world: World, name: str) -> list[Step]:
    """Nobody objects; it is recovered in two parts."""
    until(world, 24 * 9)
    total = load(name).total
    booked = {"posted": world.at.date().isoformat(), "period": "2026-04", "source": "retention"}
    return [
        ("recover", "f1", {**booked, "voucher": "记-20", "fen": 1_000}),
        ("recover", "f1", {**booked, "voucher": "记-21", "fen": total - 1_000}),
    ]


@pytest.mark.parametrize("ends", [upheld, lapsed], ids=lambda f: f.__name__)
def test_wherever_it_is_cut_off_it_is_owed_once_told_once_and_the_accounts_add_up(
    ends: Callable[[World, str], list[Step]],
) -> None:
    point, ended = 0, False
    while not ended:
        with fresh_world() as world:
            office.forget()
            owed.settle(world, CLAUSE)
            case = owed.invoiced(world, QUANTITY)
            scissors = Scissors(world, lambda what: None)
            scissors.left, scissors.what, scissors.cut_at = point, CUT, ""
            name = live(world, case, ends)
            ended = not scissors.cut_at
            where = f"cut {scissors.cut_at} at {point}"
            one = load(name)
            kinds = Counter(event.kind for event in one.events)
            assert {kind: kinds[kind] for kind in ONCE} == dict.fromkeys(ONCE, 1), where
            assert (one.state, one.left, one.number) == ("closed", 0, "E1-K-2026-0001"), where
            assert len(one.letters) == 1, where
            assert invoices.used(owed.INVOICE) == (TOTAL, TOTAL), where
            entries = [e for month in MONTHS for e in ledger.entries(one.entity, month) if e.deduction == name]
            assert faults_of(entries) == [], where
            left = {account: fen for account, fen in balances(entries).items() if fen}
            ended_as = "reversed" if ends is upheld else "recovered:retention"
            assert left == {ended_as: one.total, "claims": -one.total}, where
            told = Counter((m.event, m.template, m.to) for m in world.told(name))
            assert not told or max(told.values()) == 1, f"{where}: {told}"
        point += STRIDE
    assert point > 50
