"""What a company sends of a case, as the facts and words of a move: one reader a move, named as in its `lifecycle`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.making import MAX_WORDS
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import fen, time_on

NEW = "new"  # in place of a worker: one whose name and phone were typed


def read(move: str, form: Form, at: datetime) -> Read:
    """The facts and words of a move's form. Raises Invalid, NotAllowed."""
    if move not in READERS:
        raise NotAllowed("not_allowed", move=move)
    data, said = READERS[move](form, at)
    return data, {name: value for name, value in said.items() if value}


def _nothing(form: Form, at: datetime) -> Read:
    return {}, {}


def _words(form: Form, at: datetime) -> Read:
    return {}, {"words": form.text("words", MAX_WORDS)}


def _words_and_photos(form: Form, at: datetime) -> Read:
    return {}, {"words": form.text("words", MAX_WORDS), "photos": form.photos()}


def _refuse(form: Form, at: datetime) -> Read:
    return {"reason": form.text("reason", 40)}, {"words": form.text("words", MAX_WORDS)}


def _propose(form: Form, at: datetime) -> Read:
    return {"start": time_on(form.text("day", 40), form.text("from", 40), "start")}, {}


def _appoint(form: Form, at: datetime) -> Read:
    start = time_on(form.text("day", 40), form.text("from", 40), "start")
    last = form.text("last", 40) or form.text("day", 40)
    return {"start": start, "end": time_on(last, form.text("to", 40), "end")}, {}


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


def _take_back(form: Form, at: datetime) -> Read:
    return {"person": form.text("person", 80)}, {}


def _dispute(form: Form, at: datetime) -> Read:
    return {"ticket": form.text("ticket", 40)}, {"words": form.text("words", MAX_WORDS)}


def _quote(form: Form, at: datetime) -> Read:
    return {"price": fen(form.plain("price", 40), "price")}, {"words": form.text("words", MAX_WORDS)}


def _invoice(form: Form, at: datetime) -> Read:
    facts = {"invoice": form.plain("invoice", 40).replace(" ", "")}
    route = form.text("route", 40)
    return facts | ({"route": route} if route else {}), {"photos": form.photos()}


READERS: Mapping[str, Callable[[Form, datetime], Read]] = {
    "confirm": _nothing,
    "acknowledge": _nothing,
    "refuse": _refuse,
    "propose_inspection": _propose,
    "agree_inspection": _nothing,
    "delegate": _delegate,
    "take_back": _take_back,
    "note": _words,
    "dispute": _dispute,
    "quote": _quote,
    "appoint": _appoint,
    "disengage": _words,
    "measure": _words,
    "finish_stop": _words_and_photos,
    "invoice": _invoice,
}
