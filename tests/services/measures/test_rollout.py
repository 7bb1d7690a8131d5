"""Before comes from a file with its faults named, since from the facts; a page reads both in two calls."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest

from chalicelib.domain.measures.rollout import Entry
from chalicelib.domain.policy.measures import terms_of
from chalicelib.services.loading import loading
from chalicelib.services.measures import gaming, rolling, rollout
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import baselines, facts, measures
from chalicelib.store.table import Put
from tests.demo import Held
from tests.services.measures.test_rolling import lived
from tests.world import MONDAY, World


def row(**more: object) -> dict[str, object]:
    return {"project": "P1", "month": "2025-01", "measure": "满意", "n": 60, "d": 100} | more


def load(*rows: dict[str, object]) -> list[tuple[int, str, str]]:
    """Load them; the faults: row, column, why."""
    done = loading.load_book(Held({"baselines": list(rows)}), MONDAY)
    return [(fault.row, fault.column, fault.reason) for fault in done.faults]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"project": "P9"}, ("project", "unknown_place")),
        ({"project": "S1"}, ("project", "wrong_kind")),
        ({"month": "2025-13"}, ("month", "month")),
        ({"month": "last"}, ("month", "month")),
        ({"measure": "快"}, ("measure", "choice")),
        ({"n": -1}, ("n", "count")),
        ({"n": 1.5}, ("n", "count")),
        ({"n": 101}, ("n", "more_than_all")),
        ({"measure": "培训考核", "n": 101}, ("n", "more_than_all")),
        ({"d": 0}, ("d", "of_nothing")),
        ({"d": None}, ("d", "needed")),
        ({"month": "2025年2月"}, ("month", "month_twice")),
    ],
)
def test_each_fault_of_the_file_is_named_by_row_and_column_and_nothing_is_stored(
    world: World, more: dict[str, object], fault: tuple[str, str]
) -> None:
    assert load(row(month="2025-02"), row(**more)) == [(3, *fault)]
    assert baselines.several("P1")["P1"] == ()


def test_it_is_stored_as_it_was_entered_and_again_changes_nothing(world: World) -> None:
    rows = [
        row(),
        row(month=datetime(2025, 2, 1), n="1,061", d=2000),  # noqa: DTZ001
        row(measure="处理时长", n=9000, d=30),
        row(measure="每单费用", n=4500, d=30),
        row(project="行业", n=70),
    ]
    assert load(*rows) == []
    assert load(*rows) == []
    entered = baselines.several("P1", "industry", "P2")
    assert [(one.month, one.measure, one.n, one.d) for one in entered["P1"]] == [
        ("2025-01", "cost", 450_000, 30),
        ("2025-01", "efficiency", 540_000, 30),
        ("2025-01", "satisfaction", 60, 100),
        ("2025-02", "satisfaction", 1061, 2000),
    ]
    assert entered["industry"][0].n == 70
    assert entered["P2"] == ()


def test_a_sheet_that_is_left_out_leaves_what_is_stored(world: World) -> None:
    load(row())
    others = {"overrides": [{"project": "P1", "clock": "到场", "priority": "一般", "target": "2小时"}]}
    assert loading.load_book(Held(others), MONDAY).faults == []
    assert len(baselines.several("P1")["P1"]) == 1


def test_what_came_since_is_of_the_facts(world: World) -> None:
    entered = [Entry("2025-12", "efficiency", 36_000, 4), Entry("2025-12", "satisfaction", 50, 100)]
    world.table.write(Put(baselines.put("P1", entered)))
    for stars in (5, 4, 2):
        lived(world, stars)
    rolling.roll("2026-03", world.at)
    gaming.look(world.at)
    found = {one.measure: one for one in rollout.of_project("P1", "2026-03").changes}
    assert found["satisfaction"].since.value == Fraction(2, 3)
    assert found["satisfaction"].change == Fraction(1, 3)
    assert found["satisfaction"].met is True
    assert found["efficiency"].since.value == 125 * 60, "minutes from report to repair, by the clock on the wall"
    assert found["efficiency"].change == Fraction(9000 - 7500, 9000)
    assert found["efficiency"].met is False
    assert found["complaints"].met is None


def test_cost_per_ticket_since_is_the_figure_of_the_month(world: World) -> None:
    world.table.write(Put(baselines.put("P1", [Entry("2025-12", "cost", 100_000, 10)])))
    for _ in range(2):
        lived(world, 5)
    for fact in facts.of_month("P1", "2026-03")[0]:
        facts.add(replace(fact, n=fact.n + 1, cost=7_500), "2026-03")
    rolling.roll("2026-03", world.at)
    [cost] = [one for one in rollout.of_project("P1", "2026-03").changes if one.measure == "cost"]
    assert (cost.before.value, cost.since.value) == (10_000, 7_500)
    assert (cost.change, cost.met) == (Fraction(-1, 4), True)


def test_training_assessments_are_a_figure_of_their_month_and_of_no_before_and_after(world: World) -> None:
    world.table.write(
        Put(baselines.put("P1", [Entry("2026-03", "trained", 27, 30), Entry("2026-04", "trained", 1, 2)]))
    )
    lived(world, 5)
    rolling.roll("2026-03", world.at)
    for scope in ("project#P1", "subsidiary#S1", "group"):
        month = measures.month(scope, "2026-03")
        assert month
        figure = month.figures["trained"]
        assert (figure.n, figure.d, figure.met(terms_of(policy_for(NOWHERE)))) == (27, 30, True)
    made = rollout.of_project("P1", "2026-03")
    assert made.before == ()
    assert "trained" not in {one.measure for one in made.changes}
