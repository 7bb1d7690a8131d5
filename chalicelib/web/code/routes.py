"""For who has no link at hand: a code in its place, or a new link.

GET  /c        phone and code; the fixed address that an SMS without a link names
POST /c        → 303 to the page that the link would open
POST /c/send   a code for a phone: the same page, the same whoever's it is; answered here, no address may carry a phone
GET  /again    a ticket's number; ?done= says what comes next, the same whatever was typed
POST /again    → 303 /again?done=sent; the link goes to the address of the report
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.domain.record.roles import ROLES
from chalicelib.language import reasons
from chalicelib.services.access import access, codes, inviting, mine
from chalicelib.services.access.codes import TooOften
from chalicelib.services.record import registry
from chalicelib.store.grants import Grant
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import address, request
from chalicelib.web.kit.moves import done, said
from chalicelib.web.kit.pages import lang_of, page, see


def code() -> Response:
    return page("code/code.html", lang_of(request()), values={}, errors={}, coded=_coded())


def enter() -> Response:
    phone = ""
    try:
        sent = forms.read(request())
        phone = sent.text("phone", 40)
        grant = codes.redeem(phone, sent.text("code", 40), address(), now())
    except Refused as refused:
        return _again("code/code.html", refused, "code", {"phone": phone})
    if grant.kind == "phone" and (only := mine.only_page(grant)):
        return see(only)
    return see(_path(grant) + access.token_to_send(grant))


def send_code() -> Response:
    phone, lang = "", lang_of(request())
    try:
        phone = forms.read(request()).text("phone", 40)
        inviting.ask(phone, lang, address(), now())
    except Refused as refused:
        return _again("code/code.html", refused, "phone", {"phone": phone})
    return page("code/code.html", lang, values={"phone": phone}, errors={}, coded=_coded(), asked=True)


def again() -> Response:
    sent = said({"sent": ""}, now())
    return page("code/again.html", lang_of(request()), values={}, errors={}, done=sent, sent=bool(sent))


def send_again() -> Response:
    number = ""
    try:
        number = forms.read(request()).text("number", 40)
        codes.send_again(number, address(), now())
    except Refused as refused:
        return _again("code/again.html", refused, "number", {"number": number})
    return see(f"/again?done={done('sent', now())}")


def _coded() -> bool:
    return settings().sms_form == "code"


def _again(template: str, refused: Refused, field: str, values: dict[str, str]) -> Response:
    """The form once more: what was typed, and what is wrong beside its field."""
    lang = lang_of(request())
    at = refused.field if isinstance(refused, Invalid) else field
    errors = {at: reasons.explain(refused, lang)}
    status = 429 if isinstance(refused, TooOften) else 400
    return page(template, lang, status=status, values=values, errors=errors, coded=_coded(), sent=False)


def _path(grant: Grant) -> str:
    """In front of the token, for each kind of grant."""
    if grant.kind == "staff":
        return ROLES[access.role_of(grant)].home
    return f"/{registry.of(grant.record).path(grant)}/" if grant.record else "/m/"
