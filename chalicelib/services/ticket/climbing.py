"""Climbing to level 3 opens a complaint that is linked to the repair, once, whoever climbed."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from chalicelib.domain.record.number import short_number
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import SYSTEM, Event, Kind, Role, Ticket
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.store import grants, records
from chalicelib.store.records import NumberTaken, StaleRecord

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PERSONAL = ("words", "name", "phone", "email")
NUMBERS = 5  # short numbers that are tried


def complaint_id(ticket_id: str) -> str:
    """The complaint that a ticket opens: one, always the same, beside it in time. One that was begun keeps its id."""
    now, *before = (_beside(ticket_id, secret) for secret in access.ever_hidden("complaint", ticket_id))
    return next((made for made in before if records.load(made)), now)


def _beside(ticket_id: str, secret: str) -> str:
    digest = hashlib.sha256(secret.encode()).digest()
    return ticket_id[:10] + "".join(LETTERS[byte & 31] for byte in digest[:16])


def open_complaint(ticket: Ticket, at: datetime) -> None:
    """Make the complaint, unless it is there, and note it on the ticket. May run again. Raises NotFound."""
    complaint = complaint_id(ticket.id)
    own = access.own_grant(complaint)
    for attempt in range(NUMBERS):
        event = _reported(ticket, short_number(complaint, attempt), at)
        link = grants.as_put(own, access.hash_of(access.token(own)))
        try:
            record.begin(complaint, [event], more=[link])
        except NumberTaken:
            continue
        except StaleRecord:
            record.load(complaint, consistent=True)  # NotFound: two writes only met, the next try makes it
        facts = {"ticket": complaint, "cause": "climbed"}
        record.perform(Command("link", SYSTEM, facts, key=f"complaint/{complaint}"), ticket.id, at)
        return
    raise record.Busy


def _reported(ticket: Ticket, number: str, at: datetime) -> Event:
    climbed = next(e for e in reversed(ticket.events) if e.kind == "escalated")
    first = ticket.events[0]
    data: dict[str, Any] = {
        "number": number,
        "kind": Kind.COMPLAINT.value,
        "priority": ticket.priority.value,
        "category": ticket.category,
        "component": ticket.component,
        "place": dict(ticket.place),
        "reporter": ticket.reporter,
        "desk": ticket.desk,
        "lang": ticket.lang,
        "verified": ticket.verified,
        "linked": [ticket.id],
        "cause": climbed.data.get("cause", ""),
        "clock": climbed.data.get("clock", ""),
        "of": ticket.number,
    }
    if "resident" in first.data:
        data["resident"] = first.data["resident"]
    return Event(
        kind="reported",
        at=at.replace(microsecond=0),
        by=SYSTEM.id,
        role=Role.SYSTEM,
        data={k: v for k, v in data.items() if v != ""},
        said={k: first.said[k] for k in PERSONAL if k in first.said},
        channel="system",
        key=f"complaint/{ticket.id}",
        policy=climbed.policy,
        cause=f"{ticket.id}/{climbed.version}",
        correlation=climbed.correlation,
    )
