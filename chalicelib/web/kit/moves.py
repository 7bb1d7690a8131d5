"""A move from a form: read, made, 303 to a page that says so; or the page as it is now, with what was typed and why.

    400   at the field       a value is missing or wrong
    403   above the page     not theirs to make
    409   above the page     somebody was faster, or what it answers has changed
    429   above the page     too often
    404   a page of its own  the link died meanwhile; what was typed stands on it

Every page family moves its tickets through here; they differ in the door, the readers and the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.language import reasons
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.web.kit import forms, pages
from chalicelib.web.kit.asked import address, asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.pages import see

Read = tuple[dict[str, Any], dict[str, Any]]  # facts, what was said
Reads = Callable[[str, Form, datetime], Read]
Moves = Callable[[Door, str, datetime, Mapping[str, Any], Mapping[str, Any], str], None]
KEY = re.compile(r"[0-9A-Za-z_-]{8,64}")
REPEATED = ("w", "done", "photos")  # fields that a form may carry several times
SAYS_FOR = timedelta(minutes=2)
DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Tried:
    """A move that was not taken, for the page that shows it again. Without a fault: nothing was tried."""

    move: str = ""
    form: Form = field(default_factory=lambda: Form({}))
    fault: Refused | None = None

    @property
    def status(self) -> int:
        return pages.status_of(self.fault) if self.fault else 200

    @property
    def kept(self) -> dict[str, Any]:
        """What was typed, by field."""
        return {**self.form.kept(), **{name: self.form.all(name) for name in REPEATED}} if self.fault else {}

    def wrong(self, lang: str) -> dict[str, str]:
        """What is wrong, by the field at which it stands."""
        fault = self.fault
        if not isinstance(fault, Invalid) or fault.field == forms.WHOLE:
            return {}
        return {fault.field: reasons.explain(fault, lang)}

    def overtaken(self, lang: str) -> str:
        """Why it was not taken, where no field is at fault."""
        return reasons.explain(self.fault, lang) if self.fault and not self.wrong(lang) else ""

    @property
    def unsent(self) -> str:
        """The words that were typed, for where their field is gone."""
        return str(self.kept.get("words", ""))


NOTHING = Tried()


def make(
    door: Door,
    move: str,
    reads: Reads,
    again: Callable[[Door, Tried], Response],
    *,
    then: str = "",
    through: Moves | None = None,
) -> Response:
    """Make a move of a form. `then`: the page afterwards, the door's own unless it is given.

    `through`: what makes it, where it is no move of the ticket itself.
    """
    at, form = now(), Form({})
    try:
        form = forms.read(request())
        data, said = reads(move, form, at)
        (through or _of_ticket)(door, move, at, {**data, **_answered(form)}, said, key_of(form))
        return see(f"{then or door.base}?done={done(move, at)}")
    except NoAccess as none:
        return _gone(form, none)
    except Refused as refused:
        try:
            return again(door, Tried(move, form, refused))
        except NoAccess as none:
            return _gone(form, none)


def _of_ticket(door: Door, move: str, at: datetime, data: Mapping[str, Any], said: Mapping[str, Any], key: str) -> None:
    here: dict[str, Any] = {"reference": door.ticket, "roles": door.roles, "prefix": door.prefix}
    opening.move(door.token, door.kinds, move, at, data=data, said=said, key=key, **here)


def key_of(form: Form) -> str:
    """The page's own mark for what is sent; "" where it is none."""
    key = form.kept().get("key", "")
    return key if KEY.fullmatch(key) else ""


def _answered(form: Form) -> dict[str, int]:
    """Which event the form answers, as its page showed it."""
    of = form.kept().get("of", "")
    return {"of": int(of)} if re.fullmatch(r"[0-9]{1,6}", of) else {}


def _gone(form: Form, none: NoAccess) -> Response:
    unsent = str(form.kept().get("words", ""))
    return pages.no_access(pages.lang_of(request()), address(), none, unsent)


# what the next page says, once: a word of a fixed table, good for some minutes; nothing of the address is echoed


def done(move: str, at: datetime) -> str:
    """What stands behind ?done= after a move."""
    return f"{move}.{_digits(int(at.timestamp()))}"


def said(table: Mapping[str, str], at: datetime) -> str:
    """The move that this page still has to speak of, one of the table's; "" where it was long ago."""
    move, _, when = asked("done").partition(".")
    if move not in table or not re.fullmatch(r"[0-9a-z]{5,8}", when):
        return ""
    return move if abs(at.timestamp() - int(when, 36)) <= SAYS_FOR.total_seconds() else ""


def _digits(number: int) -> str:
    found = ""
    while number:
        number, digit = divmod(number, 36)
        found = DIGITS[digit] + found
    return found
