"""Why is it late? Each clock as a bar over its time, drawn here, and the same as a table.

GET  /d/{token}/{ticket}/late  /w/{token}/{ticket}/late  /t/{token}/late    for staff: who was told, and when
GET  /o/{token}/late                                                        for the owner: plain words, no names

Positions are percentages of the bar's width, so that one drawing fits a phone and paper and its words keep their size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalice import Blueprint
from chalice.app import Response

from chalicelib.adapters import times, words
from chalicelib.adapters.catalogue import catalogue
from chalicelib.adapters.time import now
from chalicelib.domain.explaining import Account, Explanation, Piece
from chalicelib.domain.ticket import Event
from chalicelib.services import lateness
from chalicelib.web.pages import lang_of, page, speaks_html
from chalicelib.web.routes import request

bp = Blueprint(__name__)
OWN, ONE, STAFF = frozenset({"own"}), frozenset({"ticket"}), frozenset({"staff"})

STEPS = tuple(timedelta(minutes=m) for m in (5, 10, 15, 30, 60, 120, 180, 360, 720)) + tuple(
    timedelta(days=d) for d in (1, 2, 7, 14, 30, 90, 365)
)
MAX_TICKS = 5
MAX_MARKS = 14
APART = 8.0  # percent below which two marks would touch on a phone
NARROW = 0.5  # percent: pieces thinner than that are drawn as one
ROWS, KEPT_ROWS = 24, 8  # a table longer than the first has that many rows at either end
WHY = {
    "always": "round the clock",
    "shift": "service hours",
    "own shift": "hours of that day",
    "make-up": "make-up workday",
    "outside": "outside service hours",
    "off": "day off",
    "holiday": "public holiday",
    "closed": "closed that day",
}
VERDICTS = {"kept": "In time", "late": "Late", "running": "Running", "paused": "Paused"}
CHANGED = {
    "window_chosen": "appointment",
    "plan_agreed": "agreed plan",
    "priority_changed": "priority changed",
    "category_changed": "category changed",
    "place_changed": "place changed",
    "schedule_corrected": "holiday schedule corrected",
}
TOLD = {"warned": "Warned", "breached": "Told that it was missed", "reminded": "Reminded"}
FOR_OWNER = frozenset({"response", "dispatch", "arrive", "resolve", "sign_off", "follow_up", "relay", "feedback"})
NOT_MARKED_FOR_OWNER = frozenset({"routed_to_desk", "declined", "escalated", "handed_back"})


@dataclass(frozen=True, slots=True)
class Rect:
    """A piece of a bar. `look`: counted, idle, pause, late, ahead, rest, mixed."""

    x: str
    width: str
    look: str
    title: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Events on the axis that lie too close to be told apart: the first and last of their numbers, 1–3."""

    label: str
    x: str
    width: int


@dataclass(frozen=True, slots=True)
class Tick:
    x: str
    anchor: str
    label: str
    day: bool


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock's drawing. `said`: the marked events in the order of their numbers, (when, what)."""

    rects: Sequence[Rect]
    marks: Sequence[Mark]
    said: Sequence[tuple[str, str]]
    ticks: Sequence[Tick]
    due: str
    now: str


@bp.route("/d/{token}/{ticket}/late", methods=["GET"])
@speaks_html
def late_at_desk(token: str, ticket: str) -> Response:
    return _page(token, STAFF, f"/d/{token}/{ticket}", ticket)


@bp.route("/w/{token}/{ticket}/late", methods=["GET"])
@speaks_html
def late_in_my_work(token: str, ticket: str) -> Response:
    return _page(token, STAFF, f"/w/{token}/{ticket}", ticket)


@bp.route("/t/{token}/late", methods=["GET"])
@speaks_html
def late_by_link(token: str) -> Response:
    return _page(token, ONE, f"/t/{token}")


@bp.route("/o/{token}/late", methods=["GET"])
@speaks_html
def late_for_owner(token: str) -> Response:
    return _page(token, OWN, f"/o/{token}", owner=True)


def _page(token: str, kinds: frozenset[str], back: str, ticket_id: str = "", *, owner: bool = False) -> Response:
    at = now()
    told = lateness.why(token, kinds, at, ticket_id)
    ticket, found = told.ticket, told.explanation
    asked = request().query_params or {}
    lang = lang_of(request(), ticket.lang if owner else "zh_CN")
    accounts = [a for a in found.accounts if not owner or a.name in FOR_OWNER]
    shown = [_shown(a, found, told.names, lang, at, owner) for a in accounts]
    return page(
        "late/plain.html" if owner else "late/why.html",
        lang,
        now=at,
        tz=times.place_zone(),
        switch="lang" in asked,
        t=ticket,
        back=back,
        state_word=words.state_word(ticket.state.value, lang, ticket.kind.value),
        late=[s for s in shown if s["a"].verdict == "late"],
        fine=sorted((s for s in shown if s["a"].verdict != "late"), key=lambda s: s["a"].stopped),
    )


