"""Tickets, their events, and what is private about them.

    item      pk             sk                   indexes (open tickets only)
    head      TICKET#<id>    HEAD                 work HOLDER#<who>/<by> · queue DESK#<desk>/<by>
                                                  due DUE#<shard>/<due> · place PLACE#<unit>
    events    TICKET#<id>    EVENT#<version>      one item per change, with the events it made
                                                  `act`, `tell` = 1 wake the stream's readers
    refused   TICKET#<id>    PHOTO#<upload>       an upload that was no picture; read with the events
    private   TICKET#<id>    PRIVATE#<version>    what was said with that event: words, names, phones, keys of photos
    message   TICKET#<id>    TOLD#…               see `messages.py`
    number    NUMBER#<n>     NUMBER               claims the short number

`by` is the next deadline, with `!` in front where the ticket is pinned: it sorts before all that are not.

`due` in the index is never later than the ticket's next moment: it is lowered with the change that makes the moment
earlier and raised only by whoever looks (`look_again`), so most changes leave that index alone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from chalicelib.domain.record.upcast import newest, upcast
from chalicelib.domain.ticket.heading import Heading, unpack
from chalicelib.domain.ticket.ticket import Event, Kind, Priority, Role, State, Ticket, fold
from chalicelib.store.reading import FAULTS, Unreadable, each, notice
from chalicelib.store.table import Change, Conflict, Put, Row, Write, compact, key_of, table

SHARDS = 4
NEVER = "9999"
PINNED = "!"
SPOT = re.compile(rf"{PINNED}?(?:{NEVER}|\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ)", re.ASCII)
PAGE = 25
USUAL_CHANNEL = "web"
OTHERS_TURN = (State.COMPLETED, State.SIGNED_OFF)  # the owner's and the desk's: off the list of whoever did the work
SHARED = ("t", "b", "r", "c", "g", "p", "w")  # said once for all events of a change


class StaleTicket(Exception):
    """Somebody else wrote the ticket since it was read."""


class NumberTaken(Exception):
    """Another ticket has the short number."""


@dataclass(frozen=True, slots=True)
class Timer:
    """What the head knows of the timer: `due` as indexed, `armed` the moment a running execution looks next."""

    due: str = ""
    armed: str = ""
    generation: int = 0


NO_TIMER = Timer()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a list: what the index carries of a ticket. `spot`: its sort key there."""

    id: str
    spot: str
    line: dict[str, Any]

    @property
    def by(self) -> str:
        """The next deadline."""
        return self.spot.removeprefix(PINNED)

    @property
    def pinned(self) -> bool:
        return self.spot.startswith(PINNED)


def iso(at: datetime) -> str:
    """A moment as it is stored: UTC, whole seconds, sortable."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def key(ticket_id: str) -> str:
    return f"TICKET#{ticket_id}"


def shard(ticket_id: str) -> str:
    """The partition of the `due` index that a ticket is in."""
    return f"DUE#{sha256(ticket_id.encode()).digest()[0] % SHARDS}"


def load(ticket_id: str, *, consistent: bool = False) -> tuple[Ticket, Timer] | None:
    """The ticket as its events make it, and its timer; None when there is none. One query.

    Raises Unreadable for an event that can't be read; of a private row that can't, nothing was said.
    """
    rows = table().query(key(ticket_id), "EVENT#", "PRIVATE~", consistent=consistent).rows
    private = dict(each((row for row in rows if row["sk"].startswith("PRIVATE#")), _private))
    events = [e for row in rows if row["sk"].startswith("EVENT#") for e in _read_events(row, private)]
    if not events:
        return None
    refused = frozenset(f"/{row['sk'].partition('#')[2]}" for row in rows if row["sk"].startswith("PHOTO#"))
    head = next((row for row in rows if row["sk"] == "HEAD"), {})
    timer = Timer(head.get("due", ""), head.get("armed", ""), head.get("gen", 0))
    return _folded(ticket_id, events, rows, refused), timer


def refuse_photo(ticket_id: str, upload: str) -> None:
    """Note that an upload was no picture. May be repeated; there need not be a ticket yet."""
    table().write(Put({"pk": key(ticket_id), "sk": f"PHOTO#{upload}", "state": "refused"}))


def changes(ticket_id: str) -> list[int]:
    """The version that each change of a ticket began with, in order. One query."""
    rows = table().query(key(ticket_id), "EVENT#", "EVENT~", consistent=True).rows
    return [int(row["sk"].partition("#")[2]) for row in rows]


def everywhere(*, limit: int = 100, start: Any = None) -> tuple[list[str], Any]:
    """The ids of all tickets there ever were, in no order. Reads the whole table: for an operator's command alone."""
    page = table().walk("HEAD", limit=limit, start=start)
    return [row["id"] for row in page.rows if row["pk"].startswith("TICKET#")], page.next


