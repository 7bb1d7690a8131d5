"""The reporter's page behind the private link.

GET  /o/{token}             how things stand, what comes next and by when; every move that is open now
GET  /o/{token}/sheet       the completion sheet 维修服务确认单: to sign, and to print
GET  /o/{token}/photo/{n}   303 to a photo of the page, or to a stand-in while it is being checked
POST /o/{token}/{move}      a move → 303 back, saying what happened and what comes next
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from chalice import Blueprint
from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import now
from chalicelib.domain import signature
from chalicelib.domain.record.errors import IllegalMove, Invalid, Refused
from chalicelib.domain.ticket.lifecycle import SCORES, moves
from chalicelib.domain.ticket.ticket import Role, State
from chalicelib.language import reasons, times, words
from chalicelib.language.catalogue import catalogue
from chalicelib.services.access import access, opening
from chalicelib.services.access.opening import Opened
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.record import Busy
from chalicelib.services.ticket import choosing, follow
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.pages import FORM, LANGS, lang_of, page, root, see, speaks_html

bp = Blueprint(__name__)

OWN = frozenset({"own"})
MAX_PHOTOS = 9
DAYS_AHEAD = 14
SLOTS = ((8, 10), (10, 12), (12, 14), (14, 16), (16, 18), (18, 20))
ON_SHEET = ("sign_off", "refuse")
# What a page says after a move: a fixed table, nothing of the address is echoed.
DONE: Mapping[str, str] = {
    "reported": "We have your report.",
    "again": "We have this report already: it was sent once, and here it is.",
    "choose_window": "The appointment is fixed. We come in that time.",
    "propose_window": "We have passed on your time. You hear from us as soon as it is confirmed.",
    "note": "Your note is with whoever is on it.",
    "sign_off": "Thank you. The work is signed off; we ask you later whether it is really fixed.",
    "refuse": "We are sorry. It goes back to work at once, and you see here who comes when.",
    "rate": "Thank you for your rating.",
    "cancel": "It is cancelled. Nobody will come.",
    "waive": "Noted: you don't want this repair. Nobody will come.",
    "climb": "The next desk has been told and answers for it now.",
    "confirm": "Thank you. We have noted your answer.",
    "agree_plan": "Agreed. We keep to that date.",
}


@bp.route("/o/{token}", methods=["GET"])
@speaks_html
def ticket(token: str) -> Response:
    opened = opening.open_ticket(token, OWN)
    done = str((request().query_params or {}).get("done", ""))
    return _page("owner/ticket.html", token, opened, done=done if done in DONE else "")


@bp.route("/o/{token}/sheet", methods=["GET"])
@speaks_html
def sheet(token: str) -> Response:
    opened = opening.open_ticket(token, OWN)
    ink = signature.drawn(str(opened.ticket.said("signed_off").get("signature", "")))
    return _page("owner/sheet.html", token, opened, ink=ink)


@bp.route("/o/{token}/photo/{n}", methods=["GET"])
@speaks_html
def photo(token: str, n: str) -> Response:
    from chalicelib.services.ticket import photos

    found = opening.open_ticket(token, OWN).ticket
    if n == "signature":
        key = str(found.said("signed_off").get("signature", ""))
        shown = photos.show_signature(key) if "/" in key else None
    else:
        upload = follow.photo(found, int(n)) if n.isascii() and n.isdigit() and len(n) < 5 else None
        shown = photos.show(upload) if upload else None
    answer = see("/static/checking.svg")
    if shown:
        answer.headers["Location"] = shown
    return answer


@bp.route("/o/{token}/{move}", methods=["GET"])
@speaks_html
def back(token: str, move: str) -> Response:
    """A page that was answered to a move, opened again. What is no token goes into no header."""
    if not access.TOKEN.fullmatch(token):
        raise access.NoAccess
    return see(f"/o/{token}")


@bp.route("/o/{token}/{move}", methods=["POST"], content_types=FORM)
@speaks_html
def act(token: str, move: str) -> Response:
    at = now()
    try:
        sent = forms.read(request())
    except Invalid as fault:
        return _failed(token, move, Form({}), fault, 400)
    try:
        if move not in READERS:
            opening.open_ticket(token, OWN)
            return see(f"/o/{token}")
        key = sent.text("key", 40)
        data, said = READERS[move](sent, at)
        opening.move(token, OWN, move, at, data=data, said=said, key=key if is_ulid(key) else "")
    except Invalid as fault:
        return _failed(token, move, sent, fault, 400)
    except (IllegalMove, Busy) as late:
        return _failed(token, move, sent, late, 409)
    return see(f"/o/{token}?done={move}")


def _failed(token: str, move: str, sent: Form, fault: Refused, status: int) -> Response:
    """The page as it is now: with what was typed and the error at its field, or with what happened in between."""
    opened = opening.open_ticket(token, OWN)
    legal = move in moves(opened.ticket, Role.OWNER)
    template = "owner/sheet.html" if move in ON_SHEET and legal else "owner/ticket.html"
    said = reasons.explain(fault, lang_of(request(), opened.ticket.lang))
    at_field = isinstance(fault, Invalid) and legal
    return _page(
        template,
        token,
        opened,
        status=status,
        failed=move if at_field else "",
        errors={fault.field: said} if isinstance(fault, Invalid) and at_field else {},
        banner="" if at_field else said,
        kept=sent.kept() if legal else {},
        uploads=[u for u in sent.all("photos", MAX_PHOTOS) if is_ulid(u)] if legal else [],
    )


def _page(template: str, token: str, opened: Opened, *, status: int = 200, **context: Any) -> Response:
    at, ticket = now(), opened.ticket
    lang = lang_of(request(), ticket.lang if ticket.lang in LANGS else LANGS[0])
    seen, tz = follow.look(ticket, at), policy_for(ticket.place).zone
    called = {person: technician(name, lang) for person, name in seen.names.items()}
    called |= dict.fromkeys(seen.desks, words.level_word(1, lang))
    base = f"{root()}/o/{token}"
    defaults: dict[str, Any] = {"failed": "", "errors": {}, "banner": "", "kept": {}, "uploads": [], "done": ""}
    shown, key = defaults | context, ulid(at)
    open_now = frozenset(moves(ticket, Role.OWNER))
    return page(
        template,
        lang,
        status=status,
        switch="lang" in (request().query_params or {}),
        here=base,
        base=base,
        link=f"{settings().public_url}/o/{token}",
        ticket=ticket,
        seen=seen,
        moves=open_now,
        scores=SCORES,
        who=called.get(ticket.holder) or words.role_word("technician", lang),
        rows=_rows(seen, called, lang, at, base, tz),
        said_done=DONE.get(context.get("done", ""), ""),
        key=key,
        tz=tz,
        ladder=choosing.ladder(ticket.place.get("project", "")),
        forms=_forms(open_now, ticket.state is State.COMPLETED, lang, at.astimezone(ZoneInfo(tz)), base, key, shown),
        **shown,
    )


def technician(surname: str, lang: str) -> str:
    """张师傅; Technician Zhang."""
    return catalogue(lang).gettext("Technician %(name)s") % {"name": surname} if surname else ""


def _rows(
    seen: follow.Following, called: Mapping[str, str], lang: str, at: datetime, base: str, tz: str
) -> list[dict[str, Any]]:
    """The timeline in plain words, newest first."""
    found = []
    for row in seen.rows:
        text = words.event_sentence(row.event, lang, tz, "owner", called, at)
        if row.event.kind == "noted":
            text = catalogue(lang).gettext("You added:")
        if text:
            photos = [f"{base}/photo/{n}" for n in row.photos]
            late = row.event.kind == "breached"
            found.append({"at": row.event.at, "text": text, "words": row.words, "photos": photos, "late": late})
    return found


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that hang on the open moves alone."""

    rate: Markup
    propose: Markup
    more: Markup


