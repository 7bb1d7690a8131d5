"""A retention's release, cut off once before and after every effect: one balance, one payment, each told once."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from chalicelib.domain.record.errors import Refused
from chalicelib.services.money import balances
from tests.model.crashes import CUT, Cut, Scissors, pump
from tests.services.money import kept
from tests.services.money.kept import HELD, NAME, do
from tests.world import World
from tests.world import world as fresh_world

FILE = "合同编号,截止日期,累计扣留\nHT-2021-007,2026-03-01,30000\n".encode()
PARTS = 3
STRIDE = PARTS * (1 if os.environ.get("BAOXIU_STEPS") else 5)  # every point in the long run


def again(does: Callable[[], Any]) -> None:
    """As a browser does it: what was cut off is sent once more under the same key, and refused where it is in."""
    try:
        does()
    except Cut:
        with suppress(Refused):
            does()


def live(world: World) -> None:
    """Stated by file, applied for, counted twice, stopped, lifted, paid."""
    again(lambda: balances.load("E1", FILE, "b.csv", kept.actor("f1"), world.at))
    pump(world)
    on = world.at.date().isoformat()
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("apply", "C1.k1", {"fen": HELD}),
        ("verify", "o1", {"fen": HELD}),
        ("verify", "d1", {"fen": HELD}),
        ("stop", "o1", {"ground": "freeze"}),
        ("lift", "o2", {}),
        ("pay", "f1", {"on": on, "voucher": "记-12"}),
    ]
    for n, (move, who, data) in enumerate(steps):
        more = {"of": kept.load().stops[0].version} if move == "lift" else {}

        def made(move: str = move, who: str = who, n: int = n, data: Any = data, more: Any = more) -> None:
            do(world, move, who, key=f"key-of-step-{n}", **data, **more)

        again(made)
        pump(world)
    world.at = world.at.replace(hour=world.at.hour + 3)
    for _ in range(2):
        for run in (world.sweep, world.reconcile):
            again(run)
            pump(world)


@pytest.mark.parametrize("part", range(PARTS))
def test_wherever_it_is_cut_off_it_is_paid_once_and_each_is_told_once(part: int) -> None:
    point, ended = part, False
    while not ended:
        with fresh_world() as world:
            kept.settle(world)
            scissors = Scissors(world, lambda what: None)
            scissors.left, scissors.what, scissors.cut_at = point, CUT, ""
            live(world)
            ended = not scissors.cut_at
            one = kept.load()
            kinds = Counter(event.kind for event in one.events)
            where = f"cut {scissors.cut_at} at {point}"
            for kind in ("opened", "stated", "applied", "verified", "stopped", "lifted", "paid", "closed"):
                assert kinds[kind] == 1, f"{where}: {kind} {kinds[kind]}"
            assert (kinds["countersigned"], one.left, one.stops) == (2, 0, ()), where
            told = Counter((m.template, m.to) for m in world.told(NAME))
            assert max(told.values()) == 1, where
        point += STRIDE
    assert point > 20
