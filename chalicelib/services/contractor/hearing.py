"""What a change of a ticket says to its cases is written with the change itself: nothing to lose, nothing to repeat.

Most changes say nothing to a case, most tickets have none: only those that do read it, one query each; and the
contract, where the ticket has come to another clause or priority than its case goes by.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.hearing import (
    OF_INTEREST,
    by_terms,
    heard,
    heard_until_now,
    judged_by,
    other_terms,
)
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.contractor.opening import clause_of, terms_of
from chalicelib.services.record import record
from chalicelib.store import contracts
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
            found = [*_terms(ticket, now), *heard_until_now(ticket, now)]
            return [one for one in found if legal(now, one.name, Role.SYSTEM)]

        case = record.change(case.id, missed, at)
    return case.version - version


def _terms(ticket: Ticket, case: Case) -> list[Command]:
    """By which clause and priority the case goes on, where its ticket has come to others."""
    if not other_terms(ticket, case) or (contract := contracts.contract(case.contract)) is None:
        return []
    judged = judged_by(ticket, case)
    named = next((one for one in contract.clauses if one.id == (judged or case.clause)), None)
    clause = (named if judged else clause_of(ticket, contract, case.clause)) or named
    return [by_terms(ticket, clause.id if clause else case.clause, terms_of(clause, ticket).stored())]


def _writes(reference: str, before: Ticket | None, after: Ticket, events: Sequence[Event]) -> list[Write]:
    case, seen = record.load_with_timer(reference, consistent=True)
    if after.id not in case.tickets:
        return []
    # The terms first: what else is heard may end it, and an ended case hears nothing more.
    found = [*_terms(after, case), *heard(before, after, events, case)]

    def commands(now: object) -> list[Command]:
        return [command for command in found if legal(case, command.name, Role.SYSTEM)]

    made = record.decided(case, seen, commands, events[-1].at)
    return record.written(case, seen, made)[1] if made else []
