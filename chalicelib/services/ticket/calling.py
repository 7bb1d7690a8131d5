"""Whoever calls or stands at the counter: who they are, what is open where they live, and the report taken for them.

A desk finds places, people and tickets of its own project; level 2 those of its subsidiary, level 3 all.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from chalicelib.domain.record import phone
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.number import parse_number
from chalicelib.domain.record.roles import desk_of
from chalicelib.domain.record.text import plain
from chalicelib.domain.register import spelling
from chalicelib.domain.register.place import natural
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.domain.ticket.lifecycle import Command
from chalicelib.domain.ticket.ticket import Actor, Kind
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import record
from chalicelib.services.ticket import frontdesk, report, seeking
from chalicelib.store import names, people, phones, places, tickets
from chalicelib.store.grants import Grant
from chalicelib.store.places import Child, Place, Resident
from chalicelib.store.reading import Unreadable

REPORTED = 8  # tickets of a phone that are worth showing
SHORTEST_NAME, LONGEST_NAME = 2, 60
CHANNELS = ("phone", "counter", "email", "wechat")


@dataclass(frozen=True, slots=True)
class Caller:
    """A place and what the desk should know when somebody calls about it. `within`: what lies in it, to choose from."""

    place: Place
    residents: Sequence[Resident] = ()
    open: Sequence[Listed] = ()
    within: Sequence[Child] = ()
    seal: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: a ticket, or places (none: nothing of that here).

    `reported`: with the phone that was typed, the newest first, whether or not it is registered. `who`: place →
    resident, where a name was looked for; `more`: there are others of that name.
    """

    ticket: str = ""
    places: Sequence[Caller] = ()
    phone: str = ""
    reported: Sequence[Listed] = ()
    who: Mapping[str, str] = field(default_factory=dict)
    more: bool = False


def find(grant: Grant, text: str, project: str = "") -> Found:
    """What a number, phone, name, unit code or label means at this desk.

    `project`: where a label is looked for first. A name is a resident's, whole.
    """
    text = plain(text)
    ticket_number = parse_number(text)
    if ticket_number and (ticket := tickets.by_number(ticket_number)) and _opens(grant, ticket):
        return Found(ticket=ticket)
    if number := _phone(text):
        units = list(dict.fromkeys(u for h in access.ever_hidden("phone", number) for u in places.units_of(h)))
        known = [c for unit in units[:8] if (c := caller(grant, unit, with_open=len(units) == 1)) is not None]
        if known or len(number) >= 10:
            return Found(places=known, phone=number, reported=reported_with(grant, number))
    if (named := _by_name(grant, text)).places:
        return named
    ids = _by_label(grant, text, project)
    found = [c for one in ids if (c := caller(grant, one, with_open=len(ids) == 1)) is not None]
    return Found(places=found)


def reported_with(grant: Grant, number: str) -> list[Listed]:
    """The last tickets that were reported with a phone, of those that the desk may open. One read each."""
    hashes = access.ever_hidden("phone", phone.compared(number))
    ids = [ticket for ticket in phones.reported(hashes, limit=REPORTED) if _opens(grant, ticket)]
    return sorted(listed(tickets.several(ids)), key=lambda one: one.id, reverse=True) if ids else []


def caller(grant: Grant, place_id: str, *, with_open: bool = True) -> Caller | None:
    """A place as the desk may see it, None where it isn't theirs or nothing. `with_open`: and what is open there."""
    if not place_id or len(place_id) > 100:
        return None
    place, residents = places.with_residents(place_id)
    if place is None or place.kind in ("subsidiary", "phase") or not frontdesk.reaches(grant, place):
        return None
    within = places.children(place.id) if place.kind in ("project", "building", "entrance") else []
    waiting = listed(tickets.open_at(place.id)) if with_open else []
    return Caller(place, residents, waiting, within, _seal(grant, place.id))


