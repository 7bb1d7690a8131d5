"""Two people at once: both read the same ticket before either writes. No event is lost, one wins, the other is told.

Each race runs in threads on the table in memory and on the deployed one (moto). A `Meeting` holds every racer back
after the first look at the ticket until all have looked, so that they really meet.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters import ids
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.ticket.ticket import State, Ticket
from chalicelib.services.access import access, codes
from chalicelib.services.record import rebuilding, timers
from chalicelib.services.ticket import report
from chalicelib.store import records, tickets
from chalicelib.store import table as tables
from tests.store.tables import deployed
from tests.world import World, world

PATIENCE = 20  # seconds that a racer waits for the others, should one of them never come
SCORES = {"overall": 5, "speed": 4, "thoroughness": 5, "manners": 5}
Run = Callable[[], Any]


class Meeting:
    """A table at which everybody looks at the ticket before anybody writes; writes go one after the other."""

    def __init__(self, real: Any, prefix: str = "TICKET#") -> None:
        self.real, self.prefix = real, prefix
        self.one = threading.RLock()
        self.barrier: threading.Barrier | None = None
        self.met = threading.local()

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.real, name)
        if not callable(found):
            return found

        def call(*args: Any, **more: Any) -> Any:
            with self.one:
                answer = found(*args, **more)
            if name in ("query", "get") and str(args[0]).startswith(self.prefix):
                self._wait()
            return answer

        return call

    def _wait(self) -> None:
        if self.barrier is not None and not getattr(self.met, "done", False):
            self.met.done = True
            self.barrier.wait(PATIENCE)


@pytest.fixture(params=["memory", "dynamo"])
def stage(request: pytest.FixtureRequest) -> Iterator[World]:
    """A world on either table."""
    with ExitStack() as stack:
        moto = stack.enter_context(deployed()) if request.param == "dynamo" else None
        made = stack.enter_context(world())
        if moto is not None:
            for part in made.table.parts.values():
                for row in part.values():
                    moto.write(tables.Put(row))
            made.table = Inserted(moto, made.table.inserted)  # type: ignore[assignment]
            tables.use(made.table)
        yield made


class Inserted:
    """The deployed table, telling of each new row as its stream does."""

    def __init__(self, real: Any, inserted: Callable[[dict[str, Any]], None]) -> None:
        self.real, self.inserted = real, inserted

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    def transact(self, writes: Any, token: str = "") -> None:
        self.real.transact(writes, token)
        for write in writes:
            if isinstance(write, tables.Put) and write.new:
                self.inserted(dict(write.row))


def race(stage: World, *runs: Run, prefix: str = "TICKET#") -> list[Any]:
    """What came of each: its answer, or how it was refused."""
    meeting = Meeting(stage.table, prefix)
    tables.use(meeting)  # type: ignore[arg-type]
    meeting.barrier = threading.Barrier(len(runs))

    def tried(run: Run) -> Any:
        try:
            return run()
        except Refused as refused:
            return refused

    try:
        with ThreadPoolExecutor(len(runs)) as pool:
            return list(pool.map(tried, runs))
    finally:
        tables.use(stage.table)  # type: ignore[arg-type]


def at(stage: World, state: str, **how: Any) -> Ticket:
    """A repair that has come so far."""
    ticket = stage.report(by="d1", **how)
    stage.pump()
    for move in ("acknowledge", "arrive", "complete"):
        if stage.load(ticket).state.value != state:
            stage.do(ticket, move)
    stage.to_act.clear()
    stage.to_tell.clear()
    return stage.load(ticket)


def sound(stage: World, ticket: Ticket) -> Counter[str]:
    """The ticket's events are numbered without a gap and its head is theirs; how many of each kind."""
    after = stage.load(ticket)
    assert [e.version for e in after.events] == list(range(1, after.version + 1))
    timer = records.load(ticket.id, consistent=True)[1]  # type: ignore[index]
    assert records.stored_head(ticket.id) == rebuilding.head_of(after, timer, stage.at)
    return Counter(e.kind for e in after.events)


def refused(answers: list[Any]) -> list[Refused]:
    return [answer for answer in answers if isinstance(answer, Refused)]


EITHER = {
    # state, first (who, move, data), second, kinds of which exactly one may follow
    "complete and cancel": (
        "on_site",
        ("", "complete", {}),
        ("d1", "waive", {"reason": "other"}),
        ("completed", "waived"),
    ),
    "sign off and refuse": (
        "completed",
        ("reporter", "sign_off", {}),
        ("reporter", "refuse", {}),
        ("signed_off", "reworked"),
    ),
    "sign off and check": ("completed", ("reporter", "sign_off", {}), ("s1", "check", {}), ("signed_off", "checked")),
    "cancel and waive": (
        "assigned",
        ("reporter", "cancel", {"reason": "other"}),
        ("reporter", "waive", {"reason": "other"}),
        ("cancelled", "waived"),
    ),
    "rate twice": (
        "completed",
        ("reporter", "rate", {"scores": SCORES}),
        ("reporter", "rate", {"scores": SCORES}),
        ("rated",),
    ),
    "follow up twice": ("completed", ("d1", "follow_up", {"fixed": True}), ("d2", "follow_up", {"fixed": True}), ()),
}


