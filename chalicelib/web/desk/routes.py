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

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from chalice import Blueprint
from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.roles import DESKS
from chalicelib.domain.ticket.lifecycle import moves
from chalicelib.domain.ticket.trade import time_of
from chalicelib.language import reasons, times
from chalicelib.language.catalogue import catalogue
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import calling, frontdesk
from chalicelib.services.ticket.frontdesk import Queue, Wanted
from chalicelib.store.tickets import NEVER
from chalicelib.web.desk import calls as desk_calls
from chalicelib.web.desk import lines
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.pages import FORM, headers, lang_of, page, root, see, speaks_html, static_url
from chalicelib.web.staff import forms as staff_forms
from chalicelib.web.staff import view as staff_view
from chalicelib.web.staff.routes import DONE as STAFF_DONE

bp = Blueprint(__name__)

# What happened after a move, beside what the staff page says of the same ones.
DONE: Mapping[str, str] = STAFF_DONE | {
    "taken": "Registered. The reporter gets the number and a link.",
    "answered": "Registered, answered and closed.",
    "change_place": "The place is corrected.",
    "merge": "Merged: it goes on with the other ticket.",
}
REPEATED = ("w", "done", "photos")


# the queue


@bp.route("/d/{token}", methods=["GET"])
@speaks_html
def queue(token: str) -> Response:
    asked = request().query_params or {}
    lang, at = lang_of(request()), now()
    wanted = Wanted(
        undispatched=asked.get("show") == "dispatch",
        late=asked.get("show") == "late",
        state=asked.get("state", "") if asked.get("state") in lines.OPEN_STATES else "",
        priority=asked.get("priority", "") if asked.get("priority") in lines.PRIORITIES else "",
    )
    found = frontdesk.queue(token, asked.get("desk", ""), wanted, asked.get("after", ""), at)
    return _queue_page(token, found, wanted, lang, at, part=asked.get("part") == "lines", first=not asked.get("after"))


@bp.route("/d/{token}", methods=["POST"], content_types=FORM)
@speaks_html
def find(token: str) -> Response:
    """A number leads to the ticket, a unit to the report for it; a phone is answered here: no address may carry one."""
    grant = opening.open_staff(token, DESKS)
    form, lang = forms.read(request()), lang_of(request())
    text = form.text("find", 100)
    found = calling.find(grant, text, form.text("desk", 100))
    if found.ticket:
        return see(f"/d/{token}/{found.ticket}")
    if len(found.places) == 1 and not found.phone:
        return see(f"/d/{token}/new?{urlencode({'place': found.places[0].place.id})}")
    return desk_calls.entry(token, grant, lang, {"find": text, "phone": found.phone}, found=found, looked=bool(text))


def _queue_page(
    token: str, found: Queue, wanted: Wanted, lang: str, at: datetime, *, part: bool, first: bool
) -> Response:
    asked = {
        "desk": found.desk.project if len(found.desks) > 1 else "",
        "show": "dispatch" if wanted.undispatched else "late" if wanted.late else "",
        "state": wanted.state,
        "priority": wanted.priority,
    }
    groups = lines.groups(token, found, lang, at)
    tz = policy_for({"project": found.desk.project}).zone
    context: dict[str, Any] = {
        "token": token,
        "here": f"/d/{token}?{_query(asked)}",
        "groups": groups,
        "count": len(found.lines),
        "after": f"/d/{token}?{_query({**asked, 'after': found.after})}" if found.after else "",
        "first": first,
        "looked": times.clock_time(time_of(found.looked), tz, lang, at)
        if found.after and found.looked and found.looked != NEVER
        else "",
        "clock": times.clock_time(at, tz, lang, at),
        "narrowed": bool(wanted),
    }
    table = page("desk/lines.html", lang, now=at, **context)
    if part:
        return table
    chips = [
        (f"/d/{token}?{_query({**asked, 'show': show})}", catalogue(lang).gettext(name), asked["show"] == show)
        for show, name in (("", "All open"), ("dispatch", "To be dispatched by the desk"), ("late", "Late"))
    ]
    return page(
        "desk/queue.html",
        lang,
        now=at,
        switch="lang" in (request().query_params or {}),
        desk=found.desk,
        desks=found.desks,
        asked=asked,
        lines=Markup(table.body),
        chips=chips,
        states=lines.options("state", lines.OPEN_STATES, wanted.state, lang),
        priorities=lines.options("priority", lines.PRIORITIES, wanted.priority, lang),
        **context,
    )


