"""Messages with their state. The key is natural: the same event tells the same person once.

item      pk                    sk                                          index
message   TOLD#<shard>#<day>    <time>#<KIND>#<id>#<event>#<to>#<template>  `due` where it waits, is late, or failed
swept     WALK#told             WALK                                        until when the sweep has looked

<time>    of the event, as <day> is: whoever knows the event knows the key
<to>      a person, `reporter`, or `desk`: whoever is on duty there when it is first told, and nobody else afterwards
state     queued → sent | skipped (nobody is there to tell) | failed (given up after its tries)
          held: queued, and its facts say since when

Every unsent message is found by its key: the sweep reads each stretch of time once, some minutes later, and queues
again what the queue lost; from then on it is in the index `due` until it is sent. So it is at once where it is written
later than the sweep may have looked. Those of before lie with their record: TICKET#<id>, TOLD#<event>#<to>#<template>.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from chalicelib.store import records
from chalicelib.store.reading import each
from chalicelib.store.records import SHARDS, key, shard
from chalicelib.store.table import Change, Conflict, Key, Put, Row, compact, iso, table

NO_MORE: Mapping[str, None] = {"dk": None, "due": None}
PROMPT = timedelta(seconds=30)  # written so soon, it stands there before the sweep looks at its time
SWEPT: Key = ("WALK#told", "WALK")
SLICE = 200  # rows read at once


@dataclass(frozen=True, slots=True)
class Message:
    """Who is told what: `to` is a person's id or `reporter`. Addresses are looked up when it is sent, not kept here."""

    record: str
    event: int
    to: str
    template: str
    link: str
    made: datetime
    state: str = "queued"
    sent: str = ""
    via: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    role: str = ""  # stands in the key for the person, where the person depends on when it is told
    of_before: bool = False  # it lies with its record

    @property
    def sk(self) -> str:
        """What it is called: in the queue, and wherever else it is named beside its record."""
        return f"TOLD#{self.told}" if self.of_before else f"TOLD#{iso(self.made)}#{self.told}"

    @property
    def told(self) -> str:
        """Which event tells whom what: once."""
        return f"{self.event:06d}#{self.role or self.to}#{self.template}"

    @property
    def key(self) -> Key:
        return _key(self.record, self.sk)

    @property
    def held(self) -> datetime | None:
        """Since when it waits for the day's ceiling of its address, to speak for all that was too many there."""
        return datetime.fromisoformat(self.facts["held"]) if "held" in self.facts else None

    @property
    def waits(self) -> str:
        """Until when it waits, to speak for what follows too; "" where it is sent at once."""
        return str(self.facts.get("waits", ""))


def add(message: Message, at: datetime, due: datetime | None = None) -> bool:
    """Write a message, `at` now; False when it stands there already. `due`: when the sweep queues it, if nobody did."""
    pk, sk = message.key
    row = {"pk": pk, "sk": sk, "state": "queued", "body": _body(message)}
    if message.waits:
        row |= {"dk": shard(message.record), "due": iso(datetime.fromisoformat(message.waits))}
    elif due or at - message.made > PROMPT:
        row |= {"dk": shard(message.record), "due": iso(due or at)}
    try:
        table().write(Put(row, new=True))
    except Conflict:
        return False
    return True


def _body(message: Message) -> str:
    body = {"l": message.link, "m": iso(message.made), "f": dict(message.facts)}
    return compact(body | {"t": message.to} if message.role else body)


def get(record: str, sk: str) -> Message | None:
    """A message. Read the cheap way first: one that is not there yet, or not noted as sent, is looked at again."""
    where = _key(record, sk)
    row = table().get(*where) or table().get(*where, consistent=True)
    return read(row) if row else None


def known(record: str, wanted: Iterable[Message]) -> list[Message]:
    """Those of a record that stand there, as they are, and all of its that were written before. Two calls."""
    rows = table().query(key(record), "TOLD#", "TOLD#~").rows
    return each([*rows, *table().batch(message.key for message in wanted)], read)


def told_of(record: str, events: Mapping[int, datetime]) -> bool:
    """Whether any message of these events (version → when it happened) stands there. One query a time of day."""
    for made in sorted(set(events.values())):
        pk, sk = _key(record, f"TOLD#{iso(made)}#")
        rows = table().query(pk, sk, f"{sk}~").rows
        if any(m.event in events for m in each(rows, read)):
            return True
    return False


