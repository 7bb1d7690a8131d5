"""Retentions at finance's desk: what is held and to be paid, stops; balances by file.

GET   /f/{token}/releases                      what the entity holds, by deadline, and where balances are taken in
POST  /f/{token}/releases                      a file of balances: checked, then taken over; or `contract`: one that is
                                               not on file yet is put there → 303
GET   /f/{token}/release/{release}             one; also by the link of a message, once signed in
POST  /f/{token}/release/{release}/{move}      pay, stop, lift
GET   /f/{token}/release/{release}/photo/{n}   303 to a picture
"""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.reference import parts, reference
from chalicelib.domain.register.retentions import SHEET
from chalicelib.language import reasons
from chalicelib.language.faults import explain_fault, explain_remark
from chalicelib.services.access import opening
from chalicelib.services.contractor import contacts
from chalicelib.services.money import balances, releases
from chalicelib.services.money import desk as lists
from chalicelib.services.money.balances import Loaded
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.web.finance.books import MOST_FORM, sent_file
from chalicelib.web.finance.door import FINANCE, Desk, signed, signed_for_one
from chalicelib.web.finance.routes import frame
from chalicelib.web.kit import forms
from chalicelib.web.kit import release as kit
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import EITHER, Door
from chalicelib.web.kit.moves import NOTHING, Tried, done, make
from chalicelib.web.kit.pages import page, see
from chalicelib.web.office import releases as office


@signed
def waiting(desk: Desk) -> Response:
    return _list(desk, None)


def _list(
    desk: Desk, found: Loaded | None, kept: str = "", name: str = "", wrong: str = "", contract: str = ""
) -> Response:
    held = lists.held_by(desk.entity)
    names = contacts.names(item.line.company for item in held)
    faults = [explain_fault(fault, desk.lang) for fault in found.faults] if found else []
    if found and found.unread:
        wrong = explain_remark(found.unread, desk.lang)
    return page(
        "finance/releases.html",
        desk.lang,
        status=400 if faults or wrong else 200,
        **frame(desk, "releases"),
        rows=kit.listed(held, f"{desk.base}/release", names, desk.lang, desk.at, policy_for(NOWHERE).zone),
        columns=",".join(column.zh for column in SHEET.columns),
        found=found,
        faults=faults,
        more=bool(found and found.more_faults),
        kept=kept,
        name=name,
        wrong=wrong,
        contract=contract,
    )


@signed
def load(desk: Desk) -> Response:
    """Checked first; taken over when the page says so, with the very same file."""
    form = forms.read(request(), MOST_FORM)
    if typed := form.plain("contract"):
        return _begin(desk, typed)
    content, name, again = sent_file(form, "retentions.csv")
    if not content.strip():
        return _list(desk, None, again, name, reasons.explain(Invalid("rows", "required"), desk.lang))
    write = form.is_on("book")
    found = balances.load(desk.entity, content, name, desk.by, desk.at, write=write)
    if write and not found.faults and not found.unread:
        return see(f"{desk.base}/releases?done={done('state', desk.at)}")
    return _list(desk, found, again, name)


def _begin(desk: Desk, typed: str) -> Response:
    """Put a contract on file, so that it can be stopped before anything was stated of it. May come twice."""
    try:
        contract = balances.called(desk.entity, typed)
        if contract is None:
            raise Invalid("contract", "no_such_contract")
        one = releases.begun(contract, desk.at)
    except Invalid as refused:
        return _list(desk, None, wrong=reasons.explain(refused, desk.lang), contract=typed)
    return see(f"{desk.base}/release/{parts(one.id)[1]}?done={done('begin', desk.at)}")


@signed_for_one
def look(desk: Desk, release: str) -> Response:
    return _look(desk, _door(desk, release))


def _door(desk: Desk, release: str) -> Door:
    return Door(desk.token, f"{desk.base}/release/{release}", EITHER, reference("RELEASE", release), FINANCE)


def _look(desk: Desk, door: Door, tried: Tried = NOTHING) -> Response:
    opened = door.open_record()
    one = office.record_of(opened)
    names = frontdesk.names({e.by for e in one.events if ":" not in e.by}, one.place.get("project", ""))
    facts: dict[str, Any] = {**frame(desk, "releases"), **office.body(door, one, opened.actor, tried, names)}
    return page("finance/release.html", desk.lang, **facts)


@signed_for_one
def act(desk: Desk, release: str, move: str) -> Response:
    return make(_door(desk, release), move, kit.read, lambda door, tried: _look(desk, door, tried))


@signed_for_one
def photo(desk: Desk, release: str, n: str) -> Response:
    return office.photo(_door(desk, release), n)


@signed_for_one
def back(desk: Desk, release: str, move: str) -> Response:
    """303 from the address of a move to its page."""
    opening.open_record(desk.token, EITHER, reference("RELEASE", release))
    return see(f"{desk.base}/release/{release}")
