"""Loading a snag list from files: a workbook and a zip of photos; what is wrong with them in the reader's language."""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest

from chalicelib.commands import snags
from tests.domain import samples
from tests.services.loading.test_snags import BY, HEAD, ROWS, made
from tests.world import World


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "cn-north-1")
    monkeypatch.setattr(snags, "myself", lambda: BY)


@pytest.fixture
def files(tmp_path: Path) -> tuple[str, str]:
    """The list as a workbook, its photos as a zip; one of them in a folder, under a name in other letters."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "交付整改"
    for row in (HEAD, *ROWS):
        sheet.append(row)
    book.save(tmp_path / "list.xlsx")
    with zipfile.ZipFile(tmp_path / "photos.zip", "w") as archive:
        archive.writestr("照片/A.JPG", samples.jpeg())
        archive.writestr("b.jpg", samples.png())
        archive.writestr("__MACOSX/._b.jpg", b"none")
    return str(tmp_path / "list.xlsx"), str(tmp_path / "photos.zip")


def test_a_workbook_and_a_zip_are_loaded_and_counted(
    world: World, files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    book, photos = files
    assert snags.main(["L1", book, "--photos", photos, "--check"]) == 0
    assert made(world) == []
    assert snags.main(["L1", book, "--photos", photos]) == 0
    assert len(made(world)) == 4
    assert "5 行,4 张工单(新建 4 张)" in capsys.readouterr().out.replace("，", ",").replace("（", "(").replace(
        "）", ")"
    )
    assert sorted(samples.jpeg() == body for body in world.pictures.stored.values()) == [False, True, True]
    assert snags.main(["L1", book, "--photos", photos, "--lang", "en"]) == 0
    assert "4 tickets (0 new)" in capsys.readouterr().out


def test_faults_are_said_by_sheet_row_and_column(
    world: World, files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert snags.main(["L1", files[0]]) == 1
    said = capsys.readouterr().err
    assert "交付整改" in said
    assert "a.jpg" in said
    assert snags.main(["L1", files[0], "--lang", "en"]) == 1
    assert "there is no photo “a.jpg”" in capsys.readouterr().err
    assert made(world) == []


@pytest.mark.parametrize("name", ["a b", "", "清单"])
def test_a_name_that_is_no_code_is_refused(world: World, files: tuple[str, str], name: str) -> None:
    assert snags.main([name, files[0]]) == 2


def test_what_is_no_zip_is_one_line_and_exit_2(
    world: World, files: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert snags.main(["L1", files[0], "--photos", files[0].replace("list.xlsx", "none.zip")]) == 2
    assert capsys.readouterr().err.count("\n") == 1
