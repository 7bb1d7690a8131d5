"""A ticket is what its events say: the fold from events to ticket. The words it is made of stand in `trade.py`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from chalicelib.domain.record.event import SYSTEM, Actor, Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.changes import CHANGES, SILENT
from chalicelib.domain.ticket.folded import ENDS, Original, Ticket
from chalicelib.domain.ticket.trade import ENDED, PHASE, WORKS, Data, Kind, Priority, State, Window

__all__ = [
    "CHANGES",
    "ENDED",
    "ENDS",
    "PHASE",
    "SILENT",
    "SYSTEM",
    "WORKS",
    "Actor",
    "Data",
    "Event",
    "Kind",
    "Original",
    "Priority",
    "Role",
    "State",
    "Ticket",
    "Window",
    "fold",
]

NONE: Mapping[str, Original] = {}


def fold(
    ticket_id: str,
    events: Iterable[Event],
    onto: Ticket | None = None,
    *,
    refused: frozenset[str] = frozenset(),
    originals: Mapping[str, Original] = NONE,
    held: bool = False,
) -> Ticket:
    """The ticket that the events make; `onto` continues a copy of one that is folded already."""
    ticket = replace(onto) if onto else Ticket(ticket_id, refused=refused, originals=originals, held=held)
    for event in events:
        ticket.version += 1
        event = event if event.version == ticket.version else replace(event, version=ticket.version)
        ticket.events += (event,)
        change = CHANGES.get(event.kind)
        if change:
            change(ticket, event)
    return ticket
