"""Nothing passes silently, whatever happens in whatever order and wherever a process is cut off.

Random lives of a few tickets: reports, moves, time, deliveries that come twice or before their neighbour, executions
that die, and crashes before and after each effect of act, tell, send, tick and sweep. Then the dust settles, and

    no breach is unrecorded, none is recorded twice        by an oracle that counts in its own way
    no timer is lost after a sweep
    no message is missing; one too many at most, where the provider's call itself was cut
    a head is what its events make, and looks no later than the ticket's next moment
"""

from __future__ import annotations

import logging
import os
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.domain.policy.telling import GIVEN, told_at
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.ticket.lifecycle import MOVES, moves
from chalicelib.domain.ticket.promises import next_moment
from chalicelib.domain.ticket.ticket import Role, Ticket, fold
from chalicelib.functions import act, tell, tick
from chalicelib.services.record import record, sweeping, telling
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.rebuilding import head_of
from chalicelib.store import records
from chalicelib.store.table import iso
from tests.model import ways
from tests.model.crashes import CUT, Point, Scissors
from tests.model.oracle import owed
from tests.world import World
from tests.world import world as fresh_world

STEPS = int(os.environ.get("BAOXIU_STEPS", "1000"))
SHRINKS = bool(os.environ.get("BAOXIU_SHRINK"))  # look for the shortest life that fails, which takes minutes
WALK = 60  # steps of one life
WORDS = ("卫生间漏水", "燃气味", "电梯困人", "停电了", "墙面开裂", "马桶堵了")
OTHERS = ("act", "tick", "sweep", "note", "contact", "set_priority", "acknowledge")
points = st.one_of(
    st.none(),
    st.tuples(st.integers(0, 4), st.just(CUT)),
    st.tuples(st.sampled_from([0, 0, 1, 2, 6, 9, 14]), st.sampled_from((CUT, *OTHERS))),
)


