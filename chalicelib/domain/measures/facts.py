"""What figures are made of: one fact for each thing that happened to a ticket and counts, written then and kept.

    why         when
    closed      the ticket ended: closed, cancelled, waived or merged
    answered    a complaint got its answer
    rated       the stars were given, without the ticket ending by that
    reopened    rework or a second round, after any of the above
    corrected   something of a ticket that had ended changed its fact after all

A later fact of the same ticket takes the place of an earlier one where figures are made; none is ever written over. It
holds numbers and ids, as the policy in force then gave them: no words, no names, no phones. Times are whole seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Literal

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket import liability
from chalicelib.domain.ticket.promises import Promise, promises
from chalicelib.domain.ticket.ticket import ENDS, Event, Kind, Priority, Ticket, Window, fold
from chalicelib.domain.ticket.trade import STATED

Why = Literal["closed", "answered", "rated", "reopened", "corrected"]
Verdict = Literal["kept", "late", "running", "void"]

SCORES = ("overall", "speed", "thoroughness", "manners")
REOPENS = frozenset({"reworked", "dissatisfied"})
DID = ("contacted", "completed", "signed_off", "checked", "followed_up", "answered", "result_written")
PLACES = ("subsidiary", "project", "building", "entrance", "unit", "area")
MINUTE = timedelta(minutes=1)
URGENCY = (Priority.NORMAL, Priority.URGENT, Priority.EMERGENCY)


@dataclass(frozen=True, slots=True)
class ClockResult:
    """One run of a clock. `counted` and `target` are counted time; everything else is by the wall clock.

    `due` is the last deadline, None while the clock was paused; `stopped` None while it ran. `verdict`: void is a
    clock that the end of the ticket cut off before its deadline: neither kept nor missed.
    """

    name: str
    started: datetime
    stopped: datetime | None
    target: timedelta
    counted: timedelta
    first_due: datetime
    due: datetime | None
    verdict: Verdict

    @property
    def wall(self) -> timedelta | None:
        """How long it took by the clock on the wall; None while it ran."""
        return self.stopped - self.started if self.stopped else None

    @property
    def late_by(self) -> timedelta:
        if self.verdict != "late" or self.stopped is None or self.due is None:
            return timedelta(0)
        return max(self.stopped - self.due, timedelta(0))


@dataclass(frozen=True, slots=True)
class Fact:
    """`n`: the ticket's version that it states; `at`: when. `counts`: the time it counts at, which for a correction is
    that of the end. `did`: who did what last, `reporter` being the owner's side. `by`, `role`: who made it so.

    `held`: everybody who had it, in order. `waits`: reason → (how often, how long). `climbed`: (level, why). `lowered`:
    how often the priority was lowered. `quick`: contacts within a minute of an assignment. `device`: what the stars
    came from, "s…" one that staff use; "" unknown. `repeats`: the ticket that was to have mended it (再次报修). `cost`
    (fen): None until somebody pays. `verdict`: who bears most of it as things stood then, None before anybody judged.
    `contract`: of the contractor whose fault it is. `stage`: the owner's, when it was reported. `reply`: a mark of the
    words of the last answer, by which the same words in many tickets are known; nothing can be read of it.
    """

    ticket: str
    n: int
    at: datetime
    counts: datetime
    why: Why
    policy: str
    kind: str
    state: str
    priority: str
    category: str
    component: str
    place: Mapping[str, str]
    reported: datetime
    reporter: str
    verified: bool
    channel: str
    holder: str
    team: str
    by: str
    role: str
    held: tuple[str, ...]
    did: Mapping[str, str]
    clocks: tuple[ClockResult, ...]
    waits: Mapping[str, tuple[int, timedelta]]
    appointments: int
    window: Window | None
    plan: datetime | None
    rounds: int
    dissatisfied: int
    declined: int
    photos: int
    scores: Mapping[str, int] = field(default_factory=dict)
    rated: datetime | None = None
    level: int = 1
    climbed: tuple[tuple[int, str], ...] = ()
    lowered: int = 0
    into: str = ""
    repeats: str = ""
    verdict: str | None = None
    cost: int | None = None
    quick: int = 0
    device: str = ""
    contract: str = ""
    stage: str = ""
    reply: str = ""


def may_state(after: Ticket, events: Sequence[Event]) -> bool:
    """Whether a change may make a fact: most don't, and need no numbers for it."""
    return not after.is_open or any(e.kind in STATED for e in events)


