"""A long file goes on wherever it was cut, and beside itself: each row once, and none is kept back by another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from chalicelib.adapters import objects
from chalicelib.services.money import jobs, making, periods, sealing, settling
from chalicelib.store.jobs import Job, State
from tests.services.money.debts import firm
from tests.services.money.people import OTHER, SEALER
from tests.services.money.test_settling import table
from tests.world import World

ROWS = [f"D1,记-{n},2026-03-20,2026-03,质保金,10.00,," for n in range(5)]


@pytest.fixture
def job(here: World, monkeypatch: pytest.MonkeyPatch) -> Job:
    """Five rows of 10 yuan each of a deduction of 100, checked, and to be booked."""
    kept: dict[str, bytes] = {}

    def put_once(key: str, content: bytes, kind: str, *, loose: bool) -> bool:
        if not loose:  # what is loose is gone after days, and this may be booked after weeks
            kept[key] = content
        return True

    monkeypatch.setattr(objects, "put_once", put_once)
    monkeypatch.setattr(objects, "read_clean", lambda key, most: kept[key])
    monkeypatch.setattr(jobs, "STEP", 1)
    periods.open_one("E1", "2026-03", SEALER, here.at)
    firm(here, "D1", ("repair_cost", 10_000))
    making.go_on(sealing.seal("E1", SEALER, here.at, period="2026-03", key="k").id, here.at)
    asked = jobs.ask_settlement("E1", table(*ROWS), "回单.csv", OTHER, here.at, "k")
    assert jobs.go_on("E1", asked.id, here.at).state is State.CHECKED
    return jobs.book(jobs.one("E1", asked.id), OTHER)


def steps(count: int) -> Callable[[], bool]:
    left = iter(range(count))
    return lambda: next(left, None) is not None


def test_what_is_at_fault_by_now_keeps_no_other_row_from_being_booked(here: World, job: Job) -> None:
    assert jobs.go_on("E1", job.id, here.at, steps(2)).state is State.BOOKING
    settling.settle("E1", table("D1,记-9,2026-03-20,2026-03,质保金,65.00,,"), "b.csv", OTHER, here.at)
    done = jobs.go_on("E1", job.id, here.at)
    assert (done.state, done.done) == (State.BOOKED, 3)
    assert [(fault.row, fault.reason) for fault in done.why] == [(5, "recovered_too_much"), (6, "recovered_too_much")]
    assert here.load("DEBT#D1").recovered == {"retention": 9_500}


@pytest.mark.parametrize("steps_before", [0, 2, 4])
def test_two_who_go_on_with_it_at_once_book_each_row_once(here: World, job: Job, steps_before: int) -> None:
    asked: list[int] = []

    def meanwhile() -> bool:
        asked.append(len(asked))
        if len(asked) == steps_before + 1:
            assert jobs.go_on("E1", job.id, here.at).state is State.BOOKED
        return True

    done = jobs.go_on("E1", job.id, here.at, meanwhile)
    assert (done.state, done.done, done.why) == (State.BOOKED, 5, ())
    assert jobs.one("E1", job.id) == done
    assert here.load("DEBT#D1").recovered == {"retention": 5_000}
    assert len(asked) == steps_before + 1, "the slower one leaves off"


def test_two_who_take_turns_row_by_row_book_each_row_once(here: World, job: Job) -> None:
    asked: list[int] = []

    def other() -> bool:
        asked.append(len(asked))
        jobs.go_on("E1", job.id, here.at, steps(len(asked) + 1))
        return True

    assert jobs.go_on("E1", job.id, here.at, other).state is State.BOOKED
    found = jobs.one("E1", job.id)
    assert (found.state, found.done, found.rows, found.why) == (State.BOOKED, 5, 5, ())
    assert here.load("DEBT#D1").recovered == {"retention": 5_000}


def test_the_night_goes_on_with_what_many_others_were_asked_for_after(here: World, job: Job) -> None:
    for n in range(205):
        here.at += timedelta(seconds=1)
        jobs.ask_report("E1", "2026-03", "zh_CN", SEALER, here.at, f"r{n}")
    left = jobs.of_entity("E1")
    assert len({one.id for one in left}) == len(left) == 206
    assert job.id in {one.id for one in left}


def test_a_file_of_no_rows_is_at_fault_and_is_not_booked(here: World, job: Job) -> None:
    asked = jobs.ask_settlement("E1", table(), "b.csv", OTHER, here.at, "empty")
    done = jobs.go_on("E1", asked.id, here.at)
    assert (done.state, [fault.reason for fault in done.why]) == (State.FAULTY, ["nothing"])