def append(
    before: Ticket | None,
    after: Ticket,
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

    One transaction, which `more` joins: 2 write units per item, 1 or 2 per index entry that changes. Raises
    StaleTicket, NumberTaken, and Conflict where a condition of `more` did not hold.
    """
    commit(after, [*written(before, after, events, heading, timer, seen=seen, act=act, tell=tell), *more])


def commit(after: Ticket, writes: Sequence[Write]) -> None:
    """Write a change that `written` made, and whatever joins it, at once. Raises as `append` does."""
    claim = next((i for i, write in enumerate(writes) if key_of(write)[1] == "NUMBER"), -1)
    try:
        table().transact(writes)
    except Conflict as lost:
        if lost.which == (claim,):
            raise NumberTaken(after.number) from lost
        if not lost.which or lost.which[0] < 2:
            raise StaleTicket(after.id) from lost
        raise


def written(
    before: Ticket | None,
    after: Ticket,
    events: Sequence[Event],
    heading: Heading,
    timer: Timer,
    *,
    seen: Timer = NO_TIMER,
    act: bool,
    tell: bool,
) -> list[Write]:
    """The writes of a change, with the condition that nobody wrote since `before` was read; events and head first.

    `seen` is the timer as it was read, `timer` as it will be.
    """
    first = after.version - len(events) + 1
    version = f"{first:06d}"
    pk = key(after.id)
    body = {"e": _together([_stored(e, after.id) for e in events])}
    wakes = {"act": 1} if act else {}
    wakes |= {"tell": 1} if tell else {}
    writes: list[Write] = [
        Put({"pk": pk, "sk": f"EVENT#{version}", "body": compact(body), **wakes}, new=True),
        Put(
            head(after, heading, timer),
            new=before is None,
            when={}
            if before is None
            else {"v": before.version, "gen": seen.generation or None, "armed": seen.armed or None},
        ),
    ]
    writes += [
        Put({"pk": pk, "sk": f"PRIVATE#{first + i:06d}", "body": compact(e.said)})
        for i, e in enumerate(events)
        if e.said
    ]
    if before is None:
        writes.append(Put({"pk": f"NUMBER#{after.number}", "sk": "NUMBER", "id": after.id}, new=True))
    return writes


def head(ticket: Ticket, heading: Heading, timer: Timer) -> Row:
    """The head's row. Only an open ticket is in the lists; only one with work ahead is in `due`."""
    row: Row = {"pk": key(ticket.id), "sk": "HEAD", "id": ticket.id, "v": ticket.version, "line": compact(heading.line)}
    if timer.armed:
        row["armed"] = timer.armed
    if timer.generation:
        row["gen"] = timer.generation
    if timer.due:
        row |= {"dk": shard(ticket.id), "due": timer.due}
    if ticket.is_open:
        row |= {"qk": f"DESK#{ticket.desk}", "by": spot(heading)}
        row["lk"] = f"PLACE#{ticket.place.get('unit') or ticket.place.get('building') or ticket.place.get('project')}"
        if ticket.holder and ticket.state not in OTHERS_TURN:
            row["hk"] = f"HOLDER#{ticket.holder}"
    return row


def spot(heading: Heading) -> str:
    """Where a ticket stands in lists: by its next deadline, an emergency before all others."""
    return (PINNED if heading.pinned else "") + (iso(heading.by) if heading.by else NEVER)


def look_again(ticket: Ticket, timer: Timer, seen: Timer) -> None:
    """Set when to look next and what is armed, if the ticket is still as it was seen. Raises StaleTicket."""
    is_due = shard(ticket.id)
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
        when = {"v": ticket.version, "gen": was["gen"], "armed": was["armed"]}
        table().write(Change((key(ticket.id), "HEAD"), sets=changed, when=when))
    except Conflict as lost:
        raise StaleTicket(ticket.id) from lost


def by_number(number: str) -> str | None:
    """The id of the ticket with a short number."""
    pk = f"NUMBER#{number}"
    row = table().get(pk, "NUMBER") or table().get(pk, "NUMBER", consistent=True)
    return row["id"] if row else None


def held_by(person: str, *, limit: int = PAGE, start: dict[str, str] | None = None) -> tuple[list[Line], Any]:
    """What a person holds, by deadline; one page and where to go on."""
    page = table().index("work", f"HOLDER#{person}", limit=limit, start=start)
    return each(page.rows, _line), page.next


def count_held_by(person: str) -> int:
    return table().count("work", f"HOLDER#{person}")


def queue(desk: str, *, limit: int = PAGE, start: dict[str, str] | None = None) -> tuple[list[Line], Any]:
    """What is open at a desk, by deadline; one page and where to go on."""
    page = table().index("queue", f"DESK#{desk}", limit=limit, start=start)
    return each(page.rows, _line), page.next


def ids_at(desk: str, *, limit: int, start: dict[str, str] | None = None) -> tuple[list[str], Any]:
    """The ids of what is open at a desk, whatever its line says; one page and where to go on."""
    page = table().index("queue", f"DESK#{desk}", limit=limit, start=start)
    return [row["pk"].partition("#")[2] for row in page.rows], page.next


def open_at(place: str) -> list[Line]:
    """The open tickets of a unit (or of a building or project, for common areas), newest last; at most 25."""
    found = table().index("place", f"PLACE#{place}", limit=PAGE).rows
    rows = table().batch([(row["pk"], "HEAD") for row in found])
    return sorted(each(rows, _line), key=lambda x: x.id)


def due_until(
    shard_number: int, until: datetime, *, limit: int, start: Any = None, after: datetime | None = None
) -> tuple[list[tuple[str, str]], Any]:
    """(partition, sort key) of what must be looked at by `until`, and later than `after`; one page and where to go on.

    Tickets and whatever else has work ahead, the longest overdue first.
    """
    low = iso(after + timedelta(seconds=1)) if after else ""
    page = table().index("due", f"DUE#{shard_number}", low=low, high=iso(until), limit=limit, start=start)
    return [(row["pk"], row["sk"]) for row in page.rows], page.next


def stored_head(ticket_id: str) -> Row | None:
    """The head as it stands, for whoever compares it with its events."""
    return table().get(key(ticket_id), "HEAD", consistent=True)


def put_head(row: Row, seen: Row | None) -> None:
    """Write a head anew, if it is as it was seen. Raises StaleTicket."""
    when = {name: seen.get(name) for name in ("v", "gen", "armed", "due")} if seen else {}
    try:
        table().write(Put(row, new=seen is None, when=when))
    except Conflict as lost:
        raise StaleTicket(row["id"]) from lost


def _line(row: Row) -> Line:
    """What the lists show. Raises ValueError, KeyError, TypeError for a line that is none."""
    line: dict[str, Any] = json.loads(row["line"])
    Kind(line["k"]), State(line["s"]), Priority(line["p"]), str(line["n"])
    unpack(line)
    one = Line(row["id"], row.get("by", NEVER), line)
    if one.by != NEVER:
        datetime.fromisoformat(one.by)
    return one


def _stored(event: Event, ticket_id: str) -> dict[str, Any]:
    """An event as stored: short keys, nothing that is empty, usual, or said already (`~` is the ticket's own id).

    A ticket stays within 4 KB, half a read unit, for most of its life.
    """
    row = {
        "k": event.kind,
        "t": iso(event.at),
        "b": event.by,
        "r": event.role.value,
        "d": dict(event.data),
        "c": "" if event.channel == USUAL_CHANNEL else event.channel,
        "g": event.grant.replace(ticket_id, "~"),
        "i": event.key,
        "p": event.policy,
        "w": event.cause,
        "s": "" if (schema := newest(event.kind)) == 1 else schema,
    }
    correlation = {} if event.correlation == event.key else {"o": event.correlation}
    return {k: v for k, v in row.items() if v not in ("", {})} | correlation


def _together(stored: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of a change, what they share with the first left out; what one lacks of it is said to be empty."""
    shared = _shared(stored[0])
    rest = [dict.fromkeys(shared, "") | {"o": event.get("i", "")} | event for event in stored[1:]]
    kept = [{k: v for k, v in event.items() if v != shared.get(k, "")} for event in rest]
    return stored[:1] + kept


def _shared(first: dict[str, Any]) -> dict[str, Any]:
    """What the events after the first take from it."""
    return {k: first[k] for k in SHARED if k in first} | {"o": first.get("o", first.get("i", ""))}


def _private(row: Row) -> tuple[str, dict[str, Any]]:
    return row["sk"].partition("#")[2], dict(json.loads(row["body"]))


def _read_events(row: Row, private: dict[str, Any]) -> list[Event]:
    """Raises Unreadable."""
    try:
        return _events(row, private)
    except FAULTS as fault:
        raise Unreadable(notice(row, fault)) from fault


def _folded(ticket_id: str, events: Sequence[Event], rows: Sequence[Row], refused: frozenset[str]) -> Ticket:
    """Raises Unreadable where the events, each of them readable, make no ticket."""
    try:
        return fold(ticket_id, events, refused=refused)
    except FAULTS as fault:
        raise Unreadable(notice(rows[0], fault)) from fault


def _events(row: Row, private: dict[str, Any]) -> list[Event]:
    first = int(row["sk"].partition("#")[2])
    ticket_id = row["pk"].partition("#")[2]
    events = json.loads(row["body"])["e"]
    shared = _shared(events[0])
    return [
        replace(_event(stored, ticket_id), version=first + i, said=private.get(f"{first + i:06d}", {}))
        for i, stored in enumerate(shared | event for event in events)
    ]


def _event(stored: dict[str, Any], ticket_id: str) -> Event:
    kind, data = upcast(stored["k"], stored.get("s", 1), stored.get("d", {}))
    return Event(
        kind=kind,
        at=datetime.fromisoformat(stored["t"]),
        by=stored["b"],
        role=Role(stored["r"]),
        data=data,
        channel=stored.get("c") or USUAL_CHANNEL,
        grant=stored.get("g", "").replace("~", ticket_id),
        key=stored.get("i", ""),
        policy=stored.get("p", ""),
        cause=stored.get("w", ""),
        correlation=stored.get("o", stored.get("i", "")),
        schema=newest(kind),
    )
