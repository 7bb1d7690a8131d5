"""A person's score: five parts, weighed; computed ones from facts; never a guess where there is nothing to go by."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.policies import policy
from chalicelib.domain.measures.facts import Fact, fact_of
from chalicelib.domain.measures.score import (
    PARTS,
    Entered,
    Part,
    Row,
    coefficient,
    computed,
    entered,
    rows,
    sample,
    score,
    shown,
    yearly,
)
from chalicelib.domain.policy.scores import Terms, terms_of
from chalicelib.domain.record.errors import PolicyError
from tests.domain.happened import HOUR, MINUTE, POLICY, Life

TERMS = terms_of(policy())
WEIGHTS = TERMS.weights
points = st.fractions(min_value=0, max_value=100, max_denominator=1000)


def fact(n: int = 1, **more: Any) -> Fact:
    """A repair that e1 completed, rated five stars."""
    made = fact_of(Life().then("assigned", MINUTE).ticket, POLICY, "closed")
    usual: dict[str, Any] = {
        "ticket": f"T{n}",
        "did": {"completed": "e1"},
        "held": ("e1",),
        "scores": {"overall": 5},
        "verified": True,
        "clocks": (),
        "reporter": "owner",
    }
    return replace(made, **(usual | more))


def row(n: int = 1, **more: Any) -> Row:
    return Row(f"T{n}", "leak", 5, True, 1, 0, False, False)._replace(**more)


def full(value: int = 100) -> dict[str, Part]:
    return dict.fromkeys(PARTS, Part(Fraction(value), 30))


def test_the_weights_are_those_of_the_seed() -> None:
    assert [WEIGHTS[part] for part in PARTS] == [30, 25, 20, 15, 10]


def test_a_ticket_counts_for_whoever_completed_it_and_once() -> None:
    facts = [fact(1), replace(fact(1), n=99, scores={"overall": 2}), fact(2, did={"completed": "e2"}), fact(3, did={})]
    assert [(r.ticket, r.stars) for r in rows(facts, "e1")] == [("T1", 2)]


def test_stars_of_a_phone_nobody_vouches_for_count_for_nothing() -> None:
    found = rows([fact(1), fact(2, verified=False, scores={"overall": 1})], "e1")
    assert computed(found)["satisfaction"] == Part(Fraction(100), 1)


def test_a_ticket_that_was_reported_again_is_a_repeat_of_who_was_to_have_mended_it() -> None:
    found = rows([fact(1), fact(2, did={"completed": "e2"}, repeats="T1")], "e1")
    assert [r.repeated for r in found] == [True]


def test_a_clock_on_a_ticket_that_others_had_too_is_nobodys() -> None:
    late = fact_of(Life().then("assigned", MINUTE).then("arrived", 99 * HOUR).ticket, POLICY, "closed").clocks
    assert rows([fact(1, clocks=late)], "e1")[0].late > 0
    assert rows([fact(1, clocks=late, held=("e1", "e2"))], "e1")[0][4:6] == (0, 0)


def test_efficiency_is_the_mean_of_clocks_first_time_and_not_again() -> None:
    found = [row(1), row(2, kept=0, late=1), row(3, reworked=True), row(4, repeated=True)]
    assert computed(found)["efficiency"].points == Fraction(75)
    without_clocks = [r._replace(kept=0, late=0) for r in found]
    assert computed(without_clocks)["efficiency"].points == Fraction(75)


def test_what_people_enter_is_meant_out_and_peers_weigh_as_much_as_the_developer_desk() -> None:
    given_ = entered(Entered(checks=(80, 100), peers=(5, 5, 5), desk=(3,), suggestions=2), 25)
    assert given_["quality"] == Part(Fraction(90), 2)
    assert given_["teamwork"] == Part(Fraction(80), 4)
    assert given_["improvement"] == Part(Fraction(50), 2)
    assert entered(Entered(suggestions=9), 25)["improvement"].points == 100


@pytest.mark.parametrize("part", PARTS)
def test_there_is_no_score_while_a_part_has_nothing_to_go_by(part: str) -> None:
    assert score(full() | {part: Part(None, 0)}, WEIGHTS) is None


@given(st.lists(points, min_size=5, max_size=5))
def test_the_score_is_the_weighed_mean_exactly(values: list[Fraction]) -> None:
    parts = {name: Part(value, 1) for name, value in zip(PARTS, values, strict=True)}
    a, b, c, d, e = values
    assert score(parts, WEIGHTS) == (30 * a + 25 * b + 20 * c + 15 * d + 10 * e) / 100


@given(points, points)
def test_more_points_never_give_a_smaller_coefficient_and_it_stays_within_its_bounds(a: Fraction, b: Fraction) -> None:
    low, high = sorted((a, b))
    made = [coefficient(x, 85, Decimal("1.5"), Decimal("0.8"), Decimal("1.2")) for x in (low, high)]
    assert Decimal("0.8") <= made[0] <= made[1] <= Decimal("1.2")


@pytest.mark.parametrize(
    ("value", "exponent", "made"),
    [
        (85, "1", "1.000"),
        (90, "1", "1.059"),
        (90, "2", "1.121"),
        (60, "1", "0.800"),
        (100, "3", "1.200"),
        (0, "1", "0.800"),
    ],
)
def test_the_coefficient_is_the_score_by_its_target(value: int, exponent: str, made: str) -> None:
    found = coefficient(Fraction(value), 85, Decimal(exponent), Decimal("0.8"), Decimal("1.2"))
    assert str(found) == made


def test_the_sample_is_the_same_whenever_it_is_drawn_and_another_quarter_draws_others() -> None:
    many = [row(n) for n in range(40)]
    assert sample(many, 5, "e1/2026Q1") == sample(many[::-1], 5, "e1/2026Q1")
    assert len(sample(many, 5, "e1/2026Q1")) == 5
    assert sample(many, 5, "e1/2026Q1") != sample(many, 5, "e1/2026Q2")


def test_a_year_is_the_mean_of_its_quarters() -> None:
    assert yearly([Fraction(80), Fraction(90)]) == 85
    assert yearly([]) is None
    assert shown(Fraction(250, 3)) == "83.3"


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("satisfaction = 30", "satisfaction = 31"),
        ("cases = 30", "cases = 0"),
        ('floor = "0.80"', 'floor = "1.10"'),
        ('exponent = "1.0"', "exponent = 1.0"),
        ('object = "10d"', 'object = "soon"'),
        ('unanswered = "30d"', 'unanswered = "20d"'),
        ("[weights]", "[heavy]"),
    ],
)
def test_a_slip_in_the_file_is_refused(was: str, now: str) -> None:
    base = policy()
    assert was in base.scores
    with pytest.raises(PolicyError, match=r"scores\.toml"):
        terms_of(replace(base, scores=base.scores.replace(was, now, 1)))


def test_without_a_file_nobody_is_scored() -> None:
    assert terms_of(replace(policy(), scores="")) == Terms()
    assert Terms().teams == ()


def test_pay_hangs_on_it_only_from_the_quarter_after_consultation_and_publication() -> None:
    row = '[[in_force]]\nemployer = "S1"\nconsulted = 2026-01-10\npublished = 2026-02-01\ndocument = "D"\n'
    terms = terms_of(replace(policy(), scores=policy().scores.replace("[[message]]", row + "\n[[message]]", 1)))
    place = {"project": "P1", "subsidiary": "S1"}
    assert terms.on_record(place, date(2026, 1, 1)) is None
    assert terms.on_record(place, date(2026, 4, 1)) is not None
    assert terms.on_record({"project": "P2", "subsidiary": "S2"}, date(2026, 4, 1)) is None
    assert TERMS.on_record(place, date(2026, 4, 1)) is None
