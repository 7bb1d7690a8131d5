"""What is kept back of a contractor, and its release, by a contact's link.

GET   /k/{token}/releases                     what is held, by deadline; ?after= goes on
GET   /k/{token}/release/{release}            one: balance, ends, how far its release has come
POST  /k/{token}/release/{release}/{move}     apply, withdraw, press
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.record.roles import Role, company_of
from chalicelib.services.access import opening
from chalicelib.services.contractor import contacts
from chalicelib.services.money import desk as lists
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.web.kit import release as kit
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, make
from chalicelib.web.kit.pages import lang_of, page
from chalicelib.web.office import releases as office
from chalicelib.web.staff.view import Clocks

CONTRACTOR = frozenset({Role.CONTRACTOR})


def waiting(token: str) -> Response:
    lang, at = lang_of(request()), now()
    company = company_of(opening.open_staff(token, CONTRACTOR).team)
    found, more = lists.held_of(company, asked("after"))
    return page(
        "contractor/releases.html",
        lang,
        now=at,
        home=f"/k/{token}",
        company=contacts.names([company]).get(company, company),
        rows=[
            row._replace(company="")
            for row in kit.listed(found, f"/k/{token}/release", {}, lang, at, policy_for(NOWHERE).zone)
        ],
        after=f"/k/{token}/releases?after={more}" if more else "",
    )


def look(door: Door, tried: Tried = NOTHING) -> Response:
    lang, at = lang_of(request()), now()
    opened = door.open_record()
    one = office.record_of(opened)
    clocks = Clocks(lang, at, policy_for(NOWHERE).zone)
    speaks = contacts.authorised(one.company, opened.actor.id)
    applies, presses = kit.opens_on(one, clocks)
    return page(
        "contractor/release.html",
        lang,
        **office.around(door, one, tried, clocks),
        **kit.facts(None, one, clocks, ours=False),
        **kit.offered(one, opened.actor, at, speaks=speaks),
        ours=False,
        home=f"{door.base.partition('/release/')[0]}/releases" if opened.grant.kind == "staff" else "",
        mute=not speaks,
        applies=applies,
        presses=presses,
        rows=kit.rows(one, door.base, {}, clocks, ours=False),
    )


def act(door: Door, move: str) -> Response:
    return make(door, move, kit.read, look)
