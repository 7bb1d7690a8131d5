"""What a change of a ticket says to its cases is written with the change itself: nothing to lose, nothing to repeat.

Most changes say nothing to a case, most tickets have none: only those that do read it, one query each.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.hearing import OF_INTEREST, heard, heard_until_now
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record import record
from chalicelib.store.reading import Unreadable
from chalicelib.store.table import Write


def said_by(before: Ticket | None, after: Ticket, events: Sequence[Event]) -> list[Write]:
    """The writes to the cases of a ticket that its events ask for. They fail where somebody else wrote the case.

    A case that can't be read holds up no ticket: it is named, and rings.
    """
    if not any(event.kind in OF_INTEREST for event in events):
        return []
    writes: list[Write] = []
    cases = {*(before.cases.values() if before else ()), *after.cases.values()} - {""}
    for reference in sorted(cases):
        try:
            writes += _writes(reference, before, after, events)
        except (record.NotFound, Unreadable):
            logger.error("a case can't be read", extra={"record": reference, "ticket": after.id})
            ring("CaseUnreadable")
    return writes


def catch_up(case: Case, at: datetime) -> int:
    """Let a case hear what it has missed of its tickets, because it could not be read then; how much. May run again.

    One query a ticket: for the nightly round alone.
    """
    version = case.version
    for ticket_id in case.tickets:
        try:
            ticket = record.load(ticket_id)
        except (record.NotFound, Unreadable):
            continue

        def missed(now: Case, ticket: Ticket = ticket) -> list[Command]:
            return [one for one in heard_until_now(ticket, now) if legal(now, one.name, Role.SYSTEM)]

        case = record.change(case.id, missed, at)
    return case.version - version


def _writes(reference: str, before: Ticket | None, after: Ticket, events: Sequence[Event]) -> list[Write]:
    case, seen = record.load_with_timer(reference, consistent=True)
    if after.id not in case.tickets:
        return []
    found = list(heard(before, after, events, case))

    def commands(now: object) -> list[Command]:
        return [command for command in found if legal(case, command.name, Role.SYSTEM)]

    made = record.decided(case, seen, commands, events[-1].at)
    return record.written(case, seen, made)[1] if made else []
