"""Deductions at the warranty office: what is open by deadline, one with its gate, its arithmetic and what may be done.

GET   /b/{token}/deductions                         what is open; ?after= goes on
GET   /b/{token}/deduction/{deduction}              one: what gate B asks for, the amount, what happened
POST  /b/{token}/deduction/{deduction}/{move}       a move; answers 303 to the page, or the page again with why not
POST  /b/{token}/deduction/{deduction}/scan         where to upload a file: JSON
GET   /b/{token}/deduction/{deduction}/photo/{n}    303 to a photo
GET   /b/{token}/deduction/{deduction}/file/{sum}   303 to a file that proves something
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.contractor import gates
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.money import moves as life
from chalicelib.domain.money.deduction import Deduction, State
from chalicelib.domain.money.gates import gate_b
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.reference import parts
from chalicelib.language import reasons
from chalicelib.language.letters import file_word
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import contacts
from chalicelib.services.contractor import office as desk
from chalicelib.services.contractor.papers import address, papers
from chalicelib.services.money import desk as lists
from chalicelib.services.money import gathering, proofs
from chalicelib.services.record import record
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit import deduction as kit
from chalicelib.web.kit import deduction_forms
from chalicelib.web.kit import ticket as shared
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.gates import gate_b as gate_words
from chalicelib.web.kit.moves import NOTHING, Tried, make, said
from chalicelib.web.kit.pages import json_answer, lang_of, page, see
from chalicelib.web.office.framing import frame
from chalicelib.web.staff.view import Clocks

DONE: Mapping[str, str] = {
    "check_scope": "Compared with the notice. It is on record.",
    "measure": "The quantities are on record.",
    "check_invoice": "The invoice is on record, and its original is kept.",
    "pay_third": "The payment is on record, with its proof.",
    "propose": "Put forward. Somebody who had no part in it approves it.",
    "approve": "Your approval is on record.",
    "reject": "Rejected. Correct it and put it forward anew, or drop it.",
    "drop": "Dropped. Nothing is deducted.",
    "release_deduction_notice": "The notice is on its way. The time to object runs from its arrival.",
    "prove_delivery": "The arrival is on record. The time to object runs from it.",
    "seal": "The sealed letter is kept, with its hash.",
    "decide_dispute": "The objection is decided. The contractor has been told.",
    "reverse": "Reversed by a counter-entry. The contractor has been told.",
    "ask_write_off": "Asked for. A second person says yes or no.",
    "write_off": "Written off.",
    "refuse_write_off": "It is not written off.",
    "pack_again": "The evidence pack is being made again.",
}
FILES = ("check_invoice", "pay_third")  # moves whose form brings a file
ANSWERS = {"approve": "proposed", "write_off": "write_off_asked"}  # moves that say yes to what the page showed
HIDDEN = frozenset({"prove_delivery", "seal"})  # they stand with the letter


def waiting(token: str) -> Response:
    lang, at = lang_of(request()), now()
    grant = opening.open_staff(token, desk.OFFICES)
    found, more = lists.of_office(grant.team, asked("after"))
    names = contacts.names(item.line.company for item in found)
    tz = policy_for(NOWHERE).zone
    return page(
        "office/deductions.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(grant),
        rows=kit.listed(found, f"/b/{token}/deduction", names, lang, at, tz),
        after=f"/b/{token}/deductions?after={more}" if more else "",
    )


def look(door: Door, tried: Tried = NOTHING) -> Response:
    """The page of a deduction as it is now; with what is wrong at the field."""
    lang, at = lang_of(request()), now()
    opened = door.open_record()
    one = opened.record
    if not isinstance(one, Deduction):
        raise NoAccess
    clocks = Clocks(lang, at, policy_for(NOWHERE).zone)
    conditions, case = _gate(one)
    people = {str(event.data["person"]) for event in case.events if "person" in event.data}
    people |= {event.by for event in (*case.events, *one.events)}
    names = frontdesk.names((one for one in people if ":" not in one), one.place.get("project", ""))
    done = said(DONE, at)
    company = contacts.company(one.third_party)
    legal = [move for move in life.moves(one, opened.actor.role) if move in deduction_forms.READERS]
    return page(
        "office/deduction.html",
        lang,
        **frame(door, opened, tried, at),
        **kit.facts(one, clocks),
        release=f"/b/{door.token}/retention/{one.contract}" if opened.grant.kind == "staff" else "",
        gate=gate_words(conditions, one, case, names, clocks),
        rows=kit.rows(one.events, one, door.base, names, clocks),
        files=[(digest[:12], f"{door.base}/file/{digest}") for digest, _ in proofs.files(one)],
        letters=_letters(one, door, clocks),
        legal=legal,
        shown=[move for move in legal if move not in HIDDEN],
        main=_main(one, legal),
        items=[(item, company.prices[item].name, company.prices[item].unit) for item, _ in one.items]
        if company and all(item in company.prices for item, _ in one.items)
        else [],
        invoice_typed=one.last("opened"),
        answers={move: shown.version for move, kind in ANSWERS.items() if (shown := one.last(kind))},
        today=at.astimezone(clocks.zone).date().isoformat(),
        wrong_move=tried.move,
        wrong=tried.wrong(lang),
        kept=tried.kept,
        overtaken=tried.overtaken(lang),
        done=done,
        said_done=DONE.get(done, ""),
    )


def _gate(one: Deduction) -> tuple[list[gates.Condition], Case]:
    """Gate B as it stands while it gathers, afterwards what it was passed on; and the case that has its events."""
    put = one.last("proposed")
    if one.state in (State.GATHERING, State.REJECTED) or put is None:
        known = gathering.known_of(one)
        return gate_b(one, known), known.case
    stored = [gates.Condition(str(its["name"]), int(its["event"])) for its in put.data["conditions"]]
    return stored, record.load(one.case)


def _main(one: Deduction, legal: list[str]) -> str:
    """The move that is next: it stands unfolded."""
    order = ("approve", "release_deduction_notice", "decide_dispute", "write_off")
    gather = [move for move, lacks in _lacking(one) if lacks and move in legal]
    return next(iter(gather), "") or next((move for move in order if move in legal), "")


def _lacking(one: Deduction) -> list[tuple[str, bool]]:
    return [
        ("check_scope", not one.scope),
        ("measure", bool(one.items) and len(one.measured) < 2),
        ("check_invoice", one.invoice is None),
        ("pay_third", not one.paid),
    ]


def _letters(one: Deduction, door: Door, clocks: Clocks) -> list[dict[str, Any]]:
    return [
        {
            "number": paper.letter.number,
            "sent": clocks.when(paper.letter.at),
            "arrived": clocks.when(paper.letter.delivered_at) if paper.letter.delivered_at else "",
            "sealed": bool(paper.letter.sealed),
            "files": [
                (f"{door.base}/letter/{paper.letter.number}?sum={sheet.hash}", file_word(sheet.how, clocks.lang))
                for sheet in paper.sheets
            ],
        }
        for paper in papers(one)
    ]


def act(door: Door, move: str) -> Response:
    return make(door, move, deduction_forms.read, look)


def scan(door: Door) -> Response:
    """A presigned POST for a file, for whoever may make a move that takes one. Raises NoAccess."""
    from chalicelib.services.contractor import sealing
    from chalicelib.web.kit import forms

    opened = door.open_record()
    one, role = opened.record, opened.actor.role
    if not any(life.legal(one, move, role) for move in (*FILES, "dispute", *sealing.ASKS)):
        raise NoAccess
    try:
        sent = forms.read(request())
        number, kind = sent.text("letter", 80), sent.text("type", 80)
        if not number:
            return json_answer(proofs.ask_upload(one, kind, now()))
        if number not in {letter.number for letter in one.letters}:
            raise Invalid("letter", "unknown")
        move = sent.text("for", 20) or "seal"
        if move not in sealing.ASKS or not life.legal(one, move, role):
            raise NoAccess
        return json_answer(sealing.ask_upload(number, kind, now(), move))
    except Invalid as refused:
        return json_answer({"error": reasons.explain(refused, lang_of(request()))}, 400)


def photo(door: Door, n: str) -> Response:
    from chalicelib.services.ticket import photos

    one = door.open_record().record
    return shared.shown(photos.show_of(parts(one.id)[1], kit.photo(one, n)))


def letter(door: Door, number: str) -> Response:
    """303 to a file of its notice."""
    return shared.shown(address(door.open_record().record, number, asked("sum", 80)))


def file(door: Door, sum: str) -> Response:
    one = door.open_record().record
    answer = see("")
    answer.headers["Location"] = proofs.address(one, sum)
    return answer
