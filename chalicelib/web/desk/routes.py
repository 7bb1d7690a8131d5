"""The front desk, by a person's own link: the queue, and a ticket with its moves.

GET  /d/{token}                     the queue by deadline; ?part=lines the table alone, for refreshing
POST /d/{token}                     find a ticket, a phone or a unit: never by the address, which is logged elsewhere
     /d/{token}/new                 see desk_calls
GET  /d/{token}/{ticket}            a ticket and every move that the state allows
GET  /d/{token}/{ticket}/people     who could take it
GET  /d/{token}/{ticket}/photo/{n}  303 to a photo
POST /d/{token}/{ticket}/{move}     make the move
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Refused
from chalicelib.domain.record.roles import DESKS
from chalicelib.domain.ticket.lifecycle import moves
from chalicelib.domain.ticket.trade import time_of
from chalicelib.language import times
from chalicelib.language.catalogue import catalogue
from chalicelib.services.access import opening
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import calling, frontdesk, overview
from chalicelib.services.ticket.frontdesk import Queue, Wanted
from chalicelib.store.records import NEVER
from chalicelib.web.desk import calls as desk_calls
from chalicelib.web.desk import lines
from chalicelib.web.kit import choices, forms
from chalicelib.web.kit import ticket as kit
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import DOORS, Door
from chalicelib.web.kit.moves import NOTHING, Read, Tried, make, said
from chalicelib.web.kit.pages import html, lang_of, page, render, root, see
from chalicelib.web.staff import forms as staff_forms
from chalicelib.web.staff import view as staff_view
from chalicelib.web.staff.routes import DONE as STAFF_DONE

# What happened after a move, beside what the staff page says of the same ones.
DONE: Mapping[str, str] = STAFF_DONE | {
    "taken": "Registered. The reporter gets the number and a link.",
    "answered": "Registered, answered and closed.",
    "change_place": "The place is corrected.",
    "merge": "Merged: both go on under one number, and both sides have been told.",
}

SHOWN = (("", "All open"), ("dispatch", "To be dispatched by the desk"), ("late", "Late"))
SHOWN_ABOVE = (("", "Escalated"), ("all", "All open"), ("dispatch", "To be dispatched by the desk"), ("late", "Late"))

# the queue


def queue(token: str) -> Response:
    lang, at = lang_of(request()), now()
    wanted = Wanted(
        undispatched=asked("show") == "dispatch",
        late=asked("show") == "late",
        state=asked("state") if asked("state") in choices.OPEN_STATES else "",
        priority=asked("priority") if asked("priority") in choices.PRIORITIES else "",
        category=asked("category") if asked("category") in choices.category_names() else "",
    )
    found = frontdesk.queue(token, asked("desk"), wanted, asked("after"), at)
    together = found.desk.level > 1 and asked("show") in ("all", "late", "dispatch")
    if together:
        found = overview.everything(token, wanted, asked("after"), at)
    return _queue_page(
        token, found, wanted, lang, at, part=asked("part") == "lines", first=not asked("after"), together=together
    )


def find(token: str) -> Response:
    """A number leads to the ticket, a unit or a name to the report for the unit; a phone is answered here: no address
    may carry one."""
    grant = opening.open_staff(token, DESKS)
    form, lang = forms.read(request()), lang_of(request())
    text = form.text("find", 100)
    found = calling.find(grant, text, form.text("desk", 100))
    if found.ticket:
        return see(f"/d/{token}/{found.ticket}")
    if len(found.places) == 1 and not found.phone:
        place = found.places[0].place.id
        who = {"who": found.who[place]} if place in found.who else {}
        return see(f"/d/{token}/new?{urlencode({'place': place, **who})}")
    return desk_calls.entry(token, grant, lang, {"find": text, "phone": found.phone}, found=found, looked=bool(text))


def _queue_page(
    token: str, found: Queue, wanted: Wanted, lang: str, at: datetime, *, part: bool, first: bool, together: bool
) -> Response:
    above = found.desk.level > 1
    chosen = {
        "desk": found.desk.project if len(found.desks) > 1 else "",
        "show": "dispatch" if wanted.undispatched else "late" if wanted.late else "all" if together else "",
        "state": wanted.state,
        "priority": wanted.priority,
        "category": wanted.category,
    }
    groups = lines.groups(token, found, lang, at)
    tz = policy_for({"project": found.desk.project}).zone
    context: dict[str, Any] = {
        "token": token,
        "here": f"/d/{token}?{_query(chosen)}",
        "groups": groups,
        "count": len(found.lines),
        "after": f"/d/{token}?{_query({**chosen, 'after': found.after})}" if found.after else "",
        "first": first,
        "looked": times.clock_time(time_of(found.looked), tz, lang, at)
        if found.after and found.looked and found.looked != NEVER
        else "",
        "clock": times.clock_time(at, tz, lang, at),
        "narrowed": bool(wanted),
        "above": above,
        "together": together,
    }
    table = render("desk/lines.html", lang, now=at, **context)
    if part:
        return html(table, lang)
    chips = [
        (f"/d/{token}?{_query({**chosen, 'show': show})}", catalogue(lang).gettext(name), chosen["show"] == show)
        for show, name in (SHOWN_ABOVE if above else SHOWN)
    ]
    start = int(asked("from")) if re.fullmatch(r"[0-9]{1,4}", asked("from")) else 0
    empty = first and not (above or found.lines or wanted)
    return page(
        "desk/queue.html",
        lang,
        now=at,
        desk=found.desk,
        desks=found.desks,
        asked=chosen,
        lines=Markup(table),
        chips=chips,
        whose=frontdesk.whose(found.grant),
        todo=_first_day(found.desk.project, lang) if empty else (),
        board=overview.board(found.desks, start, at) if above and first and not wanted and not together else None,
        categories=choices.options("category", choices.category_names(), wanted.category, lang),
        states=choices.options("state", choices.OPEN_STATES, wanted.state, lang),
        priorities=choices.options("priority", choices.PRIORITIES, wanted.priority, lang),
        **context,
    )


def _first_day(project: str, lang: str) -> Any:
    """What is still to be done, where nothing is open: most days nobody needs it, and it is imported then alone."""
    from chalicelib.web.desk.first import beginning

    return beginning(project, lang)


def _query(asked: Mapping[str, str]) -> str:
    return _encoded(tuple((k, v) for k, v in asked.items() if v))


@lru_cache(maxsize=256)
def _encoded(asked: tuple[tuple[str, str], ...]) -> str:
    return urlencode(asked)


# a ticket


def ticket(door: Door, tried: Tried = NOTHING) -> Response:
    """A ticket as it is now; after a move that was refused, with what was typed and why."""
    lang, at = lang_of(request()), now()
    opened = door.open()
    done = said(DONE, at)
    return page(
        "desk/ticket.html",
        lang,
        status=tried.status,
        now=at,
        token=door.token,
        whose=frontdesk.whose(opened.grant),
        **staff_view.page(opened, door.base, lang, at),
        **staff_view.forms(opened, door, root() + door.home, lang, at, tried),
        legal=moves(opened.ticket, opened.actor.role),
        key=ulid(at),
        linked=[f"{door.home}/{other}" for other in opened.ticket.linked],
        done=done,
        said_done=DONE.get(done, ""),
    )


def act(door: Door, move: str) -> Response:
    def reads(name: str, form: forms.Form, at: datetime) -> Read:
        return _read(door, name, form, at)

    if move == "merge" and (other := _ends_into(door)):
        ending = DOORS["at_desk"](door.token, other)
        into = {"into": door.ticket}
        return make(
            ending, move, lambda *_: (into, {}), lambda _, tried: kit.again(ticket)(door, tried), then=door.base
        )
    return make(door, move, reads, kit.again(ticket))


def _ends_into(door: Door) -> str:
    """The ticket that ends where this one was chosen to go on for both; "" where it is this one, or none was found."""
    try:
        form = forms.read(request())
        if form.text("survives", 10) != "this":
            return ""
        return calling.other_ticket(opening.open_staff(door.token, DESKS), form.text("into", 100), door.ticket)
    except Refused:
        return ""


def _read(door: Door, move: str, form: forms.Form, at: datetime) -> Read:
    """The facts and words of a move. Two of them name something that has to be looked up at this desk."""
    if move == "merge":
        grant = opening.open_staff(door.token, DESKS)
        return {"into": calling.other_ticket(grant, form.text("into", 100), door.ticket)}, {}
    if move == "change_place":
        grant = opening.open_staff(door.token, DESKS)
        return calling.other_place(grant, form.text("where", 100)), {}
    return staff_forms.read(move, form, at)
