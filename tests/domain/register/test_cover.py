"""When nobody is on duty: exactly the minutes that no roster covers, said as few times as it can be."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.register.cover import DAY, WEEK, Gap, gaps

EVERY = tuple(range(7))
SHIFT = st.tuples(st.integers(0, DAY - 1), st.integers(1, DAY)).filter(lambda shift: shift[0] != shift[1])
DUTY = st.dictionaries(st.integers(0, 6), SHIFT, max_size=7)


def test_a_night_is_one_gap_over_midnight() -> None:
    assert gaps([dict.fromkeys(EVERY, (8 * 60, 20 * 60))]) == [Gap(EVERY, 20 * 60, 32 * 60)]


def test_an_office_has_four_nights_and_a_week_end() -> None:
    office = dict.fromkeys(range(5), (9 * 60, 18 * 60))
    assert gaps([office]) == [Gap((0, 1, 2, 3), 18 * 60, 33 * 60), Gap((4,), 18 * 60, 3 * DAY + 9 * 60)]


def test_shifts_that_follow_each_other_leave_none() -> None:
    early, late, night = (7 * 60, 15 * 60), (13 * 60, 21 * 60), (21 * 60, 7 * 60)
    assert gaps([dict.fromkeys(EVERY, shift) for shift in (early, late, night)]) == []
    assert gaps([dict.fromkeys(EVERY, (0, DAY))]) == []


def test_nobody_at_all_is_every_day() -> None:
    assert gaps([]) == gaps([{}]) == [Gap(EVERY, 0, DAY)]


@given(st.lists(DUTY, max_size=4))
def test_the_gaps_are_the_minutes_that_nobody_covers(duties: list[dict[int, tuple[int, int]]]) -> None:
    there = {
        (day * DAY + minute) % WEEK
        for duty in duties
        for day, (opens, closes) in duty.items()
        for minute in range(opens, closes if closes > opens else closes + DAY)
    }
    alone = [
        (day * DAY + minute) % WEEK for gap in gaps(duties) for day in gap.days for minute in range(gap.start, gap.end)
    ]
    assert len(alone) == len(set(alone))
    assert set(alone) == set(range(WEEK)) - there