def take(grant: Grant, sent: report.Report, seal: str, channel: str, answer: str, at: datetime) -> report.Taken:
    """Take a report for whoever calls; an enquiry or suggestion answered on the spot is closed at once.

    `seal`: the page's word that the place is this desk's. May be called again with the same mark. Raises Invalid.
    """
    if channel not in CHANNELS:
        raise Invalid("channel", "required")
    if not sent.place or not _is_seal(seal, grant, sent.place):
        raise Invalid("place", "required")
    actor = Actor(grant.holder, access.role_of(grant), grant.id, channel)
    answers = bool(answer) and sent.kind in (Kind.ENQUIRY, Kind.SUGGESTION)
    if answers and len(answer) > report.MAX_WORDS:
        raise Invalid("answer", "too_long", limit=report.MAX_WORDS)
    if sent.kind == Kind.PATROL and not sent.phone and not sent.email:
        sent = _by_patrol(sent, grant)
    taken = report.take(sent, at, by=actor)
    if answers and taken.ticket.is_open:
        command = Command("answer", actor, said={"words": answer}, key=f"{sent.mark}/answer", correlation=sent.mark)
        taken = replace(taken, ticket=record.perform(command, taken.ticket.id, at))
    return taken


def other_ticket(grant: Grant, number: str, ticket: str) -> str:
    """The id of another open ticket that this desk sees, by number. Raises Invalid."""
    parsed = parse_number(number)
    if not parsed:
        raise Invalid("into", "number_form")
    found = tickets.by_number(parsed)
    if not found or found == ticket or not _opens(grant, found):
        raise Invalid("into", "not_found")
    return found


def other_place(grant: Grant, text: str) -> dict[str, Any]:
    """Where a ticket belongs instead, and whose desk answers for it there. Raises Invalid."""
    found = find(grant, text).places
    if len(found) != 1 or found[0].place.closed:
        raise Invalid("where", "place_not_found")
    here = found[0].place.as_fact()
    return {"place": here, "desk": desk_of(1, here)}


def _by_patrol(sent: report.Report, grant: Grant) -> report.Report:
    """A finding of a patrol is reported by whoever enters it."""
    me = people.get(grant.holder)
    return (
        sent
        if me is None
        else replace(
            sent,
            reporter="behalf",
            name=sent.name or me.person.name,
            phone=me.phone,
            email="" if me.phone else me.email,
        )
    )


def _opens(grant: Grant, ticket_id: str) -> bool:
    try:
        access.actor_on(grant, record.load(ticket_id))
    except (NoAccess, record.NotFound, Unreadable):
        return False
    return True


def _seal(grant: Grant, place: str) -> str:
    """Says that a page of this link showed the place: taking the report needs no second look at whose it is."""
    return access.hidden("seal", f"{grant.id}/{place}")


def _is_seal(seal: str, grant: Grant, place: str) -> bool:
    """Whether this link's page said so, before a change of the key or after it."""
    seals = access.ever_hidden("seal", f"{grant.id}/{place}")
    return any(hmac.compare_digest(seal.encode(), known.encode()) for known in seals)


def _phone(text: str) -> str:
    """The phone number that was typed, of whatever country; "" for anything else."""
    try:
        return phone.kept(text, abroad=("",))
    except phone.NoPhone:
        return ""


def _by_name(grant: Grant, text: str) -> Found:
    """Where a resident of that name is registered, of the places that the desk may see. One query and one batch."""
    name = spelling.called(text)
    if len(name) > LONGEST_NAME or sum(letter.isalpha() for letter in name) < SHORTEST_NAME:
        return Found()
    units = names.registered(access.ever_hidden("name", name))
    known = places.several(units) if units else {}
    theirs = sorted((p for p in known.values() if frontdesk.reaches(grant, p)), key=lambda p: natural(p.label))
    if len(theirs) == 1:
        only = caller(grant, theirs[0].id)
        return Found(places=[only], who=units) if only else Found()
    shown = theirs[: seeking.MOST]
    return Found(places=[Caller(p) for p in shown], who=units, more=len(theirs) > len(shown))


def _by_label(grant: Grant, text: str, project: str) -> list[str]:
    """The ids of the places with a code, or of a label such as 3-2-1001 or 3栋2单元10楼; at most `seeking.MOST`."""
    code = text.strip()
    if not code or len(code) > 60:
        return []
    for spelt in dict.fromkeys((code, code.upper())):
        found = places.get(spelt)
        if found is not None and frontdesk.reaches(grant, found):
            return [found.id]
    return [hit.id for hit in seeking.seek(code, frontdesk.projects_of(grant), project)]
