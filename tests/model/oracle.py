"""What must have been recorded of a ticket's clocks, worked out from its events in another way than the system does.

Counted time is arithmetic on whole seconds: round the clock, 08:00 to 20:00 in Shanghai, or office hours. A clock's
life is cut at every change; each piece has one deadline and is judged by itself. What hangs on a single second is
left undecided.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from chalicelib.domain.ticket.ticket import Ticket

MINUTE, HOUR, DAY = 60, 3600, 86400
EDGE = 2  # seconds within which either answer is right
FAR = 10**12

MONTHS = {
    month: (datetime(2026, month, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).days - 1 for month in range(3, 7)
}
OFF = {MONTHS[month] + day for month, day in ((4, 6), (5, 1), (5, 4), (5, 5), (6, 19))}  # weekdays
MADE_UP = {MONTHS[5] + 9}  # a Saturday

WORKS = ("repair", "emergency", "patrol", "maintenance")
ANSWERED = ("complaint", "enquiry", "suggestion")
# clock: kinds, seconds for emergency, urgent, normal, how it counts if it is no emergency, levels after the deadline
TABLE: Mapping[str, tuple[tuple[str, ...], tuple[int, int, int], str, tuple[tuple[int, int], ...]]] = {
    "response": (("repair", "emergency"), (10 * MINUTE, 30 * MINUTE, 30 * MINUTE), "always", ((2, 0),)),
    "dispatch": (WORKS, (15 * MINUTE, 15 * MINUTE, 15 * MINUTE), "always", ((2, 0),)),
    "acknowledge": (WORKS, (10 * MINUTE, 30 * MINUTE, 30 * MINUTE), "service", ((2, 0),)),
    "arrive": (WORKS, (HOUR, 2 * HOUR, 4 * HOUR), "service", ((2, 0), (3, 4 * HOUR))),
    "resolve": (WORKS, (24 * HOUR, 48 * HOUR, 72 * HOUR), "service", ((2, 0), (3, 24 * HOUR))),
    "sign_off": (WORKS, (7 * DAY,) * 3, "always", ((2, 0),)),
    "follow_up": (WORKS, (DAY,) * 3, "always", ((2, 0),)),
    "relay": (("complaint",), (HOUR, 4 * HOUR, 24 * HOUR), "always", ((2, 0), (3, 24 * HOUR))),
    "result": (("complaint",), (24 * HOUR, 81000, 81000), "office", ((2, 0), (3, 24 * HOUR))),
    "satisfaction": (("complaint",), (7 * DAY,) * 3, "always", ((1, 0),)),
    "feedback": (ANSWERED, (4 * HOUR, 24 * HOUR, 24 * HOUR), "always", ((2, 0), (3, 24 * HOUR))),
}
BY_CATEGORY = {("resolve", "gas_smell"): 4 * HOUR, ("resolve", "lift_trapped"): 2 * HOUR}
BY_CATEGORY[("arrive", "lift_trapped")] = 30 * MINUTE
STARTED_BY = {
    "reported": ("response", "dispatch", "resolve", "relay", "feedback"),
    "assigned": ("acknowledge", "arrive"),
    "completed": ("sign_off", "follow_up"),
    "answered": ("result",),
    "dissatisfied": ("result",),
    "result_written": ("satisfaction",),
    "reworked": ("acknowledge", "arrive", "resolve"),
}
STOPPED_BY = {
    "response": ("contacted", "arrived", "answered"),
    "dispatch": ("assigned",),
    "acknowledge": ("acknowledged", "declined", "taken_away", "assigned"),
    "arrive": ("arrived",),
    "resolve": ("completed",),
    "sign_off": ("signed_off", "checked", "reworked"),
    "follow_up": ("followed_up", "reworked"),
    "relay": ("relayed", "answered"),
    "feedback": ("answered", "result_written"),
    "result": ("result_written",),
    "satisfaction": ("satisfied", "dissatisfied"),
}
PAUSED_FOR = {
    "arrive": ("owner_absent", "owner_asked", "weather"),
    "resolve": ("owner_absent", "owner_asked", "parts", "other_trade", "utility", "weather", "agreed_plan"),
}
ENDED_BY = ("closed", "cancelled", "waived", "merged")


def seconds(at: datetime) -> int:
    return int(at.timestamp())


def hours(day: int, how: str) -> list[tuple[int, int]]:
    """The seconds of a day of Shanghai, counted from 1970, between which it counts."""
    if how == "service":
        return [(8 * HOUR, 20 * HOUR)]
    weekday = (day + 3) % 7
    works = day in MADE_UP or (weekday < 5 and day not in OFF)
    return [(9 * HOUR, 12 * HOUR), (27 * HOUR // 2, 18 * HOUR)] if works else []


def counted(begin: int, end: int, how: str) -> int:
    if end <= begin or how == "always":
        return max(end - begin, 0)
    begin, end = begin + 8 * HOUR, end + 8 * HOUR
    return sum(
        max(min(end, day * DAY + closes) - max(begin, day * DAY + opens), 0)
        for day in range(begin // DAY, end // DAY + 1)
        for opens, closes in hours(day, how)
    )


def after(begin: int, count: int, how: str) -> int:
    """The first second by which `count` seconds have counted since `begin`."""
    if how == "always":
        return begin + count
    day, left = (begin + 8 * HOUR) // DAY, count
    while True:
        for opens, closes in hours(day, how):
            opened = max(day * DAY + opens - 8 * HOUR, begin)
            spell = max(day * DAY + closes - 8 * HOUR - opened, 0)
            if left <= spell:
                return opened + left
            left -= spell
        day += 1


@dataclass
class Terms:
    """What was promised from `made` on: a target from the clock's start, or an instant."""

    made: int
    target: int
    how: str
    until: int | None = None


