"""What is given to finance of a deduction: shares of its natures, to the fen, whatever is reversed in between."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.money.entry import difference, net_of, shared

LINES = st.lists(
    st.tuples(st.sampled_from(["repair_cost", "loss", "fee", "penalty"]), st.integers(1, 10**7)), min_size=1, max_size=5
)


@given(LINES, st.data())
def test_shares_sum_up_to_the_fen_and_no_nature_gets_more_than_it_has(
    lines: list[tuple[str, int]], data: st.DataObject
) -> None:
    total = sum(fen for _, fen in lines)
    fen = data.draw(st.integers(0, total))
    found = shared(lines, fen)
    assert sum(found.values()) == fen
    assert all(part <= sum(f for n, f in lines if n == nature) for nature, part in found.items())


@given(LINES, st.data())
def test_what_was_given_and_taken_back_leaves_nothing_of_any_nature(
    lines: list[tuple[str, int]], data: st.DataObject
) -> None:
    total = sum(fen for _, fen in lines)
    steps = [0, total, *sorted(data.draw(st.lists(st.integers(0, total), max_size=4)), reverse=True), 0]
    left: dict[str, int] = {}
    for before, after in pairwise(steps):
        moved = difference(lines, before, after)
        assert sum(moved.values()) == after - before
        for nature, fen in moved.items():
            left[nature] = left.get(nature, 0) + fen
    assert not any(left.values())


@given(st.integers(-(10**11), 10**11), st.sampled_from([0, 300, 900, 1300]))
def test_net_and_tax_make_the_amount_and_a_reversal_has_them_negative(fen: int, rate: int) -> None:
    net = net_of(fen, rate)
    assert net == -net_of(-fen, rate)
    assert abs(net * (10_000 + rate) - fen * 10_000) * 2 <= 10_000 + rate
