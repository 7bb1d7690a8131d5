"""What a staff page shows of a ticket: its facts, its clocks, what may be done now, what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from markupsafe import Markup

from chalicelib.adapters.ids import ulid
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.roles import OUTSIDE
from chalicelib.domain.ticket import waiting
from chalicelib.domain.ticket.lifecycle import DESKS, WORKER, answered, legal, moves
from chalicelib.domain.ticket.promises import Promise, promises
from chalicelib.domain.ticket.ticket import Event, Role, State, Ticket
from chalicelib.domain.ticket.trade import time_of
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue
from chalicelib.language.deadlines import Deadline, deadline
from chalicelib.services.access.opening import Opened
from chalicelib.services.record.numbers import policy_for, policy_of
from chalicelib.services.ticket import departments, dispatch, follow, frontdesk
from chalicelib.web.kit import choices, pages
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.kept import Kept
from chalicelib.web.kit.moves import Tried
from chalicelib.web.staff import forms as staff_forms
from chalicelib.web.staff import hidden, liable, taken

PARTIES = frozenset({Role.CONTRACTOR})  # of a company: who has to know who bears it
FORMS = tuple(staff_forms.READERS)  # the moves that this page has a form for
WINDOWS = frozenset({"acknowledge", "offer_windows", "set_window"})
SAID_TO_DO = ("refused", "handed_back", "followed_up", "assigned", "relayed", "dissatisfied")
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


class Clocks:
    """Moments as the page says them. Days are named once: most of a ticket happens on few of them."""

    def __init__(self, lang: str, at: datetime, tz: str) -> None:
        self.lang, self.at, self.tz = lang, at, tz
        self.zone = ZoneInfo(self.tz)
        self._days: dict[date, str] = {}

    def when(self, moment: datetime) -> str:
        """今天 16:30, as `times.clock_time` says it."""
        local = moment.astimezone(self.zone)
        day = self._days.get(local.date())
        if day is None:
            day = self._days[local.date()] = times.day_of(moment, self.tz, self.lang, self.at)
        return f"{day} {local.hour:02}:{local.minute:02}"

    def deadline(self, due: datetime, *, ours: bool = True) -> Deadline:
        return deadline(due, self.at, self.tz, self.lang, ours=ours)


@dataclass(frozen=True, slots=True)
class Run:
    """A clock as it runs, in words. `due`: None while paused; `first`: what was promised first, if another time.

    `over`: its deadline is past; `late`: and it is the company that missed it. `ours`: the reader's own turn.
    """

    word: str
    due: datetime | None
    left: str
    when: str
    first: str
    late: bool
    over: bool
    ours: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A line of what happened."""

    at: datetime
    when: str
    text: str
    who: str
    words: str
    photos: list[str]
    file: str
    late: bool
    entered: str  # when it was entered on a phone without signal, if that was earlier


def page(opened: Opened, base: str, lang: str, at: datetime) -> dict[str, Any]:
    """Everything the template needs of a ticket, for the link whose pages begin with `base`."""
    ticket, role = opened.ticket, opened.actor.role
    numbers = policy_of(ticket)
    said = Clocks(lang, at, numbers.zone)
    runs = clocks(ticket, role, numbers, said)
    outside = role in OUTSIDE
    reported = hidden.words_of(ticket) if outside else ticket.said("reported")
    photos = numbered(ticket)
    return {
        "t": ticket,
        "me": opened.actor.id,
        "base": base,
        "runs": runs,
        "next": next((r for r in runs if r.due and r.ours), None) if ticket.is_open else None,
        "reported": reported,
        "photos": [f"{base}/photo/{n}" for n, (version, _) in enumerate(photos) if version == 1],
        "reach": hidden.reach(ticket, numbers) if outside else reported if ticket.is_open else {},
        "outside": outside,
        "holder": holder_of(ticket) if role in DESKS else None,
        "rows": rows(opened, photos, base, said),
        "reported_when": said.when(ticket.reported_at) if ticket.reported_at else "",
        "instruction": hidden.text(instruction(ticket), ticket) if outside else instruction(ticket),
        "failed": failed(ticket),
        "tz": numbers.zone,
        "liable": liable.shown(ticket, lang, inside=not outside) if role not in OUTSIDE - PARTIES else "",
        "cases": liable.cases(opened, base),
        "sees_claims": ticket.is_work and (role in DESKS or role is Role.OFFICE),
        "taken": taken.shown(opened, photos, base) if ticket.originals else {},
        "safety": numbers.safety(ticket.category) if follow.in_danger(ticket) else None,
    }


