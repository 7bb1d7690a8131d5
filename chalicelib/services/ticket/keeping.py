"""Why a ticket's words and pictures have to be kept: what may still be claimed by them. One query a case."""

from __future__ import annotations

from datetime import datetime, timedelta

from chalicelib.domain.contractor.case import ENDING, Case
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.record.keeping import Reason
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.domain.warranty import period_end
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store.reading import Unreadable

NOTHING_OWED = frozenset({"released_from", "joined_into"})


def reasons(ticket: Ticket, at: datetime) -> list[Reason]:
    """Those that hold at a moment. A case that can't be read counts as one that goes on."""
    found: list[Reason] = []
    for case in sorted({str(e.data["case"]) for e in ticket.events if e.kind == "case_opened" and e.data["case"]}):
        found += _of_case(ticket, case)
    if ticket.disputed and not ticket.appraised:
        found += [_after(ticket, "dispute", e.at) for e in ticket.events if e.kind == "finding_disputed"][-1:]
    found += [_after(ticket, "money", e.at) for e in ticket.events if e.kind == "money_moved"][-1:]
    return [reason for reason in found if reason.until is None or reason.until > at]


def _of_case(ticket: Ticket, reference: str) -> list[Reason]:
    try:
        case: Case = record.load(reference, consistent=True)
    except record.NotFound:
        return []
    except Unreadable:
        return [Reason("case")]
    if case.is_open:
        return [Reason("case")]
    end = next((e for e in reversed(case.events) if e.kind in ENDING), None)
    if end is None or end.kind in NOTHING_OWED or ticket.id not in case.tickets:
        return []
    return [_after(ticket, "limitation", end.at)]


def _after(ticket: Ticket, kind: str, began: datetime) -> Reason:
    """To the end of the last day of the limitation, by the calendar of the place."""
    numbers = policy_for(ticket.place)
    zone = numbers.calendars["office"].zone
    last = period_end(began.astimezone(zone).date(), years=ladder_of(numbers).limitation_years)
    return Reason(kind, datetime(last.year, last.month, last.day, tzinfo=zone) + timedelta(days=1))
