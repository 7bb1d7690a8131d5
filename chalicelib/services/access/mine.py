"""What belongs to a phone: the tickets that were reported with it, open and closed, and the pages of who works here.

Numbers are given to others after a while. Shown at once is what was reported since the phone is registered at that very
place, or within `RESTS`, for which carriers let a number rest; what is older is shown to who knows its room.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.roles import ROLES
from chalicelib.domain.record.text import sought
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.domain.ticket.trade import ENDED, State
from chalicelib.services.access import access, codes, opening
from chalicelib.store import grants, people, phones, tickets
from chalicelib.store.grants import Grant
from chalicelib.store.people import Staff

RESTS = timedelta(days=90)
ROOMS = (("address", 900, 10), ("phone", 3600, 5), ("phone", 86400, 15))  # rooms tried


@dataclass(frozen=True, slots=True)
class Mine:
    """`open` and `closed`: the newest first, emergencies before all; `pages`: paths of who works here.

    `links`: the path of each ticket's page. `older`: where the next page begins, "" at the end.
    """

    open: Sequence[Listed]
    closed: Sequence[Listed]
    links: Mapping[str, str]
    pages: Sequence[str] = ()
    older: str = ""


def of_phone(token: str, after: str, at: datetime) -> Mine:
    """What is shown to who has the phone. Four calls, one more for each older key. Raises NoAccess."""
    hashes = opening.open_phone(token, at).holder.split(",")
    ids = phones.reported(hashes, after)
    here = phones.stands(hashes)
    lines = tickets.several(ids)
    places = {line.id: line.place for line in lines}
    shown = [one for one in listed(lines) if is_theirs(one, places[one.id], here.units, at)]
    older = ids[-1] if len(ids) == phones.MOST else ""
    return _sorted(shown, pages_of(here.staff), older)


def of_room(token: str, room: str, address: str, at: datetime) -> Mine:
    """What was reported of a room with the phone, however long ago. Raises NoAccess, Invalid, TooOften."""
    grant = opening.open_phone(token, at)
    if not sought(room):
        raise Invalid("room", "required")
    codes.count("room", ROOMS, {"address": address, "phone": grant.id}, at)
    found = listed(tickets.several(phones.reported(grant.holder.split(","))))
    return _sorted([one for one in found if sought(one.line.place).split(" ")[-1] == sought(room)])


def is_theirs(one: Listed, place: str, units: Mapping[str, str], at: datetime) -> bool:
    """Whether a ticket is shown to the phone without more. `units`: where it is registered, since when."""
    reported = one.line.reported
    if reported is None:
        return False
    if place not in units:
        return reported >= at - RESTS
    return not units[place] or reported >= datetime.fromisoformat(units[place])


def only_page(grant: Grant) -> str:
    """The own page of who works here and reported nothing: there is no list to choose from. "" for anybody else."""
    hashes = grant.holder.split(",")
    if phones.reported(hashes, limit=1):
        return ""
    pages = pages_of(phones.stands(hashes).staff)
    return pages[0] if len(pages) == 1 else ""


def pages_of(staff: Iterable[str]) -> list[str]:
    """The own pages of persons who work here. One call where there are any."""
    found = people.several(list(staff))
    return [page_of(one) for one in found.values() if one.person.active]


def page_of(staff: Staff) -> str:
    """The path of somebody's own page; the grant is put where there is none."""
    grant = access.staff_grant(staff.id, staff.person.team, staff.link)
    token = access.token_to_send(grant)
    if grants.get(access.hash_of(token)) is None:
        grants.put(grant, access.hash_of(token))
    return ROLES[access.role_of(grant)].home + token


def _sorted(found: Sequence[Listed], pages: Sequence[str] = (), older: str = "") -> Mine:
    newest = sorted(found, key=lambda one: (not one.pinned, [-ord(c) for c in one.id]))
    ended = [one for one in newest if State(one.line.state) in ENDED]
    links = {one.id: f"/o/{access.token_to_send(access.own_grant(one.id))}" for one in newest}
    return Mine([one for one in newest if one not in ended], ended, links, pages, older)