def _query(asked: Mapping[str, str]) -> str:
    return urlencode({k: v for k, v in asked.items() if v})


# a ticket


@bp.route("/d/{token}/{ticket}", methods=["GET"])
@speaks_html
def ticket_at_desk(token: str, ticket: str) -> Response:
    return _ticket_page(token, ticket)


@bp.route("/d/{token}/{ticket}/people", methods=["GET"])
@speaks_html
def people_at_desk(token: str, ticket: str) -> Response:
    """Whom to dispatch to: counting what each has open is worth a page of its own."""
    return _people_page(token, ticket)


@bp.route("/d/{token}/{ticket}/photo/{n}", methods=["GET"])
@speaks_html
def photo_at_desk(token: str, ticket: str, n: str) -> Response:
    from chalicelib.services.ticket import photos

    found = staff_view.numbered(frontdesk.open_ticket(token, ticket).ticket)
    if not (n.isascii() and n.isdigit() and len(n) < 5 and int(n) < len(found)):
        raise NoAccess
    shown = photos.show(found[int(n)][1])
    return Response("", status_code=303, headers={**headers(), "Location": shown or static_url("checking.svg")})


@bp.route("/d/{token}/{ticket}/{move}", methods=["POST"], content_types=FORM)
@speaks_html
def move_at_desk(token: str, ticket: str, move: str) -> Response:
    """Make the move; refused, the ticket as it is now, with what was typed and why."""
    at = now()
    kept: dict[str, Any] = {}
    try:
        form = forms.read(request())
        kept = form.kept() | {name: form.all(name) for name in REPEATED}
        data, said = _wanted(token, ticket, move, form, at)
        frontdesk.move(token, ticket, move, at, data=data, said=said, key=staff_forms.key_of(form))
    except Invalid as wrong:
        return _ticket_page(token, ticket, status=400, wrong=wrong, move=move, kept=kept)
    except IllegalMove as late:
        return _ticket_page(token, ticket, status=409, late=late, move=move, kept=kept)
    return see(f"/d/{token}/{ticket}?{urlencode({'done': move})}")


def _wanted(
    token: str, ticket: str, move: str, form: forms.Form, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts and words of a move. Two of them name something that has to be looked up at this desk."""
    if move == "merge":
        grant = opening.open_staff(token, DESKS)
        return {"into": calling.other_ticket(grant, form.text("into", 100), ticket)}, {}
    if move == "change_place":
        grant = opening.open_staff(token, DESKS)
        return calling.other_place(grant, form.text("where", 100)), {}
    return staff_forms.read(move, form, at)


def _ticket_page(
    token: str,
    ticket: str,
    *,
    status: int = 200,
    wrong: Invalid | None = None,
    late: IllegalMove | None = None,
    move: str = "",
    kept: Mapping[str, Any] | None = None,
) -> Response:
    lang, at, asked = lang_of(request()), now(), request().query_params or {}
    opened = frontdesk.open_ticket(token, ticket)
    base = f"/d/{token}/{opened.ticket.id}"
    role = opened.actor.role
    situation = staff_view.situation(opened.ticket, role, lang, at)
    errors = {wrong.field: reasons.explain(wrong, lang)} if wrong else {}
    again: dict[str, Any] = {"wrong_move": move, "wrong": errors, "kept": kept or {}} if wrong or late else {}
    return page(
        "desk/ticket.html",
        lang,
        status=status,
        now=at,
        token=token,
        switch="lang" in asked,
        **staff_view.page(opened, base, lang, at),
        fragments=staff_view.fragments(situation, root() + base, f"{root()}/d/{token}", lang, at, **again),
        legal=moves(opened.ticket, role),
        key=ulid(at),
        linked=[f"/d/{token}/{other}" for other in opened.ticket.linked],
        done=DONE.get(asked.get("done", ""), ""),
        wrong=errors,
        wrong_move=move,
        kept=kept or {},
        overtaken=reasons.explain(late, lang) if late else "",
    )


def _people_page(token: str, ticket: str) -> Response:
    lang, at = lang_of(request()), now()
    opened = frontdesk.open_ticket(token, ticket)
    if "assign" not in moves(opened.ticket, opened.actor.role):
        raise IllegalMove("illegal_move", move="assign", state=opened.ticket.state.value)
    return page(
        "staff/people.html",
        lang,
        now=at,
        switch="lang" in (request().query_params or {}),
        candidates=frontdesk.candidates(opened.ticket, at),
        t=opened.ticket,
        base=f"/d/{token}/{opened.ticket.id}",
        key=ulid(at),
    )
