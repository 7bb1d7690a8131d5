"""Figures are made each night, once; cut off anywhere the next run goes on and comes to the same rows."""

from __future__ import annotations

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.domain.measures.asked import Outcome
from chalicelib.domain.measures.facts import Fact
from chalicelib.services.measures import nightly, rolling
from chalicelib.store import facts, measures, surveys
from tests.model.crashes import CUT, Scissors
from tests.services.measures.test_rolling import lived
from tests.world import World

FINAL = datetime(2026, 4, 3, 4, tzinfo=UTC)
ROOMS = ("MEASURE#", "PARTS#", "PORTRAIT#")


def stands(world: World) -> dict[tuple[str, str], dict[str, object]]:
    """Every row that a page reads."""
    return {
        (pk, sk): dict(row)
        for pk, part in world.table.parts.items()
        if pk.startswith(ROOMS)
        for sk, row in part.items()
    }


def last(world: World) -> Fact:
    return facts.of_month("P1", "2026-03")[0][-1]


def test_a_night_is_done_once_and_what_did_not_change_is_not_counted_again(world: World) -> None:
    lived(world, 5)
    first = nightly.measure(world.at)
    assert (first.months, first.counted) == (2, 4), "the month before is not final yet, wherever it was forgotten"
    assert nightly.measure(world.at).months == 0
    world.advance(hours=24)
    second = nightly.measure(world.at)
    assert (second.counted, second.written) == (0, 0)


def test_a_month_that_no_night_made_in_time_is_made_final_all_the_same(world: World) -> None:
    lived(world, 5)
    nightly.measure(FINAL.replace(day=20))
    row = measures.month("group", "2026-03")
    assert row is not None
    assert row.final == "2026-04-20T04:00:00Z"
    nightly.measure(FINAL.replace(day=21))
    assert measures.month("group", "2026-03") == row


def test_a_correction_moves_a_month_that_is_over_and_names_its_ticket(world: World) -> None:
    ticket = lived(world, 5)
    nightly.measure(FINAL)
    was = measures.month("project#P1", "2026-03")
    assert was is not None
    late = FINAL.replace(month=5)
    nightly.measure(late)
    made = last(world)
    corrected = replace(made, n=made.n + 1, why="corrected", at=late, rounds=1)
    facts.add(corrected, "2026-03")
    nightly.measure(late + timedelta(days=1))
    now = measures.month("project#P1", "2026-03")
    assert now is not None
    assert (now.final, now.first, now.why) == (was.final, was.figures, (ticket.id,))
    assert (was.figures["first_time_fix"].n, now.figures["first_time_fix"].n) == (1, 0)


def test_an_answer_that_comes_when_its_month_is_over_moves_it(world: World) -> None:
    lived(world, 5)
    surveys.add(surveys.Draw("P1", "2026-03", 10, 2, {"F01": ()}, {}))
    nightly.measure(FINAL)
    late = FINAL.replace(month=5)
    nightly.measure(late)
    made = Outcome("P1", "2026-03", "F01", "B1", "first_year", "answered", late.astimezone(UTC), scores={"overall": 5})
    world.table.write(surveys.outcome(made))
    nightly.measure(late + timedelta(days=1))
    now = measures.month("project#P1", "2026-03")
    assert now is not None
    assert (now.first["called_back"].n, now.figures["called_back"].n) == (0, 1)


@pytest.mark.parametrize("point", range(0, 60, 3))
def test_cut_off_anywhere_the_next_run_comes_to_the_same_rows(world: World, point: int) -> None:
    lived(world, 4)
    before = copy.deepcopy(world.table.parts)
    rolling.roll("2026-03", FINAL)
    whole = stands(world)
    world.table.parts.clear()
    world.table.parts.update(before)
    scissors = Scissors(world, lambda what: None)
    with scissors.cutting((point, CUT)):
        rolling.roll("2026-03", FINAL)
    rolling.roll("2026-03", FINAL)
    assert stands(world) == whole


def test_out_of_time_it_goes_on_with_the_next_project(world: World) -> None:
    lived(world, 4)
    left = iter([True, False])
    assert rolling.roll("2026-03", world.at, lambda: next(left)).more
    assert measures.month("group", "2026-03") is None
    done = rolling.roll("2026-03", world.at)
    assert (done.projects, done.more) == (1, False)
    assert measures.month("group", "2026-03") is not None


def test_nothing_personal_is_in_figures_and_facts(world: World) -> None:
    lived(world, 2)
    nightly.measure(world.at)
    private = [row["body"] for part in world.table.parts.values() for sk, row in part.items() if "PRIVATE" in sk]
    assert any("19911112222" in body for body in private)
    rooms = [part.values() for pk, part in world.table.parts.items() if pk.startswith(ROOMS)]
    stated = [row for pk, part in world.table.parts.items() if pk.startswith("FACT#") for row in part.values()]
    kept = [str(row) for part in rooms for row in part] + [f"{row} {facts.numbers_of(row)}" for row in stated]
    assert kept
    assert not [row for row in kept for word in ("19911112222", "卫生间漏水", "修好了") if word in row]
    counted = measures.counted("P1", "2026-03")
    assert counted is not None
    assert not [word for word in ("19911112222", "卫生间漏水", "修好了") if word in repr(counted)]
