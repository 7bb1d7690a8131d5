"""Which clocks a ticket has, and what they say: folded from its events, the same live and afterwards.

Which events start and stop a clock, whose turn it is and who sees it: `policy/clocks.toml`, one table a clock.

A second run is named `resolve.2`; the end of the ticket stops all. Moments are kept by their keys
(`resolve.2:warn:0.5`), so that each is recorded once.

An appointment takes the place of a deadline (that of arriving) and moves others (that of finishing) by its delay; an
agreed plan takes the place of one (that of finishing). Both outlast a change of category, place or priority, save that
an emergency waits for no appointment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.promise import Due, Promise, come, coming, deadline, whole
from chalicelib.domain.ticket import waiting
from chalicelib.domain.ticket.ticket import ENDS, Data, Event, Priority, Ticket
from chalicelib.domain.time.clocks import Clock, Promised

__all__ = ["Due", "Promise", "deadline", "due_moments", "next_moment", "promises"]

ROUNDS = frozenset({"reported", "reworked"})  # where a round of the work begins
RETARGETS = frozenset({"priority_changed", "category_changed", "place_changed", "schedule_corrected"})


def promises(ticket: Ticket, policy: Policy) -> list[Promise]:
    """Every run of every clock of the ticket, in the order of their start. Costs well under 1 ms for 50 events."""
    book = _Book(ticket, policy)
    for event in ticket.events:
        book.read(event)
    return [
        Promise(name, policy.clocks[name], book.runs[name][i], policy.clocks[name].levels_for(ticket.kind))
        for name, i in book.order
    ]


class _Book:
    """The clocks of one ticket while its events are read."""

    def __init__(self, ticket: Ticket, policy: Policy) -> None:
        self.policy = policy
        self.kind = ticket.kind
        self.runs: dict[str, list[Clock]] = {}
        self.order: list[tuple[str, int]] = []
        self.priority, self.category = Priority.NORMAL, ""
        self.stopped: set[str] = set()  # in this round
        self.delay: timedelta | None = None  # by which an appointment moved what it delays
        self.planned = False
        self.to_move: set[str] = set()  # has to be moved again when the pause ends

    def read(self, event: Event) -> None:
        kind, at = event.kind, event.at
        if kind == "reported":
            self.priority, self.category = Priority(event.data["priority"]), event.data["category"]
        for name in self.policy.stopping.get(kind, ()):
            if clock := self.running(name):
                self.runs[name][-1] = clock.stop(at)
                self.stopped.add(name)
        if kind in ROUNDS:
            self.stopped, self.delay, self.planned = set(), None, False
        for name in self.policy.starting.get(kind, ()):
            self._start(name, at)
        if kind == "paused":
            for name in self.policy.pauses.get(event.data["reason"], ()):
                if clock := self.running(name):
                    self.runs[name][-1] = clock.pause(at, event.data["reason"])
        elif kind == "resumed":
            self._resume(at)
        elif kind == "window_chosen":
            if window := Data(event.data).window:
                self._appointment(at, window.end)
        elif kind == "plan_agreed":
            until = Data(event.data).until
            for name in self._with("plan", "replaces"):
                if until and (clock := self.running(name)):
                    self.runs[name][-1] = clock.promise(at, until)
                    self.planned = True
        elif kind in RETARGETS:
            self._retarget(event)
        elif kind in ENDS:
            for name in self.runs:
                if clock := self.running(name):
                    self.runs[name][-1] = clock.stop(at)

    def running(self, name: str) -> Clock | None:
        """The clock's last run, if it runs or is paused."""
        mine = self.runs.get(name)
        return mine[-1] if mine and mine[-1].stopped_at is None else None

    def _with(self, key: str, value: str) -> list[str]:
        """The clocks that have begun and whose row says so."""
        return [name for name in self.runs if getattr(self.policy.clocks[name], key) == value]

    def _start(self, name: str, at: datetime) -> None:
        rule = self.policy.clocks.get(name)
        if rule is None or self.kind not in rule.kinds or self.running(name):
            return
        if rule.once_a_round and name in self.stopped:
            return
        mine = self.runs.setdefault(name, [])
        target = rule.target_for(self.priority, self.category)
        calendar = self.policy.calendars[rule.counts[self.priority]]
        label = name if not mine else f"{name}.{len(mine) + 1}"
        mine.append(Clock.start(label, at, target, calendar, warn=rule.warn_for(target)))
        self.order.append((name, len(mine) - 1))

    def _resume(self, at: datetime) -> None:
        for name, mine in self.runs.items():
            if mine[-1].paused_at is not None:
                mine[-1] = mine[-1].resume(at)
            if name in self.to_move:
                self._move(name, at)

    def _appointment(self, at: datetime, end: datetime) -> None:
        """The window's end replaces a deadline; others move by as much as it is later than that."""
        for name in self._with("appointment", "replaces"):
            clock = self.running(name)
            if clock is None:
                continue
            late = max(end - _plain_due(clock), timedelta(0))
            self.runs[name][-1] = clock.promise(at, end)
            moves = late > timedelta(0) or self.delay is not None
            self.delay = late
            if moves:
                self._delay(at)

    def _delay(self, at: datetime) -> None:
        for name in self._with("appointment", "delays"):
            if not self._is_planned(name):
                self._move(name, at)

    def _is_planned(self, name: str) -> bool:
        return self.planned and self.policy.clocks[name].plan == "replaces"

    def _move(self, name: str, at: datetime) -> None:
        """Counted from its own start; what is paused while it is moved is known when the pause ends."""
        clock = self.running(name)
        if clock is None or self.delay is None:
            return
        if clock.paused_at is not None:
            self.to_move.add(name)
            return
        self.to_move.discard(name)
        self.runs[name][-1] = clock.promise(at, _plain_due(clock) + self.delay)

    def _retarget(self, event: Event) -> None:
        at, was = event.at, self.priority
        if event.kind == "priority_changed":
            self.priority = Priority(event.data["priority"])
        elif event.kind == "category_changed":
            self.category = event.data["category"]
        emergency = self.priority is Priority.EMERGENCY and was is not Priority.EMERGENCY
        if emergency:
            self.delay = None
        for name in self.runs:
            clock = self.running(name)
            rule = self.policy.clocks[name]
            if clock is None or self._is_planned(name):
                continue
            if rule.appointment == "replaces" and clock.promises[-1].until is not None and not emergency:
                continue
            target = rule.target_for(self.priority, self.category)
            self.runs[name][-1] = clock.retarget(at, target, self.policy.calendars[rule.counts[self.priority]])
            if rule.appointment == "delays" and self.delay:
                self._move(name, at)


