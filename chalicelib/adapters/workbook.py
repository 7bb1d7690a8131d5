"""What a file of places and people holds: an XLSX workbook, a folder of CSVs, or a zip of them.

A CSV's name is its sheet's: 房产.csv or units.csv. Read as UTF-8 (with or without BOM) or GB 18030.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

MOST_BYTES = 512 * 2**20  # unpacked, of a file in an archive


class NotAWorkbook(ValueError):
    """The file can't be opened as what it should be."""


def open_book(path: Path) -> Workbook | Csvs:
    """The book in a file or folder. Raises NotAWorkbook, OSError."""
    if path.is_dir():
        return Csvs({file.stem: file.read_bytes for file in sorted(path.glob("*.csv"))})
    content = path.read_bytes()
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [info for info in archive.infolist() if not info.is_dir()]
            if any(info.file_size > MOST_BYTES for info in names):
                raise NotAWorkbook(f"{path.name}: unpacks to more than {MOST_BYTES >> 20} MB")
    except zipfile.BadZipFile:
        if path.suffix.lower() == ".csv":
            return Csvs({path.stem: path.read_bytes})
        raise NotAWorkbook(f"{path.name}: neither a workbook nor a CSV") from None
    if any(info.filename == "xl/workbook.xml" for info in names):
        return Workbook(path)
    csvs = [info.filename for info in names if info.filename.lower().endswith(".csv")]
    if not csvs:
        raise NotAWorkbook(f"{path.name}: neither a workbook nor an archive of CSVs")
    return Csvs({Path(_readable(name)).stem: _member(content, name) for name in csvs})


class Workbook:
    """An XLSX, read row by row. Formulas come as the text of the formula, so that they are noticed."""

    def __init__(self, path: Path) -> None:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException

        try:
            self._book: Any = load_workbook(path, read_only=True, data_only=False, keep_links=False)
        except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, SyntaxError) as fault:
            raise NotAWorkbook(f"{path.name}: {fault}") from fault

    def names(self) -> Sequence[str]:
        return list(self._book.sheetnames)

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        sheet = self._book[name]
        sheet.reset_dimensions()
        yield from enumerate(sheet.iter_rows(values_only=True), 1)


class Csvs:
    """CSVs by sheet name."""

    def __init__(self, files: dict[str, Callable[[], bytes]]) -> None:
        self._files = files

    def names(self) -> Sequence[str]:
        return list(self._files)

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        lines = csv.reader(io.StringIO(_decoded(self._files[name](), name), newline=""))
        before = 0
        try:
            for cells in lines:
                yield before + 1, cells
                before = lines.line_num
        except csv.Error as fault:
            raise NotAWorkbook(f"{name}.csv:{lines.line_num}: {fault}") from fault


def _readable(name: str) -> str:
    """A name in an archive; Chinese systems write theirs in GBK without saying so, and it is read as code page 437."""
    try:
        return name if name.isascii() else name.encode("cp437").decode("gbk")
    except UnicodeError:
        return name


def _member(content: bytes, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return archive.read(name)

    return read


def _decoded(content: bytes, name: str) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAWorkbook(f"{name}.csv: neither UTF-8 nor GB 18030")
