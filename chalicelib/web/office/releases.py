"""Retentions at the warranty office and at desks: what is held, by deadline; one with its release and its stops.

GET   /b/{token}/releases                      what is held of the office's contracts; ?after= goes on
GET   /d/{token}/releases                      of a property desk's project, of a developer desk's subsidiary
GET   /b/{token}/retention/{contract}          303 to a contract's retention; where there is none yet, to begin one
POST  /b/{token}/retention/{contract}          begins it → 303
GET   /b/{token}/release/{release}             one: balance, ends, warnings, the release, stops, what happened
POST  /b/{token}/release/{release}/{move}      a move; answers 303 to the page, or the page again with why not
GET   /b/{token}/release/{release}/photo/{n}   303 to a picture; all of it at /d/{token}/release/… for desks too
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.money.release import Release, named
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.language import releases as wording
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.access.opening import Opened
from chalicelib.services.contractor import contacts
from chalicelib.services.contractor import office as desk
from chalicelib.services.money import desk as lists
from chalicelib.services.money import releases, retentions
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit import deduction
from chalicelib.web.kit import release as kit
from chalicelib.web.kit import ticket as shared
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, done, make, said
from chalicelib.web.kit.pages import lang_of, page, root, see
from chalicelib.web.staff.view import Clocks

AT_OFFICE = frozenset({Role.OFFICE})
AT_DESK = frozenset({Role.DESK, Role.SUPERVISOR})


def waiting(token: str) -> Response:
    grant = opening.open_staff(token, AT_OFFICE)
    found, more = lists.held_at(grant.team, asked("after"))
    return _list(token, grant, found, f"/b/{token}", more)


def at_desk(token: str) -> Response:
    grant = opening.open_staff(token, AT_DESK)
    home, _, team = grant.team.partition("/")
    found = lists.held_in(home) if team == "desk" else lists.held_at(f"{home}/office", limit=lists.STRETCH)[0]
    return _list(token, grant, found, f"/d/{token}", "")


def _list(token: str, grant: Any, found: Any, base: str, more: str) -> Response:
    lang, at = lang_of(request()), now()
    names = contacts.names(item.line.company for item in found)
    return page(
        "office/releases.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(grant),
        rows=kit.listed(found, f"{base}/release", names, lang, at, policy_for(NOWHERE).zone),
        after=f"{base}/releases?after={more}" if more else "",
    )


def unfiled(token: str, contract: str) -> Response:
    """A contract's retention, by its contract. Raises NoAccess, NotFound."""
    found = desk.contract(token, contract[:80])
    if retentions.of_contract(found.contract.id):
        return see(f"/b/{token}/release/{parts(named(found.contract.id))[1]}")
    one = found.contract
    return page(
        "office/unfiled.html",
        lang_of(request()),
        contract=one.id,
        number=one.number,
        token=token,
        whose=frontdesk.whose(found.grant),
        key=ulid(now()),
    )


def begin(token: str, contract: str) -> Response:
    """Raises NoAccess, NotFound, Invalid."""
    opening.open_staff(token, AT_OFFICE)
    found, at = desk.contract(token, contract[:80]), now()
    one = releases.begun(found.contract, at)
    return see(f"/b/{token}/release/{parts(one.id)[1]}?done={done('begin', at)}")


def look(door: Door, tried: Tried = NOTHING) -> Response:
    """The page of a retention as it is now; with what is wrong at the field."""
    opened = door.open_record()
    one = record_of(opened)
    own = opened.grant.kind == "staff"
    base = door.base.partition("/release/")[0]
    names = frontdesk.names({e.by for e in one.events if ":" not in e.by}, one.place.get("project", ""))
    return page(
        "office/release.html",
        lang_of(request()),
        **body(door, one, opened.actor, tried, names),
        token=door.token,
        whose=frontdesk.whose(opened.grant),
        home=f"{base}/releases" if own and opened.actor.role is not Role.HOTLINE else "",
        contract_page=f"{base}/contract/{one.contract}" if own and opened.actor.role is Role.OFFICE else "",
    )


def record_of(opened: Opened) -> Release:
    """Raises NoAccess for a record of another kind."""
    if not isinstance(opened.record, Release):
        raise NoAccess
    return opened.record


def body(door: Door, one: Release, by: Actor, tried: Tried, names: Mapping[str, str]) -> dict[str, Any]:
    """What the page of a retention has for whoever works for the house."""
    lang, at = lang_of(request()), now()
    clocks = Clocks(lang, at, policy_for(NOWHERE).zone)
    return {
        **around(door, one, tried, clocks),
        **kit.facts(desk.contract_named(one.contract), one, clocks, ours=True),
        **_offered(one, by, clocks),
        "ours": True,
        "rows": kit.rows(one, door.base, names, clocks, ours=True),
    }


def around(door: Door, one: Release, tried: Tried, clocks: Clocks) -> dict[str, Any]:
    """What is about the page itself: where its forms go, what was tried, what was done."""
    told = said(kit.DONE, clocks.at)
    return {
        "status": tried.status,
        "now": clocks.at,
        "here": root() + door.base,
        "key": ulid(clocks.at),
        "today": clocks.at.astimezone(clocks.zone).date().isoformat(),
        "wrong_move": tried.move,
        "wrong": tried.wrong(clocks.lang),
        "kept": tried.kept,
        "overtaken": tried.overtaken(clocks.lang),
        "unsent": tried.unsent,
        "done": told,
        "said_done": kit.DONE.get(told, ""),
        "labels": {move: wording.move_word(move, clocks.lang) for move in wording.MOVES},
    }


def _offered(one: Release, by: Actor, clocks: Clocks) -> dict[str, Any]:
    found = kit.offered(one, by, clocks.at)
    return {**found, "grounds": [(name, wording.ground_word(name, clocks.lang)) for name in found["grounds"]]}


def act(door: Door, move: str) -> Response:
    return make(door, move, kit.read, look)


def photo(door: Door, n: str) -> Response:
    """Raises NotFound."""
    from chalicelib.services.ticket import photos

    one = record_of(door.open_record())
    return shared.shown(photos.show_of(parts(one.id)[1], deduction.photo(one, n)))