BASE, KEY = "\ue001", "\ue002"  # stand for the page's address and the form's key in what is kept


def _forms(
    open_now: frozenset[str], folded: bool, lang: str, at: datetime, base: str, key: str, shown: Mapping[str, Any]
) -> Forms:
    """Kept from one page to the next, unless something typed has to be shown again. `at`: in the place's zone."""
    day, tz = at.date(), str(at.tzinfo)
    made = (
        _render(open_now, folded, lang, day, tz, shown["failed"], shown["errors"], shown["kept"], shown["uploads"])
        if shown["failed"]
        else _kept_forms(open_now, folded, lang, day, tz)
    )
    return Forms(*(Markup(part.replace(BASE, base).replace(KEY, key)) for part in made))


@lru_cache(256)
def _kept_forms(open_now: frozenset[str], folded: bool, lang: str, day: date, tz: str) -> tuple[str, ...]:
    return _render(open_now, folded, lang, day, tz, "", {}, {}, [])


def _render(
    open_now: frozenset[str],
    folded: bool,
    lang: str,
    day: date,
    tz: str,
    failed: str,
    errors: Mapping[str, str],
    kept: Mapping[str, str],
    uploads: Sequence[str],
) -> tuple[str, ...]:
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(tz))
    made = page(
        "owner/forms.html",
        lang,
        moves=open_now,
        folded=folded,
        days=_days(lang, noon),
        slots=[(f"{a:02}-{b:02}", f"{a}:00–{b}:00") for a, b in SLOTS],
        scores=SCORES,
        base=BASE,
        key=KEY,
        failed=failed,
        errors=errors,
        kept={name: typed.replace(BASE, "").replace(KEY, "") for name, typed in kept.items()},
        uploads=uploads,
    )
    return tuple(str(made.body).split("<!-- -->"))


