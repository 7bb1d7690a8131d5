"""Why is it late: what each clock of a ticket counted, what it did not and why, and who was told. Data only.

    account    one run of a clock: its promises, its time in pieces, its sums
    piece      before the deadline: counted or not · after it: late, or over · still ahead, up to the deadline
    told       a warning, a missed deadline, a level or a reminder, as the ticket's events have it

Whatever is said here comes from the clocks that decide live, so that the page can't disagree with the deadline.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Literal, NamedTuple

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.promises import RETARGETS, Promise, promises
from chalicelib.domain.ticket.ticket import ENDS, Event, Ticket
from chalicelib.domain.time.calendar import instant
from chalicelib.domain.time.clocks import Clock, Moment

Phase = Literal["before", "late", "over", "ahead"]
Verdict = Literal["kept", "late", "over", "running", "paused"]
NOTHING = timedelta(0)

CHANGES = RETARGETS | {"window_chosen", "plan_agreed"}
TELLS = frozenset({"warned", "breached", "escalated", "reminded"})
# What is marked on the axis: what somebody did, not what the book of clocks noted.
MARKS = ENDS | {
    "reported",
    "assigned",
    "routed_to_desk",
    "declined",
    "left",
    "taken_away",
    "contacted",
    "acknowledged",
    "window_chosen",
    "arrived",
    "paused",
    "resumed",
    "completed",
    "signed_off",
    "checked",
    "refused",
    "reworked",
    "followed_up",
    "priority_changed",
    "category_changed",
    "place_changed",
    "relayed",
    "answered",
    "result_written",
    "escalated",
    "handed_back",
}


class Piece(NamedTuple):
    """`why`: the calendar's word (shift, outside, holiday …) or the reason of a pause."""

    start: datetime
    end: datetime
    counted: bool
    why: str
    phase: Phase

    @property
    def length(self) -> timedelta:
        return self.end - self.start


class Told(NamedTuple):
    """`kind`: the event's. `level`: 0 is whoever held the ticket. `quiet`: noted, and told with another one."""

    at: datetime
    kind: str
    level: int
    person: str
    quiet: bool


class Change(NamedTuple):
    """Another promise took the place of the one before. `until`: a fixed instant, as of an appointment."""

    at: datetime
    cause: str
    target: timedelta
    until: datetime | None


@dataclass(frozen=True, eq=False)
class Account:
    """One run of a clock, looked at `at`. Each part is worked out when it is first asked for: a line needs few."""

    promise: Promise
    run: int
    ticket: Ticket
    policy: Policy
    at: datetime
    told: tuple[Told, ...]

    @property
    def name(self) -> str:
        return self.promise.name

    @property
    def clock(self) -> Clock:
        return self.promise.clock

    @property
    def for_owner(self) -> bool:
        return bool("owner" in self.promise.rule.shown)

    @property
    def ours(self) -> bool:
        """A promise of the company; what the owner lets pass is over, and nobody is late."""
        return bool(self.promise.rule.hands != "owner")

    @property
    def started(self) -> datetime:
        return self.clock.started_at

    @property
    def stopped(self) -> bool:
        return self.clock.stopped_at is not None

    @cached_property
    def until(self) -> datetime:
        return max(min(self.at, self.clock.stopped_at or self.at), self.clock.started_at)

    @cached_property
    def counts(self) -> str:
        """The calendar's name."""
        return next((name for name, c in self.policy.calendars.items() if c is self.clock.calendar), "service")

    @cached_property
    def breached(self) -> bool:
        return self.clock.breached(self.at)

    @cached_property
    def verdict(self) -> Verdict:
        if self.breached:
            return "late" if self.ours else "over"
        if self.stopped:
            return "kept"
        return "paused" if self.clock.paused_at is not None else "running"

    @property
    def target(self) -> timedelta:
        return self.clock.target

    @property
    def first_target(self) -> timedelta:
        """What was promised at first, where another promise took its place."""
        return self.clock.promises[0].target

    @cached_property
    def worked(self) -> timedelta:
        return self.clock.worked(self.until)

    @cached_property
    def due(self) -> datetime | None:
        """None while it is paused."""
        if self.breached and self.clock.paused_at is not None:
            return self.clock.resume(self.until).due_at
        return self.clock.due_at

    @cached_property
    def first_due(self) -> datetime:
        return self.clock.first_due

    @cached_property
    def left(self) -> timedelta | None:
        """What is still to count, while paused what there will be when it goes on; None once stopped or late."""
        return None if self.breached or self.stopped else _left(self.clock, self.until)

    @property
    def late_by(self) -> timedelta:
        """By the wall clock."""
        return self.until - self.due if self.breached and self.due else NOTHING

    @cached_property
    def late_counted(self) -> timedelta:
        """What of it counted."""
        return sum((p.length for p in self.pieces if p.phase == "late" and p.counted), NOTHING)

    @cached_property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(_pieces(self.clock, self.until, self.due, "late" if self.ours else "over"))

    @cached_property
    def past(self) -> tuple[Piece, ...]:
        return tuple(p for p in self.pieces if p.phase != "ahead")

    @cached_property
    def without(self) -> Mapping[str, timedelta]:
        """What didn't count, by why."""
        found: dict[str, timedelta] = {}
        for piece in self.past:
            if not piece.counted:
                found[piece.why] = found.get(piece.why, NOTHING) + piece.length
        return found

    @cached_property
    def measured(self) -> tuple[tuple[Piece, timedelta], ...]:
        """What is past with its length in the whole minutes between its edges as they are shown: they add up."""
        return tuple((p, _minute(p.end) - _minute(p.start)) for p in self.past)

    @cached_property
    def changes(self) -> tuple[Change, ...]:
        return _changes(self.clock, self.ticket)

    @cached_property
    def coming(self) -> tuple[Moment, ...]:
        """What will be told yet."""
        if self.stopped:
            return ()
        found = self.clock.moments(levels=self.promise.levels, recorded=self.ticket.recorded, at=self.at)
        return tuple(m for m in found if m.at > self.at)

    @property
    def paused_for(self) -> str:
        return self.clock.pauses[-1].reason if self.clock.paused_at is not None else ""

    @cached_property
    def unknown_years(self) -> tuple[int, ...]:
        return tuple(sorted(self.clock.unknown_years()))

    @property
    def end(self) -> datetime:
        """Where the bar ends: the deadline, or what came after it."""
        return max((p.end for p in self.pieces), default=self.until)


