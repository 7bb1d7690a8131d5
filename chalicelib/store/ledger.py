"""The entries of the sub-ledger, only ever added, and what stood on its accounts when a period was closed.

item      pk                          sk                      what
entry     LEDGER#<entity>#<period>    <deduction>#<version>   `body` what one event of a deduction moved
the same  STATEMENT#<company>         <period>#<deduction>#…  for the company's statement; `line` its entity
closing   BALANCES#<entity>           <period>#<part>         `body` balances by contract at the end of a closed period
          OPEN#<entity>               <period>#<part>         `body` deductions of which something was open then
whole     BALANCES#…, OPEN#…          <period>#END            all its parts are there

An entry is written with the very change that makes it, on the condition that its period is not closed (`periods.py`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from chalicelib.domain.money.ledger import Posting, made, plain
from chalicelib.domain.money.report import Open
from chalicelib.domain.record.reference import parts
from chalicelib.store.table import Conflict, Put, Row, Write, compact, table

SLICE = 500
PART = 150  # contracts or deductions of a part
END = "END"
Balances = dict[tuple[str, str, str], dict[str, int]]  # (company, contract, project) → account → fen, debit positive


def written(entries: Sequence[Posting]) -> list[Write]:
    """The writes of entries, for the transaction of the change that makes them. One that is there is a conflict."""
    return [Put(row(entry), new=True) for entry in entries for row in (_row, _of_company)]


def of_company(company: str, first: str = "", last: str = "9") -> Iterator[Posting]:
    """The entries of a company, of all entities, from one period to another. A query for every 500."""
    start = None
    while True:
        page = table().query(f"STATEMENT#{company}", first, f"{last}~", limit=SLICE, start=start)
        for row in page.rows:
            period, deduction, entity = row["sk"].partition("#")[0], row["id"], row["line"]
            yield made(deduction, int(row["sk"].rpartition("#")[2]), entity, period, json.loads(row["body"]))
        start = page.next
        if not start:
            return


def entries(entity: str, period: str) -> Iterator[Posting]:
    """All entries of a period, by deduction and version. A query for every 500."""
    start = None
    while True:
        page = table().query(f"LEDGER#{entity}#{period}", limit=SLICE, start=start, consistent=True)
        for row in page.rows:
            yield _entry(row)
        start = page.next
        if not start:
            return


def entries_of(entity: str, period: str, deduction: str) -> list[Posting]:
    """The entries of one deduction in a period. One query."""
    name = parts(deduction)[1]
    rows = table().query(f"LEDGER#{entity}#{period}", f"{name}#", f"{name}#~", consistent=True).rows
    return [_entry(row) for row in rows]


def closing(entity: str, period: str) -> Balances | None:
    """What stood on the accounts at the end of a period; None where nobody has counted that. One query."""
    kept = _kept(f"BALANCES#{entity}", period)
    return None if kept is None else {(c, k, p): accounts for c, k, p, accounts in kept}


def open_then(entity: str, period: str) -> dict[str, Open] | None:
    """The deductions of which something was open at the end of a period; None where nobody has looked. One query."""
    kept = _kept(f"OPEN#{entity}", period)
    return (
        None
        if kept is None
        else {d: Open(d, n, c, k, p, Counter(fen), dict(since)) for d, n, c, k, p, fen, since in kept}
    )


def keep_open(entity: str, period: str, found: Iterable[Open]) -> None:
    """Keep what was open at the end of a closed period, for good. The same again changes nothing."""
    lines = [
        [one.deduction, one.number, one.company, one.contract, one.project, dict(one.balances), one.since]
        for one in sorted(found, key=lambda one: one.deduction)
    ]
    _keep(f"OPEN#{entity}", period, lines)


def keep_closing(entity: str, period: str, balances: Mapping[tuple[str, str, str], Mapping[str, int]]) -> None:
    """Keep what stood there at the end of a closed period, for good. The same again changes nothing."""
    lines = [[*key, dict(accounts)] for key, accounts in sorted(balances.items()) if any(accounts.values())]
    _keep(f"BALANCES#{entity}", period, lines)


def _kept(pk: str, period: str) -> list[Any] | None:
    rows = table().query(pk, f"{period}#", f"{period}#~", consistent=True).rows
    if not rows or not rows[-1]["sk"].endswith(END):
        return None
    return [line for row in rows[:-1] for line in json.loads(row["body"])]


def _keep(pk: str, period: str, lines: Sequence[Any]) -> None:
    for n in range(0, len(lines), PART):
        _put({"pk": pk, "sk": f"{period}#{n // PART:04d}", "body": compact(lines[n : n + PART])})
    _put({"pk": pk, "sk": f"{period}#{END}", "state": "whole"})


def _put(row: Row) -> None:
    try:
        table().write(Put(row, new=True))
    except Conflict:
        return


def _row(entry: Posting) -> Row:
    pk = f"LEDGER#{entry.entity}#{entry.period}"
    return {
        "pk": pk,
        "sk": f"{parts(entry.deduction)[1]}#{entry.version:06d}",
        "id": entry.deduction,
        "body": compact(plain(entry)),
    }


def _of_company(entry: Posting) -> Row:
    sk = f"{entry.period}#{parts(entry.deduction)[1]}#{entry.version:06d}"
    return {**_row(entry), "pk": f"STATEMENT#{entry.company}", "sk": sk, "line": entry.entity}


def _entry(row: Row) -> Posting:
    _, entity, period = row["pk"].split("#")
    return made(row["id"], int(row["sk"].rpartition("#")[2]), entity, period, json.loads(row["body"]))