def _shown(a: Account, found: Explanation, names: Any, lang: str, at: datetime, owner: bool) -> dict[str, Any]:
    """An account in words: what the page says of one clock."""
    text = catalogue(lang).gettext
    tz = times.place_zone()

    def span(length: timedelta) -> str:
        return times.span_of(length, lang)

    def clock(moment: datetime) -> str:
        return times.clock_time(moment, tz, lang, at)

    waits = [(why_word(why, lang), span(length), why in WHY) for why, length in a.without.items()]
    changed = a.changes[-1] if a.changes else None
    return {
        "a": a,
        "name": words.clock_word(a.name, lang),
        "verdict": text(VERDICTS[a.verdict]),
        "state": {"kept": "done", "late": "late", "running": "open", "paused": "waiting"}[a.verdict],
        "target": counted_span(a.target, lang),
        "first_target": counted_span(a.first_target, lang),
        "counts": text(
            WHY["always"] if a.counts == "always" else "working hours" if a.counts == "office" else WHY["shift"]
        ),
        "worked": counted_span(a.worked, lang),
        "until_fixed": changed is not None and changed.until is not None,
        "due": clock(a.due) if a.due else "",
        "first": clock(a.first_due) if a.changes and a.first_due != a.due else "",
        "changed": text(CHANGED[changed.cause]) if changed and changed.cause in CHANGED else "",
        "changed_by_owner": bool(changed and changed.cause in ("window_chosen", "plan_agreed")),
        "started": clock(a.started),
        "stopped": clock(a.until) if a.stopped else "",
        "late_by": span(a.late_by),
        "late_counted": counted_span(a.late_counted, lang) if a.late_counted and a.late_counted != a.late_by else "",
        "left": counted_span(a.left, lang) if a.left is not None else "",
        "paused": words.pause_word(a.paused_for, lang) if a.paused_for else "",
        "waits": waits,
        "rows": rows(a, lang, at, tz),
        "bar": draw(a, found.marks, lang, at, tz, names, owner),
        "told": [
            (
                text(TOLD[t.kind]) if t.kind in TOLD else words.level_word(t.level, lang),
                names.get(t.person, ""),
                clock(t.at),
                t.quiet,
            )
            for t in a.told
        ],
        "coming": [
            (words.level_word(int(m.which), lang), clock(m.at))  # type: ignore[call-overload]
            for m in a.coming
            if m.kind == "level"
        ],
    }


