"""The desk of a company that works under a contract, by a contact's link: its cases, and all that it owes in each.

GET   /k/{token}                         what is open, by deadline; ?past=1 what has ended, ?after= goes on
                                         by a message's link → 303 to its case; a worker's → the list of their work
GET   /k/{token}/{case}                  a case; ?of= another of its tickets
POST  /k/{token}/{case}/{move}           a move; answers 303 to the page, or the page again with what is wrong
GET   /k/{token}/{case}/photo/{n}        303 to a photo of the report
GET   /k/{token}/{case}/letter/{number}  303 to a letter's file; looking at it is no receipt
"""

from __future__ import annotations

from urllib.parse import quote

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import desk as company_desk
from chalicelib.services.contractor import papers
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import frontdesk
from chalicelib.store.grants import Grant
from chalicelib.web.contractor import forms as case_forms
from chalicelib.web.contractor import history, lines, view
from chalicelib.web.kit import ticket as kit
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page, see
from chalicelib.web.staff import routes as staff_routes

WORKER = frozenset({Role.WORKER})
PAGES = {"CASE": "", "DEDUCTION": "deduction/", "RELEASE": "release/"}  # where a message's link begins

# what happened, and what comes next
DONE = {
    "confirm": "Receipt is confirmed. The deadlines below run from now on.",
    "acknowledge": "You have taken it on. The tickets are yours: open one to agree a time with the owner.",
    "refuse": "Your refusal and its reason are on record. The warranty office answers it.",
    "propose_inspection": "Your time is proposed. You get a message when it is agreed.",
    "agree_inspection": "The joint inspection is agreed.",
    "delegate": "Passed on. The worker gets a message with a link.",
    "take_back": "Taken back. The worker's link is dead.",
    "note": "The note is on record.",
    "dispute": "The dispute is on record. It waits for an appraisal.",
    "quote": "The quote is with the warranty office. You get a message when it is agreed.",
    "appoint": "The appointment stands.",
    "disengage": "Given back. The warranty office has been told.",
    "measure": "The quantities are on record.",
    "finish_stop": "Noted: the damage is stopped.",
    "invoice": "The invoice is on record.",
}


def desk(token: str) -> Response:
    grant = access.open_link(token)
    if grant.kind == "ticket":
        kind, case = parts(grant.record)
        if kind not in PAGES:
            raise NoAccess
        return see(f"/k/{token}/{PAGES[kind]}{case}")
    if grant.kind == "staff" and access.role_of(grant) is Role.WORKER:
        return staff_routes.work_of(opening.staff(grant, WORKER), token, f"/k/{token}")
    return _list(grant, token)


def _list(grant: Grant, token: str) -> Response:
    at, lang, past = now(), lang_of(request()), asked("past") == "1"
    found = company_desk.of_contact(grant, past, asked("after"))
    return page(
        "contractor/desk.html",
        lang,
        now=at,
        token=token,
        desk=found,
        third=found.role is Role.THIRD_PARTY,
        whose=frontdesk.whose(found.grant),
        company=view.company_name(found.company),
        groups=lines.groups(found, lang, at, policy_for(NOWHERE).zone),
        past=past,
        record=lines.record(found.items) if past and found.items else None,
        after=asked("after"),
        more=quote(found.more),
    )


def case(door: Door, tried: Tried = NOTHING) -> Response:
    """The page of a case as it is now; with what is wrong at the field, or what somebody else did in between."""
    at, lang = now(), lang_of(request())
    of = asked("of") if is_ulid(asked("of")) else ""
    seen = company_desk.seen(door.open_record(), of)
    done = said(DONE, at)
    return page(
        "contractor/case.html",
        lang,
        status=tried.status,
        now=at,
        **view.page(seen, door, lang, at),
        **view.forms(seen, door, lang, at, tried),
        done=done,
        said_done=DONE.get(done, ""),
    )


def act(door: Door, move: str) -> Response:
    return make(door, move, case_forms.read, case)


def back(door: Door, move: str) -> Response:
    return kit.back(door, move)


def photo(door: Door, n: str) -> Response:
    of = asked("of") if is_ulid(asked("of")) else ""
    seen = company_desk.seen(door.open_record(), of)
    found = history.photo(seen, int(n)) if n.isascii() and n.isdigit() and len(n) < 5 else ""
    if found and int(n) >= history.FIRST_OF_CASE:
        from chalicelib.services.ticket import photos

        return kit.shown(photos.show_of_case(parts(seen.case.id)[1], seen.case.ticket, found))
    return kit.photo(seen.ticket, [found] if found else [], "0")


def letter(door: Door, number: str) -> Response:
    """The last sealed file of a letter, else its PDF; by ?sum= another one. Raises NotFound for what is not there."""
    opened = door.open_record()
    if opened.actor.role is not Role.CONTRACTOR:
        raise NotFound
    return kit.shown(papers.address(opened.record, number, asked("sum")))
