"""Records of any kind: their events, their heads, and what is private about them.

    item      pk             sk                   indexes (open records only)
    head      <KIND>#<id>    HEAD                 work HOLDER#<who>/<by> · queue DESK#<desk>/<by>
                                                  due DUE#<shard>/<due> · place PLACE#<unit>
    events    <KIND>#<id>    EVENT#<version>      one item per change, with the events it made: new, or somebody was
                                                  faster
                                                  `act`, `tell` = 1 wake the stream's readers
    upload    <KIND>#<id>    PHOTO#<upload>       what became of it (`originals.py`); read with the events
    held      <KIND>#<id>    HELD                 it is to be erased, and kept for a while (`holds.py`); read too
    private   <KIND>#<id>    PRIVATE#<version>    what was said with that event: words, names, phones, keys of photos
    number    NUMBER#<n>     NUMBER               claims the short number, where a kind has them

Lists of kinds other than tickets begin with the kind: <KIND>.DESK#<desk>. `due` in the index is never later than the
record's next moment: it is lowered with the change that makes the moment earlier and raised only by whoever looks
(`look_again`), so most changes leave that index alone. A change that moves nothing on the head leaves it as it is: its
`v` is the version that it was written with, and lags behind.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, Record, kind_of
from chalicelib.domain.record.reference import UNNAMED, parts
from chalicelib.store.events import read_events, stored, together
from chalicelib.store.originals import become
from chalicelib.store.reading import FAULTS, Unreadable, each, notice
from chalicelib.store.table import Change, Conflict, Key, Put, Row, Write, compact, iso, key_of, table

SHARDS = 4
NEVER = "9999"
PINNED = "!"
SPOT = re.compile(rf"{PINNED}?(?:{NEVER}|\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", re.ASCII)
LISTS = {
    "desk": ("qk", "DESK"),
    "holder": ("hk", "HOLDER"),
    "place": ("lk", "PLACE"),
    "past": ("lk", "PAST"),
    "engaged": ("lk", "ENGAGED"),
}  # list → index, its keys


class StaleRecord(Exception):
    """Somebody else wrote the record since it was read."""


class NumberTaken(Exception):
    """Another record has the short number."""


@dataclass(frozen=True, slots=True)
class Timer:
    """What the head knows of the timer: `due` as indexed, `armed` the moment a running execution looks next.

    `head`: the row that it was read from; none for one that is to be.
    """

    due: str = ""
    armed: str = ""
    generation: int = 0
    head: Row = field(default_factory=dict, compare=False, repr=False)


NO_TIMER = Timer()


def key(reference: str) -> str:
    """The partition of a record."""
    return reference if "#" in reference else f"{UNNAMED}#{reference}"


def named(pk: str) -> str:
    """The reference of a record, by its partition."""
    return pk.removeprefix(f"{UNNAMED}#")


def list_key(reference: str, name: str, value: str) -> str:
    """The key under which a list of the record's kind stands; those of tickets as they were stored first."""
    prefix = parts(reference)[0]
    return f"{name}#{value}" if prefix == UNNAMED else f"{prefix}.{name}#{value}"


def shard(record_id: str) -> str:
    """The partition of the `due` index that a record is in."""
    return f"DUE#{sha256(record_id.encode()).digest()[0] % SHARDS}"


def load(record_id: str, *, consistent: bool = False) -> tuple[Any, Timer] | None:
    """The record as its events make it, and its timer; None when there is none. One query.

    Raises Unreadable for an event that can't be read; of a private row that can't, nothing was said.
    """
    rows = table().query(key(record_id), "EVENT#", "PRIVATE~", consistent=consistent).rows
    private = dict(each((row for row in rows if row["sk"].startswith("PRIVATE#")), _private))
    reference = named(key(record_id))
    events = [e for row in rows if row["sk"].startswith("EVENT#") for e in _read_events(row, reference, private)]
    if not events:
        return None
    uploads = [row for row in rows if row["sk"].startswith("PHOTO#")]
    head = next((row for row in rows if row["sk"] == "HEAD"), {})
    timer = Timer(head.get("due", ""), head.get("armed", ""), head.get("gen", 0), head)
    return _folded(record_id, events, rows, uploads), timer


