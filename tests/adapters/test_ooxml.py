"""Workbooks as other tools write them: read right, or one line that names sheet and cell."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from chalicelib.adapters.ooxml import NotAWorkbook
from chalicelib.adapters.workbook import open_book

JUNE = datetime.fromisoformat("2021-06-30")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"


def book(
    path: Path,
    rows: str,
    *,
    after: str = "",
    shared: str = "",
    styles: str = "",
    date1904: bool = False,
    main: str = MAIN,
    sheets: str = '<sheet name="房产" sheetId="1" r:id="rId1"/>',
    more: Mapping[str, bytes] | None = None,
) -> Path:
    """A workbook of one sheet, written by hand."""
    links = main.replace("spreadsheetml/2006/main", "officeDocument/2006/relationships")
    links = links.replace("ooxml/spreadsheetml/main", "ooxml/officeDocument/relationships")
    kinds = {
        "rId1": ("worksheet", "worksheets/sheet1.xml"),
        "rId2": ("sharedStrings", "sharedStrings.xml"),
        "rId3": ("styles", "styles.xml"),
    }
    relations = "".join(f'<Relationship Id="{i}" Type="{links}/{t}" Target="{at}"/>' for i, (t, at) in kinds.items())
    parts = {
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{links}"><workbookPr date1904="{int(date1904)}"/>'
        f"<sheets>{sheets}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{after}</worksheet>',
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{shared}</sst>',
        "xl/styles.xml": f'<styleSheet xmlns="{main}">{styles}</styleSheet>',
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
        for name, content in (more or {}).items():
            archive.writestr(name, content)
    return path


def cells(path: Path, sheet: str = "房产") -> list[list[object]]:
    return [list(row) for _, row in open_book(path).rows(sheet)]


def formats(*codes: str) -> str:
    numbers = "".join(f'<numFmt numFmtId="{200 + i}" formatCode="{code}"/>' for i, code in enumerate(codes))
    return (
        f"<numFmts>{numbers}</numFmts><cellXfs>"
        + "".join(f'<xf numFmtId="{200 + i}"/>' for i in range(len(codes)))
        + "</cellXfs>"
    )


@pytest.mark.parametrize(
    ("code", "value", "shown"),
    [
        ("00000", "101", "00101"),
        ("000-0000-0000", "13800000000", "138-0000-0000"),
        ("000\\-0000\\-0000", "13800000000", "138-0000-0000"),
        ("&quot;P-&quot;000", "7", "P-007"),
        ("[Red]0000_ ", "42", "0042"),
        ("####-##", "1234567", "12345-67"),
        ("#,##0", "1001", 1001),
        ("0.00", "101", 101),
        ("0%", "1", 1),
        ("General", "101", 101),
        ("General", "101.0", 101),
        ("@", "101", 101),
        ("yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;", "44377", JUNE),
        ("[$-804]yyyy/m/d;@", "44377", JUNE),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(tmp_path: Path, code: str, value: str, shown: object) -> None:
    path = book(tmp_path / "a.xlsx", f'<row r="1"><c r="A1" s="0"><v>{value}</v></c></row>', styles=formats(code))
    assert cells(path) == [[shown]]


def test_dates_count_from_where_the_workbook_says(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1" s="0"><v>42915</v></c></row>'
    assert cells(book(tmp_path / "a.xlsx", row, styles=formats("yyyy-mm-dd"), date1904=True)) == [[JUNE]]


def test_texts_of_every_kind_are_read(tmp_path: Path) -> None:
    shared = "<si><t>甲</t></si><si><r><t>张</t></r><r><rPr/><t> 三</t></r>"
    shared += "<rPh sb='0' eb='1'><t>zhang</t></rPh></si>"
    shared += "<si><t>一行_x000D_\n二行_x005F_x</t></si>"
    row = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c><c t="s"><v>2</v></c>'
    row += '<c t="inlineStr"><is><r><t>内</t></r><t>联</t></is></c>'
    row += '<c t="b"><v>1</v></c><c t="str"><v>x_xD83D__xDE00_</v></c><c t="e"><v>#REF!</v></c><c/>'
    row += "<c><f>A1+1</f><v>2</v></c></row>"
    assert cells(book(tmp_path / "a.xlsx", row, shared=shared)) == [
        ["甲", "张 三", "一行\r\n二行_x", "内联", True, "x😀", "#REF!", None, "=A1+1"]
    ]


def test_a_strict_workbook_is_read(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared="<si><t>甲</t></si>", main=STRICT
    )
    assert cells(path) == [["甲"]]


def test_cells_merged_down_have_the_value_in_each_row_and_are_noted(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>3</v></c><c r="B1"><v>101</v></c></row>'
    rows += '<row r="2"><c r="B2"><v>102</v></c></row><row r="3"><c r="A3"/></row>'
    made = open_book(book(tmp_path / "a.xlsx", rows, after='<mergeCells><mergeCell ref="A1:A3"/></mergeCells>'))
    assert [list(row) for _, row in made.rows("房产")] == [[3, 101], [3, 102], [None]]
    assert "房产!A1:A3" in str(made.notes[0])


BAD: list[tuple[str, dict[str, Any], str]] = [
    (
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        {"after": '<mergeCells><mergeCell ref="A1:J1"/></mergeCells>'},
        "房产!A1:J1",
    ),
    ('<row r="1"><c r="B1" t="s"><v>9</v></c></row>', {}, "房产!B1"),
    ('<row r="1"><c r="B1"><v>one</v></c></row>', {}, "房产!B1"),
    ('<row r="1"><c r="B1"><v>1</v></c><c r="B1"><v>2</v></c></row>', {}, "房产!B1"),
    ('<row r="2"><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>', {}, "row 1"),
    ('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>', {}, "房产!A1: not well-formed after A2"),
    ("", {"sheets": '<sheet name="房产" sheetId="1" r:id="rId9"/>'}, "房产"),
]


@pytest.mark.parametrize(("rows", "more", "named"), BAD)
def test_what_is_broken_is_one_line_that_names_the_place(
    tmp_path: Path, rows: str, more: dict[str, Any], named: str
) -> None:
    with pytest.raises(NotAWorkbook) as fault:
        cells(book(tmp_path / "a.xlsx", rows, **more))
    assert named in str(fault.value)
    assert "\n" not in str(fault.value)


def test_a_hidden_sheet_counts_where_its_name_is_known(tmp_path: Path) -> None:
    sheets = '<sheet name="房产" state="hidden" sheetId="1" r:id="rId1"/>'
    sheets += '<sheet name="WpsReserved_CellImgList" state="veryHidden" sheetId="2" r:id="rId1"/>'
    made = open_book(book(tmp_path / "a.xlsx", "", sheets=sheets))
    assert list(made.names()) == ["房产"]
    assert "房产" in str(made.notes[0])


def test_a_hidden_row_is_a_row(tmp_path: Path) -> None:
    assert cells(book(tmp_path / "a.xlsx", '<row r="1" hidden="1"><c r="A1"><v>1</v></c></row>')) == [[1]]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old workbook"),
        ("a.et", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "password"),
        ("a.xls", b"<html><table><tr><td>1</td></tr></table></html>", "web page"),
        ("a.xlsx", b"PK\x03\x04broken", "broken"),
        ("a.xlsx", b"", "neither"),
        ("a.pdf", b"%PDF-1.7", "neither"),
    ],
)
def test_another_kind_of_file_is_refused_by_name(tmp_path: Path, name: str, content: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(NotAWorkbook, match=said):
        open_book(tmp_path / name)


@pytest.mark.parametrize(
    ("part", "said"), [("content.xml", "OpenDocument"), ("xl/workbook.bin", "xlsb"), ("Index/Document.iwa", "Numbers")]
)
def test_another_kind_of_archive_is_refused_by_name(tmp_path: Path, part: str, said: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(part, "x")
    with pytest.raises(NotAWorkbook, match=said):
        open_book(tmp_path / "a.zip")


def test_what_a_mac_leaves_in_an_archive_is_not_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("daten/units.csv", "room\n101.0\n")
        archive.writestr("__MACOSX/daten/._units.csv", b"\0\5\x16\7")
        archive.writestr("daten/.~lock.units.csv", "x")
    made = open_book(tmp_path / "a.zip")
    assert list(made.names()) == ["units"]
    assert [list(row) for _, row in made.rows("units")] == [["room"], ["101.0"]]


def test_two_files_of_one_name_are_not_guessed_between(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a/units.csv", "room\n")
        archive.writestr("b/units.csv", "room\n")
    with pytest.raises(NotAWorkbook, match="units"):
        open_book(tmp_path / "a.zip")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("between", [",", ";", "\t"])
def test_a_csv_is_read_however_it_was_saved(tmp_path: Path, encoding: str, between: str) -> None:
    (tmp_path / "房产.csv").write_bytes(f"楼栋编码{between}房号\r\nB{between}101\r\n".encode(encoding))
    assert cells(tmp_path / "房产.csv") == [["楼栋编码", "房号"], ["B", "101"]]


ROWS = [["楼栋编码", "房号", "交付日期"], ["B1", 101, JUNE], ["B1", "１０２", None]]


def by_openpyxl(path: Path) -> None:
    import openpyxl

    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "房产"
    for row in ROWS:
        sheet.append(row)
    made.save(path)


def by_xlsxwriter(path: Path) -> None:
    import xlsxwriter

    made = xlsxwriter.Workbook(path, {"constant_memory": True, "default_date_format": "yyyy-mm-dd"})
    sheet = made.add_worksheet("房产")
    for at, row in enumerate(ROWS):
        sheet.write_row(at, 0, row)
    made.close()


@pytest.mark.parametrize("write", [by_openpyxl, by_xlsxwriter])
def test_what_the_libraries_write_is_read(tmp_path: Path, write: Callable[[Path], None]) -> None:
    write(tmp_path / "a.xlsx")
    assert [[*row, None][:3] for row in cells(tmp_path / "a.xlsx")] == ROWS


def test_any_bytes_in_any_part_are_read_or_refused_by_name(tmp_path: Path) -> None:
    by_openpyxl(tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    for broken, content in parts.items():
        for bad in (
            content[: len(content) // 2],
            content.replace(b"<", b"(", 3),
            re.sub(rb'"[0-9]+"', b'"x"', content),
            b"",
        ):
            made = io.BytesIO()
            with zipfile.ZipFile(made, "w") as archive:
                for name, kept in parts.items():
                    archive.writestr(name, bad if name == broken else kept)
            (tmp_path / "b.xlsx").write_bytes(made.getvalue())
            try:
                opened = open_book(tmp_path / "b.xlsx")
                for name in opened.names():
                    list(opened.rows(name))
            except NotAWorkbook as fault:
                assert "\n" not in str(fault)  # noqa: PT017
