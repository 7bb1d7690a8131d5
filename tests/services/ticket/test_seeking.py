"""A place is found by what people type, and queries stay bounded."""

from __future__ import annotations

import pytest

from chalicelib.services.ticket import choosing, seeking
from chalicelib.store import places
from chalicelib.store import table as tables
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from tests.web.test_desk import Counted
from tests.world import World


@pytest.fixture
def town(world: World) -> World:
    """朝阳花苑: buildings 3 and 13 with two entrances each, floors 9 and 10; a garage. One more project."""

    def put(kind: str, code: str, name: str, above: Place | None, **facts: str) -> Place:
        lies = {**above.above, above.kind: above.id} if above else {}
        label = f"{above.label} {name}" if above and above.kind != "subsidiary" else name
        made = Place(code, kind, name, above.id if above else "", label, lies, facts)
        for row in places.put_place(made):
            world.table.write(Put(row))
        return made

    company = put("subsidiary", "S1", "S1公司", None)
    project = put("project", "CY", "朝阳花苑", company, initials="cyhy zyhy cyh zyh")
    put("area", "CY-G", "地下车库", project)
    for building in ("3", "13"):
        block = put("building", f"CY-{building}", f"{building}号楼", project)
        for entrance in ("1", "2"):
            stairs = put("entrance", f"CY-{building}-{entrance}", f"{entrance}单元", block)
            for room in ("901", "1001", "1002"):
                put("unit", f"CY-{building}-{entrance}-{room}", room, stairs)
    return world


def found(text: str, within: str = "") -> list[str]:
    return [hit.id for hit in seeking.seek(text, choosing.step("").inside, within)]


@pytest.mark.parametrize(
    "typed", ["朝阳花苑 3-2-1001", "zyhy 3-2-1001", "cyhy3-2-1001", "朝阳花苑3号楼2单元1001", "ZYH 3栋2单元1001室"]
)
def test_one_typed_line_finds_the_flat(town: World, typed: str) -> None:
    assert found(typed) == ["CY-3-2-1001"]


def test_within_a_project_the_numbers_are_enough(town: World) -> None:
    assert found("3-2-1001", within="CY") == ["CY-3-2-1001"]
    assert found("3-2-1001") == ["CY-3-2-1001"]  # nowhere else is there such a flat


def test_a_floor_gives_its_flats_and_an_entrance_that_is_not_spoken_of_those_of_all(town: World) -> None:
    assert found("3栋2单元10楼", within="CY") == ["CY-3-2-1001", "CY-3-2-1002"]
    assert found("3-901", within="CY") == ["CY-3-1-901", "CY-3-2-901"]


def test_what_is_known_of_a_wrong_number_is_found(town: World) -> None:
    assert found("3-2-9999", within="CY") == ["CY-3-2"]
    assert found("zyhy") == ["CY"]
    assert found("车库", within="CY") == ["CY-G"]
    assert found("没有这个地方", within="CY") == []


def test_whatever_is_typed_queries_are_bounded(town: World) -> None:
    counted = Counted(town.table)
    projects = choosing.step("").inside
    tables.use(counted)
    try:
        for text in ("1-1-1-1-1-1-1", "9栋9单元9楼", "3楼", " ".join("3" * 60), "zyhy" * 15):
            counted.calls = 0
            seeking.seek(text, projects)
            assert counted.calls <= seeking.QUERIES
    finally:
        tables.use(town.table)
