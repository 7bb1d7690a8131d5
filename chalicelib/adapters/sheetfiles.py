"""Workbooks as finance opens them, written row by row: XLSX of any size in little memory; `csvfiles.py` has the CSV.

    CSV    UTF-8 with BOM, RFC 4180, CRLF             XLSX   typed cells, real dates, frozen heading, a sum row
    paper                                                    A4, as many across as stay readable; heading, number
    code   its digits, as they are                           a text cell: 18 digits stay 18 digits
    money  fen as yuan with two decimals, a plain number; negatives stay numbers
    text   never acts: what begins with = + - @, a tab or a line break, or a full-width form of these, gets
           a ' before it in a CSV; in a workbook it is marked as a text

The sums of a workbook are formulas with their values beside them. Dates of an archive are fixed: the same rows give the
same bytes, with one build of zlib.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Any
from xml.sax.saxutils import escape

from chalicelib.adapters.csvfiles import UNFIT, Columned, day_of, yuan

MADE = (2020, 1, 1, 0, 0, 0)
ESCAPED = re.compile("_x[0-9A-Fa-f]{4}_")
EPOCH = date(1899, 12, 30).toordinal()
MOST_LETTERS = 32767
CHUNK = 256
NUMBERS = frozenset({"money", "rate", "whole", "figure", "date"})  # stand to the right, and their headings over them
Form = Callable[[str, Any], str]
LEVEL = 4

AS_IT_IS, TEXT, MONEY, DATE, HEAD, RATE, WHOLE, SUM, LABEL, OVER = range(10)
STYLES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="{date}"/>'
    '<numFmt numFmtId="165" formatCode="#,##0.00;[Red]-#,##0.00"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF4"/></patternFill></fill></fills>'
    '<borders count="2"><border/><border><top style="thin"/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="10"><xf/>'
    '<xf numFmtId="49" applyNumberFormat="1" quotePrefix="1"/>'
    '<xf numFmtId="165" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" applyFont="1" applyFill="1" applyNumberFormat="1"/>'
    '<xf numFmtId="10" applyNumberFormat="1"/>'
    '<xf numFmtId="1" applyNumberFormat="1"/>'
    '<xf numFmtId="165" fontId="1" borderId="1" applyFont="1" applyBorder="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" borderId="1" applyFont="1" applyBorder="1" applyNumberFormat="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="2" applyFont="1" applyFill="1" applyNumberFormat="1" applyAlignment="1">'
    '<alignment horizontal="right"/></xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
DAYS = {"%Y": "yyyy", "%m": "mm", "%d": "dd"}
HEADER = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
PAGED = "<headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter>"
UPRIGHT, TURNED = 100, 220  # letters that an A4 page takes across and stays readable
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


@dataclass(frozen=True, slots=True)
class Plain:
    """A column of a sheet that no layout describes, such as a summary's."""

    name: str
    kind: str = "text"
    width: int = 20
    total: bool = False


