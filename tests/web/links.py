"""Links as somebody was sent them, written as they are when a message goes out."""

from __future__ import annotations

from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.store import grants
from tests.world import STAFF


def staff(who: str) -> str:
    """The token of somebody's own link."""
    grant = access.staff_grant(who, STAFF[who][0], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return access.token(grant)


def own(ticket: Ticket) -> str:
    """The address of the reporter's page."""
    return f"/o/{access.token(access.own_grant(ticket.id))}"
