"""The amount: by the share, rounded once and half up, fee and penalty by the clause and never above its caps."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.contractor.contract import Clause, Scope
from chalicelib.domain.money.amount import Item, Nature, Paid, amount, half_up
from chalicelib.domain.record.errors import Invalid

BARE = Clause("c", Scope(), "")


def lines(*args: object, **more: object) -> dict[str, int]:
    made = amount(*args, **more)  # type: ignore[arg-type]
    return {line.nature.value: line.fen for line in made.lines}


@pytest.mark.parametrize(("share", "fen"), [(100, 10_005), (70, 7_004), (50, 5_003), (30, 3_002), (1, 100)])
def test_a_share_takes_its_part_rounded_half_up_once(share: int, fen: int) -> None:
    assert lines(share, BARE, price=10_005) == {"repair_cost": fen}


def test_a_price_list_is_rounded_after_all_its_items_and_not_one_by_one() -> None:
    thirds = [Item("a", "m", 1, 333), Item("b", "m", 1, 333), Item("c", "m", 1, 334)]
    assert lines(100, BARE, items=thirds) == {"repair_cost": 1}
    assert lines(100, BARE, items=[Item("a", "m", 12_000, 4_500)]) == {"repair_cost": 54_000}


def test_what_is_beyond_the_notice_is_taken_off_before_the_share() -> None:
    assert lines(50, BARE, price=10_000, beyond=1_000) == {"repair_cost": 4_500}
    for beyond in (10_000, 10_001, -1):
        with pytest.raises(Invalid):
            amount(50, BARE, price=10_000, beyond=beyond)


def test_what_owners_were_paid_is_a_line_of_its_own_by_the_same_share() -> None:
    found = amount(70, BARE, price=10_000, losses=[Paid("COMPENSATION#1", 3_333), Paid("COMPENSATION#2", 1_000)])
    assert [(line.nature, line.fen) for line in found.lines] == [(Nature.REPAIR, 7_000), (Nature.LOSS, 3_033)]
    assert [step.get("compensation") for step in found.lines[1].steps] == ["COMPENSATION#1", "COMPENSATION#2", None]


def test_the_fee_is_of_the_repair_cost_alone_and_never_above_its_cap() -> None:
    clause = replace(BARE, fee_rate=1_000)
    assert lines(50, clause, price=10_000, losses=[Paid("x", 9_000)])["fee"] == 500
    capped = amount(100, replace(clause, fee_cap=300), price=10_000)
    assert capped.lines[1].fen == 300
    assert capped.lines[1].steps[0]["cap"] == 300
    assert "cap" not in amount(100, replace(clause, fee_cap=1_000), price=10_000).lines[1].steps[0]


def test_a_penalty_is_fixed_and_of_the_cost_and_never_above_its_cap() -> None:
    assert lines(100, replace(BARE, penalty=2_000, penalty_rate=500), price=10_000)["penalty"] == 2_500
    assert lines(100, replace(BARE, penalty=2_000, cap=1_500), price=10_000)["penalty"] == 1_500
    assert "penalty" not in lines(100, BARE, price=10_000)


@pytest.mark.parametrize(("penalty", "warned"), [(13_000, ()), (13_001, ("penalty_high",))])
def test_a_penalty_above_the_warning_is_warned_of(penalty: int, warned: tuple[str, ...]) -> None:
    assert amount(100, replace(BARE, penalty=penalty), price=10_000).warnings == warned


def test_what_it_is_warned_against_is_the_repair_and_the_loss_together() -> None:
    clause = replace(BARE, penalty=20_000)
    assert amount(100, clause, price=10_000).warnings == ("penalty_high",)
    assert amount(100, clause, price=10_000, losses=[Paid("x", 6_000)]).warnings == ()


@pytest.mark.parametrize("share", [0, -1, 101])
def test_a_share_is_of_one_to_a_hundred_percent(share: int) -> None:
    with pytest.raises(Invalid):
        amount(share, BARE, price=1)


def test_it_stands_on_quotes_or_on_a_price_list_never_on_both_or_neither() -> None:
    for more in ({}, {"price": 1, "items": [Item("a", "m", 1, 1)]}):
        with pytest.raises(Invalid):
            amount(100, BARE, **more)  # type: ignore[arg-type]


@given(product=st.integers(0, 10**18), of=st.integers(1, 10**9))
def test_half_up_is_what_exact_fractions_say(product: int, of: int) -> None:
    exact = Fraction(product, of)
    assert half_up(product, of) == int(exact + Fraction(1, 2))


@given(
    share=st.integers(1, 100),
    prices=st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 10**6)), min_size=1, max_size=5),
    rate=st.integers(0, 5_000),
    cap=st.integers(0, 10**5),
)
def test_every_line_is_within_half_a_fen_of_the_exact_product_and_within_its_cap(
    share: int, prices: list[tuple[int, int]], rate: int, cap: int
) -> None:
    items = [Item(str(n), "m", fen, quantity) for n, (fen, quantity) in enumerate(prices)]
    exact = Fraction(sum(fen * quantity for fen, quantity in prices) * share, 100_000)
    found = lines(share, replace(BARE, fee_rate=rate, fee_cap=cap), items=items)
    repair = found.get("repair_cost", 0)
    assert abs(repair - exact) <= Fraction(1, 2)
    fee = Fraction(repair * rate, 10_000)
    assert found.get("fee", 0) <= (cap or fee + 1)
    if not cap:
        assert abs(found.get("fee", 0) - fee) <= Fraction(1, 2)
