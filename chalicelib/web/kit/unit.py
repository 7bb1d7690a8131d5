"""The file of a unit: for the desk by its place, for whoever is on a ticket by that ticket.

GET  /d/{token}/unit              ?place= ?after=   with who lives there
GET  /{t,w,d}/{token}/{ticket}/unit                 of the ticket's place; who lives there for desks alone
"""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.roles import DESKS, OUTSIDE
from chalicelib.domain.record.text import plain
from chalicelib.domain.ticket.heading import Listed
from chalicelib.language import times, words
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import calling, unit
from chalicelib.services.warranty import answering
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.pages import lang_of, page


def of_place(token: str) -> Response:
    """Raises NoAccess, and NotFound where the place is not this desk's."""
    grant = opening.open_staff(token, DESKS)
    caller = calling.caller(grant, plain(asked("place")), with_open=False)
    if caller is None:
        raise NotFound
    found = unit.of_place(caller.place, caller.residents, now(), _after())
    return _page(found, f"/d/{token}", f"/d/{token}", f"/d/{token}/unit?place={caller.place.id}&", desk=True)


def of_ticket(door: Door) -> Response:
    """Raises NoAccess, and NotFound where the place is no more."""
    opened = door.open()
    if opened.actor.role in OUTSIDE:  # what else was reported there is none of a company's business
        raise NoAccess
    desk = opened.actor.role in DESKS
    here = opened.ticket.place
    found = unit.of_id(
        next((here[k] for k in ("unit", "area", "asset", "building", "project") if here.get(k)), ""), now(), _after()
    )
    if found is None:
        raise NotFound
    tickets = door.home if desk and door.home.startswith("/d/") else ""
    return _page(found, door.base, tickets, f"{door.base}/unit?", desk=desk)


def _after() -> str:
    return asked("after") if is_ulid(asked("after")) else ""


def _page(found: unit.File, back: str, tickets: str, here: str, *, desk: bool) -> Response:
    """`tickets`: below which path a ticket opens; "" where the link opens no other ticket."""
    lang, at = lang_of(request()), now()
    tz = policy_for(found.place.as_fact()).zone

    def row(one: Listed) -> dict[str, Any]:
        line = one.line
        when = line.ended or line.reported
        return {
            "href": f"{tickets}/{one.id}" if tickets else "",
            "number": spoken(line.number),
            "about": words.category_word(line.category, lang),
            "component": words.component_word(line.component, lang) if line.component else "",
            "state": words.state_word(line.state, lang, line.kind),
            "when": times.clock_time(when, tz, lang, at) if when else "",
        }

    return page(
        "staff/unit.html",
        lang,
        now=at,
        file=found,
        residents=found.residents if desk else (),
        named=lambda answers: answering.named(answers, found.place.as_fact().get("project", "")),
        desk=desk,
        back=back,
        open=[row(one) for one in found.open],
        past=[row(one) for one in found.past],
        repeats=[
            (
                words.category_word(r.category, lang),
                words.component_word(r.component, lang),
                [row(t) for t in r.tickets],
            )
            for r in found.repeats
        ],
        after=f"{here}after={found.after}" if found.after else "",
        first=not _after(),
    )
