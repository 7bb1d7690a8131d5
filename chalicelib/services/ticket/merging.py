"""Merging two tickets: one goes on for both, in one transaction, and both sides hear of it.

Whether the other one is open, of the same kind and place is asked of it as it stands when both are written: two that
are merged into each other at once, or into one that ends meanwhile, lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from chalicelib.domain.record import email, phone
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.merging import check, joining
from chalicelib.domain.ticket.ticket import SYSTEM, Actor, Ticket
from chalicelib.services.record import record
from chalicelib.store.records import StaleRecord, Timer
from chalicelib.store.table import Conflict


def merge(command: Command, ticket_id: str, at: datetime, allow: Callable[[Ticket], Actor] | None = None) -> Ticket:
    """End a ticket because another one (`into`) goes on for both; the ticket afterwards. May be sent twice.

    Raises IllegalMove, NotAllowed, Invalid, NotFound, Busy.
    """
    for attempt in range(record.TRIES):
        if attempt:
            record.back_off(attempt)
        ticket: Ticket
        ticket, seen = record.load_with_timer(ticket_id, consistent=True)
        wanted = replace(command, by=allow(ticket)) if allow else command
        if ticket.knows(wanted.key):
            return ticket
        into, seen_into = _other(str(wanted.data.get("into", "")))
        wanted = replace(wanted, data={"into": into.id, "other": into.number})
        events = record.decided(ticket, seen, record.only(wanted), at)
        check(ticket, into)
        joined = Command("join", SYSTEM, joining(ticket), cause=f"{ticket.id}/{ticket.version + len(events)}")
        _, writes = record.written(into, seen_into, record.decided(into, seen_into, record.only(joined), at))
        try:
            merged: Ticket = record.append(ticket, seen, events, more=writes)
            return merged
        except (StaleRecord, Conflict):
            continue
    raise record.Busy


def theirs_too(ticket: Ticket) -> Ticket | None:
    """The ticket that goes on for a merged one, where the same reporter made both; else None. One call.

    The same is who is reached by every address of the one at the other's: what is sent there opens both.
    """
    into = next((str(e.data["into"]) for e in reversed(ticket.events) if e.kind == "merged" and e.data.get("into")), "")
    try:
        other: Ticket | None = record.load(into) if into else None
    except record.NotFound:
        other = None
    mine = ticket.said("reported")
    theirs = other.said("reported") if other else {}
    ways = (("phone", phone.compared), ("email", email.counted))
    reached = [(plain(str(mine[way])), plain(str(theirs.get(way, "")))) for way, plain in ways if mine.get(way)]
    return other if reached and all(one == another for one, another in reached) else None


def _other(ticket_id: str) -> tuple[Ticket, Timer]:
    """Raises Invalid."""
    try:
        return record.load_with_timer(ticket_id, consistent=True)
    except record.NotFound:
        raise Invalid("into", "not_found") from None
