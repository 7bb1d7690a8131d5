"""The one table: six primitives over rows, on DynamoDB through PynamoDB. `memory.py` is the twin that model tests use.

    row        a dict of texts and whole numbers with at least `pk` and `sk`
    indexes    work (hk, by) · queue (qk, by) · due (dk, due) · place (lk, id); a row without the key is not in it

Errors: Conflict (a condition did not hold; `which` numbers the writes of a transaction that failed on theirs).
A write that was throttled or cut is retried by the client with back-off, within its time limits; transactions carry
a token. Those that met another, or were throttled within, are retried at random moments before that is told.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol

Row = dict[str, Any]
Key = tuple[str, str]

NUMBERS = frozenset({"v", "gen", "act", "tell", "ttl", "n"})
TEXTS = frozenset({"id", "body", "line", "hk", "by", "qk", "dk", "due", "lk", "armed", "state"})
COLUMNS = NUMBERS | TEXTS | {"pk", "sk"}  # of a row, besides the counters `n-…`: the twin in memory refuses others too
INDEXES: Mapping[str, tuple[str, str]] = {
    "work": ("hk", "by"),
    "queue": ("qk", "by"),
    "due": ("dk", "due"),
    "place": ("lk", "id"),
}
PROJECTED: Mapping[str, tuple[str, ...]] = {"work": ("line", "id"), "queue": ("line", "id"), "due": (), "place": ()}
LAST = "\U0010ffff"


class Conflict(Exception):
    """A condition did not hold. `which`: positions among the `of` writes; empty when two transactions met."""

    def __init__(self, which: Sequence[int] = (), of: int = 1) -> None:
        super().__init__(f"conditions {list(which)} did not hold")
        self.which = tuple(which)
        self.of = of


@dataclass(frozen=True, slots=True)
class Put:
    """Write a row; `new`: only where there is none. `when`: only while these attributes have these values."""

    row: Row
    new: bool = False
    when: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """Set and remove (None) attributes and add to counters. `when` as in Put; a value None asks for absence.

    `below`: only while these counters are absent or lower.
    """

    key: Key
    sets: Mapping[str, Any] = field(default_factory=dict)
    adds: Mapping[str, int] = field(default_factory=dict)
    when: Mapping[str, Any] = field(default_factory=dict)
    below: Mapping[str, int] = field(default_factory=dict)
    exists: bool = False


@dataclass(frozen=True, slots=True)
class Delete:
    key: Key
    when: Mapping[str, Any] = field(default_factory=dict)


Write = Put | Change | Delete


def key_of(write: Write) -> Key:
    """The key that a write is about."""
    return (write.row["pk"], write.row["sk"]) if isinstance(write, Put) else write.key


@dataclass(frozen=True, slots=True)
class Page:
    """Rows in key order and where to go on (None: that was all)."""

    rows: list[Row]
    next: Mapping[str, str] | None = None


class Table(Protocol):
    """What both the table and its twin do."""

    def get(self, pk: str, sk: str, *, consistent: bool = False) -> Row | None: ...

    def query(
        self,
        pk: str,
        low: str = "",
        high: str = LAST,
        *,
        consistent: bool = False,
        limit: int | None = None,
        start: Mapping[str, str] | None = None,
        descending: bool = False,
    ) -> Page:
        """Rows of a partition with low ≤ sk ≤ high, none where low > high; every page when no `limit` is given."""
        ...

    def index(
        self,
        name: str,
        key: str,
        low: str = "",
        high: str = LAST,
        *,
        limit: int | None = None,
        start: Mapping[str, str] | None = None,
        descending: bool = False,
    ) -> Page: ...

    def walk(self, sk: str, *, limit: int, start: Mapping[str, str] | None = None) -> Page:
        """Rows with a sort key, wherever they are: `limit` rows looked at, in no order. It reads the whole table."""
        ...

    def count(self, name: str, key: str) -> int:
        """How many rows an index has under a key."""
        ...

    def batch(self, keys: Iterable[Key], *, consistent: bool = False) -> list[Row]:
        """The rows of up to 100 keys, in no order; those that are not there are left out."""
        ...

    def write(self, write: Write) -> Row | None:
        """One write. A Change answers the row as it is then. Raises Conflict."""
        ...

    def transact(self, writes: Sequence[Write], token: str = "") -> None:
        """All or nothing, up to 100 writes. Raises Conflict. The same token within ten minutes writes once."""
        ...


_table: Table | None = None


def table() -> Table:
    """The table of this process: the deployed one, unless a test put a twin in its place."""
    global _table
    if _table is None:
        _table = _deployed()
    return _table


def use(twin: Table | None) -> None:
    """Put a table in the place of the deployed one (None: take it away again)."""
    global _table
    _table = twin


def _deployed() -> Table:
    from chalicelib.store.dynamo import DynamoTable

    return DynamoTable()


def iso(at: datetime) -> str:
    """A moment as it is stored: UTC, whole seconds, sortable."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def compact(value: Any) -> str:
    """A value as a body holds it: without a needless byte, since every byte of an item is paid for."""
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
