"""The committed workbooks are what the script writes, and plainly nobody's."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.domain.register.sheets import SHEETS
from infra.seed import make
from infra.seed.demo import NAMED, demo

SEED = Path(make.__file__).parent


@pytest.mark.parametrize("name", ["template.xlsx", "demo.xlsx"])
def test_writing_the_workbooks_again_gives_the_same_bytes(name: str, tmp_path: Path) -> None:
    make.main(tmp_path)
    assert (tmp_path / name).read_bytes() == (SEED / name).read_bytes()


def test_the_template_has_every_sheet_with_its_headings() -> None:
    from openpyxl import load_workbook

    book = load_workbook(SEED / "template.xlsx")
    assert book.sheetnames == ["说明", *(sheet.zh for sheet in SHEETS)]
    for sheet in SHEETS:
        page = book[sheet.zh]
        headings = [str(cell.value) for cell in page[1]]
        assert [sheet.column(h) for h in headings] == list(sheet.columns)
        assert page.freeze_panes == "A2"
        assert page.max_row == 1


def test_the_demo_is_as_large_as_it_says_and_has_its_personas() -> None:
    rows = demo()
    sizes = {name: len(rows[name]) for name in ("subsidiaries", "projects", "units", "staff")}
    assert sizes == {"subsidiaries": 2, "projects": 3, "units": 312, "staff": 67}
    assert {row["unit"] for row in rows["residents"] if str(row["name"])[-1] in "甲乙丙丁戊"} == set(NAMED)


def test_nobody_in_the_demo_can_be_reached_or_exists() -> None:
    rows = demo()
    for row in (*rows["residents"], *rows["staff"]):
        assert re.match("演示|测试", str(row["name"]))
        assert str(row["phone"]).startswith(("100-0", "000-"))
        assert str(row.get("email", "x.example")).endswith(".example")
    assert all(str(row["phone"]).startswith("000-") for row in rows["contacts"])


def test_no_two_of_the_demos_staff_share_a_name_a_phone_or_an_email() -> None:
    staff = demo()["staff"]
    for column in ("code", "name", "phone", "email"):
        said = [row[column] for row in staff if row.get(column)]
        assert len(set(said)) == len(said), column


def test_each_skill_is_on_duty_by_day_and_by_night_in_every_project() -> None:
    rows = demo()["staff"]
    for project in ("YS", "FL", "LW"):
        for duty in ("07:00-15:00", "13:00-21:00", "21:00-07:00"):
            on = [row for row in rows if row["place"] == project and duty in str(row["duty"])]
            skills = {skill for row in on for skill in str(row["skills"]).split("、")}
            assert skills >= {"燃气", "电梯", "电气", "给排水", "暖通", "综合", "防水", "木作门窗", "泥瓦"}, (
                project,
                duty,
            )
