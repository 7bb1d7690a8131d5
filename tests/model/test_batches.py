"""Deductions, batches, counter-batches, settlements and periods at random, cut off and interrupted at random points.

After every step a bookkeeper who reads nothing but rows finds that all accounts add up, that no entry is in two live
batches, that no number is missing and that nothing sealed or closed has changed. In the end nothing is left half done.
"""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta

import pytest

from chalicelib.adapters import mappings
from chalicelib.domain.money.entry import Filter
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.roles import Role
from chalicelib.domain.register.settlements import Settled
from chalicelib.functions import export
from chalicelib.services.money import batches, checking, making, periods, sealing, settling
from chalicelib.services.record import registry
from chalicelib.store.table import Conflict
from tests.conftest import DEEP
from tests.model.bookkeeper import Bookkeeper
from tests.model.crashes import CUT, Cut, Scissors
from tests.services.money import debts
from tests.services.money.people import OTHER, SEALER
from tests.world import World
from tests.world import world as fresh_world

STEPS = int(os.environ.get("BAOXIU_STEPS", "1000"))
A_WORLD = 125  # steps before a new one begins: more would only make the bookkeeper slow
MACHINE = Actor("key-1", Role.FINANCE, channel="api")
STAGES = {"proposed": "approved", "approved": "letter_released", "noticed": "delivered", "delivered": "firm"}


