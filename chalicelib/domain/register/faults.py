"""What can be wrong with a register: sheet, row, column, fault; or of a file as such. `language/faults.py` says it."""

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


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of a file, a sheet or a cell as it stands: `where`, and `what` in the catalogue's words."""

    where: str
    what: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return f"{self.where}: {self.what.format_map(self.facts)}"


class TooMany(Exception):
    """There are so many faults that reading on helps nobody."""
