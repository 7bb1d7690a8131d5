"""What was put to a contractor: its deductions, and its word on each.

GET   /k/{token}/deductions                        what is open; ?past=1 what has ended, ?after= goes on
GET   /k/{token}/deduction/{deduction}             one: the amount and how it was reckoned, until when to object
POST  /k/{token}/deduction/{deduction}/{move}      confirm receipt, agree, dispute
POST  /k/{token}/deduction/{deduction}/scan        where to upload what an objection brings: JSON
"""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.money import moves as life
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.release import named
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role, company_of
from chalicelib.language import money
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import contacts
from chalicelib.services.money import desk as lists
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit import deduction as kit
from chalicelib.web.kit import deduction_forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page, root
from chalicelib.web.staff.view import Clocks

CONTRACTOR = frozenset({Role.CONTRACTOR})
DONE: Mapping[str, str] = {
    "confirm": "Receipt is confirmed. The time to object runs from now on.",
    "agree": "You have agreed. The deduction is firm.",
    "dispute": "Your objection is on record. Somebody who has not approved the deduction decides.",
}
# What the contractor sees of what happened: from the notice on, and nothing of how it was approved.
SEEN = frozenset(
    {
        "letter_released",
        "letter_delivered",
        "confirmed",
        "disputed",
        "objection_over",
        "dispute_decided",
        "firm",
        "reversed",
        "written_off",
        "recovered",
        "refunded",
        "closed",
    }
)


def waiting(token: str) -> Response:
    lang, at, past = lang_of(request()), now(), asked("past") == "1"
    grant = opening.open_staff(token, CONTRACTOR)
    company = company_of(grant.team)
    found, more = lists.of_company(company, asked("after"), past=past)
    names = contacts.names([company])
    return page(
        "contractor/deductions.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(grant),
        company=names.get(company, company),
        past=past,
        rows=kit.listed(found, f"/k/{token}/deduction", names, lang, at, policy_for(NOWHERE).zone),
        after=f"/k/{token}/deductions?{'past=1&' if past else ''}after={more}" if more else "",
    )


def look(door: Door, tried: Tried = NOTHING) -> Response:
    lang, at = lang_of(request()), now()
    opened = door.open_record()
    one = opened.record
    if not isinstance(one, Deduction):
        raise NoAccess
    clocks = Clocks(lang, at, policy_for(NOWHERE).zone)
    done = said(DONE, at)
    events = [event for event in one.events if event.kind in SEEN]
    return page(
        "contractor/deduction.html",
        lang,
        status=tried.status,
        now=at,
        base=door.base,
        here=root() + door.base,
        home=door.base.partition("/deduction/")[0] if opened.grant.kind == "staff" else "",
        key=ulid(at),
        **kit.facts(one, clocks, hands="contractor"),
        release=f"/k/{door.token}/release/{parts(named(one.contract))[1]}" if opened.grant.kind == "staff" else "",
        number_of_letter=one.letter.number if one.letter else "",
        rows=kit.rows(events, one, door.base, {}, clocks, shows=False),
        legal=[move for move in life.moves(one, opened.actor.role) if move in DONE],
        speaks=contacts.authorised(one.company, opened.actor.id),
        grounds=[(name, money.ground_word(name, lang)) for name in life.GROUNDS],
        wrong_move=tried.move,
        wrong=tried.wrong(lang),
        kept=tried.kept,
        overtaken=tried.overtaken(lang),
        unsent=tried.unsent,
        done=done,
        said_done=DONE.get(done, ""),
    )


def act(door: Door, move: str) -> Response:
    return make(door, move, deduction_forms.read, look)
