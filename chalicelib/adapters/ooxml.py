"""An XLSX as any tool writes it, row by row, without a model of the whole: names of elements count, not namespaces.

    numbers       as their format shows them: 00101 under 00000, 138-0000-0000 under 000-0000-0000; dates as datetimes
    formulas      as their text, so that they are noticed
    merged        down a column every row has the value; across columns it is refused
    hidden        rows are read as any; a hidden sheet is read if it has a name that is known, and noted

Raises NotAWorkbook, naming sheet and cell.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError, iterparse

from chalicelib.domain.register.faults import Remark
from chalicelib.domain.register.sheets import sheet_called

DATES = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])  # built-in formats of dates
ESCAPED = re.compile(r"(?:_x[0-9A-Fa-f]{4}_)+")
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([^"]{3,40})"')
CELL = re.compile(rb'<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"')
ASIDE = re.compile(r"\[[^\]]*\]|_.|\*.")  # colours and languages, a gap as wide as a letter, a filler
PIECES = re.compile(r'"[^"]*"|\\.|.')
EPOCH, EPOCH_1904 = datetime.fromisoformat("1899-12-30"), datetime.fromisoformat("1904-01-01")
MOST_COLUMNS = 16384
MOST_ROWS = 1_048_576
BROKEN = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, EOFError, NotImplementedError, RuntimeError, OSError)


class NotAWorkbook(ValueError):
    """The file can't be opened as what it should be; `remark` says why, for whoever loads it."""

    def __init__(self, where: str, what: str, **facts: object) -> None:
        self.remark = Remark(where, what, facts)
        super().__init__(str(self.remark))


class Bad(ValueError):
    """Something in a part that it can't be; whoever reads the part says where."""

    def __init__(self, what: str, **facts: object) -> None:
        super().__init__(what)
        self.what, self.facts = what, facts


