"""Gate A: what must be on record before a third party is engaged, each with the event behind it or what is missing.

route               conditions
ladder              finding · notice_delivered · cure_missed · reminder_delivered · last_expired · called
direct_engagement   clause · finding · notice_delivered
stop_of_damage      emergency · called_first

`gate_a` is the only way to the event that passes it, whoever asks. A condition that is not met says how long it takes
at least until it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import running
from chalicelib.domain.contractor.letter import Cause, LetterKind
from chalicelib.domain.contractor.words import Route
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.promise import Promise
from chalicelib.domain.ticket.trade import Priority

POST = timedelta(days=2)  # an EMS within the country
AT_ONCE = timedelta(0)


@dataclass(frozen=True, slots=True)
class Condition:
    """`event`: version of the event that meets it, 0 where none does. `takes`: at least so long until it can be met;
    `until`: the deadline that has to pass first, where one runs."""

    name: str
    event: int
    takes: timedelta = AT_ONCE
    until: datetime | None = None

    @property
    def met(self) -> bool:
        return self.event > 0

    @property
    def missing(self) -> str:
        """What is missing, as a word of the catalogue; "" where nothing is."""
        return "" if self.met else self.name

    @property
    def costs(self) -> str:
        """Whether waiting for it takes hours or days; "" where it is met, or can be met at once."""
        if self.met or not self.takes:
            return ""
        return "hours" if self.takes < timedelta(days=1) else "days"

    def stored(self) -> dict[str, object]:
        return {"name": self.name, "event": self.event}


def gate_a(
    case: Case,
    policy: Policy,
    at: datetime,
    route: Route = Route.LADDER,
    runs: Mapping[str, Promise] | None = None,
) -> list[Condition]:
    """The conditions of a route, in order. Passed when all are met. `runs`: what runs, where that is at hand."""
    if route is Route.LADDER:
        return list(_ladder(case, policy, at, running(case, policy) if runs is None else runs))
    return list(_direct(case, policy) if route is Route.DIRECT else _stop(case))


def passed(conditions: list[Condition]) -> bool:
    return all(condition.met for condition in conditions)


def _ladder(case: Case, policy: Policy, at: datetime, runs: Mapping[str, Promise]) -> Iterator[Condition]:
    ladder = ladder_of(policy)
    yield _finding(case, policy)
    yield _arrived(case, LetterKind.NOTICE, "notice_delivered")
    cure = runs.get("cure")
    due = cure.clock.due_at if cure else None
    missed = case.last("refusal_overruled" if case.cause is Cause.REFUSED else "missed") if case.cause else None
    left = max(due - at, AT_ONCE) if due else timedelta(days=case.terms.cure_days)
    yield Condition("cure_missed", missed.version if missed else 0, left, due)
    yield _arrived(case, LetterKind.REMINDER, "reminder_delivered")
    last = runs.get("last")
    due = last.clock.due_at if last else None
    over = case.last("expired") if case.expired else None
    left = max(due - at, AT_ONCE) if due else timedelta(days=ladder.last_days.get(case.priority, 1))
    yield Condition("last_expired", over.version if over else 0, left, due)
    yield _called(case, "called")


def _direct(case: Case, policy: Policy) -> Iterator[Condition]:
    yield Condition("clause", 1 if case.terms.direct_engagement else 0)
    yield _finding(case, policy)
    yield _arrived(case, LetterKind.NOTICE, "notice_delivered")


def _stop(case: Case) -> Iterator[Condition]:
    yield Condition("emergency", 1 if case.priority is Priority.EMERGENCY else 0)
    call = case.last("called", purpose="stop")
    yield Condition("called_first", call.version if call else 0)


def _finding(case: Case, policy: Policy) -> Condition:
    """Every ticket that stands under the case was inspected, and the contractor has a share in each: undisputed, and
    not barred by the owner."""
    found = [case.findings.get(ticket) if ticket not in case.barred else None for ticket in case.tickets]
    events = [one.event if one and one.share > 0 and not one.disputed else 0 for one in found]
    return Condition("finding", min(events, default=0) and max(events), ladder_of(policy).inspection)


def _arrived(case: Case, kind: LetterKind, name: str) -> Condition:
    letter = case.arrived(kind)
    return Condition(name, letter.delivery if letter else 0, POST)


def _called(case: Case, name: str) -> Condition:
    """A call after the notice arrived: one before it could not have been about its deadline."""
    notice = case.arrived(LetterKind.NOTICE)
    call = next((e for e in reversed(case.events) if e.kind == "called" and notice and e.version > notice.event), None)
    return Condition(name, call.version if call else 0)