def unsent(after: datetime, until: datetime) -> Iterator[Key]:
    """The keys of what was made in a stretch of time, is queued and in no index. One query a shard and day."""
    first, last = iso(after + timedelta(seconds=1)), iso(until)
    for day in _days(first, last):
        low = first[11:19] if day == first[:10] else ""
        high = f"{last[11:19] if day == last[:10] else ''}~"
        for number in range(SHARDS):
            start = None
            while True:
                page = table().query(f"TOLD#{number}#{day}", low, high, limit=SLICE, start=start)
                yield from (
                    (row["pk"], row["sk"]) for row in page.rows if row.get("state") == "queued" and "due" not in row
                )
                start = page.next
                if not start:
                    break


def _days(first: str, last: str) -> Iterator[str]:
    day = datetime.fromisoformat(first)
    while iso(day)[:10] <= last[:10]:
        yield iso(day)[:10]
        day += timedelta(days=1)


def swept() -> datetime | None:
    """Until when the sweep has looked for what is unsent."""
    row = table().get(*SWEPT, consistent=True)
    return datetime.fromisoformat(row["body"]) if row else None


def note_swept(until: datetime) -> None:
    table().write(Put({"pk": SWEPT[0], "sk": SWEPT[1], "body": iso(until)}))


def named(where: Key) -> tuple[str, str]:
    """(record, what it is called) of a message that lies at a key."""
    pk, sk = where
    if not pk.startswith("TOLD#"):
        return records.named(pk), sk
    time, prefix, number, told = sk.split("#", 3)
    return records.named(f"{prefix}#{number}"), f"TOLD#{pk.rpartition('#')[2]}T{time}Z#{told}"


def _key(record: str, sk: str) -> Key:
    """Where a message lies that is called so."""
    _, made, told = sk.split("#", 2)
    if not made.endswith("Z"):
        return key(record), sk
    day, _, time = made.removesuffix("Z").partition("T")
    return f"TOLD#{shard(record).partition('#')[2]}#{day}", f"{time}#{key(record)}#{told}"


def sent(message: Message, at: datetime, via: str) -> None:
    """It went out. Harmless when repeated."""
    _change(message, {"state": "sent", "by": f"{via} {iso(at)}", **NO_MORE})


def given_up(message: Message) -> None:
    """Every try failed."""
    _change(message, {"state": "failed", **NO_MORE})


def skipped(message: Message) -> None:
    """Nobody is there to tell. Quietly: nothing failed."""
    _change(message, {"state": "skipped", **NO_MORE})


def again(message: Message, at: datetime) -> None:
    """It is tried once more at `at`, and asked for by the sweep if not. One that is queued no more stays as it is."""
    sets = {"dk": shard(message.record), "due": iso(at)}
    try:
        table().write(Change(message.key, sets=sets, when={"state": "queued"}))
    except Conflict:
        return


def hold(message: Message, at: datetime, until: datetime) -> None:
    """It waits from `at` on, to speak for others too; the sweep queues it. Harmless when repeated."""
    held = replace(message, facts={**message.facts, "held": iso(at)})
    _change(message, {"body": _body(held), "dk": shard(message.record), "due": iso(until)})


def _change(message: Message, sets: Mapping[str, Any]) -> None:
    table().write(Change(message.key, sets=sets, exists=True))


def read(row: Row) -> Message:
    """The message that a row keeps."""
    record, sk = named((row["pk"], row["sk"]))
    of_before = row["pk"] == key(record)
    event, _, rest = sk.split("#", 1 if of_before else 2)[-1].partition("#")
    to, _, template = rest.rpartition("#")
    b = json.loads(row["body"])
    via, _, when = row.get("by", "").partition(" ")
    return Message(
        record=record,
        event=int(event),
        to=b.get("t", to),
        template=template,
        link=b["l"],
        made=datetime.fromisoformat(b["m"]),
        state=row["state"],
        sent=when,
        via=via,
        facts=b.get("f", {}),
        role=to if "t" in b else "",
        of_before=of_before,
    )