def situation(ticket: Ticket, role: Role, lang: str, at: datetime) -> dict[str, Any]:
    """What the forms depend on: the same for many tickets, and nothing about persons."""
    open_moves = tuple(name for name in moves(ticket, role) if name in FORMS)
    numbers = policy_for(ticket.place)
    category = numbers.categories.get(ticket.category)
    return {
        "moves": open_moves,
        "main": main_move(ticket, role, open_moves, at),
        "ahead": ahead(ticket, role),
        "category": ticket.category,
        "component": ticket.component,
        "priority": ticket.priority.value,
        "ticked": ticket.ticked,
        "held": bool(ticket.holder),
        "checklist": category.checklist if category else (),
        "required": category.required if category else (),
        "after_photo": bool(category and category.after_photo),
        "today": at.astimezone(ZoneInfo(numbers.zone)).date(),
        "tries": tuple(times.clock_time(one, numbers.zone, lang, at) for one in ticket.tries),
        "departments": departments.of(ticket.place.get("project", "")) if "relay" in open_moves else (),
        "reasons": waiting.reasons(ticket, numbers, at),
        "days": wait_days(at, numbers) if {"pause", "wait_longer"} & {*open_moves} else (),
        "asked": ticket.asked_at is not None,
        "numbers": numbers,
        **liable.situation(ticket, role, open_moves, lang),
        "halves": staff_forms.halves(at, numbers.zone) if WINDOWS & {*open_moves} else (),
    }


def wait_days(at: datetime, numbers: Policy) -> tuple[str, str]:
    """The first and the last day that something may wait for."""
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    return (today + timedelta(days=1)).isoformat(), (today + numbers.wait_longest).isoformat()


@dataclass(frozen=True, slots=True)
class Fragments:
    """The forms, the bar at the bottom, what comes after a move that was made without signal, and where it is kept."""

    moves: Markup
    bar: Markup
    ahead: Markup
    outbox: Markup


_kept = Kept("staff/moves.html", "here", "leave", "key", "of", "found", "clock")
ANSWERING = ("set_window", "check", "follow_up", "confirm")  # of these forms one or none is open at a time


def forms(opened: Opened, door: Door, leave: str, lang: str, at: datetime, tried: Tried) -> dict[str, Any]:
    """The forms of a ticket's page, and what is wrong in one of them. `leave`: where whoever gave it away goes.

    They are kept for every ticket in the same situation; with something typed, they are made anew.
    """
    ticket, role = opened.ticket, opened.actor.role
    now = situation(ticket, role, lang, at)
    wrong = {"wrong_move": tried.move, "wrong": tried.wrong(lang), "kept": tried.kept}
    own = {
        "here": pages.root() + door.base,
        "leave": leave,
        "key": ulid(at),
        "of": str(max((answered(ticket, move) for move in ANSWERING if legal(ticket, move, role)), default=0)),
        "found": str(answered(ticket, "dispute_finding")),
        "clock": str(int(at.timestamp())),
    }

    def more() -> dict[str, Any]:
        return {
            **now,
            **wrong,
            "now": at,
            "tz": now["numbers"].zone,
            "category_options": choices.category_options(now["numbers"], lang),
        }

    text = _kept.anew(lang, more(), **own) if tried.fault else _kept.text(lang, tuple(now.values()), more, **own)
    parts = Fragments(*(Markup(part.strip()) for part in text.split("<!-- -->")))
    stays = tried.move in now["moves"] and tried.move != "assign"  # in its form, which the page still has
    return {
        **wrong,
        "fragments": parts,
        "main": now["main"],
        "of": own["of"],
        "overtaken": tried.overtaken(lang),
        "unsent": "" if stays else tried.unsent,
    }


def main_move(ticket: Ticket, role: Role, open_moves: Sequence[str], at: datetime) -> str:
    """The one thing to do next; "" where it is somebody else's turn. A time that has passed is accepted no more."""
    proposed = ticket.proposed is not None and ticket.proposed.end > at
    if role in DESKS or role is Role.DEPARTMENT:
        again = ("write_result",) if ticket.dissatisfied else ()  # an answer was given; another result is due
        return next((name for name in (*again, *FIRST.get(ticket.state, ())) if name in open_moves), "")
    if role not in WORKER:
        return ""
    if ticket.state is State.ASSIGNED:
        return "acknowledge"
    if ticket.state is State.ACKNOWLEDGED:
        if proposed:
            return "accept_window"
        offered = bool(ticket.windows) or ticket.priority.value == "emergency"
        return "arrive" if offered else "offer_windows"
    after = {State.SCHEDULED: "accept_window" if proposed else "arrive", State.ON_SITE: "complete"}
    after[State.WAITING] = "resume"
    return after.get(ticket.state, "")


