"""What any record's events say of it: open or ended, under which numbers, what was said, which keys it knows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.domain.measures import action, monthly, scoring, survey
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.warranty import compensation

AT = datetime(2026, 3, 2, 1, tzinfo=UTC)
PLAN = {"place": {}, "measure": "first_fix", "goal": 850, "before": ("2026-02", 3, 4, 750), "who": "d1"}
ISSUED = {"place": {}, "scope": "project#P1", "month": "2026-02", "pdf": "a", "xlsx": "b"}
CLAIMED = {"ticket": "TICKET#1", "number": "1", "place": {}}
GATHERING = {"person": "e1", "team": "P1/engineering", "quarter": "2026Q1", "place": {}, "rows": [], "sample": []}
LIVES: list[tuple[Callable[..., Any], list[tuple[str, dict[str, Any]]]]] = [
    (action.fold, [("planned", PLAN), ("done", {})]),
    (monthly.fold, [("issued", ISSUED)]),
    (survey.fold, [("drawn", {"place": {}, "month": "2026-03"}), ("calling", {}), ("lapsed", {})]),
    (scoring.fold, [("gathering", GATHERING), ("thin", {})]),
    (compensation.fold, [("claimed", CLAIMED), ("refused", {})]),
]


def event(n: int, kind: str, data: dict[str, Any], policy: str) -> Event:
    at = AT + timedelta(hours=n)
    return Event(kind, at, "m1", Role.MANAGER, data, {"words": kind}, key=f"{kind}~abcdef", policy=policy)


@pytest.mark.parametrize(("fold", "life"), LIVES)
def test_it_ended_under_the_numbers_of_its_end_whatever_was_noted_later(
    fold: Callable[..., Any], life: list[tuple[str, dict[str, Any]]]
) -> None:
    events = [event(n, kind, data, "then") for n, (kind, data) in enumerate(life)]
    one = fold("X#1", [*events, event(9, "message_failed", {"message": "1", "template": "t", "to": "m1"}, "later")])
    assert (one.is_open, one.closed_under, one.outstanding) == (False, "then", fold is compensation.fold)
    if events[:-1]:
        assert (fold("X#1", events[:-1]).is_open, fold("X#1", events[:-1]).closed_under) == (True, None)


@pytest.mark.parametrize(("fold", "life"), LIVES)
def test_it_knows_what_was_said_last_and_the_keys_it_came_with(
    fold: Callable[..., Any], life: list[tuple[str, dict[str, Any]]]
) -> None:
    kind = life[0][0]
    one = fold("X#1", [event(n, kind, data, "") for n, (kind, data) in enumerate(life)])
    assert (one.said(kind), one.said("nothing")) == ({"words": kind}, {})
    assert (one.knows(kind), one.knows("other"), one.knows("")) == (True, False, False)