def _plain_due(clock: Clock) -> datetime:
    """The deadline by the target alone, without appointment or plan, with the pauses that have ended."""
    own = Promised(clock.started_at, clock.calendar, clock.target)
    return Clock(clock.name, clock.started_at, (own,), (), clock.pauses).first_due


def due_moments(ticket: Ticket, policy: Policy, at: datetime) -> list[Due]:
    """The moments that have come by `at` and are not recorded, in order; what is stale by then is left out."""
    return come(promises(ticket, policy), ticket.recorded, _remind(ticket, policy), at)


def next_moment(
    ticket: Ticket, policy: Policy, runs: Sequence[Promise] | None = None, at: datetime | None = None
) -> datetime | None:
    """When the earliest moment not yet recorded is reached, even if that is past; whole seconds.

    With `at`, what is stale by then is left out, as `due_moments` does. None: nothing ahead (paused, done).
    """
    found = promises(ticket, policy) if runs is None else runs
    ahead = coming(found, ticket.recorded, _remind(ticket, policy), at)
    if waits := waiting.step(ticket, policy):
        ahead.append(whole(waits.at))
    return min(ahead, default=None)


def _remind(ticket: Ticket, policy: Policy) -> timedelta | None:
    return policy.remind_every if ticket.is_open else None


def new_deadlines(before: Sequence[Promise], after: Sequence[Promise]) -> dict[str, datetime]:
    """What the owner was told of arriving and finishing and is different now: clock → its deadline now."""
    was = {p.name: p.clock.due_at for p in before if p.running and "owner" in p.rule.moved}
    now = {p.name: p.clock.due_at for p in after if p.running and "owner" in p.rule.moved}
    return {name: due for name, due in now.items() if due is not None and was.get(name) not in (None, due)}


def may_climb(ticket: Ticket, runs: Sequence[Promise], at: datetime) -> bool:
    """Whether the owner may ask for the next desk: somebody else than the owner has missed a deadline."""
    missed = (p for p in runs if p.running and p.rule.hands != "owner" and p.clock.breached(at))
    return ticket.is_open and ticket.level < 3 and any(missed)
