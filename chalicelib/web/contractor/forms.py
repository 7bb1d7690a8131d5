"""What a company sends of a case, as the facts and words of a move: one reader a move, named as in its `lifecycle`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.web.kit import cases
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import fen

NEW = "new"  # in place of a worker: one whose name and phone were typed


def read(move: str, form: Form, at: datetime) -> Read:
    """The facts and words of a move's form. Raises Invalid, NotAllowed."""
    return cases.read(READERS, move, form, at)


def _delegate(form: Form, at: datetime) -> Read:
    """To a worker who is known, or to one whose name and phone are typed; which tickets, none named: all."""
    tickets, person = form.all("tickets", 200), form.text("person", 80)
    facts: dict[str, Any] = {"tickets": tickets} if tickets else {}
    name, phone = form.text("name", 200), form.plain("phone", 60)
    if person and person != NEW:
        if name or phone:
            raise Invalid("person", "one_worker")
        return facts | {"person": person}, {}
    return facts, {"name": name, "phone": phone}


def _dispute(form: Form, at: datetime) -> Read:
    return {"ticket": form.text("ticket", 40)}, {"words": form.text("words", MAX_WORDS)}


def _quote(form: Form, at: datetime) -> Read:
    return {"price": fen(form.plain("price", 40), "price")}, {"words": form.text("words", MAX_WORDS)}


READERS: Mapping[str, cases.Reader] = {
    "confirm": cases.nothing,
    "acknowledge": cases.nothing,
    "refuse": cases.reason,
    "propose_inspection": cases.start,
    "agree_inspection": cases.nothing,
    "delegate": _delegate,
    "take_back": cases.person,
    "note": cases.words,
    "dispute": _dispute,
    "quote": _quote,
    "appoint": cases.appointment,
    "disengage": cases.words,
    "measure": cases.words,
    "finish_stop": cases.words_and_photos,
    "invoice": cases.invoice,
}
