"""The front desk, by a person's own link: the queue, reports by phone and at the counter, and a ticket's moves.

GET  /d/{token}                     the queue by deadline; ?part=lines the table alone, for refreshing
POST /d/{token}                     find a ticket, a phone or a unit: never by the address, which is logged elsewhere
GET  /d/{token}/new                 report for a caller; ?place= chooses where
POST /d/{token}/new                 look up who calls, suggest from the words, or take the report
GET  /d/{token}/{ticket}            a ticket and every move that the state allows
GET  /d/{token}/{ticket}/people     who could take it
GET  /d/{token}/{ticket}/photo/{n}  303 to a photo
POST /d/{token}/{ticket}/{move}     make the move
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from chalice import Blueprint
from chalice.app import Response
from markupsafe import Markup, escape

from chalicelib.adapters import reasons, times, words
from chalicelib.adapters.catalogue import catalogue
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.policies import policy
from chalicelib.adapters.time import now
from chalicelib.domain.errors import IllegalMove, Invalid
from chalicelib.domain.lifecycle import moves
from chalicelib.domain.number import spoken
from chalicelib.domain.ticket import Kind, Priority, State
from chalicelib.domain.triage import suggest
from chalicelib.services import frontdesk, opening, report
from chalicelib.services.access import NoAccess
from chalicelib.services.frontdesk import ROLES, Caller, Queue, Wanted
from chalicelib.store.grants import Grant
from chalicelib.store.tickets import NEVER, Line
from chalicelib.web import forms, staff_forms, staff_view
from chalicelib.web.pages import FORM, headers, json_answer, lang_of, page, root, see, speaks_html, static_url
from chalicelib.web.routes import request
from chalicelib.web.staff import DONE as STAFF_DONE

bp = Blueprint(__name__)

OPEN_STATES = tuple(s.value for s in State if s not in (State.CLOSED, State.CANCELLED, State.WAIVED, State.MERGED))
PRIORITIES = tuple(p.value for p in Priority)
# What a line's flags say, in the order they stand: letter of the heading → (short word, what it means)
FLAGS: Mapping[str, tuple[str, str]] = {
    "d": ("Dispatch", "Nobody else was on duty: the desk has to find somebody"),
    "c": ("Not contacted", "Nobody has spoken to the owner yet"),
    "w": ("Rework", "It was not fixed the first time"),
    "f": ("Message failed", "A message could not be delivered: please phone"),
    "u": ("Unverified", "The phone is not registered for this unit"),
}
CALLED_KINDS = ("repair", "emergency", "complaint", "enquiry", "suggestion", "patrol")
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
        state=asked.get("state", "") if asked.get("state") in OPEN_STATES else "",
        priority=asked.get("priority", "") if asked.get("priority") in PRIORITIES else "",
    )
    found = frontdesk.queue(token, asked.get("desk", ""), wanted, asked.get("after", ""), at)
    return _queue_page(token, found, wanted, lang, at, part=asked.get("part") == "lines", first=not asked.get("after"))


@bp.route("/d/{token}", methods=["POST"], content_types=FORM)
@speaks_html
def find(token: str) -> Response:
    """A number leads to the ticket, a unit to the report for it; a phone is answered here: no address may carry one."""
    grant = opening.open_staff(token, ROLES)
    form, lang = forms.read(request()), lang_of(request())
    text = form.text("find", 100)
    found = frontdesk.find(grant, text, form.text("desk", 100))
    if found.ticket:
        return see(f"/d/{token}/{found.ticket}")
    if len(found.places) == 1 and not found.phone:
        return see(f"/d/{token}/new?{urlencode({'place': found.places[0].place.id})}")
    return _entry(token, grant, lang, {"find": text, "phone": found.phone}, found=found, looked=bool(text))


def _queue_page(
    token: str, found: Queue, wanted: Wanted, lang: str, at: datetime, *, part: bool, first: bool
) -> Response:
    asked = {
        "desk": found.desk.project if len(found.desks) > 1 else "",
        "show": "dispatch" if wanted.undispatched else "late" if wanted.late else "",
        "state": wanted.state,
        "priority": wanted.priority,
    }
    groups = _groups(token, found, lang, at)
    context: dict[str, Any] = {
        "token": token,
        "here": f"/d/{token}?{_query(asked)}",
        "groups": groups,
        "count": len(found.lines),
        "after": f"/d/{token}?{_query({**asked, 'after': found.after})}" if found.after else "",
        "first": first,
        "looked": times.clock_time(_moment(found.looked), times.place_zone(), lang, at)
        if found.after and found.looked and found.looked != NEVER
        else "",
        "clock": times.clock_time(at, times.place_zone(), lang, at),
        "narrowed": bool(wanted),
    }
    lines = page("desk/lines.html", lang, now=at, **context)
    if part:
        return lines
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
        lines=Markup(lines.body),
        chips=chips,
        states=_options("state", OPEN_STATES, wanted.state, lang),
        priorities=_options("priority", PRIORITIES, wanted.priority, lang),
        **context,
    )


def _query(asked: Mapping[str, str]) -> str:
    return urlencode({k: v for k, v in asked.items() if v})


def _groups(token: str, found: Queue, lang: str, at: datetime) -> list[tuple[str, str, list[Row]]]:
    """(key, heading, rows): late, today, later, and those whose clocks rest; each only if it has rows."""
    tz = times.place_zone()
    zone = times._zone(tz)
    today = at.astimezone(zone).date()
    rows: dict[str, list[Row]] = {}
    for line in found.lines:
        by = None if line.by == NEVER else _moment(line.by)
        key = (
            "rest" if by is None else "late" if by < at else "today" if by.astimezone(zone).date() == today else "later"
        )
        rows.setdefault(key, []).append(_row(token, line, by, found.names, lang, at, tz, found.desk.name))
    names = {"late": "Late", "today": "Due today", "later": "Due later", "rest": "No deadline runs"}
    return [(key, catalogue(lang).gettext(names[key]), rows[key]) for key in names if key in rows]


class Row(NamedTuple):
    """A line as the table shows it. Cells that lists repeat over and over come as markup that is kept."""

    late: bool
    href: str
    left: str
    iso: str
    by: str
    number: str
    place: str
    about: Markup
    priority: Markup
    state: Markup
    holder: str
    flags: Markup


def _row(
    token: str, line: Line, by: datetime | None, names: Mapping[str, str], lang: str, at: datetime, tz: str, within: str
) -> Row:
    """A line in words; the place without what all have in common (`within`)."""
    f = line.line
    place = f.get("l", "")
    clock = _word("clock", f["x"], lang) if by and f.get("x") else ""
    return Row(
        late=by is not None and by < at,
        href=f"/d/{token}/{line.id}",
        left=times.time_left(by, at, lang) if by else "",
        iso=line.by if by else "",
        by=f"{times.short_time(by, tz, lang, at)} {clock}" if by else "",
        number=spoken(f.get("n", "")),
        place=place.removeprefix(within).strip() or place,
        about=_about(f.get("k", ""), f.get("c", ""), lang),
        priority=_priority(f.get("p", ""), lang),
        state=_state(f.get("s", ""), f.get("k", ""), lang),
        holder=names.get(f.get("h", ""), ""),
        flags=_flags(f.get("f", ""), f.get("v", 1), lang),
    )


@lru_cache(maxsize=512)
def _about(kind: str, category: str, lang: str) -> Markup:
    word = _word("category", category, lang)
    if kind == "repair":
        return escape(word)
    return Markup('<span class="q-kind">{}</span> {}').format(_word("kind", kind, lang), word)


@lru_cache(maxsize=32)
def _priority(priority: str, lang: str) -> Markup:
    return Markup('<span class="prio prio--{}">{}</span>').format(priority, _word("priority", priority, lang))


@lru_cache(maxsize=256)
def _state(state: str, kind: str, lang: str) -> Markup:
    look = "waiting" if state == "waiting" else "open"
    return Markup('<span class="state state--{}">{}</span>').format(look, words.state_word(state, lang, kind))


@lru_cache(maxsize=256)
def _flags(letters: str, level: int, lang: str) -> Markup:
    """What to look at: the level it climbed to, and the flags of the heading."""
    gettext = catalogue(lang).gettext
    found = [("level", words.level_word(level, lang), "")] if level > 1 else []
    found += [(x, gettext(short), gettext(means)) for x, (short, means) in FLAGS.items() if x in letters]
    one = Markup('<span class="flag flag--{}"{}>{}</span>')
    return Markup("").join(one.format(x, Markup(' title="{}"').format(m) if m else "", w) for x, w, m in found)


@lru_cache(maxsize=1024)
def _word(table: str, key: str, lang: str) -> str:
    """A word of the trade; the same few over and over in a list."""
    return str(getattr(words, f"{table}_word")(key, lang))


@lru_cache(maxsize=64)
def _options(table: str, values: tuple[str, ...], chosen: str, lang: str) -> Markup:
    """The options of a list to choose from."""
    one = Markup('<option value="{}"{}>{}</option>')
    return Markup("").join(
        one.format(v, Markup(" selected") if v == chosen else "", _word(table, v, lang)) for v in values
    )


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


# a report for whoever calls


@bp.route("/d/{token}/new", methods=["GET"])
@speaks_html
def new(token: str) -> Response:
    grant = opening.open_staff(token, ROLES)
    asked = request().query_params or {}
    lang = lang_of(request())
    place = asked.get("place", "")
    caller = frontdesk.caller(grant, place) if place else None
    found = frontdesk.Found(places=[caller] if caller else [])
    return _entry(token, grant, lang, {"who": asked.get("who", ""), "desk": asked.get("desk", "")}, found=found)


@bp.route("/d/{token}/new", methods=["POST"], content_types=FORM)
@speaks_html
def called(token: str) -> Response:
    """`do`: find who calls, suggest from the words (JSON, for the page's script), or take the report."""
    grant = opening.open_staff(token, ROLES)
    form, lang = forms.read(request()), lang_of(request())
    do = form.text("do", 20)
    if do == "suggest":
        said = suggest(form.text("words"), policy())
        word = [_word("category", said.category, lang), _word("priority", said.priority.value, lang)]
        return json_answer(
            {"category": said.category, "priority": said.priority.value, "words": word, "because": list(said.because)}
        )
    kept = form.kept()
    if do == "find":
        text = form.text("find", 100)
        found = frontdesk.find(grant, text, form.text("desk", 100))
        if found.ticket:
            return see(f"/d/{token}/{found.ticket}")
        if kept.get("place") and [c.place.id for c in found.places] != [kept["place"]]:
            kept |= {"name": "", "phone": "", "email": "", "who": "", "place": ""}  # they belong to the place before
        if found.phone:
            kept["phone"] = found.phone
        return _entry(token, grant, lang, kept, found=found, looked=bool(text))
    try:
        category, _, component = form.text("category", 80).partition("/")
        sent = report.Report(
            mark=form.text("mark", 40),
            place=form.text("place", 100),
            kind=form.text("kind", 40),
            reporter=form.text("reporter", 40) or "owner",
            category=category,
            component=component,
            words=form.text("words"),
            name=form.text("name", 200),
            phone=form.text("phone", 100),
            email=form.text("email", 300),
            preferred=form.text("preferred", 1000),
            priority=_one_of(form.text("priority", 40), ("", *PRIORITIES), "priority"),
            lang=_one_of(form.text("speaks", 10) or "zh_CN", ("zh_CN", "en"), "speaks"),
            consent=True,
        )
        answer = form.text("answer", 10_000)
        taken = frontdesk.take(grant, sent, form.text("seal", 100), form.text("channel", 20), answer, now())
    except Invalid as invalid:
        place = kept.get("place", "")
        caller = frontdesk.caller(grant, place) if place else None
        errors = {invalid.field: reasons.explain(invalid, lang)}
        if invalid.field == "mark":
            kept.pop("mark", None)
        return _entry(
            token,
            grant,
            lang,
            kept,
            found=frontdesk.Found(places=[caller] if caller else []),
            errors=errors,
            status=400,
        )
    done = "taken" if taken.ticket.is_open else "answered"
    return see(f"/d/{token}/{taken.ticket.id}?done={done}")


def _one_of(value: str, known: tuple[str, ...], field: str) -> str:
    if value not in known:
        raise Invalid(field, "required")
    return value


def _entry(
    token: str,
    grant: Grant,
    lang: str,
    kept: Mapping[str, str],
    *,
    found: frontdesk.Found,
    looked: bool = False,
    errors: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The entry page. What was typed stays; who lives at the place that was found fills what is empty."""
    at = now()
    caller = found.places[0] if len(found.places) == 1 else None
    values = {"kind": "repair", "channel": "phone", "reporter": "owner", "speaks": "zh_CN", **kept}
    if caller is not None and not errors:
        _prefill(values, caller, chosen=bool(kept.get("place")))
    known = frontdesk.desks_of(grant)
    desks = [] if caller else known
    desk = next((d for d in desks if d.project == values.get("desk")), desks[0] if len(desks) == 1 else None)
    within = frontdesk.caller(grant, desk.project, listed=False) if desk and not found.places else None
    return page(
        "desk/new.html",
        lang,
        status=status,
        now=at,
        token=token,
        here=f"/d/{token}/new",
        desk=desk or (known[0] if len(known) == 1 else None),
        caller=caller,
        several=found.places if len(found.places) > 1 else [],
        within=within.within if within else [],
        desks=desks if not desk else [],
        looked=looked,
        rows=[
            _row(token, line, None if line.by == NEVER else _moment(line.by), {}, lang, at, times.place_zone(), "")
            for line in (caller.open if caller else ())
        ],
        values=values,
        errors=errors or {},
        mark=values.get("mark") or ulid(at),
        kinds=[(k, _word("kind", k, lang)) for k in CALLED_KINDS],
        priorities=[(p, _word("priority", p, lang)) for p in PRIORITIES],
        reporters=[(r, _word("reporter", r, lang)) for r in report.REPORTERS],
        categories=categories(lang),
        answers=(Kind.ENQUIRY.value, Kind.SUGGESTION.value),
    )


def _prefill(values: dict[str, str], caller: Caller, chosen: bool) -> None:
    """Who lives there fills what is empty: the one asked for, the one whose phone it is, else the first owner."""
    phone = report.plain_phone(values.get("phone", ""))
    who = next((r for r in caller.residents if r.id == values.get("who")), None)
    if who is None and phone:
        who = next((r for r in caller.residents if report.plain_phone(r.phone) == phone), None)
    if who is None and not phone and not values.get("name"):
        who = next((r for r in caller.residents if r.role == "owner"), None)
    if who is None:
        return
    values["who"] = who.id
    for name, value in (("name", who.name), ("phone", who.phone), ("email", who.email)):
        values[name] = values.get(name) or value
    if not chosen and who.role in report.REPORTERS:
        values["reporter"] = who.role


@lru_cache(maxsize=4)
def categories(lang: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """(value, word, components) of every category, as the lists to choose from show them."""
    return [
        (
            c.name,
            words.category_word(c.name, lang),
            [(f"{c.name}/{x}", words.component_word(x, lang)) for x in c.components],
        )
        for c in policy().categories.values()
    ]


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
    from chalicelib.services import photos

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
    return see(f"/d/{token}/{ticket}?done={move}")


def _wanted(
    token: str, ticket: str, move: str, form: forms.Form, at: datetime
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The facts and words of a move. Two of them name something that has to be looked up at this desk."""
    if move == "merge":
        grant = opening.open_staff(token, ROLES)
        return {"into": frontdesk.other_ticket(grant, form.text("into", 100), ticket)}, {}
    if move == "change_place":
        grant = opening.open_staff(token, ROLES)
        return frontdesk.other_place(grant, form.text("where", 100)), {}
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
