"""How people write where something is."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.text import plain
from chalicelib.domain.register.spelling import called, fits, floor, floors, named_first, steps


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("3-2-1001", "3 2 1001"),
        ("３－２－１００１", "3 2 1001"),
        ("3号楼2单元1001", "3:building 2:entrance 1001"),
        ("3栋2单元10楼", "3:building 2:entrance 10:floor"),
        ("3楼2单元1001室", "3:building 2:entrance 1001"),
        ("A座1201", "A:building 1201"),
        ("03栋 1单元 0201", "3:building 1:entrance 201"),
        ("3-2-10F", "3 2 10:floor"),
        ("1栋大堂", "1:building =大堂"),
        ("地下车库", "=地下车库"),
        ("", ""),
    ],
)
def test_a_written_place_is_read_step_by_step(written: str, read: str) -> None:
    said = [f"={s.word}" if s.word else s.number + (f":{s.kind}" if s.kind else "") for s in steps(plain(written))]
    assert " ".join(said) == read


def test_a_step_fits_a_name_by_its_number_or_its_word() -> None:
    assert fits("3号楼", steps("3")[0])
    assert fits("03栋", steps("3栋")[0])
    assert not fits("13号楼", steps("3")[0])
    assert fits("B座", steps("B座")[0])
    assert fits("地下车库", steps("车库")[0])


@pytest.mark.parametrize(
    ("room", "on"),
    [("1001", "10"), ("302", "3"), ("302A", "3"), ("B101", "B1"), ("12", ""), ("铺3", ""), ("1001室", "10")],
)
def test_a_room_tells_its_floor_by_its_number(room: str, on: str) -> None:
    assert floor(room) == on


def test_rooms_stand_by_floor_only_where_all_of_them_tell_it() -> None:
    assert floors(["101", "102", "201"]) == {"1": [0, 1], "2": [2]}
    assert floors(["101", "店铺"]) == {}
    assert floors(["101", "102"]) == {}


def test_a_project_is_named_by_its_name_or_by_initials_of_any_reading() -> None:
    initials = ["cyhy", "zyhy", "cyh"]
    assert named_first("朝阳花苑3-2-1001", "朝阳花苑", initials) == "3-2-1001"
    assert named_first("ZYHY 3-2-1001", "朝阳花苑", initials) == "3-2-1001"
    assert named_first("cyhy3-2-1001", "朝阳花苑", initials) == "3-2-1001"
    assert named_first("zyhyx 3", "朝阳花苑", initials) is None
    assert named_first("3-2-1001", "朝阳花苑", initials) is None


@pytest.mark.parametrize("written", ["欧阳小明", "歐陽小明", "欧阳 小明", "欧阳·小明", "欧阳\u3000小明"])
def test_a_name_is_compared_whole_however_it_is_written(written: str) -> None:
    assert called(written) == "欧阳小明"
    assert called("Maria  WEBER") == called("maria weber")
    assert called("欧阳明") != called(written)
