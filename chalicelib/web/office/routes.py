"""The warranty office's desk, by a person's own link; a case also by the link of a message.

GET   /b/{token}                         what waits for the office, by deadline; ?show=others, ?after= goes on
                                         by a message's link → 303 to its case or deduction
GET   /b/{token}/claims                  compensations that are open
GET   /b/{token}/{case}                  a case: gate A from the first day, letters, what was done, what may be
POST  /b/{token}/{case}/{move}           a move; answers 303 to the page, or the page again with what is wrong
GET   /b/{token}/{case}/draft            ?kind= the next letter as its reader would see it, before it goes
GET   /b/{token}/{case}/parties          who could be engaged, with their prices
POST  /b/{token}/{case}/scan             where to upload the scan of a sealed letter, or its waybill: JSON
GET   /b/{token}/{case}/photo/{n}        303 to a photo
GET   /b/{token}/{case}/letter/{number}  ?sum= 303 to a letter's file
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.time import now
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.language import office as said_at_office
from chalicelib.language import reasons, words
from chalicelib.language.deadlines import deadline
from chalicelib.language.letters import title_of
from chalicelib.language.liability import claim_word, yuan
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import engaging, papers, releasing
from chalicelib.services.contractor import office as desk
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit import ticket as kit
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, make, said
from chalicelib.web.kit.pages import html, json_answer, lang_of, page, render, see
from chalicelib.web.office import forms as office_forms
from chalicelib.web.office import lines, offered, view
from chalicelib.web.office.framing import frame

# what happened, and what comes next
DONE: Mapping[str, str] = {
    "join": "They stand under one letter now. Each ticket goes on by itself.",
    "edit_letter": "Your words are kept. The letter goes with them.",
    "release_notice": "The notice has a number and is on its way. Its file is there in a moment.",
    "release_reminder": "The reminder is on its way. Its deadline runs from its arrival.",
    "release_third_party_notice": "The contractor is invited to the third party's work.",
    "prove_delivery": "The arrival is on record. Deadlines run from it.",
    "seal": "The sealed letter is kept, with its hash.",
    "propose_inspection": "The time is proposed. You get a message when it is agreed.",
    "agree_inspection": "The joint inspection is agreed.",
    "hold_inspection": "The inspection is on record. The finding goes on the ticket.",
    "take_back": "Taken back. The worker's link is dead.",
    "note": "The note is on record.",
    "answer_refusal": "Your answer is on record. The contractor has been told.",
    "call": "The call is on record.",
    "stop_damage": "The third party has been told. Confirm it to the contractor in writing within 48 hours.",
    "confirm_in_writing": "Confirmed. The contractor has been told.",
    "pass_gate": "Gate A is passed. Now engage a third party.",
    "engage": "The third party is engaged and has been told.",
    "agree_price": "The price is agreed. The third party says when it comes.",
    "appoint": "The appointment stands. Send the third-party notice next.",
    "disengage": "Given up. Engage another third party.",
    "measure": "The quantities are on record.",
    "finish_stop": "Noted: the damage is stopped.",
    "accept_stop": "Stopping the damage is accepted.",
    "accept": "Accepted. The third party has been asked for its invoice.",
    "invoice": "The invoice is on record.",
    "release_from": "The contractor is released from it.",
}
OTHERS = "others"
PAGES = {"CASE": "", "DEDUCTION": "deduction/", "RELEASE": "release/"}  # where a message's link begins


def waits(token: str) -> Response:
    grant = access.open_link(token)
    if grant.kind == "ticket":
        kind, case = parts(grant.record)
        if kind not in PAGES:
            raise NoAccess
        return see(f"/b/{token}/{PAGES[kind]}{case}")
    lang, at = lang_of(request()), now()
    show = OTHERS if asked("show") == OTHERS else ""
    found = desk.others(grant, asked("after")) if show else desk.waiting(grant, asked("after"))
    tz = policy_for(NOWHERE).zone
    here = f"/b/{token}{f'?show={show}' if show else ''}"
    groups = lines.groups(found.waits, found.names, token, lang, at, tz)
    context: dict[str, Any] = {
        "token": token,
        "groups": groups,
        "after": f"/b/{token}?{f'show={show}&' if show else ''}after={found.more}" if found.more else "",
        "first": not asked("after"),
        "show": show,
        "here": here,
    }
    table = render("office/lines.html", lang, now=at, **context)
    if asked("part") == "lines":
        return html(table, lang)
    return page(
        "office/desk.html",
        lang,
        now=at,
        whose=frontdesk.whose(found.grant),
        table=table,
        **context,
    )


def claims(token: str) -> Response:
    """Compensations that are open at the office, by deadline; each opens with its ticket."""
    from chalicelib.services.warranty import listing

    lang, at = lang_of(request()), now()
    grant = opening.open_staff(token, desk.OFFICES)
    tz = policy_for(NOWHERE).zone
    rows = []
    for one in listing.claims(grant.team)[0]:
        by = deadline(one.by, at, tz, lang) if one.by else None
        link = f"/w/{token}/{one.line.ticket}/claims"
        left, when = (by.left, by.when) if by else ("", "")
        amount = yuan(one.line.fen, lang) if one.line.fen else ""
        state = claim_word(one.line.state, lang)
        rows.append((bool(by and by.late), link, left, when, spoken(one.line.number), one.line.place, state, amount))
    return page("office/claims.html", lang, now=at, token=token, whose=frontdesk.whose(grant), rows=rows)


def case(door: Door, tried: Tried = NOTHING) -> Response:
    """The page of a case as it is now; with what is wrong at the field, or what somebody else did in between."""
    at, lang = now(), lang_of(request())
    opened = door.open_record()
    if not isinstance(opened.record, Case):
        raise NoAccess
    seen = view.seen(opened, lang, at)
    done = said(DONE, at)
    shown = {
        **view.page(seen, door),
        **offered.forms(seen, door, tried),
        "now": at,
        "done": done,
        "said_done": DONE.get(done, ""),
    }
    body = Markup(render("office/body.html", lang, **shown))
    head = {name: shown[name] for name in ("number", "company", "token", "whose", "done")}
    return page("office/case.html", lang, status=tried.status, now=at, body=body, **head)


def act(door: Door, move: str) -> Response:
    return make(door, move, office_forms.read, _again)


def _again(door: Door, tried: Tried) -> Response:
    """The page after a move that was not taken: the one that its form stands on."""
    if tried.move in ("engage", "stop_damage") and isinstance(tried.fault, Invalid):
        return parties(door, tried)
    if tried.move in (*office_forms.RELEASES, "edit_letter") and isinstance(tried.fault, Invalid):
        return draft(door, tried)
    return case(door, tried)


def draft(door: Door, tried: Tried = NOTHING) -> Response:
    """The next letter as its reader would see it, with the office's words; what it lacks. Raises NotFound, NoAccess."""
    from chalicelib.services.contractor import drafting

    at, lang = now(), lang_of(request())
    opened = door.open_record()
    one = opened.record
    asked_for = tried.form.text("kind", 40) or asked("kind") or "notice"
    release = f"release_{asked_for}"
    if release not in releasing.KINDS or not legal(one, release, opened.actor.role):
        raise NotFound
    kind = releasing.KINDS[release]
    kept = releasing.edited(one, kind)
    typed = str(tried.kept.get("words", "")) if tried.fault else kept
    wrong = tried.wrong(lang)
    made = drafting.draft(one, kind, at, kept)
    return page(
        "office/draft.html",
        lang,
        **frame(door, opened, tried, at),
        kind=asked_for,
        title=title_of(asked_for, lang),
        letter=made.said,
        lacks=[said_at_office.lack_word(field, lang) for field in made.lacks],
        rare=" ".join(made.rare),
        typed=typed,
        error=wrong.get("words", "") or next(iter(wrong.values()), ""),
        release=release,
    )


