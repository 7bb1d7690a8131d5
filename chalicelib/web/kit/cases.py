"""What a company and the warranty office send alike of a case, as the facts and words of a move."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.domain.record.errors import NotAllowed
from chalicelib.domain.record.making import MAX_WORDS
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import time_on

Reader = Callable[[Form, datetime], Read]


def read(readers: Mapping[str, Reader], move: str, form: Form, at: datetime) -> Read:
    """The facts and words of a move's form, by its reader. Raises Invalid, NotAllowed."""
    if move not in readers:
        raise NotAllowed("not_allowed", move=move)
    data, said = readers[move](form, at)
    return data, {name: value for name, value in said.items() if value}


def nothing(form: Form, at: datetime) -> Read:
    return {}, {}


def words(form: Form, at: datetime) -> Read:
    return {}, {"words": form.text("words", MAX_WORDS)}


def words_and_photos(form: Form, at: datetime) -> Read:
    return {}, {"words": form.text("words", MAX_WORDS), "photos": form.photos()}


def reason(form: Form, at: datetime) -> Read:
    return {"reason": form.text("reason", 40)}, {"words": form.text("words", MAX_WORDS)}


def person(form: Form, at: datetime) -> Read:
    return {"person": form.text("person", 80)}, {}


def start(form: Form, at: datetime) -> Read:
    return {"start": time_on(form.text("day", 40), form.text("from", 40), "start")}, {}


def appointment(form: Form, at: datetime) -> Read:
    last = form.text("last", 40) or form.text("day", 40)
    facts, _ = start(form, at)
    return {**facts, "end": time_on(last, form.text("to", 40), "end")}, {}


def invoice(form: Form, at: datetime) -> Read:
    """The number without blanks; `route`: of the stop of damage or of the repair, where there are both."""
    facts = {"invoice": form.plain("invoice", 40).replace(" ", "")}
    route = form.text("route", 40)
    return facts | ({"route": route} if route else {}), {"photos": form.photos()}