class Lives(RuleBasedStateMachine):
    steps: ClassVar[int] = 0
    cuts: ClassVar[Counter[str]] = Counter()
    met: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        self.stack = fresh_world()
        self.world: World = self.stack.__enter__()
        self.world.sends = self.world.send_really
        self.scissors = Scissors(self.world, self.meanwhile)
        self.ids: list[str] = []
        self.cut_sends: Counter[tuple[str, str]] = Counter()
        self.dead: list[Any] = []
        self.marks = 0
        self.quiet_since = self.world.at

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        try:
            self.settle()
            for ticket_id in self.everything():
                self.check_clocks(ticket_id)
                self.check_messages(ticket_id)
        finally:
            self.stack.__exit__(None, None, None)

    def cut(self) -> None:
        """Count where it was cut, or who came in between."""
        for counter, point in ((Lives.cuts, self.scissors.cut_at), (Lives.met, self.scissors.met_at)):
            if point:
                counter[point] += 1

    def meanwhile(self, who: str) -> None:
        """Somebody else, while another process has read and not yet written."""
        if who == "act" and self.world.to_act:
            act.act({"Records": [self.world.to_act[0]]}, None)
        elif who == "sweep":
            self.world.sweep()
        elif who == "tick":
            for execution in self.world.states.running():
                if execution.until <= self.world.at:
                    self.world.states.fire(execution, tick.tick, self.world.at)
        elif who in MOVES:
            for ticket_id in self.everything():
                ticket = self.world.load(ticket_id)
                to = "urgent" if ticket.priority == "normal" else "normal"
                by = ticket.holder if who == "acknowledge" else "d1"
                if by:
                    with suppress(Refused):
                        self.world.do(ticket, who, by, priority=to)

    # what people do

    @precondition(lambda self: len(self.ids) < 4)
    @rule(
        words=st.sampled_from(WORDS), kind=st.sampled_from(["repair", "repair", "complaint", "enquiry"]), after=points
    )
    def report(self, words: str, kind: str, after: Point | None) -> None:
        known = set(self.everything())
        with self.scissors.cutting(after):
            self.world.report(words, unit=f"U{1 + len(self.ids) % 4}", kind=kind)
        self.cut()
        self.ids += sorted(set(self.everything()) - known)

    @precondition(lambda self: self.ids)
    @rule(data=st.data(), after=points, again=st.booleans())
    def move(self, data: st.DataObject, after: Point | None, again: bool) -> None:
        """Anything that somebody may do."""
        ticket = self.one(data)
        who = data.draw(st.sampled_from([ticket.holder or "d1", "reporter", "d1", "s1"]))
        ends = {"cancel", "waive", "merge"} if data.draw(st.integers(0, 3)) else set()
        open_now = [name for name in moves(ticket, self.world.actor(who).role) if name not in ends]
        if open_now:
            self.make(ticket, data.draw(st.sampled_from(open_now)), who, data, after, again)

    def go_on(self, data: st.DataObject, after: Point | None, again: bool, minutes: int, way: list[int]) -> None:
        """What usually comes next, several steps of it; only the last may be cut off."""
        self.world.at += timedelta(minutes=minutes)
        ticket_id = self.one(data).id
        for i, step in enumerate(way):
            ticket = self.world.load(ticket_id)
            usual = [
                (name, who or ticket.holder)
                for name, who in ways.USUAL.get(ticket.state.value, ())
                if (who or ticket.holder) and name in moves(ticket, self.world.actor(who or ticket.holder).role)
            ]
            if usual:
                name, who = usual[step % len(usual)]
                last = i == len(way) - 1
                self.make(ticket, name, who, data, after if last else None, again and last)
            if step % 2:
                self.world.pump()

    goes_on = precondition(lambda self: self.ids)
    usual_arguments: ClassVar[dict[str, Any]] = {
        "data": st.data(),
        "after": points,
        "again": st.booleans(),
        "minutes": st.sampled_from([0, 1, 2, 5, 12, 50]),
        "way": st.lists(st.integers(0, 11), min_size=1, max_size=7),
    }
    one_goes_on = goes_on(rule(**usual_arguments)(go_on))
    another_goes_on = goes_on(rule(**usual_arguments)(go_on))
    a_third_goes_on = goes_on(rule(**usual_arguments)(go_on))

    def one(self, data: st.DataObject) -> Ticket:
        return self.world.load(data.draw(st.sampled_from(self.everything())))

    def make(self, ticket: Ticket, name: str, who: str, data: st.DataObject, after: Point | None, again: bool) -> None:
        facts, said = ways.facts(name, ticket, self.world.at, data.draw(st.integers(0, 2**16)))
        self.marks += 1
        for _ in range(1 + again):
            with self.scissors.cutting(after), suppress(Refused):
                self.world.do(ticket.id, name, who, said, key=f"mark-{self.marks}", **facts)
            self.cut()

    # what the system does, late, twice, in any order, and cut off

    @precondition(lambda self: self.world.to_act)
    @rule(data=st.data(), after=points, twice=st.booleans())
    def act(self, data: st.DataObject, after: Point | None, twice: bool) -> None:
        self.deliver(act.act, self.world.to_act, data, after, twice)

    @precondition(lambda self: self.world.to_tell)
    @rule(data=st.data(), after=points, twice=st.booleans())
    def tell(self, data: st.DataObject, after: Point | None, twice: bool) -> None:
        self.deliver(tell.tell, self.world.to_tell, data, after, twice)

    def deliver(self, reader: Any, waiting: list[Any], data: st.DataObject, after: Point | None, twice: bool) -> None:
        which = data.draw(st.integers(0, len(waiting) - 1))
        if twice:
            waiting.append(waiting[which])
        with self.scissors.cutting(after):
            self.world.deliver(reader, waiting, which)
        self.cut()

    @precondition(lambda self: self.world.queue.waiting)
    @rule(after=points, twice=st.booleans())
    def send(self, after: Point | None, twice: bool) -> None:
        if twice:
            self.world.queue.waiting.append(self.world.queue.waiting[0])
        self.send_one(after)

    def send_one(self, after: Point | None) -> None:
        before = len(self.world.delivered)
        with self.scissors.cutting(after):
            self.world.send()
        self.cut()
        if self.scissors.cut_at and len(self.world.delivered) > before:
            self.cut_sends[self.world.delivered[-1]] += 1

    @rule(what=st.sampled_from(["wake-up", "telling", "executions"]))
    def something_is_lost_for_good(self, what: str) -> None:
        if what == "executions":
            self.world.states.fail_all()
        elif what == "wake-up":
            del self.world.to_act[:1]
        elif self.world.to_tell:
            self.dead.append(self.world.to_tell.pop(0))

    @rule()
    def all_is_delivered(self) -> None:
        self.world.pump()

    @rule(minutes=st.sampled_from([1, 2, 7, 20, 45, 240]), seconds=st.integers(0, 59))
    def time_passes(self, minutes: int, seconds: int) -> None:
        self.world.at += timedelta(minutes=minutes, seconds=seconds)

    @rule(after=points)
    def a_night_passes(self, after: Point | None) -> None:
        self.world.at += timedelta(hours=15, minutes=3)
        with self.scissors.cutting(after):
            self.world.reconcile()
        self.cut()

    @precondition(lambda self: any(e.until <= self.world.at for e in self.world.states.running()))
    @rule(after=points)
    def tick(self, after: Point | None) -> None:
        due = next(e for e in self.world.states.running() if e.until <= self.world.at)
        with self.scissors.cutting(after):
            self.world.states.fire(due, tick.tick, self.world.at)
        self.cut()

    @precondition(lambda self: self.world.states.running())
    @rule(after=points)
    def on_to_the_next_tick(self, after: Point | None) -> None:
        first = self.world.states.running()[0]
        self.world.at = max(self.world.at, first.until)
        with self.scissors.cutting(after):
            self.world.states.fire(first, tick.tick, self.world.at)
        self.cut()

    @rule(after=points)
    def sweep(self, after: Point | None) -> None:
        with self.scissors.cutting(after):
            self.world.sweep()
        self.cut()
        if not self.scissors.cut_at:
            self.check_timers(settled=False)

    # what always holds

    @invariant()
    def heads_are_what_events_make(self) -> None:
        if not hasattr(self, "world"):
            return
        Lives.steps += 1
        for ticket_id in self.everything():
            found = records.load(ticket_id)
            assert found is not None
            ticket, timer = found
            head = records.stored_head(ticket_id)
            made = head_of(ticket, timer, self.world.at)
            assert head is not None
            own = {k: v for k, v in made.items() if k not in ("due", "dk")}
            assert {k: v for k, v in head.items() if k not in ("due", "dk")} == own
            coming = next_moment(ticket, policy_for(ticket.place), at=self.world.at)
            if coming is not None:
                assert timer.due, f"nothing looks at {ticket_id}"
                assert timer.due <= iso(coming)
            if ticket.outstanding:
                assert timer.due
                assert timer.due <= iso(self.world.at + record.SOON)
            keys = [e.data["moment"] for e in ticket.events if "moment" in e.data]
            assert len(keys) == len(set(keys)), f"recorded twice: {keys}"
            assert sum(e.kind == "linked" for e in ticket.events) <= 1

    def everything(self) -> list[str]:
        parts = self.world.table.parts
        return sorted(
            pk.removeprefix("TICKET#") for pk, rows in parts.items() if pk.startswith("TICKET#") and "HEAD" in rows
        )

    # when the dust settles

    def settle(self) -> None:
        """People stop and the system goes on: what waits is delivered, the sweep runs, days pass."""
        self.sweep_until_quiet()
        self.world.until(self.world.at + telling.TAKES)
        self.world.reconcile()
        self.redrive()
        self.sweep_until_quiet()
        self.check_timers(settled=True)
        for ticket_id in self.everything():
            self.check_clocks(ticket_id)
        for _ in range(6):
            coming = [t for i in self.everything() if (t := self.next_of(i))]
            if not coming:
                break
            soon = max(min(coming), self.world.at)
            self.world.until(max(self.world.at, soon - timedelta(minutes=5)))
            self.sweep_until_quiet()
            self.world.until(soon + timedelta(seconds=1))
            for ticket_id in self.everything():
                self.check_clocks(ticket_id)
        self.world.until(self.world.at + timedelta(hours=2))
        self.sweep_until_quiet()
        self.world.reconcile()
        self.world.pump()

    def redrive(self) -> None:
        """Dead letters of tickets that are done are delivered by hand; for open ones the night has made up."""
        for letter in self.dead:
            ticket_id = letter["dynamodb"]["Keys"]["pk"]["S"].removeprefix("TICKET#")
            if not self.world.load(ticket_id).is_open:
                self.world.deliver(tell.tell, [letter])

    def sweep_until_quiet(self) -> None:
        for _ in range(2):
            self.world.until(self.world.at + sweeping.GRACE + timedelta(seconds=1))
            self.world.sweep()
            self.world.pump()

    def next_of(self, ticket_id: str) -> datetime | None:
        ticket = self.world.load(ticket_id)
        return next_moment(ticket, policy_for(ticket.place), at=self.world.at) if ticket.is_open else None

    def check_timers(self, settled: bool) -> None:
        """After a sweep: what is due soon has an execution that looks in time, unless it changed a moment ago."""
        at = self.world.at
        for ticket_id in self.everything():
            found = records.load(ticket_id)
            assert found is not None
            ticket, timer = found
            coming = self.next_of(ticket_id)
            fresh = any(e.at > at - sweeping.GRACE and e.role is not Role.SYSTEM for e in ticket.events)
            if not coming or (not settled and (fresh or ticket.outstanding)) or coming > at + sweeping.AHEAD:
                continue
            if not settled and coming <= at:
                continue
            running = [e for e in self.world.states.running(ticket_id) if e.name == f"{ticket_id}-{timer.generation}"]
            if not settled and not running and ticket.events[-1].at > at - sweeping.GRACE:
                continue
            assert running, f"no timer for {ticket_id}, due {coming}, at {at}"
            assert min(e.until for e in running) <= coming

    def check_clocks(self, ticket_id: str) -> None:
        ticket = self.world.load(ticket_id)
        must, may = owed(ticket, self.world.at)
        told = {key for key in ticket.recorded if ":due" in key or ":level:" in key}
        assert must <= told, f"unrecorded: {must - told}; {self.story(ticket)}"
        assert told <= may, f"recorded without reason: {told - may}; {self.story(ticket)}"
        if any(e.kind == "escalated" and e.data["level"] == 3 for e in ticket.events) and ticket.is_work:
            assert not ticket.complaint_due
            assert len(ticket.linked) == 1

    def story(self, ticket: Ticket) -> str:
        """What happened and what waits, for whoever reads a failure."""
        head = records.stored_head(ticket.id) or {}
        running = [(e.name[-4:], str(e.until)) for e in self.world.states.running(ticket.id)]
        events = [
            f"{e.at:%d %H:%M:%S} {e.kind} {dict(e.data) if e.kind != 'reported' else e.data['priority']}"
            for e in ticket.events
        ]
        waits = {name: head.get(name) for name in ("due", "armed", "gen")}
        return "\n".join([f"at {self.world.at:%d %H:%M:%S}, {waits}, {running}", *events])

    def check_messages(self, ticket_id: str) -> None:
        ticket = self.world.load(ticket_id)
        known = {m.told: m for m in self.world.told(ticket_id)}
        for told in expected(ticket):
            assert told in known, f"nobody was told {told}: {sorted(known)}"
        for message in known.values():
            sk = message.sk
            assert message.state in ("sent", "skipped"), f"{sk} is {message.state}"
            times = self.world.delivered.count((ticket_id, sk))
            assert message.state == "skipped" or times >= 1, f"{sk} was never sent"
            assert times <= 1 + self.cut_sends[(ticket_id, sk)], f"{sk} was sent {times} times"