@pytest.mark.parametrize("name", EITHER)
def test_of_two_that_exclude_each_other_one_wins_and_the_other_is_refused(stage: World, name: str) -> None:
    state, first, second, kinds = EITHER[name]
    ticket = at(stage, state)
    holder = ticket.holder
    before = sound(stage, ticket)

    def run(who: str, move: str, data: dict[str, Any]) -> Run:
        return lambda: stage.do(ticket, move, who or holder, **data)

    answers = race(stage, run(*first), run(*second))
    assert len(refused(answers)) == 1
    made = sound(stage, ticket) - before
    if kinds:
        assert sum(made[kind] for kind in kinds) == 1
    else:
        assert made["followed_up"] == 1


def test_two_desks_assign_and_both_are_on_record(stage: World) -> None:
    """Assigning anew is legal while nobody came: the second is told by whoever holds it now, and nobody is lost."""
    ticket = at(stage, "assigned")
    runs: list[Run] = [
        lambda: stage.do(ticket, "assign", "d1", person="b1", team="P1/building"),
        lambda: stage.do(ticket, "assign", "d2", person="b2", team="P1/building"),
    ]
    answers = race(stage, *runs)
    made = sound(stage, ticket)["assigned"] - 1
    assert made + len(refused(answers)) == 2
    assert made >= 1
    last = [e for e in stage.load(ticket).events if e.kind == "assigned"][-1]
    assert stage.load(ticket).holder == last.data["person"]


def test_notes_of_both_are_kept(stage: World) -> None:
    ticket = at(stage, "on_site")
    holder = ticket.holder
    answers = race(
        stage,
        lambda: stage.do(ticket, "note", "reporter", said={"words": "甲"}),
        lambda: stage.do(ticket, "note", holder, said={"words": "乙"}),
        lambda: stage.do(ticket, "note", "d1", said={"words": "丙"}),
    )
    assert refused(answers) == []
    said = {e.said["words"] for e in stage.load(ticket).events if e.kind == "noted"}
    assert said == {"甲", "乙", "丙"}
    sound(stage, ticket)


def test_the_same_move_sent_twice_at_once_counts_once(stage: World) -> None:
    ticket = at(stage, "on_site")
    answers = race(stage, *[lambda: stage.do(ticket, "note", "d1", key="the-same-mark")] * 2)
    assert refused(answers) == []
    assert sound(stage, ticket)["noted"] == 1


def test_a_report_sent_twice_at_once_is_one_ticket(stage: World) -> None:
    sent = report.Report(ids.ulid(stage.at), "U1", words="漏水", phone="13812340001", name="测试", consent=True)
    taken = race(stage, *[lambda: report.take(sent, stage.at)] * 2, prefix="PLACE#")
    assert refused(taken) == []
    assert len({one.ticket.id for one in taken}) == 1
    assert sound(stage, taken[0].ticket)["reported"] == 1
    assert tickets.by_number(taken[0].ticket.number) == taken[0].ticket.id


def test_a_code_opens_once_whoever_is_first(stage: World) -> None:
    ticket = at(stage, "assigned")
    own = access.own_grant(ticket.id)
    codes.keep("13812340001", "12345678", own, stage.at)
    answers = race(
        stage,
        *[lambda: codes.redeem("13812340001", "12345678", "203.0.113.1", stage.at)] * 3,
        prefix="CODE#",
    )
    assert len(refused(answers)) == 2


@pytest.mark.parametrize("crossed", [True, False])
def test_of_two_that_are_merged_into_each_other_one_stays_open(stage: World, crossed: bool) -> None:
    one, other = at(stage, "assigned"), at(stage, "assigned", unit="U2")
    third = at(stage, "assigned", unit="U3")
    into = one if crossed else third
    answers = race(
        stage,
        lambda: stage.do(one, "merge", "d1", into=other.id),
        lambda: stage.do(other, "merge", "d2", into=into.id),
    )
    states = [stage.load(t).state for t in (one, other, third)]
    if crossed:
        assert len(refused(answers)) == 1
    else:
        assert len(refused(answers)) <= 1
    for ticket in (one, other, third):
        sound(stage, ticket)
        merged = [e for e in stage.load(ticket).events if e.kind == "merged"]
        for event in merged:
            survivor = stage.load(event.data["into"])
            assert survivor.is_open or survivor.state is State.MERGED
            assert ticket.id in survivor.linked
    assert states.count(State.MERGED) < 3
    assert crossed is False or states.count(State.MERGED) == 1


def test_what_is_merged_into_a_ticket_that_is_cancelled_meanwhile_is_not_lost(stage: World) -> None:
    one, other = at(stage, "assigned"), at(stage, "assigned", unit="U2")
    answers = race(
        stage,
        lambda: stage.do(one, "merge", "d1", into=other.id),
        lambda: stage.do(other, "cancel", "reporter", reason="other"),
    )
    merged, cancelled = stage.load(one).state is State.MERGED, stage.load(other).state is State.CANCELLED
    assert merged or cancelled
    if cancelled and not merged:
        assert len(refused(answers)) == 1
    if merged and cancelled:
        assert [e.kind for e in stage.load(other).events].index("joined") < [
            e.kind for e in stage.load(other).events
        ].index("cancelled")


def test_where_the_timer_and_a_move_meet_what_is_late_is_recorded_once(stage: World) -> None:
    ticket = at(stage, "assigned")
    stage.at += timedelta(minutes=45)
    holder = ticket.holder
    race(
        stage,
        lambda: stage.do(ticket, "acknowledge", holder),
        lambda: timers.look(ticket.id, None, stage.at),
    )
    breaches = [e.data["moment"] for e in stage.load(ticket).events if e.kind == "breached"]
    assert len(breaches) == len(set(breaches)) > 0
    sound(stage, ticket)
