"""What a file of places and people holds: an XLSX workbook, a folder of CSVs, or a zip of them.

A CSV's name is its sheet's: 房产.csv or units.csv. Read as UTF-8 (with or without BOM), GB 18030, or UTF-16 with BOM.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from chalicelib.adapters.ooxml import BROKEN, NotAWorkbook, Workbook
from chalicelib.domain.register.faults import Remark

MOST_BYTES = 512 * 2**20  # unpacked, of a file in an archive


OLD = b"\xd0\xcf\x11\xe0"  # the container of .xls, .et and of files with a password
ELSE = {
    "xl/workbook.bin": "a binary workbook (.xlsb); save it as .xlsx",
    "content.xml": "an OpenDocument file; save it as .xlsx",
    "Index/Document.iwa": "a Numbers file; export it as .xlsx",
}


def open_book(path: Path) -> Workbook | Csvs:
    """The book in a file or folder. Raises NotAWorkbook, OSError."""
    if path.is_dir():
        return Csvs({file.stem: file.read_bytes for file in sorted(path.glob("*.csv")) if _counts(file.name)})
    content = path.read_bytes()
    if content.startswith(OLD):
        raise NotAWorkbook(path.name, "an old workbook (.xls, .et) or one with a password; save it as plain .xlsx")
    if content[:200].lstrip().lower().startswith((b"<html", b"<!doctype", b"<?xml", b"<table")):
        raise NotAWorkbook(path.name, "a web page under the name of a workbook; save it as .xlsx")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = [info for info in archive.infolist() if not info.is_dir()]
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as fault:
        if path.suffix.lower() in (".csv", ".txt"):
            return Csvs({path.stem: path.read_bytes})
        broken = "a broken workbook" if content.startswith(b"PK") else "neither a workbook nor a CSV"
        raise NotAWorkbook(path.name, broken) from fault
    if any(info.file_size > MOST_BYTES for info in names):
        raise NotAWorkbook(path.name, "unpacks to more than {size} MB", size=MOST_BYTES >> 20)
    parts = {info.filename for info in names}
    if "xl/workbook.xml" in parts:
        return Workbook(path)
    for part, what in ELSE.items():
        if part in parts:
            raise NotAWorkbook(path.name, what)
    csvs: dict[str, str] = {}
    for name in sorted(parts):
        shown = Path(readable(name))
        if shown.suffix.lower() == ".csv" and _counts(readable(name)):
            if shown.stem in csvs:
                raise NotAWorkbook(path.name, "two files are called {file}", file=shown.name)
            csvs[shown.stem] = name
    if not csvs:
        raise NotAWorkbook(path.name, "neither a workbook nor an archive of CSVs")
    return Csvs({stem: _member(path.name, content, name) for stem, name in csvs.items()})


def _counts(name: str) -> bool:
    """Whether a file is somebody's own: not what a Mac or an editor leaves beside it."""
    parts = Path(name).parts
    return "__MACOSX" not in parts and not any(part.startswith((".", "~$")) for part in parts)


class Csvs:
    """CSVs by sheet name."""

    def __init__(self, files: dict[str, Callable[[], bytes]]) -> None:
        self._files = files
        self.notes: list[Remark] = []

    def names(self) -> Sequence[str]:
        return list(self._files)

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        text = _decoded(self._files[name](), name)
        lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        before = 0
        try:
            for cells in lines:
                yield before + 1, cells
                before = lines.line_num
        except csv.Error as fault:
            raise NotAWorkbook(f"{name}.csv:{lines.line_num}", "broken ({why})", why=fault) from fault


def readable(name: str) -> str:
    """A name in an archive; Chinese systems write theirs in GBK without saying so, and it is read as code page 437."""
    try:
        return name if name.isascii() else name.encode("cp437").decode("gbk")
    except UnicodeError:
        return name


def _member(book: str, content: bytes, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        try:
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                return archive.read(name)
        except BROKEN as fault:
            raise NotAWorkbook(f"{book}: {readable(name)}", "broken ({why})", why=fault) from fault

    return read


def _decoded(content: bytes, name: str) -> str:
    encodings = ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotAWorkbook(f"{name}.csv", "neither UTF-8 nor GB 18030")


def _delimiter(text: str) -> str:
    """What parts the headings: a comma, or what some systems and \"Unicode text\" have in its place."""
    head = text.partition("\n")[0]
    return max(",;\t", key=head.count) if "," not in head else ","
