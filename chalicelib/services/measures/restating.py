"""Facts of what happened before facts were kept, or by another hand: made from the events, as they would have been."""

from __future__ import annotations

from collections.abc import Iterator

from chalicelib.domain.measures.facts import history, month_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_of, version_named
from chalicelib.store import facts, records, tickets

STRETCH = 100


def state_again(ticket_id: str) -> int:
    """Add the facts that a ticket's changes made and that are not there; how many. May run again. Raises NotFound.

    What stands stays as it is, whatever the numbers are now.
    """
    ticket = record.load(ticket_id, consistent=True)
    changes = [first for first in records.changes(ticket_id) if first <= ticket.version]
    now = policy_of(ticket)
    return sum(facts.add(fact, month_of(fact, now)) for fact in history(ticket, changes, _then))


def _then(ticket: Ticket) -> Policy:
    """The numbers in force at a ticket's last event, if they are known; of one that ended, at its end."""
    return policy_of(ticket) if not ticket.is_open else version_named(ticket.events[-1].policy) or policy_of(ticket)


def everywhere() -> Iterator[str]:
    """The ids of all tickets, ended ones too. It reads the whole table: for an operator's command alone."""
    start = None
    while True:
        found, start = tickets.everywhere(limit=STRETCH, start=start)
        yield from found
        if not start:
            return
