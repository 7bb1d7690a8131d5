"""Merging two tickets: one goes on for both, in one transaction, and both sides hear of it.

Whether the other one is open, of the same kind and place is asked of it as it stands when both are written: two that
are merged into each other at once, or into one that ends meanwhile, lose nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

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
        events = record.decided(ticket, seen, _only(wanted), at)
        check(ticket, into)
        joined = Command("join", SYSTEM, joining(ticket), cause=f"{ticket.id}/{ticket.version + len(events)}")
        _, writes = record.written(into, seen_into, record.decided(into, seen_into, _only(joined), at))
        try:
            merged: Ticket = record.append(ticket, seen, events, more=writes)
            return merged
        except (StaleRecord, Conflict):
            continue
    raise record.Busy


def _other(ticket_id: str) -> tuple[Ticket, Timer]:
    """Raises Invalid."""
    try:
        return record.load_with_timer(ticket_id, consistent=True)
    except record.NotFound:
        raise Invalid("into", "not_found") from None


def _only(command: Command) -> record.Commands:
    return lambda ticket: [command]
