"""Legal terms: each side's end, and what the shipped table says."""

from __future__ import annotations

from datetime import date

import pytest

from chalicelib.adapters import policies
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.time.periods import workdays
from chalicelib.domain.warranty.terms import read_rules, rule_of
from chalicelib.domain.warranty.verdict import Dates, verdict

PLAIN = workdays({})


def ends(accepted: date | None, handed: date | None) -> dict[str, tuple[date | None, date | None]]:
    found = {}
    for rule in policies.warranty():
        given = verdict(Dates(accepted, handed), rule, [], date(2021, 1, 1), workdays=PLAIN)
        found[rule.name] = (given.contractor.end, given.owner.end)
    return found


def test_the_contractors_terms_are_those_of_the_law() -> None:
    found = ends(date(2021, 6, 30), date(2021, 9, 30))
    assert found["waterproofing"][0] == date(2026, 6, 30)
    for name in ("electrical", "plumbing", "decoration"):
        assert found[name][0] == date(2023, 6, 30)
    assert found["heating"][0] == date(2023, 3, 15)


def test_the_owner_has_at_least_what_is_left_of_the_contractors_and_at_least_the_table() -> None:
    assert ends(date(2021, 6, 30), date(2021, 9, 30))["waterproofing"][1] == date(2026, 6, 30)
    late = ends(date(2021, 6, 30), date(2025, 9, 30))["waterproofing"]
    assert late == (date(2026, 6, 30), date(2028, 10, 2))  # 30 September 2028 is a Saturday


def test_without_a_handover_the_owner_has_none_yet() -> None:
    assert ends(date(2021, 6, 30), None)["plumbing"] == (date(2023, 6, 30), None)
    assert ends(None, None)["plumbing"] == (None, None)


def test_a_component_falls_under_one_term() -> None:
    rules = policies.warranty()
    found = rule_of(rules, "water_leak", "bathroom")
    assert found
    assert found.name == "waterproofing"
    assert rule_of(rules, "neighbours", "") is None
    every = [component for rule in rules for component in rule.components]
    assert len(every) == len(set(every))


@pytest.mark.parametrize(
    "row",
    [
        {"contractor": 24},
        {"contractor": 0, "owner": 1},
        {"contractor": 1, "owner": 1, "components": ["water_leak/moon"]},
        {"seasons": {"contractor": 2, "owner": 1, "of": "spring"}},
    ],
)
def test_a_fault_of_the_table_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(PolicyError):
        read_rules({"term": {"x": row}}, frozenset({"water_leak/roof"}))