def changes(record_id: str) -> list[int]:
    """The version that each change of a record began with, in order. One query."""
    rows = table().query(key(record_id), "EVENT#", "EVENT~", consistent=True).rows
    return [int(row["sk"].partition("#")[2]) for row in rows]


def append(
    before: Record | None,
    after: Record,
    events: Sequence[Event],
    heading: Heading,
    timer: Timer,
    *,
    seen: Timer = NO_TIMER,
    act: bool,
    tell: bool,
    more: Iterable[Write] = (),
) -> None:
    """Write the events and the head they make, at once, if nobody wrote since `before` was read.

    One transaction, which `more` joins: 2 write units per item, 1 or 2 per index entry that changes; 1 for an item that
    is alone. Raises StaleRecord, NumberTaken, and Conflict where a condition of `more` did not hold.
    """
    commit(after, [*written(before, after, events, heading, timer, seen=seen, act=act, tell=tell), *more])


def commit(after: Record, writes: Sequence[Write]) -> None:
    """Write a change that `written` made, and whatever joins it, at once. Raises as `append` does."""
    claim = next((i for i, write in enumerate(writes) if key_of(write)[1] == "NUMBER"), -1)
    try:
        if len(writes) == 1:
            table().write(writes[0])
        else:
            table().transact(writes)
    except Conflict as lost:
        if lost.which == (claim,):
            raise NumberTaken(kind_of(after.id).number(after)) from lost
        if not lost.which or _is_own(key_of(writes[lost.which[0]]), after):
            raise StaleRecord(after.id) from lost
        raise


def _is_own(where: Key, record: Record) -> bool:
    """Whether a key is that of the record's head or of one of its events."""
    return where[0] == key(record.id) and (where[1] == "HEAD" or where[1].startswith("EVENT#"))


def written(
    before: Record | None,
    after: Record,
    events: Sequence[Event],
    heading: Heading,
    timer: Timer,
    *,
    seen: Timer = NO_TIMER,
    act: bool,
    tell: bool,
    quiet: bool = False,
) -> list[Write]:
    """The writes of a change, with the condition that nobody wrote since `before` was read; events and head first.

    `seen` is the timer as it was read, `timer` as it will be. `quiet`: the head stays as it stands.
    """
    first = after.version - len(events) + 1
    version = f"{first:06d}"
    pk = key(after.id)
    body = {"e": together([stored(e, after.id) for e in events])}
    wakes = {"act": 1} if act else {}
    wakes |= {"tell": 1} if tell else {}
    writes: list[Write] = [
        Put({"pk": pk, "sk": f"EVENT#{version}", "body": compact(body), **wakes}, new=True),
        Put(
            head(after, heading, timer),
            new=before is None,
            when={}
            if before is None
            else {"v": _stood(before, seen), "gen": seen.generation or None, "armed": seen.armed or None},
        ),
    ]
    if quiet:
        del writes[1]
    writes += [
        Put({"pk": pk, "sk": f"PRIVATE#{first + i:06d}", "body": compact(e.said)})
        for i, e in enumerate(events)
        if e.said
    ]
    if before is None and (number := kind_of(after.id).number(after)):
        writes.append(Put({"pk": f"NUMBER#{number}", "sk": "NUMBER", "id": after.id}, new=True))
    return writes


def head(record: Record, heading: Heading, timer: Timer) -> Row:
    """The head's row. Only what is open is in the lists; only what has work ahead is in `due`."""
    row: Row = {"pk": key(record.id), "sk": "HEAD", "id": record.id, "v": record.version, "line": compact(heading.line)}
    if timer.armed:
        row["armed"] = timer.armed
    if timer.generation:
        row["gen"] = timer.generation
    if timer.due:
        row |= {"dk": shard(record.id), "due": timer.due}
    if {"desk", "holder"} & heading.lists.keys():
        row["by"] = spot(heading)
    if heading.lists:
        row |= {LISTS[name][0]: list_key(record.id, LISTS[name][1], at) for name, at in heading.lists.items()}
    return row


