"""The drawing of a clock's time: pieces, marks and round times along a bar.

Positions are percentages of the bar's width, so that one drawing fits a phone and paper and its words keep their size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.ticket.explaining import Account, Piece
from chalicelib.domain.ticket.ticket import Event
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue

STEPS = tuple(timedelta(minutes=m) for m in (5, 10, 15, 30, 60, 120, 180, 360, 720)) + tuple(
    timedelta(days=d) for d in (1, 2, 7, 14, 30, 90, 365)
)
MAX_TICKS = 5
MAX_MARKS = 14
APART = 8.0  # percent below which two marks would touch on a phone
NARROW = 0.5  # percent: pieces thinner than that are drawn as one
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
NOT_MARKED_FOR_OWNER = frozenset({"routed_to_desk", "declined", "left", "taken_away", "escalated", "handed_back"})


@dataclass(frozen=True, slots=True)
class Rect:
    """A piece of a bar. `shade`: counted, idle, pause, late, ahead, rest, mixed."""

    x: str
    width: str
    shade: str
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


def draw(
    account: Account, events: Sequence[Event], lang: str, at: datetime, tz: str, names: Mapping[str, str], owner: bool
) -> Bar:
    """The bar of a clock over its own axis: from its start to its deadline, or to what came after."""
    start = account.started
    end = max(account.end, account.until, account.due or account.until, start + timedelta(minutes=1))
    whole = (end - start).total_seconds()

    def across(moment: datetime) -> float:
        return min(100.0, max(0.0, (moment - start).total_seconds() / whole * 100))

    during = _during(account, events, owner)
    return Bar(
        rects=_rects(account.pieces, across, lang, at, tz),
        marks=_marks(during, across),
        said=[
            (
                times.clock_time(e.at, tz, lang, at),
                words.event_sentence(e, lang, tz, "owner" if owner else "staff", names, at),
            )
            for e in during
        ],
        ticks=_ticks(start, end, across, tz),
        due=f"{across(account.due):.2f}%" if account.due else "",
        now=f"{across(at):.2f}%" if not account.stopped and start < at < end else "",
    )


def _rects(
    pieces: Sequence[Piece], across: Callable[[datetime], float], lang: str, at: datetime, tz: str
) -> list[Rect]:
    """Pieces that would be thinner than a hair are drawn together."""
    found: list[Rect] = []
    thin: list[Piece] = []

    def close() -> None:
        if thin:
            left, right = across(thin[0].start), across(thin[-1].end)
            kind = shade(thin[0]) if len(thin) == 1 else "mixed"
            title = when(thin[0].start, thin[-1].end, tz, at)
            found.append(Rect(f"{left:.2f}%", f"{max(right - left, 0.3):.2f}%", kind, title))
            thin.clear()

    for piece in pieces:
        left, right = across(piece.start), across(piece.end)
        if right - left < NARROW:
            thin.append(piece)
            continue
        close()
        title = f"{when(piece.start, piece.end, tz, at)} {why_word(piece.why, lang)}"
        found.append(Rect(f"{left:.2f}%", f"{right - left:.2f}%", shade(piece), title))
    close()
    return found


def _during(account: Account, events: Sequence[Event], owner: bool) -> list[Event]:
    """What happened while the clock ran; for the owner without what is the desk's own affair."""
    return [
        e
        for e in events
        if account.started <= e.at <= account.until
        and not (owner and (e.kind in NOT_MARKED_FOR_OWNER or e.data.get("quiet")))
    ][-MAX_MARKS:]


def _marks(during: Sequence[Event], across: Callable[[datetime], float]) -> list[Mark]:
    """The events' numbers where they lie, those that would touch under one mark."""
    found: list[tuple[float, int, int]] = []
    for n, event in enumerate(during, 1):
        here = across(event.at)
        if found and here - found[-1][0] < APART:
            found[-1] = (found[-1][0], found[-1][1], n)
        else:
            found.append((here, n, n))
    return [
        Mark(str(a) if a == b else f"{a}–{b}", f"{min(98.0, max(2.0, here)):.2f}%", 16 if a == b else 34)
        for here, a, b in found
    ]


def _ticks(start: datetime, end: datetime, across: Callable[[datetime], float], tz: str) -> list[Tick]:
    """A few round times of the place's zone; days where days are meant."""
    zone = ZoneInfo(tz)
    step = next((s for s in STEPS if (end - start) / s <= MAX_TICKS), STEPS[-1])
    local = start.astimezone(zone).replace(tzinfo=None)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    tick = (day + step * -((day - local) // step)).replace(tzinfo=zone)  # the first round time from then on
    found: list[Tick] = []
    while tick <= end and len(found) <= MAX_TICKS + 1:
        if tick >= start:
            here, midnight = across(tick), tick.hour == tick.minute == 0
            anchor = "start" if here < 8 else "end" if here > 92 else "middle"
            label = f"{tick.month}/{tick.day}" if midnight else f"{tick:%H:%M}"
            found.append(Tick(f"{here:.2f}%", anchor, label, midnight))
        tick = (tick.replace(tzinfo=None) + step).replace(tzinfo=zone)
    return found


def shade(piece: Piece) -> str:
    """How a piece is drawn."""
    if piece.phase == "ahead":
        return "ahead" if piece.counted else "rest"
    if not piece.counted:
        return "idle" if piece.why in WHY else "pause"
    return "late" if piece.phase == "late" else "counted"


def why_word(why: str, lang: str) -> str:
    """Why time counted or didn't: the calendar's word, or the reason of a pause."""
    return catalogue(lang).gettext(WHY[why]) if why in WHY else words.pause_word(why, lang)


def when(start: datetime, end: datetime, tz: str, at: datetime) -> str:
    """3/2 09:00–20:00, short enough for a phone; the second day where it is another one."""
    zone = ZoneInfo(tz)
    a, b, here = start.astimezone(zone), end.astimezone(zone), at.astimezone(zone)
    first = f"{a.year}/{a.month}/{a.day}" if a.year != here.year else f"{a.month}/{a.day}"
    until = f"{b:%H:%M}" if a.date() == b.date() else f"{b.month}/{b.day} {b:%H:%M}"
    return f"{first} {a:%H:%M}–{until}"
