"""The staff pages: one ticket behind a link, and all that a person holds.

GET   /t/{token}                     one ticket, by the link that its message carried
GET   /w/{token}                     my work: everything its holder has, by deadline
GET   /w/{token}/{ticket}            one of them, the same page
POST  /t/{token}/{move}              a move; answers 303 to the page, or the page again with what is wrong
POST  /w/{token}/{ticket}/{move}
GET   …/people                       who could take it; the desk assigns from here
GET   …/photo/{n}                    303 to the photo
GET   /passed-on                     after the ticket left its holder: their link is dead
GET   /sw.js                         keeps the opened tickets readable without signal
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from chalice import Blueprint
from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.ticket.lifecycle import DESKS, legal
from chalicelib.language import reasons
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk, worklist
from chalicelib.services.ticket.worklist import Filters
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.pages import FORM, headers, lang_of, page, root, see, speaks_html, static_file, static_url
from chalicelib.web.staff import forms as staff_forms
from chalicelib.web.staff import view as staff_view
from chalicelib.web.staff import work as staff_list

bp = Blueprint(__name__)
ONE = frozenset({"ticket"})
OWN = frozenset({"staff"})
LEAVES = frozenset({"decline", "hand_back"})  # whoever makes these is off the ticket
REPEATED = ("w", "done", "photos")

# what happened, and what comes next
DONE = {
    "contact": "Noted: you contacted the owner.",
    "acknowledge": "The job is yours. The owner has been told.",
    "decline": "Declined. It is being given to somebody else; you have nothing more to do.",
    "offer_windows": "The owner has been asked to choose. You get a message when they have.",
    "set_window": "The appointment stands. Its end is now the deadline for your arrival.",
    "arrive": "Your arrival is noted. When the work is done: photos, a few words, Complete.",
    "tick_checklist": "The checklist is saved.",
    "note": "The note is on the ticket.",
    "propose_plan": "The plan is with the owner. You get a message when they agree.",
    "pause": "Paused. The owner has been told; press Go on as soon as it goes on.",
    "resume": "It goes on; the clocks run again.",
    "complete": "Completed. The owner has been asked to sign off; you have nothing more to do for now.",
    "set_priority": "The priority is changed; all deadlines were computed anew.",
    "set_category": "The category is changed.",
    "assign": "Assigned. The person has been sent a message.",
    "check": "The check is recorded in place of the owner's signature.",
    "follow_up": "The follow-up is recorded.",
    "hand_back": "Handed back. The holder has been told what you expect.",
    "cancel": "The ticket is cancelled.",
    "waive": "Recorded: the owner does without the repair.",
    "relay": "Passed on to the department.",
    "answer": "The answer has been sent to the owner.",
    "write_result": "The result is written. Next: ask the owner whether they are satisfied.",
    "confirm": "Recorded what the owner thinks of it.",
}


@bp.route("/t/{token}", methods=["GET"])
@speaks_html
def ticket_page(token: str) -> Response:
    return _ticket(token, ONE, f"/t/{token}")


@bp.route("/w/{token}/{ticket}", methods=["GET"])
@speaks_html
def held_ticket_page(token: str, ticket: str) -> Response:
    return _ticket(token, OWN, f"/w/{token}/{ticket}", ticket)


@bp.route("/t/{token}/{move}", methods=["POST"], content_types=FORM)
@speaks_html
def move_ticket(token: str, move: str) -> Response:
    return _move(token, ONE, f"/t/{token}", move)


@bp.route("/w/{token}/{ticket}/{move}", methods=["POST"], content_types=FORM)
@speaks_html
def move_held_ticket(token: str, ticket: str, move: str) -> Response:
    return _move(token, OWN, f"/w/{token}/{ticket}", move, ticket)


@bp.route("/t/{token}/people", methods=["GET"])
@speaks_html
def people_for_ticket(token: str) -> Response:
    return _people(token, ONE, f"/t/{token}")


@bp.route("/w/{token}/{ticket}/people", methods=["GET"])
@speaks_html
def people_for_held_ticket(token: str, ticket: str) -> Response:
    return _people(token, OWN, f"/w/{token}/{ticket}", ticket)


@bp.route("/t/{token}/photo/{n}", methods=["GET"])
@speaks_html
def photo_of_ticket(token: str, n: str) -> Response:
    return _photo(token, ONE, n)


@bp.route("/w/{token}/{ticket}/photo/{n}", methods=["GET"])
@speaks_html
def photo_of_held_ticket(token: str, ticket: str, n: str) -> Response:
    return _photo(token, OWN, n, ticket)


@bp.route("/w/{token}", methods=["GET"])
@speaks_html
def my_work(token: str) -> Response:
    query, at = request().query_params or {}, now()

    def asked(name: str) -> str:
        return str(query.get(name, ""))[:80]

    lang = lang_of(request())
    filters = Filters(asked("state"), asked("priority"), asked("category"), asked("late") == "1")
    work = worklist.mine(token, filters, asked("after"), at)
    kept = {"state": filters.state, "priority": filters.priority, "category": filters.category}
    kept["late"] = "1" if filters.late else ""
    narrowed = "".join(f"{name}={quote(value)}&" for name, value in kept.items() if value)
    return page(
        "staff/work.html",
        lang,
        switch="lang" in query,
        now=at,
        base=f"/w/{token}",
        work=work,
        groups=staff_list.groups(work.items, lang, at, policy_for(frontdesk.home(work.grant)).zone),
        late=sum(i.late(at) for i in work.items),
        filters=filters,
        narrowed=narrowed,
        after=asked("after"),
        more=quote(work.more),
        desk=work.role in DESKS,
        done=DONE.get(asked("done"), ""),
        choices=staff_list.choices,
    )


@bp.route("/passed-on", methods=["GET"])
@speaks_html
def passed_on() -> Response:
    query = request().query_params or {}
    move = query.get("done", "")
    said = DONE[move] if move in LEAVES else ""
    return page("staff/passed_on.html", lang_of(request()), switch="lang" in query, said=said)


@bp.route("/sw.js", methods=["GET"])
def worker() -> Response:
    found = static_file("worker.js")
    body = found[0].decode() if found else ""
    kind = {"Content-Type": "text/javascript; charset=utf-8", "Cache-Control": "no-cache"}
    return Response(body, headers=headers() | kind)


def _ticket(
    token: str,
    kinds: frozenset[str],
    base: str,
    ticket_id: str = "",
    *,
    status: int = 200,
    wrong: Invalid | None = None,
    late: IllegalMove | None = None,
    move: str = "",
    kept: dict[str, Any] | None = None,
) -> Response:
    """The page of a ticket as it is now; with what is wrong at the field, or what somebody else did in between."""
    at, lang = now(), lang_of(request())
    query = request().query_params or {}
    opened = opening.open_ticket(token, kinds, ticket_id)
    situation = staff_view.situation(opened.ticket, opened.actor.role, lang, at)
    errors = {wrong.field: reasons.explain(wrong, lang)} if wrong else {}
    home = base.rpartition("/")[0] if ticket_id else ""
    leave = root() + (home or "/passed-on")
    again: dict[str, Any] = {"wrong_move": move, "wrong": errors, "kept": kept or {}} if wrong or late else {}
    return page(
        "staff/ticket.html",
        lang,
        status=status,
        switch="lang" in query,
        now=at,
        **staff_view.page(opened, base, lang, at),
        fragments=staff_view.fragments(situation, root() + base, leave, lang, at, **again),
        main=situation["main"],
        home=home,
        done=DONE.get(query.get("done", ""), ""),
        wrong=errors,
        overtaken=reasons.explain(late, lang) if late else "",
        unsent=str((kept or {}).get("words", "")) if late else "",
    )


def _move(token: str, kinds: frozenset[str], base: str, move: str, ticket_id: str = "") -> Response:
    """Make a move. A form that is wrong shows again with what was typed; one that came too late says what happened."""
    at = now()
    kept: dict[str, Any] = {}
    known = move if move in staff_forms.READERS else ""
    try:
        form = forms.read(request())
        kept = form.kept() | {name: form.all(name) for name in REPEATED}
        data, said = staff_forms.read(known, form, at)
        if known == "assign":
            data["team"] = _team(token, kinds, ticket_id, data.get("person", ""))
        opening.move(token, kinds, known, at, ticket_id=ticket_id, data=data, said=said, key=staff_forms.key_of(form))
    except Invalid as wrong:
        return _ticket(token, kinds, base, ticket_id, status=400, wrong=wrong, move=known, kept=kept)
    except IllegalMove as late:
        return _ticket(token, kinds, base, ticket_id, status=409, late=late, move=known, kept=kept)
    if known in LEAVES:
        return see(f"{base.rpartition('/')[0]}?done={known}" if ticket_id else f"/passed-on?done={known}")
    return see(f"{base}?done={known}")


def _team(token: str, kinds: frozenset[str], ticket_id: str, person: str) -> str:
    """The team of whoever a desk chose, which must be one of the project's. Raises Invalid, NoAccess, NotAllowed."""
    opened = opening.open_ticket(token, kinds, ticket_id)
    if opened.actor.role not in DESKS:
        raise NotAllowed("not_allowed", move="assign")
    if not person:
        raise Invalid("person", "required")
    return frontdesk.team_of(person, opened.ticket.place.get("project", ""))


def _people(token: str, kinds: frozenset[str], base: str, ticket_id: str = "") -> Response:
    at, lang = now(), lang_of(request())
    opened = opening.open_ticket(token, kinds, ticket_id)
    if not legal(opened.ticket, "assign", opened.actor.role):
        raise NoAccess
    return page(
        "staff/people.html",
        lang,
        switch="lang" in (request().query_params or {}),
        now=at,
        candidates=frontdesk.candidates(opened.ticket, at),
        t=opened.ticket,
        base=base,
        key=ulid(at),
    )


def _photo(token: str, kinds: frozenset[str], n: str, ticket_id: str = "") -> Response:
    """303 to a photo of the ticket, or to a sign that it is still being checked."""
    from chalicelib.services.ticket import photos

    found = staff_view.numbered(opening.open_ticket(token, kinds, ticket_id).ticket)
    if not (n.isascii() and n.isdigit() and len(n) < 5 and int(n) < len(found)):
        raise NoAccess
    shown = photos.show(found[int(n)][1])
    return Response("", status_code=303, headers={**headers(), "Location": shown or static_url("checking.svg")})
