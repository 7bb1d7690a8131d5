"""A subsidiary's month: points by rule with the tickets behind them, in whole tenths; too few cases give none."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.policies import policy
from chalicelib.domain.measures.facts import fact_of
from chalicelib.domain.measures.figures import Figure
from chalicelib.domain.measures.subsidiary import (
    Consequence,
    Plan,
    Point,
    Rule,
    Standing,
    behind,
    factor,
    points,
    ranked,
    tenths_text,
)
from chalicelib.domain.policy import measures
from chalicelib.domain.policy.standings import plan_of
from chalicelib.domain.record.errors import PolicyError
from tests.domain.happened import HOUR, MINUTE, POLICY, Life

UP = Rule("satisfaction", "satisfaction", 1, 5, 10, 100)
DOWN = Rule("beyond_standard", "beyond_standard", 1, 2, 5, 100)
GROUP = Rule("reached_group", "reached_group", 0, 0, 5, 20)
PLAN = Plan(
    rules=(UP, DOWN, GROUP),
    consequences=(
        Consequence("commended", True, 1050, 1),
        Consequence("above_plan", True, 1020),
        Consequence("talk", False, 950),
    ),
)
TARGETS = {"satisfaction": Fraction(85, 100), "beyond_standard": Fraction(35, 100)}


def given_for(measure: str, n: int, d: int, tickets: tuple[str, ...] = ()) -> tuple[Point, ...]:
    return points(PLAN, {measure: Figure(measure, n, d)}, TARGETS, 30, {measure: tickets})


@pytest.mark.parametrize(
    ("n", "tenths"), [(85, 0), (86, 5), (90, 25), (100, 75), (84, -10), (80, -50), (75, -100), (10, -100)]
)
def test_each_full_step_beyond_the_target_adds_or_takes_its_points_up_to_the_most(n: int, tenths: int) -> None:
    assert sum(point.tenths for point in given_for("satisfaction", n, 100)) == tenths


def test_a_part_of_a_step_is_none() -> None:
    assert given_for("satisfaction", 859, 1000) == ()
    assert given_for("satisfaction", 841, 1000) == ()


@pytest.mark.parametrize(("n", "tenths"), [(35, 0), (30, 10), (40, -25)])
def test_where_less_is_better_less_adds(n: int, tenths: int) -> None:
    assert sum(point.tenths for point in given_for("beyond_standard", n, 100)) == tenths


def test_below_the_cases_of_the_policy_a_figure_gives_and_takes_none() -> None:
    assert given_for("satisfaction", 0, 29) == ()
    assert given_for("satisfaction", 0, 30) != ()


def test_a_figure_without_a_target_gives_none() -> None:
    assert points(PLAN, {"satisfaction": Figure("satisfaction", 0, 99)}, {}, 30, {}) == ()


def test_the_tickets_stand_behind_the_points_that_they_cost() -> None:
    [point] = given_for("satisfaction", 80, 100, ("T3", "T1", "T1"))
    assert (point.tickets, point.n, point.d, point.target) == (("T1", "T3"), 80, 100, "17/20")
    [cost] = points(PLAN, {}, {}, 30, {"reached_group": ["T9", "T8"]})
    assert (cost.tenths, cost.tickets) == (-10, ("T8", "T9"))
    [most] = points(PLAN, {}, {}, 30, {"reached_group": [f"T{n}" for n in range(9)]})
    assert most.tenths == -20


def test_what_must_not_happen_is_read_off_each_tickets_last_fact() -> None:
    fact = fact_of(Life().then("assigned", MINUTE).then("arrived", 99 * HOUR).ticket, POLICY, "closed")
    some = [
        replace(fact, ticket="T1", climbed=((2, "breach"), (3, "breach"))),
        replace(fact, ticket="T2", priority="emergency"),
        replace(fact, ticket="T3", dissatisfied=2),
        replace(fact, ticket="T4", rounds=2),
        replace(fact, ticket="T5", rounds=1, dissatisfied=1, climbed=((2, "breach"),)),
    ]
    assert behind(some) == {
        "reached_group": ["T1"],
        "emergency_late": ["T2"],
        "dissatisfied_twice": ["T3"],
        "reworked_twice": ["T4"],
    }


def standing(name: str, tenths: int, cases: int = 99) -> Standing:
    return Standing(name, "2026-03", 1000, (Point("r", "r", tenths, 1, 0, "", ()),), cases)


def test_the_best_comes_first_and_who_has_too_few_cases_has_no_rank() -> None:
    made = ranked([standing("A", -60), standing("B", 60), standing("C", 900, cases=9), standing("D", 60)], PLAN, 30)
    assert [(s.subsidiary, s.rank, s.among) for s in made] == [("B", 1, 3), ("D", 1, 3), ("A", 3, 3), ("C", 0, 0)]
    assert [(s.rewards, s.penalties) for s in made] == [
        (("commended", "above_plan"), ()),
        (("commended", "above_plan"), ()),
        ((), ("talk",)),
        ((), ()),
    ]
    assert made[3].factor == ""


@given(st.lists(st.integers(-2000, 2000), max_size=8))
def test_the_total_is_the_plan_and_its_points_exactly_and_the_factor_stays_within_bounds(given_: list[int]) -> None:
    one = Standing("A", "2026-03", 1000, tuple(Point("r", "r", t, 1, 0, "", ()) for t in given_), 99)
    assert one.total == 1000 + sum(given_)
    assert PLAN.floor <= factor(one.total, PLAN) <= PLAN.cap


@pytest.mark.parametrize(
    ("tenths", "plain", "signed"), [(975, "97.5", "+97.5"), (-15, "-1.5", "-1.5"), (20, "2", "+2"), (0, "0", "0")]
)
def test_points_are_read_as_they_are(tenths: int, plain: str, signed: str) -> None:
    assert (tenths_text(tenths), tenths_text(tenths, signed=True)) == (plain, signed)


def test_each_rule_that_ships_has_a_target_or_happens() -> None:
    plan, targets = plan_of(policy()), measures.terms_of(policy()).targets
    assert plan.plan == 1000
    assert (plan.floor, plan.cap) == (Decimal("0.80"), Decimal("1.20"))
    assert all(rule.of in targets or not rule.step for rule in plan.rules)


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ('plan = "100"', "plan = 100"),
        ('of = "reached_group"', 'of = "reached_moon"'),
        ("step = 5", "step = 0"),
        ('worse = "2"', 'worse = "0.05"'),
        ('most = "5"', "most = -5"),
        ("rank = 1", "rank = -1"),
    ],
)
def test_a_slip_in_the_rules_is_refused(was: str, now: str) -> None:
    base = policy()
    assert was in base.scores
    with pytest.raises(PolicyError, match=r"scores\.toml"):
        plan_of(replace(base, scores=base.scores.replace(was, now, 1)))