@pytest.fixture(autouse=True)
def _without_packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stand-ins have no case, so nobody can pack the evidence of one."""
    monkeypatch.setattr(mappings, "evidence_needed", lambda: False)


class Walk:
    def __init__(self, world: World, seed: int) -> None:
        self.world, self.drawn = world, random.Random(seed)
        self.scissors = Scissors(world, self.meanwhile)
        self.books = Bookkeeper(world, "E1")
        self.made = 0
        self.moves: list[Callable[[], object]] = [
            *(self.propose, self.go_on_owing, self.go_on_owing, self.go_on_owing, self.firm, self.firm, self.firm),
            *(self.reverse, self.write_off, self.settle, self.settle, self.settle, self.refund),
            *(self.seal, self.seal, self.seal, self.work, self.work, self.counter, self.acknowledge),
            *(self.open_period, self.open_period, self.close_period, self.pass_time, self.take_all),
        ]

    # what may happen

    def propose(self) -> None:
        self.made += 1
        lines = [
            (nature, self.drawn.randint(1, 9_999)) for nature in self.drawn.sample(("repair_cost", "fee", "penalty"), 2)
        ]
        k = self.drawn.choice(("1", "2"))
        debts.propose(self.world, f"D{self.made}", *lines, company=f"C{k}", contract=f"K{k}")

    def firm(self) -> None:
        self.made += 1
        approver = self.drawn.choice((debts.OFFICE, debts.OFFICE, Actor(SEALER.id, Role.OFFICE)))
        debts.firm(self.world, f"D{self.made}", ("loss", self.drawn.randint(1, 9_999)), by=approver)

    def go_on_owing(self) -> None:
        name = self._one()
        one = self.world.load(name)
        if one.state == "delivered" and self.drawn.random() < 0.3:
            debts.do(self.world, name, "disputed", fen=self.drawn.randint(1, one.total))
        elif one.state == "disputed":
            upheld = self.drawn.choice((0, one.disputed_fen, one.disputed_fen // 2))
            after = debts.do(self.world, name, "dispute_decided", upheld_fen=upheld)
            if after.state == "disputed":
                debts.do(self.world, name, "firm")
        elif one.state in STAGES:
            debts.do(self.world, name, STAGES[one.state], debts.OFFICE if one.state == "proposed" else SYSTEM)

    def reverse(self) -> None:
        self._take("reversed")

    def write_off(self) -> None:
        self._take("written_off")

    def _take(self, what: str) -> None:
        name = self._one("firm")
        one = self.world.load(name)
        most = one.total - one.reversed - one.written_off
        if most > 0:
            debts.do(self.world, name, what, fen=self.drawn.choice((most, self.drawn.randint(1, most))))

    def settle(self) -> None:
        name = self._one("firm")
        one = self.world.load(name)
        rows = [self._row(one, self.drawn.randint(1, max(1, one.left) + 2), "recovered")]
        settling.book("E1", rows, self.drawn.choice((SEALER, OTHER, MACHINE)), self.world.at)

    def refund(self) -> None:
        one = self.world.load(self._one("firm"))
        settling.book("E1", [self._row(one, max(1, -one.left), "refunded")], OTHER, self.world.at)

    def _row(self, one: debts.Debt, fen: int, kind: str) -> Settled:
        period = self._period()
        voucher = f"V{self.drawn.randint(1, 40)}"
        source = self.drawn.choice(("retention", "bond"))
        return Settled(2, one.number, voucher, date.fromisoformat(f"{period}-05"), period, source, fen, "", kind)

    def seal(self) -> None:
        chosen = self.drawn.choice((None, None, Filter(company="C2"), Filter(kind="reversal")))
        who, key = self.drawn.choice((SEALER, OTHER, MACHINE)), f"k{self.drawn.randint(1, 60)}"
        one = sealing.seal("E1", who, self.world.at, period=self._period(), chosen=chosen, key=key)
        if self.drawn.random() < 0.5:
            making.go_on(one.id, self.world.at)

    def work(self) -> None:
        """The queue's consumer; half of the time two of it at the same batch, and it may have no time left."""
        asked = [*self.world.queue.exported, *(pk for pk in self.world.table.parts if pk.startswith("BATCH#"))]
        if asked:
            name = self.drawn.choice(asked)
            time = self.drawn.choice((99, 99, 1))
            making.go_on(name, self.world.at, lambda: self.drawn.randint(0, time) > 0)

    def counter(self) -> None:
        if found := sealing.batches("E1")[0]:
            sealing.counter(
                "E1", self.drawn.choice(found).number, OTHER, self.world.at, period=self._period(), words="重复"
            )

    def acknowledge(self) -> None:
        if found := sealing.batches("E1")[0]:
            sealing.acknowledge("E1", self.drawn.choice(found).number, OTHER, self.world.at)

    def open_period(self) -> None:
        periods.open_one("E1", self._month(self.drawn.randint(-1, 2)), OTHER, self.world.at)

    def close_period(self) -> None:
        if self.drawn.random() < 0.2:
            self.close_first()

    def pass_time(self) -> None:
        self.world.at += timedelta(hours=self.drawn.choice((1, 6, 70)))

    def _one(self, state: str = "") -> str:
        names = [pk for pk in self.world.table.parts if pk.startswith(f"{debts.PREFIX}#")]
        fits = [name for name in names if not state or self.world.load(name).state == state]
        if not fits:
            raise Refused("none")
        return self.drawn.choice(fits)

    def _period(self) -> str:
        found = periods.of("E1").opened()
        return self.drawn.choice(found) if found else self._month(0)

    def _month(self, ahead: int) -> str:
        month = self.world.at.year * 12 + self.world.at.month - 1 + ahead
        return f"{month // 12}-{month % 12 + 1:02d}"

    # how it happens

    def meanwhile(self, what: str) -> None:
        """Somebody else comes in between, and is not cut off: mostly one who wants the same."""
        rivals: list[Callable[[], object]] = [self.rush, self.rush, self.take_all, self.close_first, self.work]
        with suppress(Refused):
            self.drawn.choice(rivals if self.drawn.random() < 0.8 else self.moves)()

    def rush(self) -> None:
        """Whoever seals at the same time, in any open period; what is under way goes on to its end."""
        for period in periods.of("E1").opened():
            with suppress(Refused):
                sealing.seal("E1", OTHER, self.world.at, period=period, key=f"r{self.drawn.random()}")
        for name in [pk for pk in self.world.table.parts if pk.startswith("BATCH#")]:
            if self.world.load(name).outstanding and self.drawn.random() < 0.7:
                making.go_on(name, self.world.at)

    def take_all(self) -> None:
        """All of a firm deduction is reversed."""
        one = self.world.load(self._one("firm"))
        if (most := one.total - one.reversed - one.written_off) > 0:
            debts.do(self.world, one.id, "reversed", fen=most)

    def close_first(self) -> None:
        if found := periods.of("E1").opened():
            periods.close_one("E1", found[0], OTHER, self.world.at)

    def step(self, number: int) -> None:
        move = self.drawn.choice(self.moves)
        point = None
        if self.drawn.random() < 0.6:
            point = (self.drawn.randint(0, self.drawn.choice((4, 12, 30))), self.drawn.choice((CUT, CUT, "somebody")))
        with self.scissors.cutting(point), suppress(Refused, Conflict):
            move()
        self.books.look(f"step {number} {move.__name__} {self.scissors.cut_at or self.scissors.met_at}")

    def end(self) -> None:
        """What the stream, the sweep and the queue make up for; then nothing is half done and all is proved."""
        self.world.at += timedelta(minutes=10)
        for _ in range(3):
            self.world.sweep()
            while self.world.queue.exported:
                making.go_on(self.world.queue.exported.pop(), self.world.at)
            self.world.at += timedelta(minutes=10)
        self.books.look("in the end")
        all_ = [self.world.load(pk) for pk in self.world.table.parts if pk.startswith("BATCH#")]
        assert not [one.id for one in all_ if one.state in ("opened", "sealed", "countering")]
        assert checking.check("E1").wrong == []
        assert export.export({}, None) == {"wrong": 0}


