"""Settlements 财务回单 as finance's system writes them out: what was really recovered or refunded, a row each.

A voucher books an amount of one deduction from one source once: the same row again is the same booking.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from chalicelib.domain.record.text import plain, sought
from chalicelib.domain.register import amounts, cells
from chalicelib.domain.register.cells import BadCell
from chalicelib.domain.register.column import Column, Sheet, one
from chalicelib.domain.register.reader import Reader

MOST = 300  # rows of a file that are booked while finance waits
MOST_APART = 10_000  # of one that is booked outside the request
SOURCES = {
    "retention": "质保金",
    "bond": "保函",
    "progress": "进度款",
    "other_contract": "其他合同",
    "claim": "索赔",
}
RECOVERED, REFUNDED = "recovered", "refunded"
KINDS = {RECOVERED: "扣回", REFUNDED: "退还"}
PERIOD = re.compile(r"(20\d\d)(?:[-/.]|年|)(1[0-2]|0?[1-9])(?:月|期|)", re.ASCII)
LONGEST = 60
SETTLED = "settled/"  # the keys of all bookings begin so


def period(raw: object) -> str:
    """An accounting period: 2026-03, 202603, 2026年3月; a spreadsheet may have made a date of it."""
    if isinstance(raw, date):
        return f"{raw:%Y-%m}"
    found = PERIOD.fullmatch(plain(str(raw)))
    if not found:
        raise BadCell("period")
    return f"{found[1]}-{int(found[2]):02d}"


def amount(raw: object) -> int:
    """Fen, more than nothing."""
    fen = amounts.money(raw)
    if fen <= 0:
        raise BadCell("money")
    return fen


def _word(raw: object) -> str:
    return cells.words(raw, LONGEST)


SHEET = Sheet(
    "settlements",
    "财务回单",
    "已入账的扣回与退还，每张凭证、每个来源一行",
    (
        Column("number", "扣款单号", _word, True, width=20),
        Column("voucher", "凭证号", _word, True, width=16),
        Column("posted", "记账日期", cells.day, True, "如 2026-03-31"),
        Column("period", "会计期间", period, True, "如 2026-03"),
        one("source", "来源", SOURCES, True),
        Column("fen", "金额", amount, True, "元，大于零"),
        Column("application", "付款申请", _word, False, width=16),
        one("kind", "类型", KINDS, note="不填为扣回"),
    ),
)


@dataclass(frozen=True, slots=True)
class Settled:
    """A row: what a voucher booked of a deduction. `period`: YYYY-MM; `application`: the payment application, or ""."""

    row: int
    number: str
    voucher: str
    posted: date
    period: str
    source: str
    fen: int
    application: str = ""
    kind: str = RECOVERED

    @property
    def key(self) -> str:
        """Names the booking for good. The mark of what was asked under a key stands behind a tilde: none before it."""
        voucher = self.voucher.replace("~", "%7E")
        return f"{SETTLED}{voucher}/{self.number}/{self.source}/{self.kind}"


def amiss(one: Settled, seen: Mapping[str, int]) -> tuple[str, str, dict[str, Any]] | None:
    """(column, reason, details) of a row that cannot stand as it is. `seen`: the rows before, by their keys."""
    if one.key in seen:
        return "voucher", "settled_twice", {"row": seen[one.key]}
    if f"{one.posted:%Y-%m}" != one.period:
        return "period", "posted_elsewhere", {"posted": one.posted.isoformat()}
    return None


class SettlementReader(Reader):
    """One reading of a file of settlements: its one sheet, whatever that is called."""

    def sheet_called(self, name: str) -> Sheet | None:
        alone = len(self.book.names()) == 1
        return SHEET if alone or sought(name) in (SHEET.zh, SHEET.name) else None

    def settled(self, most: int = MOST) -> Iterator[Settled]:
        """Every row that is sound, in order; the others are faults, and so is one too many. Raises TooMany."""
        self._find_sheets()
        seen: dict[str, int] = {}
        if SHEET.name not in self.sheets:
            return
        for count, (row, values, sound) in enumerate(self.lines(SHEET.name), 1):
            if count > most:
                self.fault(SHEET.name, row, "", "too_many_rows", limit=most)
                return
            if not sound:
                continue
            made = Settled(row, **{name: value for name, value in values.items() if value is not None})
            if wrong := amiss(made, seen):
                column, reason, more = wrong
                self.fault(SHEET.name, row, column, reason, **more)
            else:
                seen[made.key] = row
                yield made
