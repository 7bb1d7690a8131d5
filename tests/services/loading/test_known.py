"""What a workbook is checked against: components by every name that they have."""

from __future__ import annotations

from chalicelib.domain.register import cells
from chalicelib.domain.register.cells import unparted
from chalicelib.language.catalogue import LANGS
from chalicelib.language.faults import component_named
from chalicelib.services.loading.known import policy_numbers
from chalicelib.services.record import numbers
from tests.world import World


def test_every_component_and_category_is_found_as_a_cell_of_several_has_it(world: World) -> None:
    known = policy_numbers()
    for name, category in numbers.everywhere().categories.items():
        every = [f"{name}/{component}" for component in category.components]
        for lang in LANGS:
            for component in every:
                written = component_named(component, lang)
                assert cells.listed(f"{written}、x") == [written, "x"]
                assert known.components[unparted(written)] == [component]
            if every:
                assert known.components[unparted(component_named(name, lang))] == every
        assert {known.trades[component] for component in every} <= {category.trade}
