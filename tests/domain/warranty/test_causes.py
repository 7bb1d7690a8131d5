"""What a fault may come from: by component, checked when it is read."""

from __future__ import annotations

from typing import Any

import pytest

from chalicelib.adapters import policies
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.liability import PARTIES
from chalicelib.domain.warranty.causes import causes_of, read_causes

KNOWN = frozenset({"water_leak/roof", "water_leak/bathroom"})
EVERYWHERE = {"wear": {"party": "owner"}}


def names(category: str, component: str) -> list[str]:
    return [cause.name for cause in causes_of(policies.causes(), category, component)]


def test_a_component_has_its_own_causes_first_and_those_that_are_everywhere() -> None:
    found = names("water_leak", "bathroom")
    assert found.index("waterproof_layer") < found.index("misuse")
    assert "wrong_wiring" not in found
    assert "waterproof_layer" not in names("electrical", "socket")


def test_a_category_without_a_component_has_those_of_any_of_its_components() -> None:
    assert {"waterproof_layer", "sealant", "wall_crack"} <= set(names("water_leak", ""))
    assert set(names("neighbours", "")) == {c.name for c in policies.causes().values() if not c.components}


def test_every_component_of_a_term_has_a_cause_and_every_cause_a_party() -> None:
    for rule in policies.warranty():
        for named in rule.components:
            category, _, component = named.partition("/")
            own = [c for c in causes_of(policies.causes(), category, component) if c.components]
            assert own, named
    assert {cause.party for cause in policies.causes().values()} <= set(PARTIES)


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {"crack": {"party": "contractor", "components": ["water_leak/roof"]}},  # none is so everywhere
        {**EVERYWHERE, "crack": {"party": "nobody"}},
        {**EVERYWHERE, "crack": {}},
        {**EVERYWHERE, "crack": "contractor"},
        {**EVERYWHERE, "crack": {"party": "contractor", "components": ["water_leak/moon"]}},
        {**EVERYWHERE, "crack": {"party": "contractor", "components": "water_leak/roof"}},
        {**EVERYWHERE, "crack": {"party": "contractor", "component": ["water_leak/roof"]}},
    ],
)
def test_a_fault_of_the_table_is_refused(rows: dict[str, Any]) -> None:
    with pytest.raises(PolicyError, match=r"warranty\.toml"):
        read_causes({"cause": rows}, KNOWN)


def test_a_component_with_a_term_and_no_cause_of_its_own_is_refused() -> None:
    file = {"cause": EVERYWHERE, "term": {"roof": {"components": ["water_leak/roof"]}}}
    with pytest.raises(PolicyError, match="water_leak/roof"):
        read_causes(file, KNOWN)
