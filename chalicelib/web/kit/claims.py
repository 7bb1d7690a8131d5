"""An owner's compensation: claimed, offered, agreed, approved, paid. One page for the owner, the desks and the office.

GET   …/claims            what was claimed of a ticket, and what may be done now
GET   …/claims/{move}     303 to a photo, as 0.2, or to a file, as 0.<hash>; from the address of a move to the page
POST  …/claims/scan       where to upload the proof of a payment: JSON
POST  …/claims/{move}     claim, or a move of the claim made last; answers 303 to the page
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.domain.record.roles import DESKS, Role
from chalicelib.domain.warranty.compensation import Compensation, moves
from chalicelib.language import liability
from chalicelib.language.catalogue import LANGS
from chalicelib.services.access.access import NoAccess
from chalicelib.services.access.opening import Opened
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import choosing, papers
from chalicelib.services.warranty import compensating
from chalicelib.web.kit import ticket as pictures
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import NOTHING, Read, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page, root, see
from chalicelib.web.kit.typed import fen

HASH = 64
SEES = DESKS | {Role.OFFICE, Role.OWNER}
MAY_CLAIM = DESKS | {Role.OFFICE, Role.OWNER}
DONE: Mapping[str, str] = {
    "claim": "We have your claim. The warranty office answers it here.",
    "agree": "Thank you. Your signature is with us; it is approved and then paid.",
    "decline": "Noted: you don't agree. You hear from us.",
    "withdraw": "Your claim is withdrawn.",
    "offer": "The offer is with the owner.",
    "refuse": "Refused. The owner has been told why.",
    "approve": "Approved. It is to be paid now.",
    "reject": "Sent back. Whoever offered it has been told.",
    "pay": "The payment is on record. The owner has been told.",
}


def _open(door: Door) -> Opened:
    """Raises NoAccess for whoever works there: what an owner is paid is not theirs to see."""
    opened = door.open()
    if opened.actor.role not in SEES:
        raise NoAccess
    return opened


def claims(door: Door, tried: Tried = NOTHING) -> Response:
    at, opened = now(), _open(door)
    ticket, role = opened.ticket, opened.actor.role
    theirs = ticket.lang if role is Role.OWNER and ticket.lang in LANGS else LANGS[0]
    lang, found = lang_of(request(), theirs), compensating.of(ticket)
    last = found[0] if found else None
    open_now = moves(last, role) if last else []
    if role in MAY_CLAIM and compensating.may_claim(ticket, last):
        open_now.append("claim")
    done, base = said(DONE, at), f"{root()}{door.base}/claims"
    failed = tried.move if tried.move in open_now else ""
    return page(
        "kit/claims.html",
        lang,
        status=tried.status,
        now=at,
        t=ticket,
        base=base,
        back=f"{root()}{door.base}",
        owner=role is Role.OWNER,
        ladder=choosing.ladder(ticket.place.get("project", "")) if role is Role.OWNER else [],
        claims=[_shown(one, lang, base, n) for n, one in enumerate(found)],
        moves=frozenset(open_now),
        own_offer=bool(last and last.offered_by == opened.actor.id and last.state == "agreed"),
        amount=liability.yuan(last.fen, lang) if last and last.fen else "",
        offer=next((e.version for e in reversed(last.events) if e.kind == "offered"), 0) if last else 0,
        today=at.date().isoformat(),
        tz=policy_for(ticket.place).zone,
        key=ulid(at),
        done=done,
        said_done=DONE.get(done, ""),
        failed=failed,
        errors=tried.wrong(lang) if failed else {},
        kept=tried.kept if failed else {},
        banner=tried.overtaken(lang) if failed else tried.overtaken(lang) or next(iter(tried.wrong(lang).values()), ""),
    )


def _shown(one: Compensation, lang: str, base: str, nth: int) -> dict[str, Any]:
    """A claim with what happened, newest first."""
    rows, n = [], 0
    for event in one.events:
        uploads = event.said.get("photos", ())
        seen = [f"{base}/{nth}.{n + k}" for k in range(len(uploads))]
        n += len(uploads)
        if text := liability.claimed_sentence(event, lang):
            file = f"{base}/{nth}.{its['sha256']}" if (its := papers.of(event)) else ""
            words = str(event.said.get("words", ""))
            rows.append({"at": event.at, "text": text, "words": words, "photos": seen, "file": file})
    return {"state": liability.claim_word(one.state.value, lang), "open": one.is_open, "rows": rows[::-1]}


def photo(door: Door, move: str) -> Response:
    """303 to a photo or a file, named by its claim and its number or hash; to the page from the address of a move.

    Raises NotFound.
    """
    ticket = _open(door).ticket
    if "." not in move:
        return see(f"{door.base}/claims")
    nth, _, place = move.partition(".")
    found = compensating.of(ticket)
    one = found[int(nth)] if nth.isascii() and nth.isdigit() and len(nth) < 3 and int(nth) < len(found) else None
    if one and len(place) == HASH:
        return pictures.shown(papers.address(one.events, place))
    uploads = [str(upload) for event in one.events for upload in event.said.get("photos", ())] if one else []
    return pictures.photo(ticket, uploads, place)


def scan(door: Door) -> Response:
    """A presigned POST for the proof of a payment, for whoever may enter it. Raises NoAccess."""
    opened = _open(door)
    found = compensating.of(opened.ticket)
    if not found or "pay" not in moves(found[0], opened.actor.role):
        raise NoAccess
    return pictures.asked_upload(opened.ticket.id)


def act(door: Door, move: str) -> Response:
    return make(door, move, _read, claims, then=f"{door.base}/claims", through=_through)


def _through(door: Door, move: str, at: datetime, data: Mapping[str, Any], words: Mapping[str, Any], key: str) -> None:
    opened = _open(door)
    if move == "claim":
        compensating.claim(opened.ticket, opened.actor, at, words, fen=int(data.get("fen", 0)), key=key)
    else:
        compensating.move(opened.ticket, move, opened.actor, at, data, words, key=key)


# what is sent


def _read(move: str, form: Form, at: datetime) -> Read:
    """Raises Invalid, NotAllowed."""
    if move not in READERS:
        raise NotAllowed("not_allowed", move=move)
    data, words = READERS[move](form)
    return data, {k: v for k, v in words.items() if v}


def _amount(form: Form) -> int:
    """An amount that was typed in yuan; 0 for none. Raises Invalid."""
    return fen(form.plain("amount", 20) or "0", "amount")


def _words(form: Form) -> Read:
    return {}, {"words": form.text("words")}


READERS: Mapping[str, Callable[[Form], Read]] = {
    "claim": lambda form: ({"fen": _amount(form)}, {"words": form.text("words"), "photos": form.photos()}),
    "agree": lambda form: ({}, {"signature": form.raw("signature")}),
    "decline": _words,
    "withdraw": _words,
    "offer": lambda form: ({"fen": _amount(form)}, {"words": form.text("words")}),
    "refuse": _words,
    "approve": _words,
    "reject": _words,
    "pay": lambda form: (
        {name: form.plain(name, 40) for name in ("on", "upload")},
        {"words": form.text("words"), "photos": form.photos()},
    ),
}
