"""Signs by command: as files that print as they are, part by part, with a word where there is no browser."""

from __future__ import annotations

from pathlib import Path

import pytest

from chalicelib.adapters import browser
from chalicelib.commands import qr
from tests.demo import corner, load
from tests.world import World


@pytest.fixture(autouse=True)
def _loaded(world: World) -> None:
    assert load(corner()).faults == []


def test_a_project_is_printed_part_by_part(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert qr.main(["YS", "--to", "html", "--out", str(tmp_path)]) == 0
    said = capsys.readouterr()
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["YS-common-0001-0004.html", "YS-flats-0001-0001.html"]
    assert "4/4" in said.err
    assert "5" in said.out.splitlines()[-1]
    page = (tmp_path / "YS-flats-0001-0001.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 1
    assert "size:A4" in page


def test_a_sheet_alone_is_an_svg(tmp_path: Path) -> None:
    assert qr.main(["YS", "--part", "YS-3", "--what", "doors", "--to", "svg", "--out", str(tmp_path)]) == 0
    [sheet] = tmp_path.iterdir()
    assert sheet.name == "YS-doors-0001.svg"
    assert sheet.read_text(encoding="utf-8").startswith("<svg xmlns=")


def test_without_a_browser_it_is_html_and_said_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "browser", lambda: "")
    assert qr.main(["YS", "--what", "lifts", "--lang", "en", "--out", str(tmp_path)]) == 0
    assert "no browser was found" in capsys.readouterr().err
    assert {p.suffix for p in tmp_path.iterdir()} == {".html"}


def test_a_browser_that_fails_leaves_the_html(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "browser", lambda: "/bin/false")
    assert qr.main(["YS", "--what", "lifts", "--lang", "en", "--out", str(tmp_path)]) == 0
    assert "no PDF was made" in capsys.readouterr().err
    assert {p.suffix for p in tmp_path.iterdir()} == {".html"}


def test_a_project_that_is_not_there_ends_with_2(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("XX", "YS-3"):
        assert qr.main([name, "--out", str(tmp_path / "none")]) == 2
        assert name in capsys.readouterr().err
    assert not (tmp_path / "none").exists()


def test_a_building_of_another_project_prints_nothing(tmp_path: Path) -> None:
    assert qr.main(["YS", "--part", "FL-1", "--out", str(tmp_path)]) == 1
