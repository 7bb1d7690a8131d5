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


@dataclass(frozen=True, slots=True)
class Account:
    """One run of a clock. `due` is None while it is paused; `left` what is still to count, None once stopped or late.

    `ours`: a promise of the company; what the owner lets pass is over, and nobody is late.
    `late_by` is by the wall clock, `late_counted` what of it counted. `without`: what didn't count, by why.
    """

    name: str
    for_owner: bool
    ours: bool
    run: int
    counts: str
    started: datetime
    until: datetime
    stopped: bool
    verdict: Verdict
    target: timedelta
    worked: timedelta
    first_due: datetime
    due: datetime | None
    left: timedelta | None
    late_by: timedelta
    late_counted: timedelta
    pieces: tuple[Piece, ...]
    without: Mapping[str, timedelta]
    changes: tuple[Change, ...]
    told: tuple[Told, ...]
    coming: tuple[Moment, ...]
    paused_for: str
    unknown_years: tuple[int, ...]

    @property
    def first_target(self) -> timedelta:
        """What was promised at first, where another promise took its place."""
        return self.changes[0].target if self.changes else self.target

    @property
    def past(self) -> tuple[Piece, ...]:
        return tuple(p for p in self.pieces if p.phase != "ahead")

    @property
    def measured(self) -> tuple[tuple[Piece, timedelta], ...]:
        """What is past with its length in the whole minutes between its edges as they are shown: they add up."""
        return tuple((p, _minute(p.end) - _minute(p.start)) for p in self.past)

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
        runs[promise.name] = runs.get(promise.name, 0) + 1
        accounts.append(_account(promise, runs[promise.name], ticket, policy, at, told.get(promise.clock.name, ())))
    return Explanation(at, tuple(accounts), tuple(e for e in ticket.events if e.kind in MARKS))


def _account(
    promise: Promise, run: int, ticket: Ticket, policy: Policy, at: datetime, told: tuple[Told, ...]
) -> Account:
    clock = promise.clock
    until = max(min(at, clock.stopped_at or at), clock.started_at)
    breached = clock.breached(at)
    due = clock.resume(until).due_at if breached and clock.paused_at is not None else clock.due_at
    verdict: Verdict = (
        ("late" if promise.rule.hands != "owner" else "over")
        if breached
        else "kept"
        if clock.stopped_at
        else "paused"
        if clock.paused_at is not None
        else "running"
    )
    pieces = tuple(_pieces(clock, until, due, "late" if promise.rule.hands != "owner" else "over"))
    without: dict[str, timedelta] = {}
    for piece in pieces:
        if piece.phase != "ahead" and not piece.counted:
            without[piece.why] = without.get(piece.why, NOTHING) + piece.length
    return Account(
        name=promise.name,
        for_owner="owner" in promise.rule.shown,
        ours=promise.rule.hands != "owner",
        run=run,
        counts=next((name for name, c in policy.calendars.items() if c is clock.calendar), "service"),
        started=clock.started_at,
        until=until,
        stopped=clock.stopped_at is not None,
        verdict=verdict,
        target=clock.target,
        worked=clock.worked(until),
        first_due=clock.first_due,
        due=due,
        left=None if breached or clock.stopped_at else _left(clock, until),
        late_by=until - due if breached and due else NOTHING,
        late_counted=sum((p.length for p in pieces if p.phase == "late" and p.counted), NOTHING),
        pieces=pieces,
        without=without,
        changes=_changes(clock, ticket),
        told=told,
        coming=tuple(
            m
            for m in clock.moments(levels=promise.levels, recorded=ticket.recorded, at=at)
            if m.at > at and not clock.stopped_at
        ),
        paused_for=clock.pauses[-1].reason if clock.paused_at is not None else "",
        unknown_years=tuple(sorted(clock.unknown_years())),
    )


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
