"""The reporter's page behind the private link.

GET  /o/{token}             how things stand, what comes next and by when; every move that is open now; 304 by ETag
GET  /o/{token}/sheet       the completion sheet 维修服务确认单: to sign, and to print
GET  /o/{token}/price       what it would cost the owner: lines, total; to sign, or to decline
GET  /o/{token}/photo/{n}   303 to a photo of the page, or to a stand-in while it is being checked
POST /o/{token}/{move}      a move → 303 back, saying what happened and what comes next
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import now
from chalicelib.domain.record.phone import masked
from chalicelib.domain.ticket.finding import ACCESS_REASONS
from chalicelib.domain.ticket.lifecycle import SCORES, answered, legal, moves
from chalicelib.domain.ticket.ticket import Role, State, Ticket
from chalicelib.language import liability, reasons, times, words
from chalicelib.language.catalogue import LANGS, catalogue
from chalicelib.services.access.opening import Opened
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import choosing, follow
from chalicelib.web.kit import device
from chalicelib.web.kit import ticket as pictures
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.forms import MAX_PHOTOS, Form
from chalicelib.web.kit.kept import Kept
from chalicelib.web.kit.moves import NOTHING, Read, Tried, make, said
from chalicelib.web.kit.pages import headers, lang_of, page, root, see
from chalicelib.web.owner import forms as owner_forms

DAYS_AHEAD = 14
FRESH_SECONDS = 300
PAPERS: Mapping[str, str] = {  # moves whose form stands on a page of its own
    **dict.fromkeys(("sign_off", "refuse"), "owner/sheet.html"),
    **dict.fromkeys(("accept_quote", "decline_quote"), "owner/quote.html"),
}
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
    "say_why": "Thank you. Whoever answers for it reads it today.",
    "cancel": "It is cancelled. Nobody will come.",
    "waive": "Noted: you don't want this repair. Nobody will come.",
    "climb": "The next desk has been told and answers for it now.",
    "confirm": "Thank you. Your answer is with whoever works on it.",
    "agree_plan": "Agreed. We keep to that date.",
    "refuse_plan": "We have passed it on, and propose another date.",
    "dispute_finding": "We have passed it on. It is appraised, and you hear the result.",
    "accept_quote": "Thank you. Your signature is with us; the work goes on.",
    "decline_quote": "Noted. Nothing is done at your cost.",
    "note_access": "Noted. Whoever comes is told.",
}


def ticket(door: Door) -> Response:
    """304 where the page that asks is as things stand: it asks again and again, quietly."""
    opened, at = door.open(), now()
    mark = _mark(opened.ticket, lang_of(request(), opened.ticket.lang), at)
    if request().headers.get("if-none-match") == mark:
        return Response("", status_code=304, headers={**headers(), "ETag": mark})
    answer = _page("owner/ticket.html", door, opened=opened)
    answer.headers["ETag"] = mark
    return answer


def _mark(ticket: Ticket, lang: str, at: datetime) -> str:
    """What changes with the page: the ticket, pictures that were none, the language, and how long is left."""
    return f'"{ticket.version}.{len(ticket.refused)}.{lang}.{int(at.timestamp()) // FRESH_SECONDS}"'


def sheet(door: Door) -> Response:
    return _page("owner/sheet.html", door)


def quote(door: Door) -> Response:
    """What it would cost the owner, to sign or to decline; his page where nothing is quoted."""
    opened = door.open()
    return _page("owner/quote.html", door, opened=opened) if opened.ticket.quote else see(door.base)


def photo(door: Door, n: str) -> Response:
    from chalicelib.services.ticket import photos

    found = door.open().ticket
    if n == "signature":
        key = str(found.said("signed_off").get("signature", ""))
        return pictures.shown(photos.show_signature(key) if "/" in key else None)
    return pictures.photo(found, follow.photos_of(found), n)


def act(door: Door, move: str) -> Response:
    return make(door, move, _read, _again)


def _read(move: str, sent: Form, at: datetime) -> Read:
    """With stars comes what is kept of the device. Raises Invalid, NotAllowed."""
    data, said_ = owner_forms.read(move, sent, at)
    mark = device.of_rating() if "scores" in data else ""
    return {**data, **({"device": mark} if mark else {})}, said_


def _again(door: Door, tried: Tried) -> Response:
    """The page as it is now; the sheet, if what was asked there can still be answered."""
    opened = door.open()
    own = PAPERS.get(tried.move, "") if tried.move in PAPERS and legal(opened.ticket, tried.move, Role.OWNER) else ""
    return _page(own or "owner/ticket.html", door, tried, opened)


def _page(template: str, door: Door, tried: Tried = NOTHING, opened: Opened | None = None) -> Response:
    ticket, at = (opened or door.open()).ticket, now()
    lang = lang_of(request(), ticket.lang if ticket.lang in LANGS else LANGS[0])
    seen, tz = follow.look(ticket, at), policy_for(ticket.place).zone
    called = {person: technician(name, lang) for person, name in seen.names.items()}
    called |= dict.fromkeys(seen.desks, words.level_word(1, lang))
    base, key = root() + door.base, ulid(at)
    open_now = frozenset(moves(ticket, Role.OWNER))
    failed = tried.move if tried.move in open_now else ""
    wrong = tried.wrong(lang) if failed else {}
    shown: dict[str, Any] = {
        "failed": failed,
        "errors": wrong,
        "kept": tried.kept if failed else {},
        "uploads": [u for u in tried.form.all("photos", MAX_PHOTOS) if is_ulid(u)] if failed else [],
    }
    done = said(DONE, at)
    answer = page(
        template,
        lang,
        status=tried.status,
        here=base,
        base=base,
        link=f"{settings().public_url}{door.base}",
        ticket=ticket,
        seen=seen,
        moves=open_now,
        scores=SCORES,
        paper=_paper(seen, ticket, called, lang, at, base) if "sheet" in template else None,
        of=partial(answered, ticket),
        liable=liability.for_owner(ticket, lang),
        quote=_quote(ticket, lang),
        barred=[(reason, liability.access_word(reason, lang)) for reason in ACCESS_REASONS],
        at_place=follow.place_of(ticket),
        token=door.token,
        who=called.get(ticket.holder) or words.role_word("technician", lang),
        rows=_rows(seen, ticket.refused, called, lang, at, base, tz),
        masked=masked,
        excuse=_excuse(seen, called, lang, at, tz) if seen.anew else None,
        done=done,
        said_done=DONE.get(done, ""),
        banner="" if wrong or not tried.fault else reasons.explain(tried.fault, lang),
        unsent="" if failed else tried.unsent,
        key=key,
        tz=tz,
        ladder=choosing.ladder(ticket.place.get("project", "")),
        forms=_forms(
            open_now, ticket.state is State.COMPLETED, ticket.stars, lang, at.astimezone(ZoneInfo(tz)), base, key, shown
        ),
        **shown,
    )
    return device.known(answer) if "rate" in open_now else answer


def _excuse(seen: follow.Following, called: Mapping[str, str], lang: str, at: datetime, tz: str) -> dict[str, Any]:
    """Why each late clock is, and what is arranged instead."""
    from chalicelib.language import turns

    why = {name: turns.because(cause, called, lang, "owner") for name, cause in seen.why.items()}
    return {"why": why, "anew": turns.new_time_text(seen.anew, tz, lang, at) if seen.anew else ""}


def _quote(ticket: Ticket, lang: str) -> dict[str, Any] | None:
    """Its lines: what for, how many, price of one, price; the total, and what was said with it."""
    if not ticket.quote:
        return None
    said = ticket.said("quoted")
    items = [*said.get("items", ()), *[""] * len(ticket.quote["lines"])]
    lines = [
        (item, f"{quantity / 1000:g}", liability.yuan(each, lang), liability.yuan(fen, lang))
        for item, (quantity, each, fen) in zip(items, ticket.quote["lines"], strict=False)
    ]
    total = liability.yuan(ticket.quote["fen"], lang)
    return {"lines": lines, "total": total, "words": said.get("words", ""), "state": ticket.quote["state"]}


def _paper(
    seen: follow.Following, ticket: Ticket, called: Mapping[str, str], lang: str, at: datetime, base: str
) -> dict[str, Any]:
    from chalicelib.web.sheet.routes import paper

    done = next((row for row in seen.rows if row.event.kind == "completed"), None)
    return paper(ticket, lang, at, called, [f"{base}/photo/{n}" for n in done.photos] if done else [])


def technician(surname: str, lang: str) -> str:
    """张师傅; Technician Zhang."""
    return catalogue(lang).gettext("Technician %(name)s") % {"name": surname} if surname else ""


def _rows(
    seen: follow.Following,
    refused: frozenset[str],
    called: Mapping[str, str],
    lang: str,
    at: datetime,
    base: str,
    tz: str,
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
            text += words.unreadable(row.event, refused, lang)
            paper = row.event.data.get("sha256") if row.event.kind == "appraised" else ""
            file = f"{base}/paper/{paper}" if paper else ""
            shown = {"at": row.event.at, "text": text, "words": row.words, "photos": photos, "file": file}
            found.append({**shown, "late": late})
    return found


@dataclass(frozen=True, slots=True)
class Forms:
    """The forms that hang on the open moves alone."""

    rate: Markup
    propose: Markup
    more: Markup


_kept = Kept("owner/forms.html", "base", "key")


def _forms(
    open_now: frozenset[str],
    folded: bool,
    stars: Mapping[str, int],
    lang: str,
    at: datetime,
    base: str,
    key: str,
    shown: Mapping[str, Any],
) -> Forms:
    """Kept from one page to the next, unless something typed has to be shown again. `at`: in the place's zone."""
    day, tz = at.date(), str(at.tzinfo)

    def more() -> dict[str, Any]:
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZoneInfo(tz))
        slots = [(f"{a:02}-{b:02}", f"{a}:00–{b}:00") for a, b in owner_forms.SLOTS]
        found = {"moves": open_now, "folded": folded, "days": _days(lang, noon), "slots": slots, "scores": SCORES}
        return {**found, **shown, "stars": stars}

    if shown["failed"]:
        text = _kept.anew(lang, more(), base=base, key=key)
    else:
        text = _kept.text(lang, (open_now, folded, tuple(stars.items()), day, tz), more, base=base, key=key)
    return Forms(*map(Markup, text.split("<!-- -->")))


def _days(lang: str, at: datetime) -> list[tuple[str, str]]:
    """The days that can be asked for, from today on. `at`: in the place's zone."""
    days = [at + timedelta(days=n) for n in range(DAYS_AHEAD)]
    return [(day.date().isoformat(), times.day_of(day, str(at.tzinfo), lang, at)) for day in days]
