"""Who works here no more holds nothing: what they had, in whatever state, goes to somebody who does and is told.

    held, begun or not       nobody's, and routed anew; a pause ends with it
    finished, not closed     nobody's; with a rework it is routed anew
    watched at a level       whoever is on duty there now has it and is told

Loading does it for all who are listed as gone; every night reconciling finds what was cut off or met a move.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.reference import UNNAMED
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import SYSTEM, Actor, Ticket, fold
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.services.record.rebuilding import open_records
from chalicelib.services.ticket import dispatch


def release(gone: frozenset[str], at: datetime) -> tuple[int, int]:
    """Take every open ticket from those who are gone, and kill their links to it. May run again.

    → (tickets taken, tickets that others kept writing and that the night has to find). One read a ticket.
    """
    taken = kept = 0
    for ticket_id in open_records(UNNAMED) if gone else ():
        try:
            taken += let_go(record.load(ticket_id), gone, at)
        except (record.NotFound, record.Busy):
            kept += 1
    return taken, kept


def leavers_on(ticket: Ticket) -> frozenset[str]:
    """Who is on an open ticket and works here no more. No call for whoever is on a roster that is kept."""
    on_it = _on(ticket) if ticket.is_open else set()
    return frozenset(person for person in on_it if not dispatch.is_active(person, ticket.team))


def let_go(ticket: Ticket, gone: Iterable[str], at: datetime) -> bool:
    """Take a ticket from those of `gone` who are on it; whether anybody was. Raises NotFound, Busy."""
    taken = False
    for person in sorted(_on(ticket) & set(gone)):
        access.revoke(access.ticket_grant(ticket.id, person))
        without = fold(ticket.id, (), onto=ticket)
        without.watchers = {level: who for level, who in ticket.watchers.items() if who != person}
        levels = [level for level, who in ticket.watchers.items() if who == person]
        instead = [[level, dispatch.at_level(level, without, at)] for level in sorted(levels)]
        command = Command("leave", SYSTEM, {"person": person, "instead": instead})

        def still(now: Ticket, person: str = person) -> Actor:
            if person not in _on(now):
                raise IllegalMove("illegal_move", move="leave", state=now.state.value)
            return SYSTEM

        try:
            record.perform(command, ticket.id, at, allow=still)
        except IllegalMove:
            continue
        taken = True
    return taken


def _on(ticket: Ticket) -> set[str]:
    return {person for person in (ticket.holder, *ticket.watchers.values()) if person}
