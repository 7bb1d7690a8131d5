"""Who stood on a ticket and stands there no more, and why.

declined          they gave it back themselves
handed_back       they, at a higher level, gave it back to the one below
assigned          somebody gave it to somebody else
not_acknowledged  it was taken from them
place_changed     it belongs to other people
"""

from __future__ import annotations

from chalicelib.domain.ticket.ticket import Event, Ticket, fold


def lost(ticket: Ticket, person: str) -> str:
    """Why somebody stands on the ticket no more; "" for who never did, and for who still does."""
    now, why = Ticket(ticket.id), ""
    for event in ticket.events:
        stood = now.stands(person)
        now = fold(ticket.id, [event], onto=now)
        if stood and not now.stands(person):
            why = _reason(event)
    return "" if now.stands(person) else why


def _reason(event: Event) -> str:
    return str(event.data.get("cause") or event.kind) if event.kind == "taken_away" else event.kind
