"""CSV as finance opens it, written row by row: UTF-8 with BOM, RFC 4180, CRLF; money as yuan; no cell acts."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import IO, Any, Protocol

ACTS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212"
SPACES = " \u00a0\u3000\ufeff\u200b"
UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
BETWEEN = "\u2502"
SUSPECT = re.compile(f"{BETWEEN}[{re.escape(ACTS + SPACES)}]")


class Columned(Protocol):
    """A column: `kind` as `domain.money.layout` has it; `total`: whether it is summed up."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def width(self) -> int: ...
    @property
    def total(self) -> bool: ...


def harmless(text: str) -> str:
    """A text as a CSV may hold it: one that a spreadsheet would take for a formula gets an apostrophe before it."""
    clean = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if UNFIT.search(clean):
        clean = UNFIT.sub("", clean)
    first = clean[:1]
    if first in ACTS or first in SPACES:
        bare = clean.lstrip(SPACES)
        if bare and bare[0] in ACTS:
            return f"'{clean}"
    return clean


def yuan(fen: int) -> str:
    """Fen as a plain number of yuan: -12.05."""
    sign, size = ("-", -fen) if fen < 0 else ("", fen)
    return f"{sign}{size // 100}.{size % 100:02d}"


# CSV


class CsvFile:
    """Rows into a CSV. `dates`: as strftime has it; `yes`, `no`: the words of a yes-or-no column."""

    def __init__(self, path: Path, columns: Sequence[Columned], dates: str, yes: str = "yes", no: str = "no") -> None:
        self._file: IO[str] = path.open("w", encoding="utf-8-sig", newline="")
        self._csv = csv.writer(self._file, lineterminator="\r\n")
        self._csv.writerow([harmless(column.name) for column in columns])
        forms: Mapping[str, Callable[[Any], str]] = {
            "money": yuan,
            "rate": cache(lambda rate: f"{yuan(rate)}%"),
            "whole": str,
            "date": cache(lambda day: day_of(day).strftime(dates) if day else ""),
            "yes_no": lambda said: yes if said else no,
        }
        self._forms = [(n, forms[column.kind]) for n, column in enumerate(columns) if column.kind in forms]
        self._commas = len(columns) - 1
        self._texts = [n for n, column in enumerate(columns) if column.kind not in forms]

    def row(self, values: Sequence[Any]) -> None:
        cells = list(values)
        for n, form in self._forms:
            cells[n] = form(cells[n])
        if _plainly([cells[n] for n in self._texts]):
            line = ",".join(cells)
            if line.count(",") == self._commas and '"' not in line:  # nothing of it wants quotes: most rows by far
                self._file.write(f"{line}\r\n")
                return
        else:
            for n in self._texts:
                cells[n] = _text(cells[n])
        self._csv.writerow(cells)

    def close(self) -> None:
        self._file.close()


def _plainly(texts: Sequence[Any]) -> bool:
    """Whether all of these are texts that a CSV may hold as they are: one look at all of a row."""
    try:
        joined = BETWEEN + BETWEEN.join(texts)
    except TypeError:
        return False
    return joined.isprintable() and SUSPECT.search(joined) is None and joined.count(BETWEEN) == len(texts)


def day_of(said: date | str) -> date:
    """A day, as a date or in ISO form."""
    return date.fromisoformat(said) if isinstance(said, str) else said


def _text(value: Any) -> str:
    return harmless(value if isinstance(value, str) else "" if value is None else str(value))