def _days(lang: str, at: datetime) -> list[tuple[str, str]]:
    """The days that can be asked for, from today on. `at`: in the place's zone."""
    days = [at + timedelta(days=n) for n in range(DAYS_AHEAD)]
    return [(day.date().isoformat(), times.day_of(day, str(at.tzinfo), lang, at)) for day in days]


# What each move reads of its form: (facts, personal words). Raises Invalid.

Read = tuple[dict[str, Any], dict[str, Any]]


def _window(sent: Form, at: datetime) -> Read:
    number = sent.number("window")
    if number is None:
        raise Invalid("window", "required")
    return {"window": number}, {}


def _proposed(sent: Form, at: datetime) -> Read:
    day, slot = sent.text("day", 20), sent.text("slot", 20)
    hours = next(((a, b) for a, b in SLOTS if f"{a:02}-{b:02}" == slot), None)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Invalid("day", "no_time") from None
    if hours is None:
        raise Invalid("slot", "no_time")
    tz = ZoneInfo(policy_for(NOWHERE).zone)
    if not at.astimezone(tz).date() <= on <= (at + timedelta(days=61)).date():
        raise Invalid("day", "window_out_of_range")
    start, end = (datetime(on.year, on.month, on.day, hour, tzinfo=tz) for hour in hours)
    if end <= at:
        raise Invalid("slot", "window_past")
    return {"window": [start.isoformat(), end.isoformat()]}, {}


def _words(sent: Form, at: datetime) -> Read:
    text = sent.text("words")
    return {}, {"words": text} if text else {}


def _note(sent: Form, at: datetime) -> Read:
    photos = [u for u in dict.fromkeys(sent.all("photos")) if is_ulid(u)]
    if len(photos) > MAX_PHOTOS:
        raise Invalid("photos", "too_many", limit=MAX_PHOTOS)
    text = sent.text("words")
    return {}, ({"words": text} if text else {}) | ({"photos": photos} if photos else {})


def _scores(sent: Form, at: datetime) -> Read:
    given = {name: sent.number(name) for name in SCORES}
    missing = [name for name, score in given.items() if score is None]
    if missing:
        raise Invalid("scores", "required")
    return {"scores": given}, _words(sent, at)[1]


def _signed(sent: Form, at: datetime) -> Read:
    """The scores may come with the signature: all four, else they are asked for afterwards."""
    given = {name: sent.number(name) for name in SCORES}
    scores = {"scores": given} if all(n is not None and 1 <= n <= 5 for n in given.values()) else {}
    return scores, {"signature": signature.checked(sent.raw("signature"))}


def _satisfied(sent: Form, at: datetime) -> Read:
    answer = {"yes": True, "no": False}.get(sent.text("satisfied", 10))
    if answer is None:
        raise Invalid("satisfied", "required")
    return {"satisfied": answer}, _words(sent, at)[1]


def _level(sent: Form, at: datetime) -> Read:
    """The desk that the page offered: one that has it by now isn't climbed past."""
    level = sent.number("level")
    return {} if level is None else {"level": level}, {}


def _nothing(sent: Form, at: datetime) -> Read:
    return {}, {}


READERS: Mapping[str, Callable[[Form, datetime], Read]] = {
    "choose_window": _window,
    "propose_window": _proposed,
    "note": _note,
    "sign_off": _signed,
    "refuse": _words,
    "rate": _scores,
    "cancel": _words,
    "waive": _words,
    "climb": _level,
    "confirm": _satisfied,
    "agree_plan": _nothing,
}
