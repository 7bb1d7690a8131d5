"""Tables as finance opens them: what a cell says survives, and no cell acts."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.adapters.csvfiles import ACTS, CsvFile, harmless, yuan
from chalicelib.adapters.ooxml import Workbook
from chalicelib.adapters.sheetfiles import Plain, XlsxFile

COLUMNS = (
    Plain("名称"),
    Plain("编码", "code"),
    Plain("日期", "date"),
    Plain("金额", "money", total=True),
    Plain("税率", "rate"),
    Plain("数", "whole"),
    Plain("是否", "yes_no"),
)
DAY = date(2026, 3, 31)
ROWS: list[list[Any]] = [
    ["云栖苑 3 栋，渗漏😀", "913301080000000012", DAY, 123456, 900, 1, True],
    ['他说“漏水”\n第二行,"引号"', "007", None, -5, 300, 2, False],
    ["<b>&amp;</b>]]>", "=1+1", DAY, 0, 0, 3, False],
    ["＝HYPERLINK(1)", "@SUM(A1)", DAY, 10, 0, 4, True],
    ["_x000D_ 一", "+86", DAY, -123456, 0, 5, True],
]


def write(folder: Path) -> tuple[Path, Path]:
    table, book = folder / "t.csv", folder / "t.xlsx"
    lines = CsvFile(table, COLUMNS, "%Y/%m/%d", "是", "否")
    workbook = XlsxFile(book, "%Y/%m/%d", "是", "否")
    sheet = workbook.sheet("扣款单", COLUMNS, "合计")
    for row in ROWS:
        lines.row(row)
        sheet.row(row)
    workbook.sheet("汇总", (Plain("项"), Plain("额", "money"))).row(("一", 1))
    lines.close()
    workbook.close()
    return table, book


def test_a_csv_is_utf8_with_bom_and_crlf_and_its_texts_do_not_act(tmp_path: Path) -> None:
    content = write(tmp_path)[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert content.count(b"\r\n") == len(ROWS) + 1
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert rows[1] == ["云栖苑 3 栋，渗漏😀", "913301080000000012", "2026/03/31", "1234.56", "9.00%", "1", "是"]
    assert rows[2][:4] == ['他说“漏水”\n第二行,"引号"', "007", "", "-0.05"]
    assert [row[1] for row in rows[3:]] == ["'=1+1", "'@SUM(A1)", "'+86"]
    assert rows[4][0] == "'＝HYPERLINK(1)"
    assert rows[5][3] == "-1234.56"


def test_a_workbook_has_typed_cells_real_dates_a_frozen_heading_and_its_sum_by_formula_and_value(
    tmp_path: Path,
) -> None:
    path = write(tmp_path)[1]
    shown, known = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    sheet = shown["扣款单"]
    assert sheet.freeze_panes == "A2"
    assert [cell.alignment.horizontal == "right" for cell in sheet[1]] == [False, False, True, True, True, True, False]
    assert [cell.value for cell in sheet[2]] == [
        ROWS[0][0],
        "913301080000000012",
        sheet["C2"].value,
        1234.56,
        0.09,
        1,
        "是",
    ]
    assert sheet["C2"].value.date() == DAY
    assert sheet["C2"].is_date
    assert [sheet[f"B{n}"].value for n in (3, 4, 5, 6)] == ["007", "=1+1", "@SUM(A1)", "+86"]
    assert {sheet[f"B{n}"].data_type for n in range(2, 7)} <= {"s", "inlineStr"}
    assert sheet["A3"].value == ROWS[1][0]
    assert sheet["A4"].value == ROWS[2][0]
    assert sheet["D7"].value == "=SUM(D2:D6)"
    assert known["扣款单"]["D7"].value == 0.05
    assert shown.sheetnames == ["扣款单", "汇总"]


def test_on_paper_a_sheet_is_as_wide_as_a_page_with_its_heading_and_number_on_each(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = XlsxFile(path)
    for name, columns in (("l'Une", 3), ("宽", 9), ("很宽", 40)):
        book.sheet(name, [Plain(f"栏{n}") for n in range(columns)]).row(["x"] * columns)
    book.close()
    narrow, wide, widest = openpyxl.load_workbook(path)
    assert widest.page_setup.fitToWidth == 4, "readable, over several pages"
    for sheet in (narrow, wide):
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (1, 0)
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.oddFooter.center.text == "&P / &N"
    assert (narrow.page_setup.orientation, wide.page_setup.orientation) == ("portrait", "landscape")


def test_an_amount_among_counts_is_said_in_yuan(tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    book = XlsxFile(path)
    sheet = book.sheet("s", [Plain("n", "whole")])
    for value in (454, Decimal("4390.00")):
        sheet.row([value])
    book.close()
    count, amount = openpyxl.load_workbook(path)["s"]["A"][1:]
    assert (count.value, count.number_format) == (454, "0")
    assert (amount.value, amount.number_format) == (4390, "#,##0.00;[Red]-#,##0.00")


def test_our_own_reader_reads_what_was_written(tmp_path: Path) -> None:
    book = Workbook(write(tmp_path)[1])
    rows = [cells for _, cells in book.rows("扣款单")]
    assert [row[0] for row in rows[1:-1]] == [row[0] for row in ROWS]
    assert [row[1] for row in rows[1:-1]] == [row[1] for row in ROWS]


def test_the_same_rows_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = (tmp_path / name for name in "ab")
    first.mkdir(), second.mkdir()
    assert [p.read_bytes() for p in write(first)] == [p.read_bytes() for p in write(second)]


@given(st.text(max_size=20))
def test_no_text_of_a_csv_begins_as_a_formula(text: str) -> None:
    bare = harmless(text).lstrip(" \u00a0\u3000\ufeff\u200b")
    assert not bare or bare[0] not in ACTS


@pytest.mark.parametrize(("fen", "said"), [(0, "0.00"), (5, "0.05"), (-5, "-0.05"), (-123456, "-1234.56")])
def test_fen_are_said_as_yuan(fen: int, said: str) -> None:
    assert yuan(fen) == said


ALWAYS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item></oor:items>"""