@dataclass
class Run:
    """One run of a clock, with what changed it."""

    name: str
    label: str
    start: int
    terms: list[Terms]
    pauses: list[list[int]] = field(default_factory=list)  # [from, to], to FAR while it lasts
    stop: int | None = None

    def deadline(self, terms: Terms, known: int) -> int:
        """The deadline by these terms, with the pauses that had begun by `known`."""
        due = terms.until if terms.until is not None else after(self.start, terms.target, terms.how)
        total = 0
        for begin, end in self.pauses:
            begin = begin if terms.until is None else max(begin, terms.made)
            if begin > known or begin > due or end <= begin:
                continue
            if end >= FAR:
                return FAR
            total += counted(begin, end, terms.how)
            if terms.until is not None:
                due = after(terms.until, total, terms.how) if total else terms.until
            else:
                due = after(self.start, terms.target + total, terms.how)
        return due

    def plain(self, known: int) -> int:
        """The deadline by the target in force, without appointment or plan, with the pauses that have ended."""
        last = self.terms[-1]
        ended = Run(self.name, self.label, self.start, [], [p for p in self.pauses if p[1] < FAR])
        return ended.deadline(Terms(self.start, last.target, last.how), known)

    @property
    def paused(self) -> bool:
        return bool(self.pauses) and self.pauses[-1][1] >= FAR

    def breach(self, known: int, last: int) -> int:
        """When the promise `last` was broken; a change that moved it into the past broke it then, if it wasn't yet."""
        terms = self.terms[last]
        due = self.deadline(terms, known)
        if not last or due >= terms.made:
            return due
        return min(max(self.breach(known, last - 1), due), terms.made)

    def pieces(self, now: int) -> list[tuple[bool, int, int]]:
        """(whether it ran, until when, when it was broken by what was promised then) of all its time."""
        end = min(self.stop if self.stop is not None else FAR, now)
        cuts = {self.start, end, *(t.made for t in self.terms), *(edge for p in self.pauses for edge in p)}
        in_order = sorted(c for c in cuts if self.start <= c <= end)
        found = []
        for begin, finish in zip(in_order, [*in_order[1:], end], strict=True):
            ran = not any(p[0] <= begin < p[1] for p in self.pauses)
            last = max(i for i, t in enumerate(self.terms) if t.made <= begin)
            found.append((ran, finish, self.breach(begin, last)))
        return found