def parties(door: Door, tried: Tried = NOTHING) -> Response:
    """Whom to engage, with prices: they are looked up on a page of their own. Raises NoAccess, NotFound."""
    at, lang = now(), lang_of(request())
    opened = door.open_record()
    one, role = opened.record, opened.actor.role
    move = next((name for name in ("engage", "stop_damage") if legal(one, name, role)), "")
    if asked("stop") or tried.move == "stop_damage":
        move = "stop_damage" if legal(one, "stop_damage", role) else ""
    if not move:
        raise NotFound
    found = engaging.candidates(one)
    return page(
        "office/parties.html",
        lang,
        **frame(door, opened, tried, at),
        move=move,
        trade=words.trade_word(engaging.trade_of(one), lang),
        parties=[
            (p.id, p.name, [(f"{p.id}/{i}", x.name, x.unit, yuan(x.fen, lang)) for i, x in p.prices.items()])
            for p in found
        ],
        items=range(1, office_forms.ITEMS + 1),
        quotes=range(1, office_forms.QUOTES + 1),
        wrong_move=tried.move,
        wrong=tried.wrong(lang),
        kept=tried.kept,
        overtaken=tried.overtaken(lang),
    )


def scan(door: Door) -> Response:
    """A presigned POST for a file of a letter, for whoever may make the move that takes it. Raises NoAccess."""
    from chalicelib.services.contractor import sealing
    from chalicelib.web.kit import forms

    opened = door.open_record()
    sent = forms.read(request())
    move = sent.text("for", 20) or "seal"
    if move not in sealing.ASKS or not legal(opened.record, move, opened.actor.role):
        raise NoAccess
    try:
        number = sent.text("letter", 80)
        if number not in {one.number for one in opened.record.letters}:
            raise Invalid("letter", "unknown")
        return json_answer(sealing.ask_upload(number, sent.text("type", 60), now(), move))
    except Invalid as refused:
        return json_answer({"error": reasons.explain(refused, lang_of(request()))}, 400)


def photo(door: Door, n: str) -> Response:
    from chalicelib.services.ticket import photos

    opened = door.open_record()
    one = opened.record
    if one.held and opened.actor.role is not Role.OFFICE:
        raise NotFound
    uploads = [upload for _, upload in view.photos(one)]
    if not (n.isascii() and n.isdigit() and len(n) < 5 and int(n) < len(uploads)):
        raise NotFound
    return kit.shown(photos.show_of_case(parts(one.id)[1], one.ticket, uploads[int(n)]))


def letter(door: Door, number: str) -> Response:
    """Raises NotFound for what is no letter of the case, or not made yet."""
    return kit.shown(papers.address(door.open_record().record, number, asked("sum")))