def converted(folder: Path, source: Path, *options: str) -> list[list[str]]:
    """The first sheet as LibreOffice reads it, every formula counted anew."""
    profile, out = folder / "profile", folder / f"out-{source.suffix[1:]}"
    if not profile.exists():
        (profile / "user").mkdir(parents=True)
        (profile / "user" / "registrymodifications.xcu").write_text(ALWAYS)
    to = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,1"
    where = [
        f"-env:UserInstallation=file://{profile}",
        "--headless",
        *options,
        "--convert-to",
        to,
        "--outdir",
        str(out),
    ]
    subprocess.run(["soffice", *where, str(source)], check=True, capture_output=True, timeout=120)
    with next(out.glob("*.csv")).open(encoding="utf-8", newline="") as read:
        return list(csv.reader(read))


@pytest.mark.skipif(not shutil.which("soffice"), reason="needs LibreOffice")
def test_libreoffice_opens_both_and_counts_the_same_sum(tmp_path: Path) -> None:
    """The sum's value is spoilt first: what is read is what the formula gives."""
    table, book = write(tmp_path)
    spoilt = tmp_path / "spoilt.xlsx"
    with zipfile.ZipFile(book) as archive, zipfile.ZipFile(spoilt, "w") as other:
        for info in archive.infolist():
            content = archive.read(info).replace(b"</f><v>0.05</v>", b"</f><v>999.00</v>")
            other.writestr(info, content)
    rows = converted(tmp_path, spoilt)
    assert [row[0] for row in rows[1:6]] == [row[0] for row in ROWS]
    assert [row[1] for row in rows[1:6]] == [row[1] for row in ROWS]
    assert [row[3] for row in rows[1:6]] == ["1234.56", "-0.05", "0", "0.1", "-1234.56"]
    assert f"{float(rows[6][3]):.2f}" == "0.05"
    assert converted(tmp_path, table, "--infilter=CSV:44,34,76,1,1/2/2/2")[1][1] == "913301080000000012"
