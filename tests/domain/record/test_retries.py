"""Retries come soon at first, then less often, an emergency's never later than any other's."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from chalicelib.domain.record.retries import EMERGENCY, TRIES, USUAL, wait


def test_each_wait_is_as_long_as_the_one_before_or_longer() -> None:
    for steps in (USUAL, EMERGENCY):
        assert all(a <= b for a, b in pairwise(steps))


def test_an_emergency_never_waits_longer_than_another() -> None:
    assert len(USUAL) == len(EMERGENCY) == TRIES - 1
    assert all(wait(n, emergency=True) <= wait(n) for n in range(1, TRIES + 3))


def test_whatever_is_tried_more_often_than_it_should_waits_the_longest() -> None:
    assert wait(1) == timedelta(seconds=3)
    assert wait(TRIES + 5) == timedelta(hours=1)


def test_the_longest_wait_is_one_that_the_queue_can_keep() -> None:
    assert max(USUAL) < timedelta(hours=12).total_seconds()