class XlsxFile:
    """Sheets into a workbook, one after the other: `sheet`, its rows, the next; `close` ends it."""

    def __init__(self, path: Path, dates: str = "%Y-%m-%d", yes: str = "yes", no: str = "no") -> None:
        self._said = (yes, no)
        for name, code in DAYS.items():
            dates = dates.replace(name, code)
        self._archive = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL)
        self._names: list[str] = []
        self._sheet: _Sheet | None = None
        self._member("xl/styles.xml", STYLES.format(date=escape(dates, {'"': "&quot;"})))

    def sheet(self, name: str, columns: Sequence[Columned], total: str = "") -> _Sheet:
        """A new sheet. `total`: the word of its sum row, "" for none."""
        self._end()
        self._names.append(re.sub(r"[\[\]:*?/\\]", " ", name)[:31] or "Sheet")
        info = zipfile.ZipInfo(f"xl/worksheets/sheet{len(self._names)}.xml", MADE)
        info.compress_type = zipfile.ZIP_DEFLATED
        _at_level(info)
        self._sheet = _Sheet(self._archive.open(info, "w", force_zip64=True), columns, total, self._said)
        return self._sheet

    def close(self) -> None:
        self._end()
        numbers = range(1, len(self._names) + 1)
        sheets = "".join(
            f'<sheet name="{escape(name, {chr(34): "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in zip(numbers, self._names, strict=True)
        )
        # A name in a reference doubles its apostrophes.
        titles = "".join(
            f'<definedName name="_xlnm.Print_Titles" localSheetId="{n}">{escape(quoted)}!$1:$1</definedName>'
            for n, quoted in enumerate("'" + name.replace("'", "''") + "'" for name in self._names)
        )
        calc = '<calcPr calcId="191029" fullCalcOnLoad="1"/>'
        self._member(
            "xl/workbook.xml",
            f'{HEADER}<workbook {MAIN} xmlns:r="{RELATED}"><sheets>{sheets}</sheets>'
            f"<definedNames>{titles}</definedNames>{calc}</workbook>",
        )
        links = "".join(
            f'<Relationship Id="rId{n}" Type="{RELATED}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
        )
        package = "http://schemas.openxmlformats.org/package/2006"
        links += f'<Relationship Id="rIdS" Type="{RELATED}/styles" Target="styles.xml"/>'
        self._member(
            "xl/_rels/workbook.xml.rels",
            f'{HEADER}<Relationships xmlns="{package}/relationships">{links}</Relationships>',
        )
        root = f'<Relationship Id="rId1" Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/>'
        self._member("_rels/.rels", f'{HEADER}<Relationships xmlns="{package}/relationships">{root}</Relationships>')
        spread = "application/vnd.openxmlformats-officedocument.spreadsheetml"
        parts = "".join(
            f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{spread}.worksheet+xml"/>' for n in numbers
        )
        self._member(
            "[Content_Types].xml",
            f'{HEADER}<Types xmlns="{package}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{spread}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{spread}.styles+xml"/>{parts}</Types>',
        )
        self._archive.close()

    def _member(self, name: str, text: str) -> None:
        info = zipfile.ZipInfo(name, MADE)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._archive.writestr(info, text, compresslevel=LEVEL)

    def _end(self) -> None:
        if self._sheet:
            self._sheet.close()
            self._sheet = None


def _at_level(info: zipfile.ZipInfo) -> None:
    """Which level a member that is streamed is compressed at: the interpreter renamed the attribute in 3.13."""
    for name in ("compress_level", "_compresslevel"):
        if name in zipfile.ZipInfo.__slots__:
            setattr(info, name, LEVEL)


