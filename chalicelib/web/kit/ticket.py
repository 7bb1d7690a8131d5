"""Pages that every family has of a ticket: a photo, who could take it, and back from a form's answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.reference import parts
from chalicelib.domain.ticket.lifecycle import answered, legal
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import reasons
from chalicelib.services.access.access import TOKEN, NoAccess
from chalicelib.services.access.opening import Opened
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried
from chalicelib.web.kit.pages import json_answer, lang_of, page, see
from chalicelib.web.kit.static import static_url


def photo(ticket: Ticket, uploads: Sequence[str], n: str) -> Response:
    """303 to a photo by its number on the page, or to a sign that it is being checked, or was none. Raises NotFound."""
    from chalicelib.services.ticket import photos

    upload = numbered(uploads, n)
    return shown(photos.show(ticket, upload), refused=upload in ticket.refused)


def original(opened: Opened, uploads: Sequence[str], n: str) -> Response:
    """303 to a photo as it was sent, by its number on the page. Raises NoAccess, NotFound."""
    from chalicelib.services.ticket import photos

    return shown(photos.show_original(opened.ticket, numbered(uploads, n), opened.actor.role))


def paper(door: Door, sum: str) -> Response:
    """303 to a paper of the ticket as it came, by its hash. Raises NotFound."""
    from chalicelib.services.ticket import papers

    return shown(papers.address(door.open().ticket.events, sum))


def scan(door: Door) -> Response:
    """A presigned POST for an appraisal's document, for whoever may enter it. Raises NoAccess."""
    opened = door.open()
    if not legal(opened.ticket, "appraise", opened.actor.role):
        raise NoAccess
    return asked_upload(opened.ticket.id)


def asked_upload(ticket: str) -> Response:
    """{"id", "url", "fields"} for a paper of a ticket, or {"error"} with what is wrong with it."""
    from chalicelib.services.ticket import papers

    try:
        return json_answer(papers.ask_upload(ticket, forms.read(request()).text("type", 60), now()))
    except Invalid as refused:
        return json_answer({"error": reasons.explain(refused, lang_of(request()))}, 400)


def numbered(uploads: Sequence[str], n: str) -> str:
    """The upload that a page calls by a number. Raises NotFound."""
    if not (n.isascii() and n.isdigit() and len(n) < 5 and int(n) < len(uploads)):
        raise NotFound
    return uploads[int(n)]


def shown(address: str | None, *, refused: bool = False) -> Response:
    """303 to a picture, or to its stand-in."""
    answer = see(static_url("refused.svg" if refused else "checking.svg"))
    if address:
        answer.headers["Location"] = address
    return answer


def back(door: Door, move: str) -> Response:
    """303 from the address of a move to its page: whoever loads the answer to a form again sees how things are."""
    shown = not door.ticket or is_ulid(parts(door.ticket)[1])
    if not TOKEN.fullmatch(door.token) or not shown:  # what is no link is in no header
        raise NoAccess
    return see(door.base)


def people(door: Door, tried: Tried = NOTHING) -> Response:
    """Whom to give it to: counting what each has open is worth a page of its own. Raises NoAccess."""
    at, lang = now(), lang_of(request())
    opened = door.open()
    if not legal(opened.ticket, "assign", opened.actor.role):
        raise NoAccess
    return page(
        "staff/people.html",
        lang,
        status=tried.status,
        now=at,
        candidates=frontdesk.candidates(opened.ticket, at),
        tz=policy_for(opened.ticket.place).zone,
        t=opened.ticket,
        of=answered(opened.ticket, "assign"),
        base=door.base,
        key=ulid(at),
        wrong=tried.wrong(lang),
        overtaken=tried.overtaken(lang),
        kept=tried.kept,
    )


def again(page: Callable[[Door, Tried], Response]) -> Callable[[Door, Tried], Response]:
    """The page after a move that was not taken: the choice of a person, where that was wrong, else the ticket's."""

    def shown_again(door: Door, tried: Tried) -> Response:
        choosing = tried.move == "assign" and isinstance(tried.fault, Invalid)
        return people(door, tried) if choosing else page(door, tried)

    return shown_again
