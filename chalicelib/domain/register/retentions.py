"""Balances of retention 质保金余额 as finance's system writes them out: how a contract stands at the end of a day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.money.retention import Balance
from chalicelib.domain.record.text import sought
from chalicelib.domain.register import amounts, cells
from chalicelib.domain.register.column import Column, Sheet
from chalicelib.domain.register.reader import Reader

MOST = 5000  # rows of a file
AMOUNTS = ("held", "deducted", "released", "payable", "bond")
SHEET = Sheet(
    "retentions",
    "质保金余额",
    "财务系统导出的质保金余额，每个合同一行，金额为截止日期的累计数",
    (
        Column("contract", "合同编号", cells.words, True, "合同编号或编码", width=20),
        Column("on", "截止日期", cells.day, True, "如 2026-03-31"),
        Column("held", "累计扣留", amounts.money, True, "元"),
        Column("deducted", "累计扣款", amounts.money, False, "元"),
        Column("released", "累计返还", amounts.money, False, "元"),
        Column("payable", "未付工程款", amounts.money, False, "元"),
        Column("bond", "保函余额", amounts.money, False, "元"),
    ),
)


@dataclass(frozen=True, slots=True)
class Stated:
    """A row: a contract, as it is called there, and its balance."""

    row: int
    contract: str
    balance: Balance


class RetentionReader(Reader):
    """One reading of a file of balances: its one sheet, whatever that is called."""

    def sheet_called(self, name: str) -> Sheet | None:
        alone = len(self.book.names()) == 1
        return SHEET if alone or sought(name) in (SHEET.zh, SHEET.name) else None

    def stated(self) -> Iterator[Stated]:
        """Every row that is sound, in order; the others are faults. Raises TooMany."""
        self._find_sheets()
        seen: dict[str, int] = {}
        if SHEET.name not in self.sheets:
            return
        for count, (row, values, sound) in enumerate(self.lines(SHEET.name), 1):
            if count > MOST:
                self.fault(SHEET.name, row, "", "too_many_rows", limit=MOST)
                return
            if not sound:
                continue
            contract = str(values["contract"])
            balance = Balance(values["on"], *(int(values[name] or 0) for name in AMOUNTS))
            if contract in seen:
                self.fault(
                    SHEET.name, row, "contract", "code_twice", code=contract, sheet=SHEET.name, row=seen[contract]
                )
            elif balance.left < 0:
                self.fault(SHEET.name, row, "held", "less_than_gone")
            else:
                seen[contract] = row
                yield Stated(row, contract, balance)
