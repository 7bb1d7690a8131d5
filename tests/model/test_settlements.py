"""A file of 10,000 settlements, from its upload to the last row: cut off at many points, by time, and beside itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib.domain.register.settlements import MOST_APART, SETTLED
from chalicelib.services.money import batches, checking, jobs, making, periods, sealing
from chalicelib.services.record import record, registry
from chalicelib.store.jobs import State
from tests.model.crashes import CUT, Scissors
from tests.services.money import debts
from tests.services.money.debts import firm
from tests.services.money.people import OTHER, SEALER
from tests.services.money.test_settling import table
from tests.world import World

ROWS, EACH = MOST_APART, 20  # rows, and how many of them a deduction has
FEN = 100
CUTS = (0, 1, 2, 3, 50, 51, 52, 53, 3_333, 7_001)  # effects of a run, after which it ends


@pytest.fixture
def here(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    monkeypatch.setattr("chalicelib.adapters.mappings.evidence_needed", lambda: False)
    registry.register(debts.SERVICE)
    batches.forget()
    debts.entity(world)
    yield world
    registry.forget(debts.PREFIX)


def counted(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each kind of record is read from here on."""
    read: Counter[str] = Counter()
    load: Callable[..., Any] = record.load

    def counting(reference: str, **more: Any) -> Any:
        read[reference.partition("#")[0]] += 1
        return load(reference, **more)

    monkeypatch.setattr(record, "load", counting)
    return read


def test_ten_thousand_rows_are_booked_once_each_wherever_the_work_was_cut(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = [f"D{n:03}" for n in range(ROWS // EACH)]
    periods.open_one("E1", "2026-03", SEALER, here.at)
    for number in owed:
        firm(here, number, ("repair_cost", EACH * FEN))
    batch = making.go_on(sealing.seal("E1", SEALER, here.at, period="2026-03", key="k").id, here.at)
    assert batch.count == len(owed)
    # the rows of a deduction stand apart, as vouchers do: each part of the file goes through all of them
    rows = [f"{number},记-{n},2026-03-20,2026-03,质保金,1.00,," for n in range(EACH) for number in owed]
    content = table(*rows)

    job = jobs.ask_settlement("E1", content, "回单.csv", OTHER, here.at, "k")
    assert jobs.ask_settlement("E1", content, "回单.csv", OTHER, here.at, "k").id == job.id
    read = counted(monkeypatch)
    checked = jobs.go_on("E1", job.id, here.at)
    assert (checked.state, checked.rows, checked.why) == (State.CHECKED, ROWS, ())
    assert read == {debts.PREFIX: len(owed), "BATCH": 1}, "each is read once, however many rows it has"

    jobs.book(checked, OTHER)
    scissors = Scissors(here, lambda _: None)
    for cut in CUTS:
        with scissors.cutting((cut, CUT)):
            jobs.go_on("E1", job.id, here.at)
        assert scissors.cut_at
        assert jobs.one("E1", job.id).state is State.BOOKING
    stopped = jobs.go_on("E1", job.id, here.at, steps(200))
    assert (stopped.state, stopped.at_work) == (State.BOOKING, True)
    once = steps(1)

    def beside() -> bool:
        if once():
            jobs.go_on("E1", job.id, here.at, steps(300))
        return True

    done = jobs.go_on("E1", job.id, here.at, beside)

    assert (done.state, done.done, done.rows, done.why) == (State.BOOKED, ROWS, ROWS, ())
    for number in owed:
        one = here.load(f"{debts.PREFIX}#{number}")
        booked = Counter(event.key for event in one.events if event.key.startswith(SETTLED))
        assert (len(booked), set(booked.values()), one.left) == (EACH, {1}, 0), number
    assert checking.check("E1").wrong == []
    assert jobs.go_on("E1", job.id, here.at) == done


def test_a_run_that_books_little_reads_no_more_of_the_file_than_it_books(
    here: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    owed = [f"D{n}" for n in range(40)]
    periods.open_one("E1", "2026-03", SEALER, here.at)
    for number in owed:
        firm(here, number)
    making.go_on(sealing.seal("E1", SEALER, here.at, period="2026-03", key="k").id, here.at)
    content = table(*(f"{number},记-1,2026-03-20,2026-03,质保金,1.00,," for number in owed))
    job = jobs.ask_settlement("E1", content, "回单.csv", OTHER, here.at, "k")
    jobs.book(jobs.go_on("E1", job.id, here.at), OTHER)
    read = counted(monkeypatch)
    assert jobs.go_on("E1", job.id, here.at, steps(5)).state is State.BOOKING
    assert read[debts.PREFIX] == 6, "five that were booked, and the one that time was out for"


def steps(count: int) -> Callable[[], bool]:
    left = iter(range(count))
    return lambda: next(left, None) is not None