def runs(ticket: Ticket) -> list[Run]:
    """Every run of every clock of the ticket."""
    kind, priority, category = ticket.kind.value, "normal", ""
    found: dict[str, list[Run]] = {}
    on_site = planned = shift_again = False
    shift: int | None = None

    def running(name: str) -> Run | None:
        mine = found.get(name)
        return mine[-1] if mine and mine[-1].stop is None else None

    def terms(name: str, at: int) -> Terms:
        _, targets, how, _ = TABLE[name]
        target = targets[("emergency", "urgent", "normal").index(priority)]
        if priority == "emergency":
            target = BY_CATEGORY.get((name, category), target)
        return Terms(at, target, "always" if priority == "emergency" else how)

    def shift_resolve(at: int) -> None:
        nonlocal shift_again
        resolve = running("resolve")
        if resolve is None or shift is None:
            return
        shift_again = resolve.paused
        if not shift_again:
            last = resolve.terms[-1]
            resolve.terms.append(Terms(at, last.target, last.how, resolve.plain(at) + shift))

    for event in ticket.events:
        at, data = seconds(event.at), event.data
        if event.kind == "reported":
            priority, category = data["priority"], data["category"]
        for name, mine in found.items():
            if mine[-1].stop is None and (event.kind in STOPPED_BY[name] or event.kind in ENDED_BY):
                mine[-1].stop = at
                mine[-1].pauses = [[a, min(b, at)] for a, b in mine[-1].pauses]
        if event.kind == "reworked":
            on_site, planned, shift = False, False, None
        for name in STARTED_BY.get(event.kind, ()):
            if kind not in TABLE[name][0] or running(name) or (name == "arrive" and on_site):
                continue
            mine = found.setdefault(name, [])
            label = name if not mine else f"{name}.{len(mine) + 1}"
            mine.append(Run(name, label, at, [terms(name, at)]))
        if event.kind == "arrived":
            on_site = True
        elif event.kind == "paused":
            for name, reasons in PAUSED_FOR.items():
                if data["reason"] in reasons and (run := running(name)):
                    run.pauses.append([at, FAR])
        elif event.kind == "resumed":
            for mine in found.values():
                if mine[-1].paused:
                    mine[-1].pauses[-1][1] = at
            if shift_again:
                shift_resolve(at)
        elif event.kind == "window_chosen" and (arrive := running("arrive")):
            end = seconds(datetime.fromisoformat(data["end"]))
            late = max(0, end - arrive.plain(at))
            last = arrive.terms[-1]
            arrive.terms.append(Terms(at, last.target, last.how, end))
            moves, shift = late > 0 or shift is not None, late
            if moves and not planned:
                shift_resolve(at)
        elif event.kind == "plan_agreed" and (resolve := running("resolve")):
            until = seconds(datetime.fromisoformat(data["until"]))
            last = resolve.terms[-1]
            resolve.terms.append(Terms(at, last.target, last.how, until))
            planned = True
        elif event.kind in ("priority_changed", "category_changed", "place_changed"):
            was = priority
            priority, category = data.get("priority", priority), data.get("category", category)
            raised = priority == "emergency" != was
            shift = None if raised else shift
            for name in found:
                run = running(name)
                if run is None or (name == "resolve" and planned):
                    continue
                if name == "arrive" and run.terms[-1].until is not None and not raised:
                    continue
                run.terms.append(terms(name, at))
                if name == "resolve" and shift:
                    shift_resolve(at)
    return [run for mine in found.values() for run in mine]


def owed(ticket: Ticket, now: datetime) -> tuple[set[str], set[str]]:
    """(moments that must be recorded by `now`, moments that may be): deadlines and levels."""
    must: set[str] = set()
    may: set[str] = set()
    for run in runs(ticket):
        levels = TABLE[run.name][3]
        levels = levels[:1] if ticket.kind.value in ("enquiry", "suggestion") else levels
        moments = [(f"{run.label}:due", 0), *((f"{run.label}:level:{level}", offset) for level, offset in levels)]
        for ran, until, broken in run.pieces(seconds(now)):
            must |= {key for key, offset in moments[: None if ran else 1] if broken + offset <= until - EDGE}
            may |= {key for key, offset in moments if broken + offset <= until + EDGE}
    return must, may