@pytest.mark.parametrize("part", range(2))
def test_whatever_is_cut_off_and_whoever_comes_in_between_the_books_add_up(
    part: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 2)  # entries of a part: a batch has several
    done = 0
    seed = part
    while done < STEPS // 4:
        with fresh_world() as world:
            registry.register(debts.SERVICE)
            batches.forget()
            try:
                debts.entity(world)
                walk = Walk(world, seed)
                periods.open_one("E1", walk._month(0), OTHER, world.at)
                for _ in range(A_WORLD):
                    walk.step(done)
                    done += 1
                walk.end()
            except (AssertionError, Cut) as fault:
                raise AssertionError(f"seed {seed}: {fault}") from fault
            finally:
                registry.forget(debts.PREFIX)
        seed += 2


# each of these meets each rival at every point that it passes


def _seal_first(walk: Walk) -> None:
    one = sealing.seal("E1", SEALER, walk.world.at, period="2026-03", chosen=Filter(company="C1"), key="first")
    making.go_on(one.id, walk.world.at)


def _counter_first(walk: Walk) -> None:
    back = sealing.counter("E1", "E1-B-2026-0001", OTHER, walk.world.at, period="2026-03", words="重复")
    making.go_on(back.id, walk.world.at)


def _reverse_all(walk: Walk) -> None:
    debts.do(walk.world, "DEBT#D1", "reversed", fen=1_000, key="reverse")


def _make_firm(walk: Walk) -> None:
    debts.do(walk.world, "DEBT#D9", "firm", key="firm")


def _book(walk: Walk) -> None:
    rows = [Settled(2, "D0", "V1", date(2026, 3, 5), "2026-03", "bond", 600)]
    settling.book("E1", rows, OTHER, walk.world.at)


def _close(walk: Walk) -> None:
    periods.close_one("E1", "2026-03", OTHER, walk.world.at)


def _rush(walk: Walk) -> None:
    """Another seals in another period."""
    one = sealing.seal("E1", MACHINE, walk.world.at, period="2026-04", key="rush")
    making.go_on(one.id, walk.world.at)


def _work(walk: Walk) -> None:
    """Whatever waits goes on."""
    for name in [pk for pk in walk.world.table.parts if pk.startswith("BATCH#")]:
        making.go_on(name, walk.world.at)


PROCESSES = (_seal_first, _counter_first, _reverse_all, _make_firm, _book, _close)
RIVALS = (_rush, _work, _reverse_all, _counter_first, _book, _close)


@pytest.mark.parametrize("process", PROCESSES, ids=lambda f: f.__name__)
def test_whoever_meets_whom_at_whatever_point_the_books_add_up(
    process: Callable[[Walk], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 2)
    for n, rival in enumerate((None, *RIVALS)):
        step = 1 if DEEP or rival is None else 3
        point, met = n % step, True
        while met:
            with fresh_world() as world:
                registry.register(debts.SERVICE)
                batches.forget()
                debts.entity(world)
                walk = Walk(world, 0)
                _begin(walk)
                walk.scissors.meanwhile = lambda what: _politely(rival, walk)  # noqa: B023
                with walk.scissors.cutting((point, rival.__name__ if rival else CUT)), suppress(Refused):
                    process(walk)
                where = walk.scissors.cut_at or walk.scissors.met_at
                walk.books.look(f"{where} at {point}")
                walk.end()
                registry.forget(debts.PREFIX)
                met = bool(where)
            point += step
        assert point >= 2


def _begin(walk: Walk) -> None:
    """One deduction that was sealed, four that are ready, one that is not firm; two periods."""
    for period in ("2026-03", "2026-04"):
        periods.open_one("E1", period, OTHER, walk.world.at)
    debts.firm(walk.world, "D0", ("loss", 1_000))
    making.go_on(sealing.seal("E1", SEALER, walk.world.at, period="2026-03", key="zero").id, walk.world.at)
    for n in (1, 2, 3):
        debts.firm(walk.world, f"D{n}", ("loss", 1_000))
    debts.firm(walk.world, "D4", ("loss", 1_000), company="C2", contract="K2")
    debts.propose(walk.world, "D9", ("loss", 1_000))
    for what in ("approved", "letter_released", "delivered"):
        debts.do(walk.world, "DEBT#D9", what)


def _politely(rival: Callable[[Walk], None] | None, walk: Walk) -> None:
    with suppress(Refused):
        if rival:
            rival(walk)
