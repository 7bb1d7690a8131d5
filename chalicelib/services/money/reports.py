"""The reports of an entity as a workbook: roll-forward of a period, ageing, and what waits to be exported or booked."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.adapters import objects
from chalicelib.adapters.archive import TYPES
from chalicelib.adapters.sheetfiles import Plain, XlsxFile
from chalicelib.domain.money.report import Line
from chalicelib.language.reports import ages, said, stage
from chalicelib.services.money import reporting
from chalicelib.store import contracts

ROOM = "reports/"
SLICE = 100


def kept(entity: str, period: str, at: datetime, lang: str) -> str:
    """Make the workbook and keep it for some days; its key."""
    content = workbook(entity, period, at, lang)
    key = f"{ROOM}{entity}/{hashlib.sha256(content).hexdigest()}.xlsx"
    objects.put_once(key, content, TYPES["xlsx"], loose=True)
    return key


def workbook(entity: str, period: str, at: datetime, lang: str) -> bytes:
    """The reports as a workbook, a sheet each."""
    rolls, now = reporting.roll_forward(entity, period), reporting.standing(entity, at)
    lists: Sequence[tuple[str, Sequence[Line]]] = (
        ("unsealed", now.approved_not_exported),
        ("unbooked", now.exported_not_booked),
        ("unapproved", now.incurred_not_approved),
    )
    named = _Names([*rolls, *now.ageing, *(line for _, lines in lists for line in lines)])
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        book = XlsxFile(path)
        money = ("opening", "approved", "reversed", "recovered", "written_off", "closing")
        _sheet(
            book, lang, f"{said('roll', lang)} {period}", [said(name, lang) for name in money],
            ([*named.of(one), *(getattr(one, name) for name in money)] for one in rolls),
        )  # fmt: skip
        _sheet(
            book, lang, f"{said('ageing', lang)} {now.on}", [*ages(lang), said("total", lang)],
            ([*named.of(one), *one.fen, one.total] for one in now.ageing),
        )  # fmt: skip
        for title, lines in lists:
            _list(book, lang, said(title, lang), lines, named.of)
        book.close()
        return path.read_bytes()


def _sheet(book: XlsxFile, lang: str, title: str, money: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    columns = [*_about(lang), *(Plain(name, "money", 16, True) for name in money)]
    sheet = book.sheet(title, columns, said("total", lang))
    for row in rows:
        sheet.row(row)


def _list(book: XlsxFile, lang: str, title: str, lines: Iterable[Line], named: Callable[[Any], Sequence[str]]) -> None:
    columns = [
        Plain(said("number", lang), "code", 20),
        *_about(lang),
        Plain(said("stage", lang)),
        Plain(said("amount", lang), "money", 16, True),
        Plain(said("since", lang), "date", 12),
        Plain(said("days", lang), "whole", 8),
    ]
    sheet = book.sheet(title, columns, said("total", lang))
    for line in lines:
        sheet.row([line.number, *named(line), stage(line.stage, lang), line.fen, line.since, line.days])


def _about(lang: str) -> list[Plain]:
    return [
        Plain(said("company", lang), width=28),
        Plain(said("contract", lang), "code", 18),
        Plain(said("project", lang), "code", 12),
    ]


class _Names:
    """What companies and contracts are called. Two calls for every hundred of them."""

    def __init__(self, rows: Sequence[Any]) -> None:
        self._companies: dict[str, str] = {}
        self._contracts: dict[str, str] = {}
        companies = sorted({row.company for row in rows})
        numbers = sorted({row.contract for row in rows})
        for n in range(0, len(companies), SLICE):
            self._companies |= {i: c.name for i, c in contracts.companies(companies[n : n + SLICE]).items()}
        for n in range(0, len(numbers), SLICE):
            self._contracts |= {i: c.number for i, c in contracts.contracts(numbers[n : n + SLICE]).items()}

    def of(self, row: Any) -> tuple[str, str, str]:
        """Contractor, contract number, project."""
        company, contract = row.company, row.contract
        return self._companies.get(company, company), self._contracts.get(contract, contract), row.project
