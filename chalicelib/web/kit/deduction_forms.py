"""What the forms of a deduction's moves carry, as the facts and words of a move."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.web.kit import cases
from chalicelib.web.kit.cases import Reader
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import fen, thousandths, time_on

ITEMS = 30


def read(move: str, form: Form, at: datetime) -> Read:
    """The facts and words of a move's form. Raises Invalid, NotAllowed."""
    return cases.read(READERS, move, form, at)


def _words(form: Form) -> dict[str, Any]:
    return {"words": form.text("words", MAX_WORDS)}


def _scope(form: Form, at: datetime) -> Read:
    typed = form.plain("beyond", 30)
    return ({"beyond": fen(typed, "beyond")} if typed else {}), _words(form)


def _measure(form: Form, at: datetime) -> Read:
    typed = [(form.plain(f"item_{n}", 80), form.plain(f"quantity_{n}", 30)) for n in range(1, ITEMS + 1)]
    return {"items": [[item, thousandths(quantity, "items")] for item, quantity in typed if item and quantity]}, {}


def _invoice(form: Form, at: datetime) -> Read:
    facts: dict[str, Any] = {name: form.plain(name, 60) for name in ("number", "buyer_tax", "type", "upload")}
    facts["number"] = facts["number"].replace(" ", "")
    return facts | {name: fen(form.plain(name, 30), name) for name in ("total", "allocated")}, {}


def _paid(form: Form, at: datetime) -> Read:
    facts: dict[str, Any] = {name: form.plain(name, 80) for name in ("on", "voucher", "upload")}
    return facts | {"fen": fen(form.plain("fen", 30), "fen")}, {}


def _prove(form: Form, at: datetime) -> Read:
    """How and when the notice arrived; `contents`: what the waybill says is in it."""
    facts: dict[str, Any] = {"letter": form.text("letter", 80), "how": form.text("how", 20)}
    facts["upload"] = form.plain("upload", 40)
    facts["at"] = time_on(form.text("day", 40), form.text("from", 40), "at")
    if waybill := form.plain("waybill", 40):
        facts |= {"waybill": waybill, "contents": form.text("contents", 200)}
    return facts, {"photos": form.photos()}


def _seal(form: Form, at: datetime) -> Read:
    return {"letter": form.text("letter", 80), "upload": form.plain("upload", 40)}, {}


def _agree(form: Form, at: datetime) -> Read:
    return {"total": form.number("total")}, {}


def _dispute(form: Form, at: datetime) -> Read:
    typed = form.plain("fen", 30)
    facts: dict[str, Any] = {"ground": form.plain("ground", 40), "upload": form.plain("upload", 40)}
    return facts | ({"fen": fen(typed, "fen")} if typed else {}), _words(form)


def _amount(name: str) -> Reader:
    def reads(form: Form, at: datetime) -> Read:
        return {name: fen(form.plain(name, 30), name)}, _words(form)

    return reads


READERS: Mapping[str, Reader] = {
    "check_scope": _scope,
    "measure": _measure,
    "check_invoice": _invoice,
    "pay_third": _paid,
    "propose": cases.nothing,
    "approve": cases.nothing,
    "reject": cases.words,
    "drop": cases.words,
    "release_deduction_notice": cases.words,
    "prove_delivery": _prove,
    "seal": _seal,
    "confirm": cases.nothing,
    "agree": _agree,
    "dispute": _dispute,
    "decide_dispute": _amount("upheld_fen"),
    "reverse": _amount("fen"),
    "ask_write_off": _amount("fen"),
    "write_off": cases.nothing,
    "refuse_write_off": cases.words,
    "pack_again": cases.nothing,
}
