"""What can be wrong with a register: sheet, row, column, fault. `language/faults.py` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST = 1000


@dataclass(frozen=True, slots=True)
class Fault:
    """`row` as the spreadsheet numbers it, 0 for the sheet as a whole; `column` its name, "" for the row as a whole."""

    sheet: str
    row: int
    column: str
    reason: str
    details: Mapping[str, object] = field(default_factory=dict)


class TooMany(Exception):
    """There are so many faults that reading on helps nobody."""
