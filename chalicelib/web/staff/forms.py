"""What staff send, as the facts and words of a move: one reader per move, the same names as in `lifecycle.MOVES`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.record.errors import Invalid, NotAllowed
from chalicelib.domain.ticket.lifecycle import MAX_WORDS
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import Read
from chalicelib.web.kit.typed import time_on
from chalicelib.web.staff import liable

HOW = ("phone", "in_person", "message")
MAX_OFFERED = 3
MAX_REASON = 200
NOT = "na:"  # before an entry of the checklist: why it does not apply
SOON = timedelta(minutes=30)  # a half day that begins sooner is not offered
ASKED_FROM = "09:00"  # on the day that something waited for
HALVES = (("morning", time(9), time(12)), ("afternoon", time(14), time(18)))


def read(move: str, form: Form, at: datetime) -> Read:
    """The facts and words of a move's form. Raises Invalid, NotAllowed."""
    if move not in READERS:
        raise NotAllowed("not_allowed", move=move)
    data, said = READERS[move](form, at)
    entered = form.text("entered", 20)
    if entered.isascii() and entered.isdigit() and 60 <= int(entered) <= 14 * 86400:  # seconds it lay on the phone
        said["entered"] = (at - timedelta(seconds=int(entered))).isoformat(timespec="seconds")
    return data, {k: v for k, v in said.items() if v}


def windows(form: Form, at: datetime, most: int) -> list[list[str]]:
    """The chips that were ticked and the time that was typed. Raises Invalid."""
    found = [value.split("/") for value in form.all("w")]
    day, start, end = form.text("day", 40), form.text("from", 40), form.text("to", 40)
    if start or end:
        found.append([time_on(day, start, "windows"), time_on(day, end, "windows")])
    if len(found) > most:
        raise Invalid("windows", "too_many", limit=most)
    return found


@dataclass(frozen=True, slots=True)
class Half:
    """A half day that can be offered with one touch."""

    value: str
    start: datetime
    end: datetime
    name: str


def halves(at: datetime, tz: str, count: int = 4) -> tuple[Half, ...]:
    """The next half days, in the place's zone."""
    here = at.astimezone(ZoneInfo(tz))
    found: list[Half] = []
    for ahead in range(count):
        day = here.date() + timedelta(days=ahead)
        for name, opens, closes in HALVES:
            start = datetime.combine(day, opens, here.tzinfo)
            end = datetime.combine(day, closes, here.tzinfo)
            if start - here >= SOON and len(found) < count:
                value = f"{start.isoformat(timespec='minutes')}/{end.isoformat(timespec='minutes')}"
                found.append(Half(value, start, end, name))
    return tuple(found)


def _nothing(form: Form, at: datetime) -> Read:
    return {}, {}


def _words(form: Form, at: datetime) -> Read:
    return {}, {"words": form.text("words", MAX_WORDS)}


def _words_and_photos(form: Form, at: datetime) -> Read:
    return {}, {"words": form.text("words", MAX_WORDS), "photos": form.photos()}


def _contact(form: Form, at: datetime) -> Read:
    how = form.text("how", 40)
    if how not in HOW:
        raise Invalid("how", "required")
    return {"how": how}, {}


def _acknowledge(form: Form, at: datetime) -> Read:
    offered = windows(form, at, MAX_OFFERED)
    contacted = form.text("contacted", 40)
    data = {"windows": offered, "contacted": contacted if contacted in HOW else ""}
    return {k: v for k, v in data.items() if v}, {}


def _offer(form: Form, at: datetime) -> Read:
    return {"windows": windows(form, at, MAX_OFFERED)}, {}


def _set_window(form: Form, at: datetime) -> Read:
    if form.text("window", 20) == "proposed":
        return {"window": "proposed"}, {}
    agreed = windows(form, at, 5)
    if len(agreed) != 1:
        raise Invalid("window", "required")
    return {"window": agreed[0]}, {}


def _plan(form: Form, at: datetime) -> Read:
    until = time_on(form.text("day", 40), form.text("until", 40), "until")
    return {"until": until}, {"words": form.text("words", MAX_WORDS)}


def _tick(form: Form, at: datetime) -> Read:
    return {"done": form.all("done")}, {}


def _complete(form: Form, at: datetime) -> Read:
    _, said = _words_and_photos(form, at)
    why = {name[len(NOT) :]: form.text(name, MAX_REASON) for name in form.kept() if name.startswith(NOT)}
    said["why"] = {entry: reason for entry, reason in why.items() if reason}
    return ({"done": form.all("done")} if form.is_on("checklist") or form.all("done") else {}), said


def _choice(*names: str) -> Callable[[Form, datetime], Read]:
    def reads(form: Form, at: datetime) -> Read:
        data = {name: form.text(name, 80) for name in names}
        return {k: v for k, v in data.items() if v}, {"words": form.text("words", MAX_WORDS)}

    return reads


def _until_day(form: Form) -> dict[str, str]:
    """The day that it waits for, at the hour when whoever has it is asked."""
    day = form.text("until", 40)
    return {"until": time_on(day, ASKED_FROM, "until")} if day else {}


def _pause(form: Form, at: datetime) -> Read:
    return {"reason": form.text("reason", 80), **_until_day(form)}, {"words": form.text("words", MAX_WORDS)}


def _wait_longer(form: Form, at: datetime) -> Read:
    return _until_day(form), {"words": form.text("words", MAX_WORDS)}


def _category(form: Form, at: datetime) -> Read:
    """One list carries both: `water_leak` or `water_leak/bathroom`."""
    category, _, component = form.text("category", 80).partition("/")
    return {"category": category, "component": component}, {}


def _relay(form: Form, at: datetime) -> Read:
    return {"to": form.plain("to", 40)}, {"words": form.text("words", MAX_WORDS)}


def _yes_or_no(name: str) -> Callable[[Form, datetime], Read]:
    def reads(form: Form, at: datetime) -> Read:
        said = form.text(name, 10)
        data = {name: said == "yes"} if said in ("yes", "no") else {}
        return data, {"words": form.text("words", MAX_WORDS)}

    return reads


def _followed_up(form: Form, at: datetime) -> Read:
    """Fixed or not, or how the asking ended otherwise."""
    said = form.text("fixed", 20)
    if said in ("not_reached", "refused"):
        return {"outcome": said}, {"words": form.text("words", MAX_WORDS)}
    return _yes_or_no("fixed")(form, at)


READERS: Mapping[str, Callable[[Form, datetime], Read]] = {
    "contact": _contact,
    "acknowledge": _acknowledge,
    "decline": _words,
    "offer_windows": _offer,
    "set_window": _set_window,
    "arrive": _nothing,
    "tick_checklist": _tick,
    "note": _words_and_photos,
    "pause": _pause,
    "wait_longer": _wait_longer,
    "resume": _nothing,
    "complete": _complete,
    "propose_plan": _plan,
    "set_priority": _choice("priority"),
    "set_category": _category,
    "assign": _choice("person"),
    "check": _words_and_photos,
    "follow_up": _followed_up,
    "hand_back": _words,
    "cancel": _words,
    "waive": _words,
    "relay": _relay,
    "answer": _words,
    "write_result": _words,
    "confirm": _yes_or_no("satisfied"),
    **liable.READERS,
}
