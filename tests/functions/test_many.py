"""Ten thousand tickets due in the same minute, through the real handlers: nothing is lost, work follows what is due."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from chalicelib.functions import act, sweep, tell, tick
from tests.fakes import Execution
from tests.world import World

BATCH = 10
MOST_CALLS = 12  # for a due ticket, half of the timers being gone


def count_calls(world: World) -> Counter[str]:
    """Every call to the table and to the executions, by name, from now on."""
    calls: Counter[str] = Counter()

    def counted(name: str, real: object) -> object:
        def call(*args: object, **more: object) -> object:
            calls[name] += 1
            return real(*args, **more)  # type: ignore[operator]

        return call

    for name in ("get", "query", "index", "count", "batch", "write", "transact"):
        setattr(world.table, name, counted(name, getattr(world.table, name)))
    for name in ("start_execution", "describe_execution", "stop_execution"):
        setattr(world.states, name, counted(name, getattr(world.states, name)))
    return calls


def deliver_all(world: World) -> None:
    """Act and tell, in batches as the stream brings them; what is told stays in the queue."""
    for reader, waiting in ((act.act, world.to_act), (tell.tell, world.to_tell)):
        while waiting:
            batch, waiting[:] = waiting[:BATCH], waiting[BATCH:]
            assert reader({"Records": batch}, None) == {"batchItemFailures": []}


def reported(world: World, due: int, quiet: int) -> list[str]:
    """So many repairs, all due in half an hour, and so many enquiries that are due tomorrow."""
    units = ("U1", "U2", "U3", "U4")
    for i in range(quiet):
        world.report("问一个问题", unit=units[i % 4], kind="enquiry", by="d1")
    found = [world.report("马桶堵了", unit=units[i % 4], by="d1").id for i in range(due)]
    deliver_all(world)
    while world.queue.waiting:
        world.send()
    return found


def run_out(world: World, found: list[str]) -> Counter[str]:
    """Half of the timers fire, the other half is gone and left to sweeps; the calls that it took."""
    for i, execution in enumerate(world.states.running()):
        if i % 2:
            execution.status = "FAILED"
    calls = count_calls(world)
    world.at += timedelta(minutes=30, seconds=1)
    for execution in world.states.running():
        if execution.until <= world.at:
            world.states.fire(execution, tick.tick, world.at)
    world.at += timedelta(minutes=5)
    done = sweep.sweep({}, None)
    assert not done["more"]
    assert done["failed"] == 0
    return calls


def check(world: World, found: list[str]) -> None:
    for ticket in found:
        recorded = [e.data["moment"] for e in world.load(ticket).events if e.kind == "breached"]
        assert sorted(recorded) == ["acknowledge:due", "response:due"]
    deliver_all(world)
    for ticket in found:
        assert "escalated" in {m.template for m in world.told(ticket)}
        timer = world.head(ticket)
        assert world.load(ticket).holder
        assert any(e.until.strftime("%Y-%m-%dT%H:%M:%SZ") <= timer["due"] for e in world.states.running(ticket))


@pytest.fixture(autouse=True)
def _silent() -> Iterator[None]:
    """Thirty thousand log lines say nothing here."""
    log = logging.getLogger("baoxiu")
    level = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(level)


@pytest.mark.deep
def test_ten_thousand_due_in_the_same_minute(world: World):
    found = reported(world, 10_000, 0)
    calls = run_out(world, found)
    assert sum(calls.values()) <= MOST_CALLS * len(found)
    world.states.running = by_ticket(world)  # type: ignore[method-assign]
    check(world, found)


def by_ticket(world: World) -> Callable[..., list[Execution]]:
    """The running executions by ticket, sorted out once instead of for each."""
    found: dict[str, list[Execution]] = {}
    for execution in world.states.executions.values():
        if execution.status == "RUNNING":
            found.setdefault(execution.name.rpartition("-")[0], []).append(execution)
    return lambda ticket="": found.get(ticket, [])


@pytest.mark.parametrize("quiet", [0, 400])
def test_the_work_follows_what_is_due_and_not_what_is_open(world: World, quiet: int):
    found = reported(world, 200, quiet)
    calls = run_out(world, found)
    assert sum(calls.values()) <= MOST_CALLS * len(found)
    assert calls["describe_execution"] <= len(found)
    check(world, found)
