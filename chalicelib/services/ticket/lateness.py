"""Why is it late, for whoever holds a link: what the clocks say, and the names of those who were told. Two calls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.ticket.explaining import Explanation, explain
from chalicelib.domain.ticket.ticket import Role, Ticket
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.numbers import judged_by
from chalicelib.services.ticket import frontdesk


@dataclass(frozen=True, slots=True)
class Told:
    """`zone`: the place's. `known`: whether the numbers are those in force then. `names`: of staff, for staff alone."""

    ticket: Ticket
    explanation: Explanation
    zone: str
    known: bool
    names: Mapping[str, str]


def why(
    token: str, kinds: frozenset[str], at: datetime, ticket_id: str = "", *, roles: frozenset[Role] = frozenset(Role)
) -> Told:
    """What the clocks of a ticket say now, to somebody in one of the `roles`. Raises NoAccess."""
    opened = opening.open_ticket(token, kinds, ticket_id)
    if opened.actor.role not in roles:
        raise NoAccess
    ticket = opened.ticket
    numbers, known = judged_by(ticket)
    explanation = explain(ticket, numbers, at)
    if opened.actor.role is Role.OWNER:
        return Told(ticket, explanation, numbers.zone, known, {})
    people = {told.person for account in explanation.accounts for told in account.told}
    people |= {str(event.data.get("person", "")) for event in explanation.marks}
    return Told(ticket, explanation, numbers.zone, known, frontdesk.names(people, ticket.place.get("project", "")))
