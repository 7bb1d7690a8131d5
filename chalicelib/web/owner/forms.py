"""What the reporter sends, as the facts and words of a move: one reader per move, as in `lifecycle.MOVES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain import signature
from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.ticket.lifecycle import SCORES
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read

SLOTS = ((8, 10), (10, 12), (12, 14), (14, 16), (16, 18), (18, 20))


def read(move: str, sent: Form, at: datetime) -> Read:
    """The facts and words of a move's form. Raises Invalid, NotAllowed."""
    if move not in READERS:
        raise NotAllowed("not_allowed", move=move)
    return READERS[move](sent, at)


def _window(sent: Form, at: datetime) -> Read:
    """One of the windows that the page showed: its start and end."""
    chosen = sent.text("window", 80)
    if not chosen:
        raise Invalid("window", "required")
    return {"window": chosen.split("/")}, {}


def _proposed(sent: Form, at: datetime) -> Read:
    day, slot = sent.text("day", 20), sent.text("slot", 20)
    hours = next(((a, b) for a, b in SLOTS if f"{a:02}-{b:02}" == slot), None)
    try:
        on = date.fromisoformat(day)
    except ValueError:
        raise Invalid("day", "no_time") from None
    if hours is None:
        raise Invalid("slot", "no_time")
    tz = ZoneInfo(policy_for(NOWHERE).zone)
    if not at.astimezone(tz).date() <= on <= (at + timedelta(days=61)).date():
        raise Invalid("day", "window_out_of_range")
    start, end = (datetime(on.year, on.month, on.day, hour, tzinfo=tz) for hour in hours)
    if end <= at:
        raise Invalid("slot", "window_past")
    return {"window": [start.isoformat(), end.isoformat()]}, {}


def _words(sent: Form, at: datetime) -> Read:
    text = sent.text("words")
    return {}, {"words": text} if text else {}


def _note(sent: Form, at: datetime) -> Read:
    photos = sent.photos()
    text = sent.text("words")
    return {}, ({"words": text} if text else {}) | ({"photos": photos} if photos else {})


def _scores(sent: Form, at: datetime) -> Read:
    given = {name: sent.number(name) for name in SCORES}
    missing = [name for name, score in given.items() if score is None]
    if missing:
        raise Invalid("scores", "required")
    return {"scores": given}, _words(sent, at)[1]


def _signed(sent: Form, at: datetime) -> Read:
    """The scores may come with the signature: all four, or some, which are kept until the others are given."""
    asked = {name: sent.number(name) for name in SCORES}
    given = {name: n for name, n in asked.items() if n is not None and 1 <= n <= 5}
    scores = {"scores" if len(given) == len(SCORES) else "stars": given} if given else {}
    return scores, {"signature": signature.checked(sent.raw("signature"))}


def _satisfied(sent: Form, at: datetime) -> Read:
    answer = {"yes": True, "no": False}.get(sent.text("satisfied", 10))
    if answer is None:
        raise Invalid("satisfied", "required")
    return {"satisfied": answer}, _words(sent, at)[1]


def _level(sent: Form, at: datetime) -> Read:
    """The desk that the page offered: one that has it by now isn't climbed past."""
    level = sent.number("level")
    return {} if level is None else {"level": level}, {}


def _nothing(sent: Form, at: datetime) -> Read:
    return {}, {}


def _signature(sent: Form, at: datetime) -> Read:
    return {}, {"signature": signature.checked(sent.raw("signature"))}


def _access(sent: Form, at: datetime) -> Read:
    """Let in, or why not."""
    what, reason = sent.text("what", 20), sent.text("reason", 20)
    return {"what": what} | ({"reason": reason} if what == "refused" else {}), _words(sent, at)[1]


READERS: Mapping[str, Callable[[Form, datetime], Read]] = {
    "choose_window": _window,
    "propose_window": _proposed,
    "note": _note,
    "sign_off": _signed,
    "refuse": _words,
    "rate": _scores,
    "say_why": _words,
    "cancel": _words,
    "waive": _words,
    "climb": _level,
    "confirm": _satisfied,
    "agree_plan": _nothing,
    "refuse_plan": _words,
    "dispute_finding": _words,
    "accept_quote": _signature,
    "decline_quote": _words,
    "note_access": _access,
}
