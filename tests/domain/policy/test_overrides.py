"""What a project or a year does differently: the rest of the policy stays as it is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chalicelib.adapters.policies import policy
from chalicelib.domain.policy.overrides import Override, apply, with_years
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.register import sheets
from chalicelib.domain.ticket.ticket import Priority

THREE_HOURS = Override("arrive", "normal", timedelta(hours=3), where="时限调整 第 2 行")


def test_an_override_replaces_one_target_and_nothing_else() -> None:
    base = policy()
    own = apply(base, [THREE_HOURS])
    assert own.clocks["arrive"].target[Priority.NORMAL] == timedelta(hours=3)
    assert own.clocks["arrive"].target[Priority.URGENT] == base.clocks["arrive"].target[Priority.URGENT]
    assert {n: c for n, c in own.clocks.items() if n != "arrive"} == {
        n: c for n, c in base.clocks.items() if n != "arrive"
    }
    assert base.clocks["arrive"].target[Priority.NORMAL] == timedelta(hours=4)


def test_an_override_may_change_what_counts() -> None:
    own = apply(policy(), [Override("arrive", "normal", timedelta(hours=3), "always")])
    assert own.clocks["arrive"].counts[Priority.NORMAL] == "always"
    assert own.clocks["arrive"].counts[Priority.URGENT] == "service"


def test_the_version_names_the_overrides_whatever_their_order() -> None:
    other = Override("resolve", "urgent", timedelta(hours=9))
    assert apply(policy(), []) is policy()
    versions = {apply(policy(), some).version for some in ([THREE_HOURS, other], [other, THREE_HOURS])}
    assert len(versions) == 1
    assert versions != {apply(policy(), [THREE_HOURS]).version}


@pytest.mark.parametrize(
    "wrong",
    [
        Override("lunch", "normal", timedelta(hours=1), where="here"),
        Override("arrive", "whenever", timedelta(hours=1), where="here"),
        Override("arrive", "normal", timedelta(0), where="here"),
        Override("arrive", "normal", timedelta(hours=1), "sometimes", where="here"),
    ],
)
def test_an_override_that_cannot_be_is_refused_with_its_row(wrong: Override) -> None:
    with pytest.raises(PolicyError, match=r"^here: "):
        apply(policy(), [wrong])


def test_the_same_target_twice_is_refused() -> None:
    with pytest.raises(PolicyError, match="第 2 行"):
        apply(policy(), [THREE_HOURS, THREE_HOURS])


def test_a_loaded_year_replaces_the_one_that_ships_and_leaves_the_others() -> None:
    shipped = {"china": ({date(2026, 1, 1): False, date(2025, 1, 1): False}, frozenset({2025, 2026}))}
    days, known = with_years(shipped, "china", {2026: {date(2026, 1, 2): False}, 2027: {date(2027, 1, 1): False}})[
        "china"
    ]
    assert set(days) == {date(2025, 1, 1), date(2026, 1, 2), date(2027, 1, 1)}
    assert known == {2025, 2026, 2027}
    assert with_years(shipped, "china", {}) is shipped


def test_the_workbook_has_a_word_for_every_clock_team_and_skill_of_the_policy() -> None:
    base = policy()
    assert set(sheets.CLOCKS) == set(base.clocks)
    assert set(sheets.TEAMS) >= {rule.team for rule in base.rules if rule.team}
    assert set(sheets.SKILLS) == {category.trade for category in base.categories.values()} - {"service"}
    assert set(sheets.PRIORITIES) == set(Priority)
