# ruff: noqa: DTZ001  (a spreadsheet's dates have no zone)
"""The register: every fault is named where it stands, and what is sound is read as meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.domain.register import cells
from chalicelib.domain.register.cells import BadCell
from chalicelib.domain.register.faults import Fault
from chalicelib.domain.register.place import Place
from chalicelib.domain.register.reader import Numbers, Reader
from chalicelib.domain.register.rows import Employed, Household, Record
from chalicelib.domain.register.sheets import SHEETS
from chalicelib.language.faults import explain_fault
from tests.domain.register.book import Held, Sheets, Stored

ELSEWHERE = {"code_needed": "房产编码", "code_twice": "编码", "team_elsewhere": "班组", "level_elsewhere": "层级"}
NUMBERS = Numbers(lambda o: "", lambda days: None)


def sound() -> Sheets:
    """A small register without a fault."""
    return {
        "说明": [["随便写"]],
        "下属公司": [["编码*", "名称*"], ["S", "滨江公司"]],
        "项目": [["编码*", "名称*", "下属公司编码*"], ["P", "云杉苑", "S"]],
        "分期标段": [["编码", "名称", "项目编码", "竣工验收日期"], ["P-1", "一期", "P", date(2019, 5, 20)]],
        "楼栋": [
            ["编码", "名称", "项目编码", "标段编码", "单元"],
            ["P-3", "3号楼", "P", "P-1", "1、2"],
            ["P-4", "4号楼", "P", "", ""],
        ],
        "房产": [
            ["楼栋编码", "单元", "房号", "交付日期", "业主阶段"],
            ["P-3", "2", 1001.0, datetime(2019, 9, 28), "老业主"],
            ["P-4", None, "101", None, "准业主"],
        ],
        "公共区域设备": [
            ["编码", "类型", "名称", "所在编码"],
            ["PUMP", "设备", "水泵", "GARAGE"],
            ["GARAGE", "公共区域", "车库", "P"],
        ],
        "业主住户": [["房产编码", "身份", "姓名", "电话"], ["P-3-2-1001", "业主", "演示业主甲", "+86 100-0000-0001"]],
        "部门": [["项目编码", "部门编码", "部门名称"], ["P", "GC", "工程部"], ["P", "BX", "保修办"]],
        "员工": [
            ["工号", "姓名", "所属编码", "班组", "技能", "电话", "值班"],
            ["D1", "测试客服", "P", "物业客服", "", "100-0000-0002", "每天 08:00-20:00"],
            ["E1", "测试师傅", "P", "工程班", "电梯、gas", "100-0000-0003", "周一至周五 21:00-07:00"],
            ["G1", "测试经办", "P", "工程部", "", "100-0000-0006", "周一至周五 09:00-18:00"],
            ["G2", "测试经办", "P", "BX", "", "100-0000-0007", "周一至周五 09:00-18:00"],
            ["S1", "测试主管", "S", "地产客服", "", "100-0000-0004", "Mon-Fri 09:00-18:00"],
            ["H1", "测试热线", "集团", "集团400", "", "100-0000-0005", "24小时"],
        ],
        "受理电话": [
            ["所属编码", "层级", "名称", "电话"],
            ["P", "物业客服", "云杉苑客服", "000-0000-1001"],
            ["S", "2", "地产客服", "000-0000-2001"],
            ["集团", "集团400", "热线", "000-400-0000"],
        ],
        "节假日": [["日期", "休或班"], ["2027-01-01", "休"]],
        "时限调整": [["项目编码", "时限", "优先级", "时长"], ["P", "到场", "一般", "3小时"]],
    }


def read(sheets: Sheets, known: Stored | None = None, numbers: Numbers = NUMBERS) -> tuple[list[Record], list[Fault]]:
    reader = Reader(Held(sheets), known or Stored(), numbers)
    return list(reader.records()), reader.faults


def faults_of(sheets: Sheets) -> list[tuple[str, int, str, str]]:
    return [(f.sheet, f.row, f.column, f.reason) for f in read(sheets)[1]]


def changed(sheet: str, row: int, column: str, value: object) -> Sheets:
    """The sound register with one cell changed; `row` as the spreadsheet shows it."""
    sheets = sound()
    headings = [str(h).rstrip("*") for h in sheets[sheet][0]]
    line = [*sheets[sheet][row - 1]]
    line[headings.index(column)] = value
    sheets[sheet][row - 1] = line
    return sheets


def test_a_sound_register_has_no_fault_and_gives_parents_before_children() -> None:
    records, faults = read(sound())
    assert faults == []
    seen: set[str] = {""}
    for place in (r for r in records if isinstance(r, Place)):
        assert place.parent in seen
        assert set(place.above.values()) <= seen
        seen.add(place.id)
    assert {"P-3-2-1001", "P-4-101", "P-3-2", "PUMP"} <= seen


def test_a_unit_knows_what_is_above_it_and_takes_its_acceptance_from_the_phase() -> None:
    unit = next(r for r in read(sound())[0] if isinstance(r, Place) and r.id == "P-3-2-1001")
    assert unit.label == "云杉苑 3号楼 2单元 1001"
    assert unit.above == {"subsidiary": "S", "project": "P", "phase": "P-1", "building": "P-3", "entrance": "P-3-2"}
    assert unit.facts == {"acceptance": "2019-05-20", "handover": "2019-09-28", "stage": "over_five_years"}


def test_a_project_carries_the_phones_of_its_three_levels() -> None:
    project = next(r for r in read(sound())[0] if isinstance(r, Place) and r.kind == "project")
    assert project.facts["ladder"] == (
        '[[1,"云杉苑客服","000-0000-1001"],[2,"地产客服","000-0000-2001"],[3,"热线","000-400-0000"]]'
    )


def test_staff_come_with_team_skills_and_roster() -> None:
    engineer = next(r for r in read(sound())[0] if isinstance(r, Employed) and r.person.id == "E1")
    assert engineer.person.team == "P/engineering"
    assert engineer.person.skills == {"lift", "gas"}
    assert engineer.person.duty == dict.fromkeys(range(5), (21 * 60, 7 * 60))
    assert engineer.phone == "10000000003"


def test_headings_are_taken_in_english_and_in_any_order() -> None:
    sheets = sound()
    sheets["units"] = [["room", "note", "building", "entrance"], ["1001", "x", "P-3", "2"]]
    del sheets["房产"]
    assert read(sheets)[1] == []


@pytest.mark.parametrize(
    ("sheet", "row", "column", "value", "reason"),
    [
        ("下属公司", 2, "名称", None, "needed"),
        ("下属公司", 2, "名称", "=1+1", "formula"),
        ("下属公司", 2, "名称", "@SUM(A1)", "formula"),
        ("下属公司", 2, "名称", "#REF!", "formula"),
        ("下属公司", 2, "名称", "x" * 300, "too_long"),
        ("下属公司", 2, "名称", "a\x07b", "control"),
        ("下属公司", 2, "名称", "滨江\u202e公司", "control"),
        ("下属公司", 2, "编码", "a/b", "code"),
        ("项目", 2, "编码", datetime(2021, 3, 2), "became_date"),
        ("项目", 2, "下属公司编码", "Q", "unknown_place"),
        ("分期标段", 2, "项目编码", "S", "wrong_kind"),
        ("分期标段", 2, "竣工验收日期", "2019-02-30", "date"),
        ("楼栋", 2, "单元", "1、1", "twice_in_cell"),
        ("楼栋", 3, "编码", "P-3", "code_twice"),
        ("房产", 2, "单元", "", "entrance_needed"),
        ("房产", 2, "单元", "9", "unknown_entrance"),
        ("房产", 2, "房号", "西厢", "code_needed"),
        ("房产", 2, "交付日期", "2018/9/28", "handed_before_accepted"),
        ("房产", 2, "交付日期", "", "stage_without_handover"),
        ("房产", 2, "业主阶段", "新业主", "choice"),
        ("公共区域设备", 3, "所在编码", "GARAGE", "loop"),
        ("公共区域设备", 3, "所在编码", "P-3-2-1001", "wrong_kind"),
        ("业主住户", 2, "房产编码", "P-9", "unknown_place"),
        ("业主住户", 2, "房产编码", "P-3", "wrong_kind"),
        ("业主住户", 2, "电话", "12ab", "phone"),
        ("员工", 3, "工号", "D1", "staff_twice"),
        ("员工", 3, "班组", "花园班", "unknown_team"),
        ("员工", 3, "所属编码", "S", "team_elsewhere"),
        ("员工", 3, "技能", "", "skill_missing"),
        ("员工", 3, "技能", "飞行", "choice"),
        ("员工", 3, "值班", "", "duty_missing"),
        ("员工", 3, "值班", "上午", "duty"),
        ("员工", 3, "值班", "周一 08:00-12:00;周一 13:00-18:00", "duty_twice"),
        ("员工", 3, "值班", "周一 20:00-08:00;周二 07:00-12:00", "duty_overlaps"),
        ("受理电话", 2, "层级", "地产客服", "no_contact"),
        ("受理电话", 3, "所属编码", "P", "level_elsewhere"),
        ("节假日", 2, "日期", "元旦", "date"),
        ("时限调整", 2, "时长", "很快", "duration"),
        ("时限调整", 2, "项目编码", "Q", "unknown_place"),
    ],
)
def test_a_fault_is_named_by_sheet_row_and_column(
    sheet: str, row: int, column: str, value: object, reason: str
) -> None:
    found = read(changed(sheet, row, column, value))[1]
    fault = next(f for f in found if f.reason == reason)
    said = explain_fault(fault, "zh_CN")
    if reason != "no_contact":
        assert said.startswith(f"{sheet} 第 {row} 行「{ELSEWHERE.get(reason, column)}」：")
    assert f"{fault.sheet} row {fault.row}, {fault.column}: " in explain_fault(fault, "en")


def test_two_rows_of_one_resident_are_a_fault() -> None:
    sheets = sound()
    sheets["业主住户"].append(["P-3-2-1001", "家属", "演示家属", "10000000001"])
    assert faults_of(sheets) == [("residents", 3, "phone", "resident_twice")]


def test_areas_that_lie_in_each_other_are_a_fault() -> None:
    sheets = sound()
    sheets["公共区域设备"][1:] = [["A", "设备", "甲", "B"], ["B", "设备", "乙", "A"]]
    assert faults_of(sheets) == [("areas", 2, "place", "loop"), ("areas", 3, "place", "loop")]


@pytest.mark.parametrize(("staff", "team"), [(1, "物业客服"), (3, "工程部"), (5, "地产客服"), (6, "集团400")])
def test_a_desk_without_anybody_is_a_fault_unless_somebody_stored_is_on_it(staff: int, team: str) -> None:
    sheets = sound()
    gone = sheets["员工"].pop(staff)
    found = read(sheets)[1]
    assert [f.reason for f in found] == ["no_desk"]
    assert team in explain_fault(found[0], "zh_CN")
    name = {"物业客服": "P/desk", "工程部": "P/dept/GC", "地产客服": "S/desk2", "集团400": "group/hotline"}[team]
    assert read(sheets, Stored(staffed=[name]))[1] == []
    sheets["员工"].append([*gone[:6], gone[6]])
    assert read(sheets)[1] == []


def test_a_project_carries_its_departments_and_their_people_are_on_them() -> None:
    records = read(sound())[0]
    project = next(r for r in records if isinstance(r, Place) and r.kind == "project")
    assert project.facts["departments"] == '[["GC","工程部"],["BX","保修办"]]'
    teams = {r.person.id: r.person.team for r in records if isinstance(r, Employed)}
    assert (teams["G1"], teams["G2"]) == ("P/dept/GC", "P/dept/BX")


def test_departments_that_are_stored_stay_where_the_file_has_no_such_sheet() -> None:
    sheets = sound()
    del sheets["部门"]
    stored = Place("P", "project", "云杉苑", "S", "云杉苑", {}, {"departments": '[["GC","工程部"]]'})
    sheets["员工"].pop(4)
    records, faults = read(sheets, Stored({"P": stored}))
    assert faults == []
    project = next(r for r in records if isinstance(r, Place) and r.kind == "project")
    assert project.facts["departments"] == '[["GC","工程部"]]'


def test_a_department_twice_or_of_no_project_is_a_fault() -> None:
    sheets = sound()
    sheets["部门"] += [["P", "GX", "工程部"], ["Q", "GC", "工程部"]]
    assert faults_of(sheets)[:2] == [
        ("departments", 4, "code", "department_twice"),
        ("departments", 5, "project", "unknown_place"),
    ]


def test_a_row_at_fault_does_not_make_others_look_wrong() -> None:
    assert faults_of(changed("下属公司", 2, "名称", None)) == [("subsidiaries", 2, "name", "needed")]


def test_a_sheet_or_column_that_nobody_knows_is_a_fault() -> None:
    sheets = sound() | {"业主": [["x"]]}
    sheets["楼栋"][0] = ["编码", "名称", "项目编码", "标段编号", "单元"]
    assert {f.reason for f in read(sheets)[1]} >= {"unknown_sheet", "unknown_column"}


def test_a_column_that_is_needed_and_missing_is_a_fault() -> None:
    sheets = sound()
    sheets["节假日"] = [["日期"], ["2027-01-01"]]
    assert faults_of(sheets) == [("holidays", 1, "day", "column_missing")]


def test_one_sheet_alone_is_taken_where_the_rest_is_stored() -> None:
    unit = Place("U", "unit", "1001", "B", "B 1001", {"project": "P"})
    records, faults = read(
        {"residents": [["unit", "role", "name", "phone"], ["U", "tenant", "甲", "10000000001"]]}, Stored({"U": unit})
    )
    assert faults == []
    assert [r.unit for r in records if isinstance(r, Household)] == ["U"]


def test_a_unit_whose_only_row_has_moved_out_has_nobody() -> None:
    sheets = sound()
    sheets["业主住户"][0].append("在册")
    sheets["业主住户"][1].append("否")
    assert Household("P-3-2-1001", ()) in read(sheets)[0]


@pytest.mark.parametrize(
    ("wrong", "work", "reason"),
    [
        (date(2027, 1, 4), True, "make_up_on_weekday"),
        (date(2027, 1, 9), False, "off_on_weekend"),
        (date(2027, 1, 9), True, "too_many_make_ups"),
    ],
)
def test_a_holiday_schedule_that_cannot_be_is_refused_by_date(wrong: date, work: bool, reason: str) -> None:
    sheets = {"节假日": [["日期", "休或班"], [wrong, "班" if work else "休"]]}
    found = read(sheets, numbers=Numbers(lambda o: "", lambda days: wrong))[1]
    assert [(f.row, f.reason) for f in found] == [(2, reason)]


@pytest.mark.parametrize(
    ("text", "roster"),
    [
        ("每天 07:00-15:00", dict.fromkeys(range(7), (420, 900))),
        (
            "工作日 09:00-18:00；周末 10:00-12:00",
            dict.fromkeys(range(5), (540, 1080)) | dict.fromkeys((5, 6), (600, 720)),
        ),
        ("周六至周一 22:00-06:00", dict.fromkeys((5, 6, 0), (1320, 360))),
        ("周一、周三 16:00-24:00", dict.fromkeys((0, 2), (960, 1440))),
        ("1-5 9:00-18:00", dict.fromkeys(range(5), (540, 1080))),
        ("24h", dict.fromkeys(range(7), (0, 1440))),
    ],
)
def test_rosters_are_read_as_people_write_them(text: str, roster: object) -> None:
    assert cells.duty(text) == roster


def test_durations_are_read_as_people_write_them() -> None:
    assert [cells.duration(t) for t in ("30分钟", "4h", "７天")] == [
        timedelta(minutes=30),
        timedelta(hours=4),
        timedelta(days=7),
    ]


CELL = st.one_of(st.none(), st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.datetimes(), st.dates())


@given(CELL.filter(lambda raw: not cells.is_blank(raw)), st.sampled_from([c.form for s in SHEETS for c in s.columns]))
def test_any_cell_is_taken_or_refused_with_words(raw: object, form: cells.Form) -> None:
    try:
        form(raw)
    except BadCell as bad:
        explain_fault(Fault("units", 2, "room", bad.reason, bad.details), "zh_CN")


@given(st.dictionaries(st.sampled_from([s.zh for s in SHEETS]), st.lists(st.lists(CELL, max_size=8), max_size=4)))
def test_any_book_gives_records_and_faults(sheets: Sheets) -> None:
    for fault in read(sheets)[1]:
        assert explain_fault(fault, "zh_CN")
        assert explain_fault(fault, "en")


def test_numbers_of_other_countries_are_taken_where_the_group_writes_to_them() -> None:
    rows: Sheets = {"residents": [["unit", "role", "name", "phone"], ["U", "tenant", "甲", "+852 9000 0001"]]}
    stored = Stored({"U": Place("U", "unit", "1001", "B", "B 1001", {"project": "P"})})
    [fault] = read(rows, stored)[1]
    assert (fault.sheet, fault.row, fault.column, fault.reason) == ("residents", 2, "phone", "phone_abroad")
    assert read(rows, stored, replace(NUMBERS, abroad=("852",)))[1] == []
