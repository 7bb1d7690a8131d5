"""The table's twin in memory, for model tests: the same primitives and conditions, held to the same contract tests."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence

from chalicelib.store.table import (
    COLUMNS,
    INDEXES,
    LAST,
    PROJECTED,
    Change,
    Conflict,
    Delete,
    Key,
    Page,
    Put,
    Row,
    Write,
    key_of,
)


class MemoryTable:
    """See `table.Table`. Rows are copied on the way in and out. `inserted` sees each new row, as the stream does."""

    def __init__(self, inserted: Callable[[Row], None] | None = None) -> None:
        self.parts: dict[str, dict[str, Row]] = {}
        self.inserted = inserted or (lambda row: None)
        self.tokens: set[str] = set()
        self._index: dict[tuple[str, str], list[tuple[str, str, str]]] = {}

    def get(self, pk: str, sk: str, *, consistent: bool = False) -> Row | None:
        row = self.parts.get(pk, {}).get(sk)
        return dict(row) if row else None

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
        part = self.parts.get(pk, {})
        keys = sorted((sk for sk in part if low <= sk <= high), reverse=descending)
        if start:
            keys = [k for k in keys if (k < start["sk"] if descending else k > start["sk"])]
        taken = keys if limit is None else keys[:limit]
        more = {"pk": pk, "sk": taken[-1]} if limit is not None and len(keys) >= limit and taken else None
        return Page([dict(part[k]) for k in taken], more)

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
    ) -> Page:
        hash_name, range_name = INDEXES[name]
        entries = [e for e in self._index.get((name, key), []) if low <= e[0] <= high] if descending else []
        taken: list[tuple[str, str, str]] = []
        if descending:
            after = (start[range_name], start["pk"], start["sk"]) if start else None
            taken = [e for e in reversed(entries) if after is None or e < after][:limit]
        else:
            taken = self._ascending(name, key, low, high, limit, start)
        more = None
        if limit is not None and len(taken) == limit and taken:
            value, pk, sk = taken[-1]
            more = {"pk": pk, "sk": sk, hash_name: key, range_name: value}
        shown = {"pk", "sk", hash_name, range_name, *PROJECTED[name]}
        rows = [{k: v for k, v in self.parts[pk][sk].items() if k in shown} for _, pk, sk in taken]
        return Page(rows, more)

    def _ascending(
        self, name: str, key: str, low: str, high: str, limit: int | None, start: Mapping[str, str] | None
    ) -> list[tuple[str, str, str]]:
        entries = self._index.get((name, key), [])
        at = bisect_left(entries, (low, "", ""))
        if start:
            after = (start[INDEXES[name][1]], start["pk"], start["sk"])
            at = bisect_left(entries, after)
            at += at < len(entries) and entries[at] == after
        taken: list[tuple[str, str, str]] = []
        while at < len(entries) and entries[at][0] <= high and (limit is None or len(taken) < limit):
            taken.append(entries[at])
            at += 1
        return taken

    def walk(self, sk: str, *, limit: int, start: Mapping[str, str] | None = None) -> Page:
        keys = sorted(pk for pk, part in self.parts.items() if sk in part and (not start or pk > start["pk"]))
        more = {"pk": keys[limit - 1], "sk": sk} if len(keys) >= limit else None
        return Page([dict(self.parts[pk][sk]) for pk in keys[:limit]], more)

    def count(self, name: str, key: str) -> int:
        return len(self._index.get((name, key), ()))

    def batch(self, keys: Iterable[Key], *, consistent: bool = False) -> list[Row]:
        return [row for key in dict.fromkeys(keys) if (row := self.get(*key))]

    def write(self, write: Write) -> Row | None:
        self._check([write])
        return self._apply(write)

    def transact(self, writes: Sequence[Write], token: str = "") -> None:
        if token and token in self.tokens:
            return
        self._check(writes)
        self.tokens |= {token} if token else set()
        for write in writes:
            self._apply(write)

    def _check(self, writes: Sequence[Write]) -> None:
        lost = [i for i, write in enumerate(writes) if not self._holds(write)]
        if lost:
            raise Conflict(lost, len(writes))

    def _holds(self, write: Write) -> bool:
        pk, sk = key_of(write)
        row = self.parts.get(pk, {}).get(sk)
        if isinstance(write, Put) and write.new and row is not None:
            return False
        if isinstance(write, Change) and write.exists and row is None:
            return False
        if isinstance(write, Change) and any((row or {}).get(name, 0) >= limit for name, limit in write.below.items()):
            return False
        return all((row or {}).get(name) == value for name, value in write.when.items())

    def _apply(self, write: Write) -> Row | None:
        pk, sk = key_of(write)
        old = self.parts.get(pk, {}).get(sk)
        new: Row | None
        if isinstance(write, Put):
            _check_columns(write.row)
            new = {k: v for k, v in write.row.items() if v is not None}
        elif isinstance(write, Delete):
            new = None
        else:
            _check_columns(write.sets)
            new = dict(old or {"pk": pk, "sk": sk})
            for name, value in write.sets.items():
                new[name] = value
                if value is None:
                    del new[name]
            for name, by in write.adds.items():
                new[name] = new.get(name, 0) + by
        self._reindex(pk, sk, old, new)
        if new is None:
            self.parts.get(pk, {}).pop(sk, None)
            return None
        self.parts.setdefault(pk, {})[sk] = new
        if old is None:
            self.inserted(dict(new))
        return dict(new)

    def _reindex(self, pk: str, sk: str, old: Row | None, new: Row | None) -> None:
        for name, (hash_name, range_name) in INDEXES.items():
            was, now = _entry(old, hash_name, range_name), _entry(new, hash_name, range_name)
            if was == now:
                continue
            if was:
                entries = self._index[(name, was[0])]
                entries.pop(bisect_left(entries, (was[1], pk, sk)))
            if now:
                insort(self._index.setdefault((name, now[0]), []), (now[1], pk, sk))


def _check_columns(row: Mapping[str, object]) -> None:
    """Raises ValueError for what the deployed table has no column for."""
    if unknown := row.keys() - COLUMNS:
        raise ValueError(f"no such column: {', '.join(sorted(unknown))}")


def _entry(row: Row | None, hash_name: str, range_name: str) -> tuple[str, str] | None:
    return (row[hash_name], row[range_name]) if row and hash_name in row and range_name in row else None