def ahead(ticket: Ticket, role: Role) -> tuple[str, ...]:
    """The moves after which, without signal, the page must go on by itself: what was kept on the phone, in order."""
    if role not in WORKER or not ticket.is_work:
        return ()
    if ticket.state is State.ASSIGNED:
        return ("acknowledge", "arrive", "complete")
    if ticket.state in (State.ACKNOWLEDGED, State.SCHEDULED):
        return ("arrive", "complete")
    return ("complete",) if ticket.state is State.ON_SITE else ()


def clocks(ticket: Ticket, role: Role, numbers: Policy, said: Clocks) -> list[Run]:
    """The clocks that run, the next deadline first, those paused last."""
    running = [_run(p, role, said) for p in promises(ticket, numbers) if p.running]
    return sorted(running, key=lambda r: (r.due is None, r.due or said.at))


def _run(promise: Promise, role: Role, said: Clocks) -> Run:
    clock = promise.clock
    due = clock.due_at
    first = clock.first_due if len(clock.promises) > 1 else due
    by = said.deadline(due, ours=promise.rule.hands != "owner") if due else None
    return Run(
        words.clock_word(promise.name, said.lang),
        due,
        by.left if by else "",
        by.when if by else "",
        said.when(first) if first and first != due else "",
        by is not None and by.late,
        by is not None and by.over,
        role in DESKS or promise.rule.hands == ("office" if role is Role.OFFICE else "holder"),
    )


def numbered(ticket: Ticket) -> list[tuple[int, str]]:
    """Every photo of the ticket with the version it came with; its place in the list is its number for good."""
    return [(e.version, str(photo)) for e in ticket.events if e.said for photo in e.said.get("photos", ())]


def rows(opened: Opened, every: list[tuple[int, str]], base: str, said: Clocks) -> list[Row]:
    """What happened, newest first; in words only where somebody said more than the event itself."""
    ticket, me, lang = opened.ticket, opened.actor.id, said.lang
    known = {**(names_on(ticket) if opened.actor.role in DESKS else {}), me: catalogue(lang).pgettext("who", "me")}
    roles = {role: words.role_word(role.value, lang) for role in {e.role for e in ticket.events}}
    photos: dict[int, list[str]] = {}
    for n, (version, _) in enumerate(every):
        photos.setdefault(version, []).append(f"{base}/photo/{n}")
    return [
        Row(
            event.at,
            said.when(event.at),
            words.event_sentence(event, said.lang, said.tz, "staff", known, said.at)
            + words.unreadable(event, ticket.refused, lang),
            known.get(event.by) or roles[event.role],
            hidden.said(event, ticket, outside=opened.actor.role in OUTSIDE)
            if event.said and event.version > 1
            else "",
            photos.get(event.version, []) if event.version > 1 else [],
            f"{base}/paper/{event.data['sha256']}" if event.kind == "appraised" and "key" in event.data else "",
            event.kind in LATE_EVENTS,
            said.when(time_of(str(event.said["entered"]))) if "entered" in event.said else "",
        )
        for event in reversed(ticket.events)
    ]


def instruction(ticket: Ticket) -> str:
    """What whoever sent it back said last, while it still has to be done: a refusal, a follow-up, a hand-back."""
    if not ticket.is_open or ticket.state in (State.COMPLETED, State.SIGNED_OFF):
        return ""
    for event in reversed(ticket.events):
        if event.kind in SAID_TO_DO and event.said.get("words"):
            return str(event.said["words"])
        if event.kind in ("arrived", "completed", "result_written"):
            return ""
    return ""


def names_on(ticket: Ticket) -> Mapping[str, str]:
    """The names of whoever acted on a ticket, for those who direct them. From rosters that are kept for a while."""
    people = {e.by for e in ticket.events} | {str(e.data["person"]) for e in ticket.events if "person" in e.data}
    return frontdesk.names(people - {"reporter", "system", ""}, ticket.place.get("project", ""))


def holder_of(ticket: Ticket) -> Any:
    """Who holds the ticket, with a phone number; from the roster of the team."""
    return next((s for s in dispatch.roster(ticket.team) if s.id == ticket.holder), None) if ticket.team else None


def failed(ticket: Ticket) -> list[Event]:
    """Messages that did not arrive, one for each recipient."""
    return list({e.data.get("to"): e for e in ticket.events if e.kind == "message_failed"}.values())
