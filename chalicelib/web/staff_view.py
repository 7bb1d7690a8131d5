"""What a staff page shows of a ticket: its facts, its clocks, what may be done now, what was done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chalicelib.adapters import times, words
from chalicelib.adapters.catalogue import catalogue
from chalicelib.adapters.ids import ulid
from chalicelib.adapters.policies import policy
from chalicelib.domain.lifecycle import DESKS, moves
from chalicelib.domain.promises import Promise, promises
from chalicelib.domain.ticket import Event, Role, State, Ticket
from chalicelib.services import dispatch, frontdesk
from chalicelib.services.opening import Opened
from chalicelib.web import staff_forms

FORMS = tuple(staff_forms.READERS)  # the moves that this page has a form for
WINDOWS = frozenset({"acknowledge", "offer_windows", "set_window"})
NOT_THE_WORKERS = ("sign_off", "follow_up")
LATE_EVENTS = ("breached", "escalated", "message_failed", "refused", "reworked", "dissatisfied")
FIRST: Mapping[State, tuple[str, ...]] = {  # what comes next for a desk, the first that is open to it
    State.REPORTED: ("relay", "answer", "assign", "contact"),
    State.ASSIGNED: ("contact",),
    State.WAITING: ("resume",),
    State.COMPLETED: ("check", "follow_up"),
    State.SIGNED_OFF: ("follow_up",),
    State.RELAYED: ("answer",),
    State.ANSWERED: ("write_result",),
    State.RESULT_WRITTEN: ("confirm",),
}


@dataclass(frozen=True, slots=True)
class Run:
    """A clock as it runs. `due`: None while paused; `first`: what was promised first, where that is another time."""

    name: str
    due: datetime | None
    first: datetime | None
    late: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of what happened, as `parts.timeline` wants it."""

    at: datetime
    text: str
    who: str
    words: str
    photos: list[str]
    late: bool


def page(opened: Opened, base: str, lang: str, at: datetime) -> dict[str, Any]:
    """Everything the template needs, for the link whose pages begin with `base`."""
    ticket, role = opened.ticket, opened.actor.role
    open_moves = [name for name in moves(ticket, role) if name in FORMS]
    runs = clocks(ticket, role, at)
    reported = ticket.said("reported")
    names = names_on(ticket) if role in DESKS else {}
    numbers = numbered(ticket)
    category = policy().categories.get(ticket.category)
    return {
        "t": ticket,
        "role": role.value,
        "desk": role in DESKS,
        "me": opened.actor.id,
        "base": base,
        "key": ulid(at),
        "moves": open_moves,
        "main": main_move(ticket, role, open_moves),
        "runs": runs,
        "next": next((r for r in runs if r.due and r.ours), None) if ticket.is_open else None,
        "reported": reported,
        "photos": [f"{base}/photo/{n}" for n, (version, _) in enumerate(numbers) if version == 1],
        "reach": reported if ticket.is_open else {},
        "holder": holder_of(ticket) if role in DESKS else None,
        "rows": rows(opened, names, numbers, base, lang, at),
        "instruction": instruction(ticket),
        "checklist": category.checklist if category else (),
        "after_photo": bool(category and category.after_photo),
        "tz": times.place_zone(),
        "halves": staff_forms.halves(at) if WINDOWS & {*open_moves} else (),
        "failed": failed(ticket),
        "today": at.astimezone(ZoneInfo(times.place_zone())).date().isoformat(),
        "category_options": category_options(lang) if "set_category" in open_moves else "",
        "ahead": ahead(ticket, role),
    }


def main_move(ticket: Ticket, role: Role, open_moves: list[str]) -> str:
    """The one thing to do next; "" where it is somebody else's turn."""
    if role in DESKS:
        return next((name for name in FIRST.get(ticket.state, ()) if name in open_moves), "")
    if ticket.state is State.ASSIGNED:
        return "contact" if "contact" in open_moves else "acknowledge"
    if ticket.state is State.ACKNOWLEDGED:
        if ticket.proposed:
            return "accept_window"
        offered = bool(ticket.windows) or ticket.priority.value == "emergency"
        return "arrive" if offered else "offer_windows"
    after = {State.SCHEDULED: "accept_window" if ticket.proposed else "arrive", State.ON_SITE: "complete"}
    after[State.WAITING] = "resume"
    return after.get(ticket.state, "")