class Workbook:
    """A workbook. `notes`: what was read otherwise than it looks, for whoever loads it."""

    def __init__(self, path: Path) -> None:
        self.notes: list[Remark] = []
        self._name = path.name
        with _naming(self._name):
            self._archive = zipfile.ZipFile(path)
            links = self._links("xl/_rels/workbook.xml.rels", "xl")
            self._sheets: dict[str, str] = {}
            self._epoch = EPOCH
            for element in self._elements("xl/workbook.xml"):
                if _tag(element) == "workbookPr" and element.get("date1904") in ("1", "true"):
                    self._epoch = EPOCH_1904
                elif _tag(element) == "sheet":
                    self._add(element, links)
            self._texts = self._shared(links.get("sharedStrings", ""))
            self._formats = self._styles(links.get("styles", ""))

    def names(self) -> Sequence[str]:
        return list(self._sheets)

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        """(row number, cells) of what stands in the sheet, in the order of its rows."""
        part, where = self._sheets[name], [name]
        with _naming(f"{self._name}: ", where):
            down = self._merged(name, part)
            filled: dict[int, object] = {}
            before = 0
            for element in self._elements(part, "row"):
                number = int(element.get("r") or before + 1)
                if not before < number <= MOST_ROWS:
                    raise NotAWorkbook(
                        f"{self._name}: {name}", "row {row} stands behind row {before}", row=number, before=before
                    )
                before = number
                cells = self._cells(element, name, number, where)
                for column, first, last in down:
                    if number == first:
                        filled[column] = cells.get(column)
                    elif first < number <= last and any(v not in (None, "") for v in cells.values()):
                        cells[column] = filled.get(column)
                yield number, [cells.get(column) for column in range(max(cells, default=-1) + 1)]
                element.clear()

    def _add(self, element: Element, links: Mapping[str, str]) -> None:
        name = element.get("name", "")
        link = next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == "id"), "")
        if link not in links:
            raise NotAWorkbook(f"{self._name}: {name}", "its part is missing")
        if element.get("state", "visible") != "visible":
            if sheet_called(name) is None:
                return
            self.notes.append(Remark(name, "the sheet is hidden, and was read"))
        if links[link].rpartition("/")[0].endswith("chartsheets"):
            return
        self._sheets[name] = links[link]

    def _links(self, part: str, folder: str) -> dict[str, str]:
        """The parts of the archive, by their relationship's id and by its type."""
        found = {}
        for element in self._elements(part, "Relationship"):
            target = element.get("Target", "")
            at = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))
            found[element.get("Id", "")] = found[element.get("Type", "").rpartition("/")[2]] = at
        return found

    def _elements(self, part: str, tag: str = "") -> Iterator[Element]:
        with self._archive.open(part) as content:
            try:
                for _, element in iterparse(content):
                    if not tag or _tag(element) == tag:
                        yield element
            except ParseError as fault:
                raise Bad("not well-formed after {cell}", cell=self._last(part, *fault.position)) from fault

    def _last(self, part: str, line: int, column: int) -> str:
        """The last cell that stands before a place of a part (of one that breaks off, the last); else the place."""
        with self._archive.open(part) as content:
            lines = [next(content, b"") for _ in range(line)]
        before = b"".join([*lines[:-1], lines[-1][:column]])
        cells = CELL.findall(before) or CELL.findall(b"".join(lines))
        return cells[-1].decode() if cells else f"line {line}"

    def _shared(self, part: str) -> list[str]:
        return [_text(element) for element in self._elements(part, "si")] if part else []

    def _styles(self, part: str) -> list[tuple[int, str]]:
        """(id, code) of the number format of each style."""
        if not part:
            return []
        codes: dict[int, str] = {}
        for element in self._elements(part):
            if _tag(element) == "numFmt":
                codes[int(element.get("numFmtId", 0))] = element.get("formatCode", "")
            elif _tag(element) == "cellXfs":
                ids = [int(x.get("numFmtId", 0)) for x in element if _tag(x) == "xf"]
                return [(i, codes.get(i, "")) for i in ids]
        return []

    def _merged(self, name: str, part: str) -> list[tuple[int, int, int]]:
        """(column, first row, last row) of cells merged downwards. Raises NotAWorkbook for those across columns."""
        down, across = [], []
        with self._archive.open(part) as content:
            for reference in _found(MERGED, content):
                begin, _, end = reference.partition(":")
                (left, top), (right, bottom) = _place(begin), _place(end or begin)
                if left != right:
                    across.append(reference)
                elif top != bottom:
                    down.append((left, top, bottom))
                    self.notes.append(Remark(f"{name}!{reference}", "merged cells, each row was given the value"))
        if across:
            where = f"{self._name}: {name}!{' '.join(across[:5])}"
            raise NotAWorkbook(where, "cells merged across columns; unmerge them")
        return down

    def _cells(self, row: Element, name: str, number: int, where: list[str]) -> dict[int, object]:
        made: dict[int, object] = {}
        at = -1
        for cell in row:
            if _tag(cell) != "c":
                continue
            reference = cell.get("r", "")
            column, stands_in = _place(reference) if reference else (at + 1, number)
            where[:] = [f"{name}!{reference or number}"]
            if stands_in != number or column in made or column >= MOST_COLUMNS:
                raise NotAWorkbook(f"{self._name}: {name}!{reference}", "the cell stands in the wrong place, or twice")
            at, made[column] = column, self._value(cell)
        return made

    def _value(self, cell: Element) -> object:
        parts = {_tag(part): part for part in cell}
        if "f" in parts:
            return "=" + (parts["f"].text or "")
        kind = cell.get("t", "n")
        if kind == "inlineStr":
            return _text(parts["is"]) if "is" in parts else None
        raw = (parts["v"].text or "") if "v" in parts else ""
        if not raw:
            return None
        if kind == "s":
            index = int(raw)
            if not 0 <= index < len(self._texts):
                raise Bad("no shared text {index}", index=index)
            return self._texts[index]
        if kind == "b":
            return raw in ("1", "true")
        if kind == "d":
            return datetime.fromisoformat(raw.rstrip("Z"))
        if kind in ("str", "e"):
            return _unescaped(raw)
        style = int(cell.get("s", 0))
        return self._number(raw, *(self._formats[style] if style < len(self._formats) else (0, "")))

    def _number(self, raw: str, format_id: int, code: str) -> object:
        value: int | float = int(raw) if re.fullmatch(r"-?\d{1,17}", raw) else float(raw)
        if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
            value = int(value)
        if format_id in DATES or _is_date(code):
            try:
                return self._epoch + timedelta(seconds=round(value * 86400))
            except OverflowError:
                return value
        return _shown(value, code) if code and isinstance(value, int) and value >= 0 else value


