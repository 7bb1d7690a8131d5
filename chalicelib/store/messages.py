"""Messages as items on their ticket, with their state. The key is natural: the same event tells the same person once.

item      pk             sk                              index
message   TICKET#<id>    TOLD#<event>#<to>#<template>    due DUE#<shard>/<when to try again>, only after a first failure

state     queued → sent | failed (given up after its tries)
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.store.table import Change, Conflict, Put, Row, table
from chalicelib.store.tickets import iso, key


@dataclass(frozen=True, slots=True)
class Message:
    """Who is told what: `to` is a person's id or `reporter`; addresses are looked up when it is sent, never kept here."""

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

    @property
    def sk(self) -> str:
        return f"TOLD#{self.event:06d}#{self.to}#{self.template}"


def add(message: Message) -> bool:
    """Write a message that is to be sent; False when it stands there already."""
    body = {"l": message.link, "m": iso(message.made), "f": dict(message.facts)}
    row = {"pk": key(message.ticket), "sk": message.sk, "state": "queued", "body": _json(body)}
    try:
        table().write(Put(row, new=True))
    except Conflict:
        return False
    return True


def get(ticket: str, sk: str) -> Message | None:
    row = table().get(key(ticket), sk, consistent=True)
    return _message(row) if row else None


def on(ticket: str) -> list[Message]:
    """All messages of a ticket."""
    return [_message(row) for row in table().query(key(ticket), "TOLD#", "TOLD#~").rows]


def sent(message: Message, at: datetime, via: str) -> None:
    """It went out. Harmless when repeated."""
    _change(message, {"state": "sent", "by": f"{via} {iso(at)}"})


def given_up(message: Message) -> None:
    """Every try failed."""
    _change(message, {"state": "failed"})


def _change(message: Message, sets: Mapping[str, Any]) -> None:
    table().write(Change((key(message.ticket), message.sk), sets=sets, exists=True))


def _message(row: Row) -> Message:
    _, event, rest = row["sk"].split("#", 2)
    to, _, template = rest.rpartition("#")
    b = json.loads(row["body"])
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
    )


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
