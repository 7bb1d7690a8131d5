"""Whose turn it was: every moment of a late clock waits for one thing, and the cause names the right one."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from chalicelib.domain.ticket.explaining import Account, explain
from chalicelib.domain.ticket.turns import cause, turns
from tests.domain.happened import DAY, HOUR, MINUTE, POLICY, Life

OFFERED = {"windows": [["2026-03-04T01:00:00+00:00", "2026-03-04T03:00:00+00:00"]]}


def account(life: Life, name: str, after: timedelta) -> Account:
    return next(a for a in explain(life.ticket, POLICY, life.begin + after).accounts if a.name == name)


def why(life: Life, name: str, after: timedelta) -> tuple[str, str, str]:
    """(when the time ran out, now, what took longest)."""
    found = cause(life.ticket, account(life, name, after))
    assert found
    return found.then.turn, found.now.turn if found.now else "", found.longest.turn


def taken() -> Life:
    return Life().then("assigned", MINUTE).then("acknowledged", 2 * MINUTE).then("contacted", 3 * MINUTE)


def test_nobody_took_it_on() -> None:
    assert why(Life().then("assigned", MINUTE), "arrive", 5 * HOUR) == ("acknowledge",) * 3


def test_it_waited_for_the_owner_to_choose() -> None:
    assert why(taken().then("windows_offered", 4 * MINUTE, **OFFERED), "arrive", 6 * HOUR) == ("choose",) * 3


def test_parts_took_longest_though_somebody_was_at_work_when_the_time_ran_out() -> None:
    life = taken().then("arrived", HOUR).then("paused", 3 * DAY).then("resumed", 23 * DAY)
    assert why(life, "resolve", 31 * DAY) == ("work", "work", "pause")


def test_what_is_over_has_no_turn_now() -> None:
    assert why(taken().then("arrived", 9 * HOUR), "arrive", 10 * HOUR) == ("visit", "", "visit")


def test_a_kept_promise_has_no_cause() -> None:
    assert cause(taken().ticket, account(taken(), "acknowledge", HOUR)) is None


@pytest.mark.parametrize("kind", ["repair", "complaint", "enquiry"])
@pytest.mark.parametrize("minutes", [1, 7.4, 55, 700, 50000])
def test_the_stretches_cover_the_clocks_time_without_gap_or_overlap(kind: str, minutes: float) -> None:
    for life in (Life(kind), Life(kind).then("assigned", MINUTE)):
        after = timedelta(minutes=minutes)
        for a in explain(life.ticket, POLICY, life.begin + after).accounts:
            found = turns(life.ticket, a)
            assert sum((s.length for s in found), timedelta(0)) == a.until - a.started
            assert all(one.end == other.start for one, other in pairwise(found))
