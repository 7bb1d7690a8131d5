"""Tickets go into the hands that a case says: the contractor's contact, a worker, a third party, back to the house.

The ticket's own move is made first and noted on the case afterwards; a ticket that is in those hands already stays as
it is, so that it may run again. Of a ticket that can't be given now, such as one that waits for the owner's signature,
nothing is owed until the owner refuses it.
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.ticket.trade import GATED
from chalicelib.services.record import record

AT_ONCE = 25  # tickets that one event of the case speaks of


def entrust(case: Case, at: datetime) -> bool:
    """Give the tickets of a case to whoever should have them; whether any was. May run again. Raises Busy."""
    owed = dict(list(case.to_entrust.items())[:AT_ONCE])
    for ticket, (team, person) in owed.items():
        wanted = {"team": team, "person": person} | ({"cause": GATED} if case.state is State.GATED else {})
        try:
            record.perform(Command("entrust", SYSTEM, wanted, cause=f"{case.id}/{case.version}"), ticket, at)
        except record.Busy:
            raise
        except Refused:  # it is finished, or gone: nothing to give
            continue
    if owed:
        facts = {"tickets": {ticket: list(hand) for ticket, hand in owed.items()}}
        record.perform(Command("note_entrusted", SYSTEM, facts), case.id, at)
    return bool(owed)
