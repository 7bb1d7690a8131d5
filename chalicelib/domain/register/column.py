"""What a sheet of the register and a column of it are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.domain.record.text import sought
from chalicelib.domain.register import cells
from chalicelib.domain.register.cells import Form


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    zh: str
    form: Form
    need: bool = False
    note: str = ""
    labels: Mapping[str, str] | None = None
    width: int = 14
    others: bool = False  # the labels are not all that may stand there


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    zh: str
    note: str
    columns: tuple[Column, ...]

    def column(self, heading: str) -> Column | None:
        """The column that a heading means."""
        wanted = sought(heading).rstrip("* ")
        return next((c for c in self.columns if wanted in (c.zh.lower(), c.name)), None)


def one(name: str, zh: str, labels: Mapping[str, str], need: bool = False, note: str = "") -> Column:
    """One of a list."""
    return Column(name, zh, cells.choice(labels), need, note or "、".join(labels.values()), labels, 12)


def code(zh: str = "编码", note: str = "字母、数字、- . _，全表唯一，定下后不要改", need: bool = True) -> Column:
    """What the row is called by."""
    return Column("code", zh, cells.code, need, note, width=16)


def to(name: str, zh: str, need: bool = True, note: str = "") -> Column:
    """The code of another row."""
    return Column(name, zh, cells.code, need, note, width=16)
