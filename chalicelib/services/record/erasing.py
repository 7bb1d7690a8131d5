"""Erasing what is personal of a ticket, for good. What happened, and when, stays.

    noted         in the table, and in the bucket, which no restore of the table takes back
    pictures      all that lies below the ticket's keys, every version: photos that were never sent with it too
    PRIVATE#…     overwritten: words, names, phones, addresses, keys of pictures
    own link      opens nothing any more
    phone         no longer leads to it

So too the complaint that the ticket opened. It may run again, and does after a restore: `replay`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from chalicelib.adapters import objects
from chalicelib.domain.record.phone import compared
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.services.ticket.photos import old
from chalicelib.store import erasures, phones
from chalicelib.store.reading import Unreadable


class StillOpen(Exception):
    """Whoever works on the ticket needs what would be erased. Its text is the ticket's number."""


@dataclass(frozen=True, slots=True)
class Erased:
    """`parts` that said something, `pictures` with all their versions; `first`: it was not erased before."""

    ticket: str
    parts: int
    pictures: int
    first: bool


def erase(ticket_id: str, at: datetime, *, even_open: bool = False) -> list[Erased]:
    """Erase a ticket and the complaint that it opened. May run again. Raises NotFound, StillOpen."""
    ticket = record.load(ticket_id, consistent=True)
    opened = [str(e.data["ticket"]) for e in ticket.events if e.kind == "linked" and e.data.get("cause") == "climbed"]
    found = [ticket, *(record.load(other, consistent=True) for other in opened)]
    for one in found:
        if one.is_open and not even_open:
            raise StillOpen(one.number)
    return [_erase(one, at) for one in found]


def replay(at: datetime) -> Iterator[Erased]:
    """Erase again all that ever was, open or not: the table was restored to a time before. May run again.

    A ticket that the restored table does not know, or that can't be read, is passed over; the latter rings.
    """
    for ticket_id in objects.erased():
        try:
            yield _erase(record.load(ticket_id, consistent=True), at)
        except (record.NotFound, Unreadable):
            continue


def _erase(ticket: Ticket, at: datetime) -> Erased:
    """Noted first, pictures before the words that name them: cut off anywhere, the next run finds what is left."""
    objects.note_erased(ticket.id)
    first = erasures.note(ticket.id, at)
    photos = {str(photo) for event in ticket.events for photo in event.said.get("photos", ())}
    own = (f"{objects.PHOTOS}{ticket.id}/", f"{objects.SIGNATURES}{ticket.id}/")
    gone = sum(objects.forget(key) for key in (*old(photos), *own))
    if phone := str(ticket.said("reported").get("phone", "")):
        phones.forget(access.ever_hidden("phone", compared(phone)), ticket.id)
    parts = erasures.overwrite(ticket.id)
    access.revoke(access.own_grant(ticket.id))
    return Erased(ticket.id, parts, gone, first)
