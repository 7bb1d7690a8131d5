"""Many who write one ticket at once: each waits a little at random, and all of them land."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from heapq import heappop, heappush
from random import Random
from threading import Condition, Thread

import pytest

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record import record
from chalicelib.store.table import Write
from tests.world import World


def test_a_note_that_loses_to_eight_others_lands_all_the_same(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    ticket = world.report()
    transact = world.table.transact
    others = list(range(8))

    def beaten(writes: Sequence[Write], token: str = "") -> None:
        if others and not getattr(beaten, "inside", False):
            beaten.inside = True  # type: ignore[attr-defined]
            world.do(ticket, "note", "reporter", said={"words": f"第 {others.pop()} 条"})
            beaten.inside = False  # type: ignore[attr-defined]
        transact(writes, token)

    monkeypatch.setattr(world.table, "transact", beaten)
    world.do(ticket, "note", "reporter", said={"words": "最后一条"})
    assert world.kinds(ticket).count("noted") == 9


class Turns:
    """Threads in a time of their own: one runs at once, and whoever waits the shortest goes on next."""

    def __init__(self, threads: int) -> None:
        self.at = 0.0
        self._running = threads
        self._waiting: list[tuple[float, int]] = []
        self._numbers = itertools.count()
        self._turn = Condition()

    def rest(self, seconds: float) -> None:
        with self._turn:
            mine = (self.at + seconds, next(self._numbers))
            heappush(self._waiting, mine)
            self._running -= 1
            self._turn.notify_all()
            assert self._turn.wait_for(lambda: not self._running and self._waiting[0] == mine, timeout=60)
            self.at = heappop(self._waiting)[0]
            self._running += 1

    def take(self, act: Callable[[], object]) -> None:
        try:
            self.rest(0)
            act()
        finally:
            with self._turn:
                self._running -= 1
                self._turn.notify_all()


@pytest.mark.parametrize("draw", range(5))
def test_twenty_notes_at_once_all_land(world: World, monkeypatch: pytest.MonkeyPatch, draw: int) -> None:
    """Each write takes 20 ms, in which whoever has read meanwhile loses to it."""
    many = 20
    ticket, turns, landed = world.report(), Turns(many), list[int]()
    transact = world.table.transact

    def slow(writes: Sequence[Write], token: str = "") -> None:
        turns.rest(0.02)
        transact(writes, token)

    def write(n: int) -> None:
        world.do(ticket, "note", "reporter", said={"words": f"第 {n} 条"})
        landed.append(n)

    monkeypatch.setattr(world.table, "transact", slow)
    monkeypatch.setattr(record, "rest", turns.rest)
    monkeypatch.setattr(record.random, "uniform", Random(draw).uniform)
    threads = [Thread(target=turns.take, args=(lambda n=n: write(n),)) for n in range(many)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(landed) == list(range(many))
    assert len({e.said["words"] for e in world.load(ticket).events if e.kind == "noted"}) == many
    assert turns.at < 10  # well within what a request may take


def test_whoever_loses_waits_at_random_and_longer_each_time(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[float, float]] = []

    def drawn(low: float, high: float) -> float:
        asked.append((low, high))
        return high / 2

    monkeypatch.setattr(record.random, "uniform", drawn)
    for attempt in range(1, record.TRIES):
        record.back_off(attempt)
    highs = [high for _, high in asked]
    assert {low for low, _ in asked} == {0}
    assert highs == sorted(highs)
    assert highs[0] < 0.1
    assert highs[-1] == record.LONGEST
    assert world.rested == [high / 2 for high in highs]
    assert sum(highs) < 10  # well within what a request may take


def test_an_owner_who_wrote_all_their_notes_does_not_silence_the_staff(world: World) -> None:
    ticket = world.report()
    world.pump()
    for _ in range(200):
        world.at += record.timedelta(minutes=3)
        world.do(ticket, "note", "reporter")
    with pytest.raises(Invalid, match="too_many_notes"):
        world.do(ticket, "note", "reporter")
    world.do(ticket, "note", "d1")


def test_one_link_writes_so_many_notes_an_hour_and_others_go_on(world: World) -> None:
    ticket = world.report()
    for _ in range(30):
        world.do(ticket, "note", "reporter")
    with pytest.raises(Invalid, match="too_many_lately"):
        world.do(ticket, "note", "reporter")
    world.do(ticket, "note", "d1")
    world.at += record.timedelta(hours=1)
    world.do(ticket, "note", "reporter")


def noted(world: World, ticket: Ticket) -> list[tuple[str, str]]:
    return [(m.to, m.state) for m in world.told(ticket) if m.template == "noted"]


def test_while_a_message_about_a_note_is_unread_others_wait_for_one_more(world: World) -> None:
    ticket = world.report()
    world.pump()
    holder = world.load(ticket).holder
    for _ in range(8):
        world.do(ticket, "note", "reporter")
        world.pump()
    assert noted(world, ticket) == [(holder, "sent"), (holder, "queued")]
    world.advance(minutes=29)
    world.sweep()
    world.pump()
    assert noted(world, ticket)[1] == (holder, "queued")
    world.advance(minutes=4)
    world.sweep()
    world.pump()
    assert noted(world, ticket) == [(holder, "sent")] * 2


def test_what_waited_is_not_sent_to_who_has_acted_since(world: World) -> None:
    world.sends = world.send_really
    ticket = world.report()
    world.pump()
    for _ in range(3):
        world.do(ticket, "note", "reporter")
    world.do(ticket, "acknowledge")
    world.pump()
    world.advance(minutes=40)
    world.sweep()
    world.pump()
    assert [state for _, state in noted(world, ticket)] == ["sent", "skipped"]