@contextmanager
def _naming(before: str, where: Sequence[str] = ("",)) -> Iterator[None]:
    """Whatever is broken becomes one line that says where."""
    try:
        yield
    except NotAWorkbook:
        raise
    except Bad as bad:
        raise NotAWorkbook(f"{before}{where[0]}", bad.what, **bad.facts) from bad
    except (*BROKEN, ValueError) as fault:
        why = str(fault).strip("'\"") or type(fault).__name__
        raise NotAWorkbook(f"{before}{where[0]}", "broken ({why})", why=why.replace("\n", " ")) from fault


def _tag(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _text(element: Element) -> str:
    """A text in one or several runs; how it is pronounced (rPh) is left out."""
    made = []
    for part in element:
        if _tag(part) == "t":
            made.append(part.text or "")
        elif _tag(part) == "r":
            made += [t.text or "" for t in part if _tag(t) == "t"]
    return _unescaped("".join(made))


def _unescaped(text: str) -> str:
    """_x000D_ as the letter that it stands for."""
    if "_x" not in text:
        return text

    def letters(found: re.Match[str]) -> str:
        units = b"".join(int(unit, 16).to_bytes(2, "big") for unit in re.findall("_x(....)_", found[0]))
        return units.decode("utf-16-be", "surrogatepass")

    return ESCAPED.sub(letters, text)


def _place(reference: str) -> tuple[int, int]:
    """(column from 0, row from 1) of a reference such as B12."""
    match = REFERENCE.fullmatch(reference)
    if match is None:
        raise Bad("“{reference}” is no cell", reference=reference[:20])
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1, int(match[2])


def _is_date(code: str) -> bool:
    bare = re.sub(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', "", code.partition(";")[0]).lower()
    return re.search(r"[ymdhs]", bare) is not None and "general" not in bare and "standard" not in bare


def _shown(value: int, code: str) -> object:
    """A whole number as a format of digits and fixed letters shows it; itself under any other format."""
    section = ASIDE.sub("", code.partition(";")[0])
    pieces = PIECES.findall(section)
    if any(p in "./,%Ee@?" for p in pieces) or sum(p in "0#" for p in pieces) < 2:
        return value
    digits, made = list(str(value)), []
    first = next(i for i, p in enumerate(pieces) if p in "0#")
    for i in range(len(pieces) - 1, -1, -1):
        piece = pieces[i]
        if piece in "0#":
            made.append(digits.pop() if digits else "0" if piece == "0" else "")
            if i == first:
                made += reversed(digits)
        else:
            made.append(piece.strip('"') if piece.startswith('"') else piece[-1])
    return "".join(reversed(made))


def _found(pattern: re.Pattern[bytes], content: IO[bytes]) -> Iterator[str]:
    """What a pattern's group finds in a stream, read in pieces that overlap."""
    kept, size = b"", 1 << 20
    while piece := content.read(size):
        text = kept + piece
        end = 0
        for match in pattern.finditer(text):
            yield match[1].decode("ascii", "replace")
            end = match.end()
        kept = text[max(end, len(text) - 300) :]
