"""The drawing of a clock's time: pieces, marks and round times along a bar.

Positions are percentages of the bar's width, so that one drawing fits a phone and paper and its words keep their size.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from markupsafe import Markup, escape

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


HATCHED = frozenset({"late", "pause", "ahead", "mixed"})
WIDE, NARROW_MARK = 34, 16  # pixels of a mark that stands for several events, and for one


@dataclass(frozen=True, slots=True)
class Bar:
    """A clock's drawing. `said`: the marked events in the order of their numbers, (when, what)."""

    svg: Markup
    said: Sequence[tuple[str, str]]


def draw(
    account: Account,
    events: Sequence[Event],
    lang: str,
    at: datetime,
    tz: str,
    names: Mapping[str, str],
    owner: bool,
    label: str,
) -> Bar:
    """The bar of a clock over its own axis: from its start to its deadline, or to what came after it.

    `label`: what is read out in its place.
    """
    start = account.started
    end = max(account.end, account.until, account.due or account.until, start + timedelta(minutes=1))
    whole = (end - start).total_seconds()

    def across(moment: datetime) -> float:
        return min(100.0, max(0.0, (moment - start).total_seconds() / whole * 100))

    during = _during(account, events, owner)
    parts = [*_rects(account.pieces, across, at, tz, lang), *_marks(during, across)]
    if not account.stopped and start < at < end:
        parts.append(_line(across(at), 22, 58, "now"))
    if account.due:
        parts.append(_line(across(account.due), 21, 62, "due"))
    parts += _ticks(start, end, across, tz)
    svg = f'<svg width="100%" height="86" role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    return Bar(
        Markup(svg), [(times.clock_time(e.at, tz, lang, at), _sentence(e, lang, tz, names, owner, at)) for e in during]
    )


def _sentence(event: Event, lang: str, tz: str, names: Mapping[str, str], owner: bool, at: datetime) -> str:
    return words.event_sentence(event, lang, tz, "owner" if owner else "staff", names, at)


def _line(x: float, top: int, bottom: int, name: str) -> str:
    return f'<line x1="{x:.2f}%" x2="{x:.2f}%" y1="{top}" y2="{bottom}" class="b-{name}"/>'


def _rect(left: float, width: float, shade_: str, title: str) -> str:
    fill = f' fill="url(#hatch-{shade_})"' if shade_ in HATCHED else ""
    place = f'x="{left:.2f}%" y="26" width="{width:.2f}%" height="26"'
    return f'<rect {place} class="b-{shade_}"{fill}><title>{escape(title)}</title></rect>'


def _rects(pieces: Sequence[Piece], across: Callable[[datetime], float], at: datetime, tz: str, lang: str) -> list[str]:
    """Pieces that would be thinner than a hair are drawn together; around all of them a frame."""
    found: list[str] = []
    thin: list[Piece] = []

    def close() -> None:
        if thin:
            left, right = across(thin[0].start), across(thin[-1].end)
            kind = shade(thin[0]) if len(thin) == 1 else "mixed"
            found.append(_rect(left, max(right - left, 0.3), kind, when(thin[0].start, thin[-1].end, tz, at)))
            thin.clear()

    for piece in pieces:
        left, right = across(piece.start), across(piece.end)
        if right - left < NARROW:
            thin.append(piece)
            continue
        close()
        title = f"{when(piece.start, piece.end, tz, at)} {why_word(piece.why, lang)}"
        found.append(_rect(left, right - left, shade(piece), title))
    close()
    found.append('<rect x="0" y="26" width="100%" height="26" class="b-frame" fill="none"/>')
    return found


def _during(account: Account, events: Sequence[Event], owner: bool) -> list[Event]:
    """What happened while the clock ran; for the owner without what is the desk's own affair."""
    return [
        e
        for e in events
        if account.started <= e.at <= account.until
        and not (owner and (e.kind in NOT_MARKED_FOR_OWNER or e.data.get("quiet")))
    ][-MAX_MARKS:]


def _marks(during: Sequence[Event], across: Callable[[datetime], float]) -> list[str]:
    """The events' numbers where they lie, those that would touch under one mark."""
    found: list[tuple[float, int, int]] = []
    for n, event in enumerate(during, 1):
        here = across(event.at)
        if found and here - found[-1][0] < APART:
            found[-1] = (found[-1][0], found[-1][1], n)
        else:
            found.append((here, n, n))
    return [_mark(min(98.0, max(2.0, here)), a, b) for here, a, b in found]


def _mark(x: float, first: int, last: int) -> str:
    label, width = (f"{first}", NARROW_MARK) if first == last else (f"{first}–{last}", WIDE)
    pill = f'<rect x="-{width / 2}" y="0" width="{width}" height="16" rx="8" class="b-mark"/>'
    number = f'<text x="0" y="12" text-anchor="middle" class="b-n">{label}</text>'
    return f'{_line(x, 18, 30, "stem")}<svg x="{x:.2f}%" y="1" overflow="visible">{pill}{number}</svg>'


def _ticks(start: datetime, end: datetime, across: Callable[[datetime], float], tz: str) -> list[str]:
    """A few round times of the place's zone; days where days are meant."""
    zone = ZoneInfo(tz)
    step = next((s for s in STEPS if (end - start) / s <= MAX_TICKS), STEPS[-1])
    local = start.astimezone(zone).replace(tzinfo=None)
    day = local.replace(hour=0, minute=0, second=0, microsecond=0)
    at = day + step * -((day - local) // step)  # the first round time from then on
    found: list[str] = []
    while (tick := at.replace(tzinfo=zone)) <= end and len(found) <= MAX_TICKS + 1:
        if tick >= start:
            found.append(_tick(across(tick), at))
        at += step
    return found


def _tick(x: float, at: datetime) -> str:
    midnight = at.hour == at.minute == 0
    anchor = "start" if x < 8 else "end" if x > 92 else "middle"
    label, look = (f"{at.month}/{at.day}", "b-label b-day") if midnight else (f"{at:%H:%M}", "b-label")
    text = f'<text x="{x:.2f}%" y="78" text-anchor="{anchor}" class="{look}">{label}</text>'
    return f"{_line(x, 52, 62 if midnight else 58, 'tick')}{text}"


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
