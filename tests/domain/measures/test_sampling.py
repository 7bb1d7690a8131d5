"""Who is asked in a month: a fifth at least, evenly over buildings and stages, nobody twice, the same when repeated."""

from __future__ import annotations

from collections import Counter
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.measures.sampling import Flat, draw
from chalicelib.domain.register.stages import STAGES, stage_on

FIFTH = Fraction(1, 5)
flats = st.lists(
    st.builds(
        Flat,
        unit=st.integers(1, 400).map("U{}".format),
        building=st.sampled_from(["B1", "B2", "B3"]),
        stage=st.sampled_from(STAGES),
        who=st.sampled_from([(), (), (), ("a",), ("b",), ("c", "d"), ("d",)]),
    ),
    max_size=150,
    unique_by=lambda f: f.unit,
)


def town(n: int = 100) -> list[Flat]:
    return [Flat(f"U{i:03}", f"B{i % 7}", STAGES[i % 3], (f"who{i}",)) for i in range(n)]


@given(flats, st.integers(1, 100), st.text(max_size=5))
def test_at_least_the_share_is_drawn_and_no_owner_twice(some: list[Flat], percent: int, seed: str) -> None:
    sample = draw(some, Fraction(percent, 100), frozenset(), seed)
    shared = {name for f in some for name in f.who}
    assert sum(not f.who for f in some) <= sample.base <= sum(not f.who for f in some) + len(shared)
    assert len(sample.flats) == sample.wanted
    assert sample.wanted * 100 >= percent * sample.base > (sample.wanted - 1) * 100 - 100 * (not sample.base)
    drawn = [name for f in sample.flats for name in f.who or (f.unit,)]
    assert len(set(drawn)) == len(drawn)


@given(flats, st.integers(1, 99), st.text(max_size=5))
def test_each_building_and_stage_gives_its_share_to_within_one(some: list[Flat], percent: int, seed: str) -> None:
    alone = [Flat(f.unit, f.building, f.stage) for f in some]
    sample = draw(alone, Fraction(percent, 100), frozenset(), seed)
    members, taken = Counter(f.stratum for f in alone), Counter(f.stratum for f in sample.flats)
    for stratum, many in members.items():
        assert abs(taken[stratum] - Fraction(many * sample.wanted, len(alone))) < 1


@given(flats, st.randoms(use_true_random=False))
def test_the_order_in_which_flats_are_read_draws_no_other_sample(some: list[Flat], chance: object) -> None:
    mixed = list(some)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert draw(mixed, FIFTH, frozenset(), "P1/2026-03") == draw(some, FIFTH, frozenset(), "P1/2026-03")


def test_in_three_months_in_a_row_nobody_is_drawn_twice_and_each_month_has_its_fifth() -> None:
    asked: list[frozenset[str]] = []
    for month in ("01", "02", "03"):
        sample = draw(town(), FIFTH, frozenset().union(*asked), f"P1/2026-{month}")
        assert len(sample.flats) == 20
        now = frozenset(name for f in sample.flats for name in (f.unit, *f.who))
        assert not any(now & before for before in asked)
        asked.append(now)


def test_an_owner_asked_for_one_flat_is_not_asked_for_another() -> None:
    two = [Flat("U1", "B1", "settled", ("a",)), Flat("U2", "B1", "settled", ("a",))]
    assert len(draw(two, Fraction(1), frozenset(), "s").flats) == 1
    assert draw(two, Fraction(1), {"a"}, "s").flats == ()


def test_another_seed_draws_others() -> None:
    assert draw(town(), FIFTH, frozenset(), "1").flats != draw(town(), FIFTH, frozenset(), "2").flats


def test_what_one_stratum_lacks_the_others_give() -> None:
    asked = {f.unit for f in town() if f.building == "B0"}
    sample = draw(town(), FIFTH, asked, "s")
    assert len(sample.flats) == 20
    assert not {f.unit for f in sample.flats} & asked


@pytest.mark.parametrize(
    ("handover", "stage"),
    [
        (None, "before_handover"),
        (date(2026, 3, 3), "before_handover"),
        (date(2026, 3, 2), "first_year"),
        (date(2025, 3, 2), "first_year"),
        (date(2025, 3, 1), "settled"),
        (date(2021, 3, 2), "settled"),
        (date(2021, 3, 1), "over_five_years"),
    ],
)
def test_the_stage_of_an_owner_follows_from_the_handover(handover: date | None, stage: str) -> None:
    assert stage_on(handover, date(2026, 3, 2)) == stage
    assert stage_on(None, date(2026, 3, 2), "settled") == "settled"