def counted_span(span: timedelta, lang: str) -> str:
    """Counted time in hours, never in days: a day of service hours is not 24 of them."""
    hours, minutes = divmod(int(span.total_seconds()) // 60, 60)
    if hours < 24:
        return times.span_of(span, lang)
    hour, minute = ("h", "min") if lang == "en" else ("小时", "分")
    return f"{hours} {hour} {minutes} {minute}" if minutes else f"{hours} {hour}"


def why_word(why: str, lang: str) -> str:
    """Why time counted or didn't: the calendar's word, or the reason of a pause."""
    return catalogue(lang).gettext(WHY[why]) if why in WHY else words.pause_word(why, lang)


def look(piece: Piece) -> str:
    """How a piece is drawn."""
    if piece.phase == "ahead":
        return "ahead" if piece.counted else "rest"
    if not piece.counted:
        return "idle" if piece.why in WHY else "pause"
    return "late" if piece.phase == "late" else "counted"


def rows(a: Account, lang: str, at: datetime, tz: str) -> list[dict[str, Any]]:
    """The table's rows: when, how long, whether it counted and why. A long table is summed in the middle."""
    past = list(a.past)
    if len(past) <= ROWS:
        return [_row(p, lang, at, tz) for p in past]
    middle = past[KEPT_ROWS:-KEPT_ROWS]
    counted = sum((p.length for p in middle if p.counted), timedelta(0))
    without = sum((p.length for p in middle if not p.counted), timedelta(0))
    summed = {
        "when": _when(middle[0].start, middle[-1].end, tz, at),
        "length": "",
        "look": "mixed",
        "counted": None,
        "why": catalogue(lang).gettext("%(n)s stretches: %(counted)s counted, %(without)s not")
        % {"n": len(middle), "counted": times.span_of(counted, lang), "without": times.span_of(without, lang)},
    }
    ends = [_row(p, lang, at, tz) for p in (*past[:KEPT_ROWS], *past[-KEPT_ROWS:])]
    return [*ends[:KEPT_ROWS], summed, *ends[KEPT_ROWS:]]


def _row(piece: Piece, lang: str, at: datetime, tz: str) -> dict[str, Any]:
    return {
        "when": _when(piece.start, piece.end, tz, at),
        "length": times.span_of(piece.length, lang),
        "look": look(piece),
        "counted": piece.counted,
        "why": why_word(piece.why, lang),
    }


def _when(start: datetime, end: datetime, tz: str, at: datetime) -> str:
    """3/2 09:00–20:00, short enough for a phone; the second day where it is another one."""
    zone = ZoneInfo(tz)
    a, b, here = start.astimezone(zone), end.astimezone(zone), at.astimezone(zone)
    first = f"{a.year}/{a.month}/{a.day}" if a.year != here.year else f"{a.month}/{a.day}"
    until = f"{b:%H:%M}" if a.date() == b.date() else f"{b.month}/{b.day} {b:%H:%M}"
    return f"{first} {a:%H:%M}–{until}"


# the drawing


def draw(a: Account, events: Sequence[Event], lang: str, at: datetime, tz: str, names: Any, owner: bool) -> Bar:
    """The bar of a clock over its own axis: from its start to its deadline, or to what came after."""
    start = a.started
    end = max(a.end, a.until, a.due or a.until, start + timedelta(minutes=1))
    whole = (end - start).total_seconds()

    def x(moment: datetime) -> float:
        return min(100.0, max(0.0, (moment - start).total_seconds() / whole * 100))

    during = _during(a, events, owner)
    return Bar(
        rects=_rects(a.pieces, x, lang, at, tz),
        marks=_marks(during, x),
        said=[
            (
                times.clock_time(e.at, tz, lang, at),
                words.event_sentence(e, lang, "owner" if owner else "staff", names, at),
            )
            for e in during
        ],
        ticks=_ticks(start, end, x, tz),
        due=f"{x(a.due):.2f}%" if a.due else "",
        now=f"{x(at):.2f}%" if not a.stopped and start < at < end else "",
    )


def _rects(pieces: Sequence[Piece], x: Callable[[datetime], float], lang: str, at: datetime, tz: str) -> list[Rect]:
    """Pieces that would be thinner than a hair are drawn together."""
    found: list[Rect] = []
    thin: list[Piece] = []

    def close() -> None:
        if thin:
            left, right = x(thin[0].start), x(thin[-1].end)
            kind = look(thin[0]) if len(thin) == 1 else "mixed"
            title = _when(thin[0].start, thin[-1].end, tz, at)
            found.append(Rect(f"{left:.2f}%", f"{max(right - left, 0.3):.2f}%", kind, title))
            thin.clear()

    for piece in pieces:
        left, right = x(piece.start), x(piece.end)
        if right - left < NARROW:
            thin.append(piece)
            continue
        close()
        title = f"{_when(piece.start, piece.end, tz, at)} {why_word(piece.why, lang)}"
        found.append(Rect(f"{left:.2f}%", f"{right - left:.2f}%", look(piece), title))
    close()
    return found


def _during(a: Account, events: Sequence[Event], owner: bool) -> list[Event]:
    """What happened while the clock ran; for the owner without what is the desk's own affair."""
    return [
        e
        for e in events
        if a.started <= e.at <= a.until and not (owner and (e.kind in NOT_MARKED_FOR_OWNER or e.data.get("quiet")))
    ][-MAX_MARKS:]


def _marks(during: Sequence[Event], x: Callable[[datetime], float]) -> list[Mark]:
    """The events' numbers where they lie, those that would touch under one mark."""
    found: list[tuple[float, int, int]] = []
    for n, event in enumerate(during, 1):
        here = x(event.at)
        if found and here - found[-1][0] < APART:
            found[-1] = (found[-1][0], found[-1][1], n)
        else:
            found.append((here, n, n))
    return [
        Mark(str(a) if a == b else f"{a}–{b}", f"{min(98.0, max(2.0, here)):.2f}%", 16 if a == b else 34)
        for here, a, b in found
    ]


def _ticks(start: datetime, end: datetime, x: Callable[[datetime], float], tz: str) -> list[Tick]:
    """A few round times of the place's zone; days where days are meant."""
    zone = ZoneInfo(tz)
    step = next((s for s in STEPS if (end - start) / s <= MAX_TICKS), STEPS[-1])
    local = start.astimezone(zone)
    tick = local.replace(hour=0, minute=0, second=0, microsecond=0)
    found = []
    while tick <= end and len(found) <= MAX_TICKS + 1:
        if tick >= start:
            here, midnight = x(tick), tick.hour == tick.minute == 0
            anchor = "start" if here < 8 else "end" if here > 92 else "middle"
            label = f"{tick.month}/{tick.day}" if midnight else f"{tick:%H:%M}"
            found.append(Tick(f"{here:.2f}%", anchor, label, midnight))
        tick = (tick.replace(tzinfo=None) + step).replace(tzinfo=zone)
    return found