@dataclass(frozen=True, slots=True)
class Explanation:
    """`accounts` in the order of their start; `marks`: the events on the axis."""

    at: datetime
    accounts: tuple[Account, ...]
    marks: tuple[Event, ...]

    @property
    def late(self) -> tuple[Account, ...]:
        """The clocks that were missed, those still running first, the worst first."""
        missed = [a for a in self.accounts if a.verdict == "late"]
        return tuple(sorted(missed, key=lambda a: (a.stopped, -a.late_by)))

    @property
    def unknown_years(self) -> tuple[int, ...]:
        return tuple(sorted({year for a in self.accounts for year in a.unknown_years}))


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def explain(ticket: Ticket, policy: Policy, at: datetime) -> Explanation:
    """What every clock of the ticket says at `at`."""
    at = instant(at)
    told = _told(ticket)
    runs: dict[str, int] = {}
    accounts = []
    for promise in promises(ticket, policy):
        run = runs[promise.name] = runs.get(promise.name, 0) + 1
        accounts.append(Account(promise, run, ticket, policy, at, told.get(promise.clock.name, ())))
    return Explanation(at, tuple(accounts), tuple(e for e in ticket.events if e.kind in MARKS))


def _pieces(clock: Clock, until: datetime, due: datetime | None, after: Phase) -> list[Piece]:
    """The clock's time without a gap: until now or the stop, cut at the deadline; then on to a deadline ahead."""
    found = []
    for start, end, counted, why in ((i.start, i.end, i.counted, i.why) for i in clock.intervals(until)):
        if due is not None and start < due < end:
            found += [Piece(start, due, counted, why, "before"), Piece(due, end, counted, why, after)]
        else:
            found.append(Piece(start, end, counted, why, after if due is not None and start >= due else "before"))
    if clock.stopped_at is None and due is not None and due > until:
        found += [Piece(*span, "ahead") for span in clock.calendar.spans(until, due)]
    return found


def _left(clock: Clock, until: datetime) -> timedelta | None:
    """What is still to count; while paused, what there will be when it goes on."""
    due, at = clock.due_at, until
    if due is None:
        resumed = clock.resume(until)
        due = resumed.due_at
    return clock.calendar.worked(at, due) if due is not None and due > at else None


def _changes(clock: Clock, ticket: Ticket) -> tuple[Change, ...]:
    """The promises made, the first one first. A change that came with no event of its own has no cause."""
    if len(clock.promises) == 1:
        return ()
    causes = {instant(e.at): e.kind for e in ticket.events if e.kind in CHANGES}
    return tuple(
        Change(p.made_at, causes.get(p.made_at, "") if i else "reported", p.target, p.until)
        for i, p in enumerate(clock.promises)
    )


def _told(ticket: Ticket) -> Mapping[str, tuple[Told, ...]]:
    """Who was told, by the clock's run."""
    found: dict[str, tuple[Told, ...]] = {}
    holder = ""
    for event in ticket.events:
        if event.kind in ("assigned", "routed_to_desk"):
            holder = str(event.data.get("person", ""))
        elif event.kind in ("declined", "taken_away") or (event.kind == "left" and holder == event.data["person"]):
            holder = ""
        elif event.kind in TELLS and "moment" in event.data:
            run = str(event.data["moment"]).partition(":")[0]
            level = int(event.data.get("level", 0))
            person = str(event.data.get("person", "")) or ("" if level else holder)
            told = Told(instant(event.at), event.kind, level, person, bool(event.data.get("quiet")))
            found[run] = (*found.get(run, ()), told)
    return found