class _Sheet:
    """A sheet under way. The last row sums up the columns that want it."""

    def __init__(self, stream: IO[bytes], columns: Sequence[Columned], total: str, said: tuple[str, str]) -> None:
        self._out = TextIOWrapper(stream, encoding="utf-8", newline="", write_through=False)
        self._columns, self._word = columns, total
        self._letters = [_letters(n) for n in range(len(columns))]
        forms = {**_FORMS, "yes_no": _either(*said)}
        self._forms = [forms.get(column.kind, _text_cell) for column in columns]
        self._sums = [0] * len(columns)
        self._summed = [n for n, column in enumerate(columns) if column.total]
        self._rows: list[str] = []
        self._at = 1
        wide = "".join(
            f'<col min="{n}" max="{n}" width="{c.width}" customWidth="1"/>' for n, c in enumerate(columns, 1)
        )
        pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        self._out.write(
            f'{HEADER}<worksheet {MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
            f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
            f"<cols>{wide}</cols><sheetData>"
        )
        self._add(
            [
                _string(f"{self._letters[n]}1", OVER if column.kind in NUMBERS else HEAD, column.name)
                for n, column in enumerate(columns)
            ]
        )

    def row(self, values: Sequence[Any]) -> None:
        at = self._at
        self._add(
            [
                form(f"{letters}{at}", value)
                for form, letters, value in zip(self._forms, self._letters, values, strict=True)
            ]
        )
        for n in self._summed:
            self._sums[n] += values[n] or 0

    def close(self) -> None:
        if self._word and self._summed:
            last = self._at - 1
            cells = [
                _string(f"{self._letters[n]}{self._at}", LABEL, self._word if n == 0 else "") if n not in self._summed
                else _sum(f"{self._letters[n]}{self._at}", self._letters[n], last, self._sums[n])
                for n in range(len(self._columns))
            ]  # fmt: skip
            self._add(cells)
        self._flush()
        wide = sum(column.width for column in self._columns)
        turned, pages = "landscape" if wide > UPRIGHT else "portrait", -(-wide // TURNED)
        paper = f'<pageSetup paperSize="9" fitToWidth="{pages}" fitToHeight="0" orientation="{turned}"/>'
        self._out.write(f"</sheetData>{paper}{PAGED}</worksheet>")
        self._out.close()

    def _add(self, cells: Iterable[str]) -> None:
        self._rows.append(f'<row r="{self._at}">{"".join(cells)}</row>')
        self._at += 1
        if len(self._rows) >= CHUNK:
            self._flush()

    def _flush(self) -> None:
        self._out.write("".join(self._rows))
        self._rows = []


def _letters(column: int) -> str:
    """A, B, … Z, AA, …"""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _string(at: str, style: int, text: str) -> str:
    if not text:
        return f'<c r="{at}" s="{style}"/>'
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if UNFIT.search(text):
        text = UNFIT.sub("", text)
    if "_x" in text:
        text = ESCAPED.sub(lambda found: f"_x005F{found[0]}", text)
    if len(text) > MOST_LETTERS:
        text = text[:MOST_LETTERS]
    return f'<c r="{at}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def _text_cell(at: str, value: Any) -> str:
    return _string(at, TEXT, value if isinstance(value, str) else "" if value is None else str(value))


def _money_cell(at: str, fen: int | None) -> str:
    return f'<c r="{at}" s="{MONEY}"><v>{yuan(fen)}</v></c>' if fen is not None else f'<c r="{at}" s="{MONEY}"/>'


def _date_cell(at: str, day: date | str | None) -> str:
    return f'<c r="{at}" s="{DATE}"><v>{_days(day)}</v></c>' if day else f'<c r="{at}" s="{DATE}"/>'


@lru_cache(maxsize=4096)
def _days(day: date | str) -> int:
    return day_of(day).toordinal() - EPOCH


def _rate_cell(at: str, rate: int) -> str:
    return f'<c r="{at}" s="{RATE}"><v>{rate / 10_000}</v></c>'


def _whole_cell(at: str, value: int | Decimal) -> str:
    """A count; among counts, an amount in yuan."""
    return f'<c r="{at}" s="{MONEY if isinstance(value, Decimal) else WHOLE}"><v>{value}</v></c>'


def _figure_cell(at: str, value: Decimal) -> str:
    """A number with as many decimals as it has."""
    return f'<c r="{at}" s="{AS_IT_IS}"><v>{value.normalize():f}</v></c>'


def _either(yes: str, no: str) -> Form:
    return lambda at, said: _string(at, TEXT, yes if said else no)


def _sum(at: str, letters: str, last: int, fen: int) -> str:
    formula = f"SUM({letters}2:{letters}{last})" if last > 1 else "0"
    return f'<c r="{at}" s="{SUM}"><f>{formula}</f><v>{yuan(fen)}</v></c>'


_FORMS: Mapping[str, Form] = {
    "money": _money_cell,
    "date": _date_cell,
    "rate": _rate_cell,
    "whole": _whole_cell,
    "figure": _figure_cell,
}
