"""One broken row breaks one row: what can't be read is left out of lists, named in the log, and rings.

Unreadable   raised where nothing can be made without the row: an event of a record; its text is the key
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.store.table import Row

T = TypeVar("T")
FAULTS = (
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
    IndexError,
)  # what a text of another form makes of its reader


class Unreadable(Exception):
    """A row that a record can't be read without. Its text is the row's key: nothing personal."""

    @property
    def record(self) -> str:
        """The partition of the record, which is a reference to it too."""
        return str(self).partition(" ")[0]


def notice(row: Row, fault: Exception) -> str:
    """Name a row that can't be read, and ring; its key."""
    key = f"{row.get('pk', '')} {row.get('sk', '')}"
    logger.error("row unreadable", extra={"row": key, "why": type(fault).__name__})
    ring("RowsUnreadable")
    return key


def one(row: Row | None, read: Callable[[Row], T]) -> T | None:
    """What `read` makes of a row; None where there is none, or none that can be read."""
    return next(iter(each([row], read)), None) if row else None


def each(rows: Iterable[Row], read: Callable[[Row], T]) -> list[T]:
    """What `read` makes of every row that can be read."""
    found = []
    for row in rows:
        try:
            found.append(read(row))
        except FAULTS as fault:
            notice(row, fault)
    return found