def ahead(ticket: Ticket, role: Role) -> tuple[str, ...]:
    """The moves after which, without signal, the page must go on by itself: what was kept on the phone, in order."""
    if role is not Role.TECHNICIAN or not ticket.is_work:
        return ()
    if ticket.state is State.ASSIGNED:
        return ("acknowledge", "arrive", "complete")
    if ticket.state in (State.ACKNOWLEDGED, State.SCHEDULED):
        return ("arrive", "complete")
    return ("complete",) if ticket.state is State.ON_SITE else ()


def clocks(ticket: Ticket, role: Role, at: datetime) -> list[Run]:
    """The clocks that run, the next deadline first, those paused last."""
    running = [_run(p, role, at) for p in promises(ticket, policy()) if p.running]
    return sorted(running, key=lambda r: (r.due is None, r.due or at))


def _run(promise: Promise, role: Role, at: datetime) -> Run:
    clock = promise.clock
    due = clock.due_at
    moved = len(clock.promises) > 1 and clock.first_due != due
    ours = role in DESKS or promise.name not in NOT_THE_WORKERS
    return Run(promise.name, due, clock.first_due if moved else None, due is not None and due < at, ours)


def numbered(ticket: Ticket) -> list[tuple[int, str]]:
    """Every photo of the ticket with the version it came with; its place in the list is its number for good."""
    return [(e.version, str(photo)) for e in ticket.events if e.said for photo in e.said.get("photos", ())]


def rows(
    opened: Opened, names: Mapping[str, str], numbers: list[tuple[int, str]], base: str, lang: str, at: datetime
) -> list[Row]:
    """What happened, newest first; in words only where somebody said more than the event itself."""
    me = opened.actor.id
    photos: dict[int, list[str]] = {}
    for n, (version, _) in enumerate(numbers):
        if version > 1:
            photos.setdefault(version, []).append(f"{base}/photo/{n}")
    known = {**names, me: catalogue(lang).pgettext("who", "me")}
    found = []
    for event in reversed(opened.ticket.events):
        text = words.event_sentence(event, lang, "staff", known, at)
        if event.kind == "message_failed":
            text = f"{text}: {known.get(str(event.data.get('to')), words.role_word('owner', lang))}"
        who = known.get(event.by) or words.role_word(event.role.value, lang)
        said = str(event.said.get("words", "")) if event.version > 1 and event.said else ""
        found.append(Row(event.at, text, who, said, photos.get(event.version, []), event.kind in LATE_EVENTS))
    return found


def instruction(ticket: Ticket) -> str:
    """What whoever sent it back said last, while it still has to be done: a refusal, a follow-up, a hand-back."""
    if not ticket.is_open or ticket.state in (State.COMPLETED, State.SIGNED_OFF):
        return ""
    for event in reversed(ticket.events):
        if event.kind in ("refused", "handed_back", "followed_up", "assigned") and event.said.get("words"):
            return str(event.said["words"])
        if event.kind in ("arrived", "completed"):
            return ""
    return ""


def names_on(ticket: Ticket) -> Mapping[str, str]:
    """The names of whoever acted on a ticket, for those who direct them. From rosters that are kept for a while."""
    people = {e.by for e in ticket.events} | {str(e.data["person"]) for e in ticket.events if "person" in e.data}
    return frontdesk.names(people - {"reporter", "system", ""}, ticket.place.get("project", ""))


def holder_of(ticket: Ticket) -> dispatch.Staff | None:
    """Who holds the ticket, with a phone number; from the roster of the team."""
    return next((s for s in dispatch.roster(ticket.team) if s.id == ticket.holder), None) if ticket.team else None


@cache
def category_names() -> tuple[str, ...]:
    return tuple(policy().categories)


@cache
def category_options(lang: str) -> Markup:
    """The categories with their components, as options of a select; the same on every page."""
    found = []
    for category in policy().categories.values():
        label = words.category_word(category.name, lang)
        parts = "".join(
            Markup('<option value="{}/{}">{} · {}</option>').format(
                category.name, part, label, words.component_word(part, lang)
            )
            for part in category.components
        )
        found.append(Markup('<option value="{}">{}</option>').format(category.name, label) + Markup(parts))
    return Markup("").join(found)


def failed(ticket: Ticket) -> list[Event]:
    """Messages that did not arrive, one for each recipient."""
    return list({e.data.get("to"): e for e in ticket.events if e.kind == "message_failed"}.values())