def fact_due(before: Ticket | None, after: Ticket, events: Sequence[Event], policy: Policy) -> Fact | None:
    """The fact that a change makes, if any. `events`: the change's own; `after` has them, `before` does not."""
    why = _why(before, after, events)
    if why is None:
        return None
    made = fact_of(after, policy, why)
    if why == "corrected" and before is not None:
        was = fact_of(before, policy, why)
        if replace(was, n=made.n, at=made.at, by=made.by, role=made.role) == made:
            return None
    return made


def _why(before: Ticket | None, after: Ticket, events: Sequence[Event]) -> Why | None:
    kinds = {e.kind for e in events}
    open_before = before is None or before.is_open
    if open_before and not after.is_open:
        return "closed"
    if "rated" in kinds:
        return "rated"
    if "answered" in kinds and after.kind is Kind.COMPLAINT:
        return "answered"
    if open_before:
        return "reopened" if kinds & REOPENS and before is not None and stated(before) else None
    return "reopened" if after.is_open else "corrected"


def stated(ticket: Ticket) -> bool:
    """Whether a fact of the ticket stands already."""
    return any(
        e.kind in ENDS or e.kind == "rated" or (e.kind == "answered" and ticket.kind is Kind.COMPLAINT)
        for e in ticket.events
    )


def history(ticket: Ticket, changes: Sequence[int], policy: Callable[[Ticket], Policy]) -> Iterator[Fact]:
    """Every fact that the ticket's changes made, from the first on. `changes`: the version each of them began with.

    `policy`: the numbers that the ticket was judged by as it stood after a change.
    """
    before: Ticket | None = None
    ends = [*(first - 1 for first in changes[1:]), ticket.version]
    for first, last in zip(changes, ends, strict=True):
        events = ticket.events[first - 1 : last]
        after = fold(ticket.id, events, onto=before)
        made = fact_due(before, after, events, policy(after)) if may_state(after, events) else None
        if made:
            yield made
        before = after


def fact_of(ticket: Ticket, policy: Policy, why: Why) -> Fact:
    """What is to be said of a ticket as it stands after its last event."""
    last, first = ticket.events[-1], ticket.events[0]
    end = next((e for e in reversed(ticket.events) if e.kind in ENDS), last)
    had = (str(e.data.get("person", "")) for e in ticket.events if e.kind in ("assigned", "routed_to_desk"))
    held = tuple(dict.fromkeys(person for person in had if person))
    borne = liability.shares(ticket)
    theirs = [share for share in borne if share.party == liability.CONTRACTOR and share.contract]
    return Fact(
        ticket=ticket.id,
        n=ticket.version,
        at=_second(last.at),
        counts=_second(end.at if why == "corrected" else last.at),
        why=why,
        policy=policy.version,
        kind=ticket.kind.value,
        state=ticket.state.value,
        priority=ticket.priority.value,
        category=ticket.category,
        component=ticket.component,
        place={level: ticket.place[level] for level in PLACES if ticket.place.get(level)},
        reported=_second(first.at),
        reporter=ticket.reporter,
        verified=ticket.verified,
        channel=first.channel,
        holder=ticket.holder,
        team=ticket.team,
        by=end.by,
        role=end.role.value,
        held=held,
        did={e.kind: e.by for e in ticket.events if e.kind in DID and e.data.get("outcome") != "not_reached"},
        clocks=tuple(_results(ticket, policy, last.at)),
        waits=_waits(ticket),
        appointments=sum(e.kind == "window_chosen" for e in ticket.events),
        window=ticket.window,
        plan=ticket.plan,
        rounds=ticket.rounds,
        dissatisfied=sum(e.kind == "dissatisfied" for e in ticket.events),
        declined=sum(e.kind == "declined" for e in ticket.events),
        photos=ticket.photos_kept,
        scores=dict(ticket.scores),
        rated=next((_second(e.at) for e in reversed(ticket.events) if e.kind == "rated"), None),
        level=ticket.level,
        climbed=tuple(
            (int(e.data["level"]), str(e.data.get("cause", ""))) for e in ticket.events if e.kind == "escalated"
        ),
        lowered=_lowered(ticket),
        quick=_quick(ticket),
        device=next((str(e.data.get("device", "")) for e in reversed(ticket.events) if e.kind == "rated"), ""),
        repeats=str(first.data.get("repeats", "")),
        into=next((str(e.data.get("into", "")) for e in reversed(ticket.events) if e.kind == "merged"), ""),
        verdict=max(borne, key=lambda share: share.percent).party if borne else None,
        contract=max(theirs, key=lambda share: share.percent).contract if theirs else "",
        stage=str(first.data.get("stage", "")),
        reply=_reply(ticket),
    )


