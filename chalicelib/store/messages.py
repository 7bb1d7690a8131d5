"""Messages as items on their ticket, with their state. The key is natural: the same event tells the same person once.

item      pk             sk                              index
message   TICKET#<id>    TOLD#<event>#<to>#<template>    due DUE#<shard>/<when to queue it again>, until it is sent

<to>      a person, `reporter`, or `desk`: whoever is on duty there when it is first told, and nobody else afterwards
state     queued → sent | skipped (nobody is there to tell) | failed (given up after its tries)

A message is `due` from its birth on: the sweep queues again what the queue lost, some minutes later. The entry costs a
write unit, and its end another.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.store.reading import each
from chalicelib.store.records import key, shard
from chalicelib.store.table import Change, Conflict, Put, Row, compact, iso, table

NO_MORE: Mapping[str, None] = {"dk": None, "due": None}


@dataclass(frozen=True, slots=True)
class Message:
    """Who is told what: `to` is a person's id or `reporter`. Addresses are looked up when it is sent, not kept here."""

    ticket: str
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

    @property
    def sk(self) -> str:
        return f"TOLD#{self.event:06d}#{self.role or self.to}#{self.template}"

    @property
    def waits(self) -> str:
        """Until when it waits, to speak for what follows too; "" where it is sent at once."""
        return str(self.facts.get("waits", ""))


def add(message: Message, at: datetime) -> bool:
    """Write a message that is to be sent at a moment; False when it stands there already."""
    body = {"l": message.link, "m": iso(message.made), "f": dict(message.facts)}
    if message.role:
        body["t"] = message.to
    row = {"pk": key(message.ticket), "sk": message.sk, "state": "queued", "body": compact(body)}
    row |= {"dk": shard(message.ticket), "due": iso(at)}
    try:
        table().write(Put(row, new=True))
    except Conflict:
        return False
    return True


def get(ticket: str, sk: str) -> Message | None:
    """A message. Read the cheap way first: one that is not there yet, or not noted as sent, is looked at again."""
    row = table().get(key(ticket), sk) or table().get(key(ticket), sk, consistent=True)
    return _message(row) if row else None


def on(ticket: str) -> list[Message]:
    """All messages of a ticket."""
    return each(table().query(key(ticket), "TOLD#", "TOLD#~").rows, _message)


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
    sets = {"dk": shard(message.ticket), "due": iso(at)}
    try:
        table().write(Change((key(message.ticket), message.sk), sets=sets, when={"state": "queued"}))
    except Conflict:
        return


def _change(message: Message, sets: Mapping[str, Any]) -> None:
    table().write(Change((key(message.ticket), message.sk), sets=sets, exists=True))


def _message(row: Row) -> Message:
    _, event, rest = row["sk"].split("#", 2)
    named, _, template = rest.rpartition("#")
    b = json.loads(row["body"])
    to = b.get("t", named)
    via, _, when = row.get("by", "").partition(" ")
    return Message(
        ticket=row["pk"].partition("#")[2],
        event=int(event),
        to=to,
        template=template,
        link=b["l"],
        made=datetime.fromisoformat(b["m"]),
        state=row["state"],
        sent=when,
        via=via,
        facts=b.get("f", {}),
        role="" if to == named else named,
    )
