"""What the warranty office sends of a case, as the facts and words of a move: one reader a move, as in `MOVES`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.kind import PREFIX
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.domain.record.reference import reference
from chalicelib.web.kit import cases
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import fen, thousandths, time_on

ITEMS, QUOTES = 6, 4  # rows of the forms
MOST_JOINED = 100
RELEASES = frozenset({"release_notice", "release_reminder", "release_third_party_notice"})


def read(move: str, form: Form, at: datetime) -> Read:
    """The facts and words of a move's form. Raises Invalid, NotAllowed."""
    return cases.read(READERS, move, form, at)


def _edit(form: Form, at: datetime) -> Read:
    return {"kind": form.text("kind", 40)}, {"words": form.text("words", MAX_WORDS)}


def _join(form: Form, at: datetime) -> Read:
    return {"cases": [reference(PREFIX, one) for one in form.all("cases", MOST_JOINED)]}, {}


def _prove(form: Form, at: datetime) -> Read:
    """How and when a letter arrived; `contents`: what the waybill says is in it."""
    facts: dict[str, Any] = {"letter": form.text("letter", 80), "how": form.text("how", 20)}
    facts["upload"] = form.plain("upload", 40)
    facts["at"] = time_on(form.text("day", 40), form.text("from", 40), "at")
    if waybill := form.plain("waybill", 40):
        facts |= {"waybill": waybill, "contents": form.text("contents", 200)}
    return facts, {"photos": form.photos()}


def _seal(form: Form, at: datetime) -> Read:
    return {"letter": form.text("letter", 80), "upload": form.plain("upload", 40)}, {}


def _held(form: Form, at: datetime) -> Read:
    said = {"photos": form.photos(), "witness": form.text("witness", 200), "words": form.text("words", MAX_WORDS)}
    return {"came": form.all("came")}, said


def _call(form: Form, at: datetime) -> Read:
    facts = {"purpose": form.text("purpose", 20), "result": form.text("result", 20)}
    return facts, {"words": form.text("words", MAX_WORDS)}


def _answer(form: Form, at: datetime) -> Read:
    if form.text("upheld", 10) not in ("yes", "no"):
        raise Invalid("upheld", "answer_needed")
    return {"upheld": form.text("upheld", 10) == "yes"}, {"words": form.text("words", MAX_WORDS)}


def _gate(form: Form, at: datetime) -> Read:
    return {"route": form.text("route", 40) or "ladder"}, {}


def _engage(form: Form, at: datetime) -> Read:
    """Whom, and for what: items of the framework list in thousandths, or sealed quotes of which one is taken."""
    company = form.text("company", 80)
    facts: dict[str, Any] = {"company": company}
    items = []
    for n in range(1, ITEMS + 1):
        of, _, item = form.text(f"item_{n}", 120).partition("/")
        if of and of == company:
            items.append([item, thousandths(form.plain(f"quantity_{n}", 20), "items")])
    quotes = []
    for n in range(1, QUOTES + 1):
        who, price = form.text(f"quoter_{n}", 80), form.plain(f"quoted_{n}", 30)
        if who or price:
            quotes.append([who, fen(price, "price")])
    if quotes:
        chosen = next((price for who, price in quotes if who == company), None)
        if chosen is None:
            raise Invalid("price", "not_quoted")
        facts |= {"price": chosen, "basis": "quotes", "quotes": quotes}
    elif items:
        facts["items"] = items
    return facts, {"words": form.text("words", MAX_WORDS)}


def _agree(form: Form, at: datetime) -> Read:
    price = form.number("price")
    return {"price": price, "basis": "quote"} if price is not None else {}, {}


READERS: Mapping[str, cases.Reader] = {
    "edit_letter": _edit,
    "release_notice": cases.words,
    "release_reminder": cases.words,
    "release_third_party_notice": cases.words,
    "join": _join,
    "prove_delivery": _prove,
    "seal": _seal,
    "propose_inspection": cases.start,
    "agree_inspection": cases.nothing,
    "hold_inspection": _held,
    "take_back": cases.person,
    "note": cases.words,
    "answer_refusal": _answer,
    "call": _call,
    "stop_damage": _engage,
    "confirm_in_writing": cases.words,
    "pass_gate": _gate,
    "engage": _engage,
    "agree_price": _agree,
    "appoint": cases.appointment,
    "disengage": cases.words,
    "measure": cases.words_and_photos,
    "finish_stop": cases.words_and_photos,
    "accept_stop": cases.words_and_photos,
    "accept": cases.words_and_photos,
    "invoice": cases.invoice,
    "release_from": cases.reason,
}