def spot(heading: Heading) -> str:
    """Where a record stands in lists: by its next deadline, what is pinned before all others."""
    return (PINNED if heading.pinned else "") + (iso(heading.by) if heading.by else NEVER)


def look_again(record: Record, timer: Timer, seen: Timer) -> None:
    """Set when to look next and what is armed, if the record is still as it was seen. Raises StaleRecord."""
    is_due = shard(record.id)
    was = {
        "due": seen.due or None,
        "dk": is_due if seen.due else None,
        "armed": seen.armed or None,
        "gen": seen.generation or None,
    }
    sets = {
        "due": timer.due or None,
        "dk": is_due if timer.due else None,
        "armed": timer.armed or None,
        "gen": timer.generation or None,
    }
    changed = {name: value for name, value in sets.items() if value != was[name]}
    if not changed:
        return
    try:
        when = {"v": _stood(record, seen), "gen": was["gen"], "armed": was["armed"]}
        table().write(Change((key(record.id), "HEAD"), sets=changed, when=when))
    except Conflict as lost:
        raise StaleRecord(record.id) from lost


def ids_at(
    desk: str, *, limit: int, start: dict[str, str] | None = None, prefix: str = UNNAMED
) -> tuple[list[str], Any]:
    """What is open of a kind at a desk, whatever its line says; one page and where to go on."""
    page = table().index("queue", list_key(f"{prefix}#", "DESK", desk), limit=limit, start=start)
    return [named(row["pk"]) for row in page.rows], page.next


def about(place: str, prefix: str) -> list[str]:
    """What is open of a kind at a place, or about something else that it stands with. One query."""
    page = table().index("place", list_key(f"{prefix}#", "PLACE", place))
    return [named(row["pk"]) for row in page.rows]


def due_until(
    shard_number: int, until: datetime, *, limit: int, start: Any = None, after: datetime | None = None
) -> tuple[list[tuple[str, str]], Any]:
    """(partition, sort key) of what must be looked at by `until`, and later than `after`; one page and where to go on.

    Records and whatever else has work ahead, the longest overdue first.
    """
    low = iso(after + timedelta(seconds=1)) if after else ""
    page = table().index("due", f"DUE#{shard_number}", low=low, high=iso(until), limit=limit, start=start)
    return [(row["pk"], row["sk"]) for row in page.rows], page.next


def _stood(record: Record, seen: Timer) -> int:
    """The version that its head was written with."""
    return int(seen.head.get("v", record.version))


def same(one: Row, other: Row) -> bool:
    """Whether two heads say the same: the version that they were written with is no matter."""
    return {**one, "v": 0} == {**other, "v": 0}


def stored_head(record_id: str) -> Row | None:
    """The head as it stands, for whoever compares it with its events."""
    return table().get(key(record_id), "HEAD", consistent=True)


def put_head(row: Row, seen: Row | None) -> None:
    """Write a head anew, if it is as it was seen. Raises StaleRecord."""
    when = {name: seen.get(name) for name in ("v", "gen", "armed", "due")} if seen else {}
    try:
        table().write(Put(row, new=seen is None, when=when))
    except Conflict as lost:
        raise StaleRecord(row["id"]) from lost


def _private(row: Row) -> tuple[str, dict[str, Any]]:
    return row["sk"].partition("#")[2], dict(json.loads(row["body"]))


def _read_events(row: Row, reference: str, private: dict[str, Any]) -> list[Event]:
    """Raises Unreadable."""
    try:
        return read_events(row, reference, private)
    except FAULTS as fault:
        raise Unreadable(notice(row, fault)) from fault


def _folded(record_id: str, events: Sequence[Event], rows: Sequence[Row], uploads: Sequence[Row]) -> Any:
    """Raises Unreadable where the events, each of them readable, make no record."""
    beside = become(uploads) if uploads else {}
    if any(row["sk"] == "HELD" and row["state"] == "held" for row in rows):
        beside["held"] = True
    try:
        return kind_of(record_id).fold(record_id, events, **beside)
    except FAULTS as fault:
        raise Unreadable(notice(rows[0], fault)) from fault