def _reply(ticket: Ticket) -> str:
    """The mark of an answer: of its letters alone, so that neither blanks nor punctuation make two of the same."""
    words = next((str(e.said.get("words", "")) for e in reversed(ticket.events) if e.kind == "answered"), "")
    letters = "".join(filter(str.isalnum, words.casefold()))
    if not letters:
        return ""
    return hashlib.blake2b(f"{ticket.place.get('project', '')}/{letters}".encode(), digest_size=4).hexdigest()


def _second(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(microsecond=0)


def _results(ticket: Ticket, policy: Policy, at: datetime) -> Iterator[ClockResult]:
    """Each run of each clock. What only the ticket's end stopped would run still, were there no end."""
    found = promises(ticket, policy)
    going = [e for e in ticket.events if e.kind not in ENDS]
    unended = promises(fold(ticket.id, going), policy) if len(going) < ticket.version else found
    cut = {(p.name, p.clock.started_at) for p in unended if p.running}
    for promise in found:
        clock = promise.clock
        until = clock.stopped_at or at
        yield ClockResult(
            name=promise.name,
            started=clock.started_at,
            stopped=clock.stopped_at,
            target=clock.target,
            counted=clock.worked(until),
            first_due=clock.first_due,
            due=clock.due_at,
            verdict=_verdict(promise, until, (promise.name, clock.started_at) in cut),
        )


def _verdict(promise: Promise, until: datetime, cut: bool) -> Verdict:
    if promise.clock.breached(until):
        return "late"
    if promise.running:
        return "running"
    return "void" if cut else "kept"


def _waits(ticket: Ticket) -> Mapping[str, tuple[int, timedelta]]:
    """What it waited for; a pause that the end of the ticket cut off ends there."""
    waits: dict[str, tuple[int, timedelta]] = {}
    since: tuple[str, datetime] | None = None
    for event in ticket.events:
        if since and event.kind in ("resumed", "paused", *ENDS):
            reason, begin = since
            often, long = waits.get(reason, (0, timedelta(0)))
            waits[reason] = (often + 1, long + (event.at - begin))
            since = None
        if event.kind == "paused":
            since = (str(event.data["reason"]), event.at)
    return waits


def _lowered(ticket: Ticket) -> int:
    """How often its priority was lowered."""
    steps = [Priority(e.data["priority"]) for e in ticket.events if e.kind in ("reported", "priority_changed")]
    return sum(URGENCY.index(b) < URGENCY.index(a) for a, b in pairwise(steps))


def _quick(ticket: Ticket) -> int:
    """How often the owner was said to be contacted before anybody can have dialled."""
    assigned: datetime | None = None
    found = 0
    for event in ticket.events:
        if event.kind == "assigned":
            assigned = event.at
        elif event.kind == "contacted" and assigned is not None:
            found += event.at - assigned < MINUTE
            assigned = None
    return found


def month_of(fact: Fact, policy: Policy) -> str:
    """The month that a fact counts in, 2026-03: that of the office's calendar."""
    return f"{fact.counts.astimezone(policy.calendars['office'].zone):%Y-%m}"
