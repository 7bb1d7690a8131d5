"""What may be exported of deductions: one item an entry, which a batch claims by one conditional write; and its facts.

item    pk               sk                 index                          what
entry   ENTRY#<number>   <version>          queue EXPORTABLE#<entity>/at   `line` to choose by; `state` ready | void |
                                            (while it is ready)            in <batch>: the one thing that changes;
                                                                           `gen` it was claimed before
facts   ENTRY#<number>   FACTS#<version>                                   `body` frozen

An entry stays below 1 kB, so that claiming costs a write unit and one more for the index that it leaves.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from chalicelib.domain.money.entry import IN, READY, VOID, Entry, Shown
from chalicelib.store.reading import each
from chalicelib.store.table import LAST, Change, Conflict, Put, Row, Write, compact, iso, table
from chalicelib.store.values import made, plain

LONGEST_SPOT = 200  # letters of where a list goes on
Ref = tuple[str, int]  # number of the deduction, version of the event
MOST_BYTES = 1024
SLICE = 100
NAME = 40  # letters of a company's name in a list


def written(entry: Entry, at: datetime) -> list[Write]:
    """The writes of a new entry that is ready, for the transaction of the change that makes it."""
    pk, sk = key(entry.number, entry.version)
    item = {"pk": pk, "sk": sk, "id": entry.deduction, "line": _line(entry), "state": READY}
    ready = {"qk": _list(entry.entity), "by": iso(at)}
    return [Put({**item, **ready}, new=True), Put(_facts_row(entry), new=True)]


def proved(entry: Entry) -> list[Write]:
    """The writes by which an entry that nobody ever claimed gets the hash of its evidence."""
    change = Change(key(entry.number, entry.version), sets={"line": _line(entry)}, when={"state": READY, "gen": None})
    return [change, Put(_facts_row(entry))]


def unpacked(entry: Entry, given_up: bool) -> Write:
    """The write by which the line of an entry that nobody ever claimed says whether its pack was given up."""
    line = json.loads(_line(entry)) | ({"x": 1} if given_up else {})
    return Change(key(entry.number, entry.version), sets={"line": compact(line)}, when={"state": READY, "gen": None})


def _facts_row(entry: Entry) -> Row:
    pk, _ = key(entry.number, entry.version)
    return {"pk": pk, "sk": f"FACTS#{entry.version:06d}", "body": compact(plain(entry))}


def _line(entry: Entry) -> str:
    shown = {
        "k": entry.kind,
        "f": entry.fen,
        "e": entry.entity,
        "c": entry.company,
        "cn": entry.company_name[:NAME],
        "k1": entry.contract,
        "kn": entry.contract_number,
        "p": entry.project,
        "s": entry.source,
        "d": entry.firm_on,
        "a": list(entry.approvals),
        "n": dict(entry.lines),
    }
    return compact(shown | ({"h": 1} if entry.evidence else {}))


def key(number: str, version: int) -> tuple[str, str]:
    return f"ENTRY#{number}", f"{version:06d}"


def of_deduction(number: str) -> list[tuple[Shown, str]]:
    """The entries of a deduction with their states, in order. One query."""
    rows = table().query(f"ENTRY#{number}", "0", "9~", consistent=True).rows
    return [(_shown(row), row["state"]) for row in rows]


def voided(one: Shown) -> Write:
    """The write that takes an entry back which nobody has claimed, for the change that reverses it."""
    return Change(key(one.number, one.version), sets={"state": VOID, "qk": None}, when={"state": READY})


def page(
    entity: str, until: datetime | None = None, *, limit: int, start: Mapping[str, str] | None = None
) -> tuple[list[Shown], Mapping[str, str] | None]:
    """What is ready of an entity and came to be by `until`, the oldest first; and where to go on. One query."""
    high = iso(until) if until else LAST
    found = table().index("queue", _list(entity), high=high, limit=limit, start=start)
    return each(found.rows, _shown), found.next


def behind(entity: str, last: Shown) -> Mapping[str, str]:
    """Where a list goes on behind one of its lines."""
    pk, sk = key(last.number, last.version)
    return {"pk": pk, "sk": sk, "qk": _list(entity), "by": last.at}


def start_of(entity: str, spot: Mapping[str, str]) -> Mapping[str, str] | None:
    """Where the list of an entity goes on, as a page carried it; None for what was no spot of such a list."""
    named = {name: spot.get(name, "") for name in ("pk", "sk", "by")}
    sound = all(0 < len(text) <= LONGEST_SPOT for text in named.values()) and len(spot) == len(named) + 1
    return {**named, "qk": _list(entity)} if sound else None


def claim(ref: Ref, batch: str) -> bool:
    """Give an entry to a batch; whether it has it now. May run again."""
    try:
        table().write(Change(key(*ref), sets={"state": IN + batch, "qk": None}, when={"state": READY}))
    except Conflict:
        return state(ref) == IN + batch
    return True


def release(ref: Ref, entity: str, batch: str) -> None:
    """Make an entry ready again that a batch had; its line says so, for the list shows nothing else. May run again."""
    row = table().get(*key(*ref), consistent=True)
    if row is None or row["state"] != IN + batch:
        return
    try:
        sets = {"state": READY, "qk": _list(entity), "gen": 1, "line": compact(json.loads(row["line"]) | {"g": 1})}
        table().write(Change(key(*ref), sets=sets, when={"state": IN + batch}))
    except Conflict:
        return


def state(ref: Ref) -> str:
    """ready, void, or `in <batch>`; "" where there is no such entry."""
    row = table().get(*key(*ref), consistent=True)
    return str(row["state"]) if row else ""


def states(refs: Sequence[Ref]) -> dict[Ref, str]:
    """The states of up to 100 entries. One call."""
    rows = table().batch([key(*ref) for ref in refs], consistent=True)
    return {_ref(row): row["state"] for row in rows}


def facts(refs: Iterable[Ref]) -> Iterator[Entry]:
    """The facts of entries, in their order. A call for every 100. Raises KeyError for one that is not there."""
    wanted = iter(refs)
    while part := list(islice(wanted, SLICE)):
        keys = [(f"ENTRY#{number}", f"FACTS#{version:06d}") for number, version in part]
        rows = {(row["pk"], row["sk"]): row for row in table().batch(keys, consistent=True)}
        for one in keys:
            yield made(Entry, json.loads(rows[one]["body"]))


def _list(entity: str) -> str:
    return f"EXPORTABLE#{entity}"


def _ref(row: Row) -> Ref:
    return row["pk"].partition("#")[2], int(row["sk"])


def _shown(row: Row) -> Shown:
    number, version = _ref(row)
    s: Mapping[str, Any] = json.loads(row["line"])
    return Shown(
        number,
        version,
        row["id"],
        s["k"],
        s["f"],
        s["c"],
        s["cn"],
        s["k1"],
        s["kn"],
        s["p"],
        s["s"],
        s["d"],
        tuple(s["a"]),
        row.get("by", ""),
        s["e"],
        bool(s.get("h")),
        bool(row.get("gen") or s.get("g")),
        s.get("n", {}),
        bool(s.get("x")),
    )
