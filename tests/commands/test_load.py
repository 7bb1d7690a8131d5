"""What whoever loads a workbook of another tool is told: one line, and the right exit."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from chalicelib.adapters import operator, sms
from chalicelib.commands import load
from chalicelib.services.contractor import amending
from chalicelib.store import places
from chalicelib.store.places import Place
from chalicelib.store.table import Put
from tests.world import World

HEAD = "building,room\n"


@pytest.fixture(autouse=True)
def _stored(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A building of a stored project; commands refuse to run without a region."""
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    above = {"subsidiary": "S1", "project": "P1"}
    for row in places.put_place(Place("P1-9", "building", "9栋", "P1", "P1苑 9栋", above)):
        world.table.write(Put(row))


def run(path: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, str]:
    code = load.main([str(path), "--check", "--lang", "en"])
    return code, capsys.readouterr().err


@pytest.mark.parametrize("second", ["101.0", "１０１", " 101 ", "101\u200b", '"101"'])
def test_a_flat_written_in_two_ways_is_one_flat(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], second: str
) -> None:
    (tmp_path / "units.csv").write_text(f"{HEAD}P1-9,101\nP1-9,{second}\n", encoding="utf-8")
    code, said = run(tmp_path / "units.csv", capsys)
    assert code == 1
    assert "P1-9-101" in said


def test_a_floor_of_different_flats_is_sound(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "units.csv").write_text(f"{HEAD}P1-9,101\nP1-9,102.0\nP1-9,１０３\n", encoding="utf-8")
    assert run(tmp_path / "units.csv", capsys)[0] == 0


def test_what_cannot_be_read_is_one_line_and_exit_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.xls").write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 512)
    code, said = run(tmp_path / "a.xls", capsys)
    assert code == 2
    assert said.count("\n") == 1
    assert "a.xls" in said


def test_a_broken_sheet_in_the_middle_is_one_line_and_exit_2(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    import openpyxl

    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "房产"
    for row in (["楼栋编码", "房号"], ["P1-9", "101"], ["P1-9", "102"]):
        sheet.append(row)
    made.save(tmp_path / "good.xlsx")
    with zipfile.ZipFile(tmp_path / "good.xlsx") as good, zipfile.ZipFile(tmp_path / "a.xlsx", "w") as bad:
        for name in good.namelist():
            content = good.read(name)
            if name.startswith("xl/worksheets/"):
                content = content[: content.rindex(b"B3") + 20]
            bad.writestr(name, content)
    code, said = run(tmp_path / "a.xlsx", capsys)
    assert code == 2
    assert said.count("\n") == 1
    assert "not well-formed after B3" in said


def test_merged_cells_are_filled_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import openpyxl

    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "房产"
    for row in (["楼栋编码", "房号"], ["P1-9", 101], [None, 102]):
        sheet.append(row)
    sheet.merge_cells("A2:A3")
    sheet["B2"].number_format = sheet["B3"].number_format = "0000"
    made.save(tmp_path / "a.xlsx")
    code, said = run(tmp_path / "a.xlsx", capsys)
    assert code == 0
    assert "房产!A2:A3" in said


def test_staff_are_sent_their_own_pages_when_asked_to(
    tmp_path: Path, world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, str]] = []
    monkeypatch.setattr(sms, "send", lambda to, text: sent.append((to, text.text)))
    (tmp_path / "staff.csv").write_text(
        "code,name,place,team,skills,phone,email,duty\n"
        "Z1,测试甲,P1,物业客服,,19900003333,z1@wuye.example,08:00-20:00\n"
        "Z2,测试乙,P1,物业客服,,19900004444,z2@wuye.example,08:00-20:00\n",
        encoding="utf-8",
    )
    assert load.main([str(tmp_path / "staff.csv")]) == 0
    assert "2人" in capsys.readouterr().out
    assert load.main([str(tmp_path / "staff.csv"), "--invite", "new"]) == 0
    world.pump()
    assert sent == []  # nobody's page is new by now
    assert load.main([str(tmp_path / "staff.csv"), "--invite", "all"]) == 0
    world.pump()
    assert sorted(to for to, _ in sent) == ["19900003333", "19900004444"]
    assert all("/d/" in said for _, said in sent)


def test_loading_ends_with_what_is_still_to_be_done(
    world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "send", lambda to, text: None)
    seed = Path(load.__file__).parents[2] / "infra" / "seed" / "demo.xlsx"
    assert load.main([str(seed)]) == 0
    said = capsys.readouterr().out
    _, _, after = said.partition("开通清单")
    assert "云杉苑：" in after
    assert "物业客服无人值班：每天 20:00–次日 08:00" in after
    assert "14 人还没收到自己的工作页面" in after
    assert "python -m chalicelib.commands.qr YS" in after
    assert load.main([str(seed), "--invite", "all", "--lang", "en"]) == 0
    after = capsys.readouterr().out.partition("云杉苑:")[2].partition("S1公司:")[0]
    assert "not been sent their own page" not in after
    assert "Property desk: nobody daily 20:00 to 08:00 the day after" in after


def test_checking_alone_says_nothing_of_what_is_to_be_done(capsys: pytest.CaptureFixture[str]) -> None:
    seed = Path(load.__file__).parents[2] / "infra" / "seed" / "demo.xlsx"
    assert load.main([str(seed), "--check"]) == 0
    assert "开通清单" not in capsys.readouterr().out


def test_what_waits_for_a_second_person_is_said_with_the_command_that_decides_it(
    tmp_path: Path, world: World, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operator, "who", lambda: "li")
    people = "company,code,name,duty,phone\nC,A1,测试甲,授权联系人,19900003333\n"
    (tmp_path / "company_people.csv").write_text(people, encoding="utf-8")
    for account, waits in (("000000000001", False), ("000000000002", True)):
        rows = f"code,name,account\nC,演示建设,{account}\n"
        (tmp_path / "contractors.csv").write_text(rows, encoding="utf-8")
        assert load.main([str(tmp_path)]) == 0
        assert ("python -m chalicelib.commands.amendments" in capsys.readouterr().out) is waits
    (one,) = amending.waiting()
    assert one.by == "operator:li"