def expected(ticket: Ticket) -> set[str]:
    """The messages that the events ask for; to a holder only where it is theirs from then on without a break.

    Of several for one person by one change the first row's is sent.
    """
    found: dict[tuple[int, str], tuple[int, str]] = {}
    unsure: set[tuple[int, str]] = set()
    holders = [fold(ticket.id, ticket.events[:n]).holder for n in range(1, ticket.version + 1)]
    for event in ticket.events:
        later = set(holders[event.version - 1 :])
        holder = holders[event.version - 1]
        for wanted in policy_for(ticket.place).tellings.get(event.kind, ()):
            if event.data.get("quiet") or (wanted.by and event.role.value not in wanted.by):
                continue
            if wanted.unless and event.data.get("how") == wanted.unless:
                continue
            if wanted.priorities and event.data.get("priority") not in wanted.priorities:
                continue
            if wanted.clocks and event.data.get("clock") not in wanted.clocks:
                continue
            if wanted.kinds and ticket.kind not in wanted.kinds:
                continue
            if wanted.causes and event.data.get("cause") not in wanted.causes:
                continue
            if wanted.but & {event.data.get("clock"), event.data.get("cause")}:
                continue
            if wanted.to == "desk" and event.kind == "dissatisfied":  # the same as the holder where it was not relayed
                continue
            if wanted.bundle and told_at(wanted, ticket.events[: event.version]) is None:
                continue
            to = {
                "reporter": "" if ticket.by_system else "reporter",
                "desk": "desk",
                "level": event.data.get("person", ""),
            }.get(wanted.to)
            if wanted.to == "loser":
                had = holders[event.change - 2] if event.change > 1 else ""
                to = had if had not in {*later, event.by} else ""
            if wanted.to == "holder":
                person = event.data.get("person", holder)
                if event.kind not in GIVEN and person == event.by:  # who did it knows it
                    continue
                to = person if later == {person} else ""
                unsure |= {(event.change, person)} if not to else set()
            if to:
                told = (wanted.rank, f"{event.version:06d}#{to}#{wanted.template}")
                found[event.change, to] = min(told, found.get((event.change, to), told))
    return {told for who, (_, told) in found.items() if who not in unsure}


def walk(steps: int, first: int) -> None:
    """Random lives until so many steps were made."""
    Lives.steps = 0
    number = first
    while Lives.steps < steps:
        machine = seed(number)(type("Lives", (Lives,), {}))
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=max(1, (steps - Lives.steps) // WALK + 1),
                stateful_step_count=WALK,
                deadline=None,
                database=None,
                phases=[Phase.generate, Phase.shrink] if SHRINKS else [Phase.generate],
                report_multiple_bugs=False,
                suppress_health_check=list(HealthCheck),
            ),
        )
        number += 1


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    """Lives leave tens of thousands of log lines."""
    log = logging.getLogger("baoxiu")
    level = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(level)


def test_nothing_passes_silently_in_random_lives():
    walk(STEPS if STEPS <= 1000 else 1000, 20260302)
    assert Lives.steps >= 1000
    assert {point.split()[0] for point in Lives.cuts} == {"before", "after"}


@pytest.mark.deep
def test_nothing_passes_silently_in_long_random_lives():
    walk(max(STEPS, 10_000), 4839)
    assert len(Lives.cuts) >= 10, Lives.cuts
