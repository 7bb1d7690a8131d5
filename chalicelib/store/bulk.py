"""Writing many rows where only few differ: what is stored is read first, and what is as wanted is left alone.

Reading costs one batch get per 100 rows compared; writing one transaction per up to 100 rows, each record whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.store.table import Delete, Key, Put, Row, Write, table

MOST = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """One record: its `rows`; the first `compared` of them tell whether it is stored, the others follow from these.

    `gone`: the keys that the record's old first row leaves behind. `counts`: the prefix of the sort keys to be counted.
    """

    rows: Sequence[Row]
    counts: str
    compared: int = 1
    gone: Callable[[Row], Sequence[Key]] = lambda old: ()


def write(wanted: Sequence[Wanted]) -> Counter[str]:
    """Store records; counts of `added`, `changed`, `unchanged`, `removed`. May run again: then all are unchanged.

    Raises Conflict when somebody else wrote one of them meanwhile: read again what they were made from, and repeat.
    """
    tally: Counter[str] = Counter()
    old = _stored(wanted)
    pack: list[Write] = []
    for record in wanted:
        writes, count = _differences(record, old)
        if len(pack) + len(writes) > MOST:
            table().transact(pack)
            pack = []
        pack += writes
        tally.update(count)
    if pack:
        table().transact(pack)
    return tally


def differences(wanted: Sequence[Wanted]) -> list[Write]:
    """The writes that store records where they differ, for a transaction with others: on what was read now."""
    old = _stored(wanted)
    return [write for record in wanted for write in _differences(record, old)[0]]


def _stored(records: Sequence[Wanted]) -> Mapping[Key, Row]:
    keys = [(row["pk"], row["sk"]) for record in records for row in record.rows[: record.compared]]
    found: dict[Key, Row] = {}
    for first in range(0, len(keys), MOST):
        for row in table().batch(keys[first : first + MOST]):
            found[row["pk"], row["sk"]] = row
    return found


def _differences(record: Wanted, old: Mapping[Key, Row]) -> tuple[list[Write], Counter[str]]:
    first = record.rows[0]
    before = old.get((first["pk"], first["sk"]))
    gone = record.gone(before) if before else ()
    count: Counter[str] = Counter(removed=sum(sk.startswith(record.counts) for _, sk in gone))
    same = not gone
    for row in record.rows[: record.compared]:
        was = old.get((row["pk"], row["sk"]))
        same = same and was == row
        if row["sk"].startswith(record.counts):
            count["unchanged" if was == row else "changed" if was else "added"] += 1
    if same:
        return [], count
    when: Mapping[str, Any] = {"body": before["body"]} if before else {}
    writes: list[Write] = [Put(first, new=before is None, when=when), *(Put(row) for row in record.rows[1:])]
    return writes + [Delete(key) for key in gone], count
