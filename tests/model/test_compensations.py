"""A claim's whole life, cut off once before and after every effect: one claim, one payment, each told once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.domain.record.errors import Refused
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.warranty import compensating
from tests.domain.samples import SIGNED
from tests.model.crashes import CUT, Cut, Scissors, pump
from tests.promised import CONTRACT, OTHER, promise
from tests.world import World
from tests.world import world as fresh_world

MOST = 300  # effects of a life; the last cut falls behind its end
SAID = {"words": "地板泡坏", "photos": ["/p"]}


def again(does: Callable[[], Any]) -> None:
    """As a browser does it: what was cut off is sent once more under the same key, and refused where it is in."""
    try:
        does()
    except Cut:
        with suppress(Refused):
            does()


def live(world: World) -> Ticket:
    """Reported, judged by nobody's clear clause, decided; claimed, offered, agreed, approved, paid."""

    def reported() -> None:
        world._made = 0  # the same form
        world.report("卫生间漏水", category="water_leak", component="bathroom")

    again(reported)
    pump(world)
    [name] = [pk.partition("#")[2] for pk in world.table.parts if pk.startswith("TICKET#")]

    def move(made: str, who: str, said: Any = SAID, **data: Any) -> None:
        by = world.actor(who)
        again(lambda: compensating.move(world.load(name), made, by, world.at, data, said, key=f"key-{made}"))
        pump(world)

    decided = {"payer": "contractor", "contract": "C2"}
    again(lambda: world.do(name, "decide_liability", "o1", key="key-decide", **decided))
    pump(world)
    again(
        lambda: compensating.claim(
            world.load(name), world.actor("reporter"), world.at, SAID, fen=300, key="key-of-the-claim"
        )
    )
    pump(world)
    move("offer", "o1", fen=200)
    move("agree", "reporter", {"signature": SIGNED}, of=compensating.of(world.load(name))[0].version)
    move("approve", "o2")
    move("pay", "o2", on="2026-03-02")
    world.at = world.at.replace(hour=world.at.hour + 3)  # what was lost is found by the sweep and at night
    for _ in range(2):
        for run in (world.sweep, world.reconcile):
            again(run)
            pump(world)
    return world.load(name)


@pytest.mark.parametrize("part", range(6))
def test_wherever_it_is_cut_off_there_is_one_claim_one_payment_and_one_verdict(part: int) -> None:
    point, ended = part, False
    while not ended:
        with fresh_world() as world:
            promise(world, CONTRACT, OTHER)
            scissors = Scissors(world, lambda what: None)
            scissors.left, scissors.what, scissors.cut_at = point, CUT, ""
            ticket = live(world)
            ended = not scissors.cut_at
            kinds = Counter(event.kind for event in ticket.events)
            where = f"cut {scissors.cut_at} at {point}"
            for kind in ("verdict_given", "office_asked", "verdict_decided", "compensation_claimed", "money_moved"):
                assert kinds[kind] == 1, f"{where}: {kind} {kinds[kind]}"
            [one] = compensating.of(ticket)
            assert (one.state, one.noted, one.fen) == ("paid", True, 200), where
            made = Counter(event.kind for event in one.events)
            assert all(made[kind] == 1 for kind in ("claimed", "offered", "agreed", "approved", "paid")), where
            told = Counter((m.record, m.template, m.to) for r in (ticket.id, one.id) for m in world.told(r))
            assert max(told.values()) == 1, where
            sent = Counter(world.delivered)
            assert max(sent.values()) <= 1 + ("provider" in scissors.cut_at or "write" in scissors.cut_at), where
        point += 6
    assert point > 60
