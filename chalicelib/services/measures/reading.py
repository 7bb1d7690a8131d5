"""What pages read of figures: a scope's months, its parts, and the tickets behind a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.measures.figures import Figure
from chalicelib.domain.measures.tally import Known, Part, by_ticket, groups_of, moved_by, parts_of, stock_of
from chalicelib.domain.policy.measures import terms_of
from chalicelib.services.measures import counting
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket.ended import beside
from chalicelib.store import facts, flows, measures
from chalicelib.store.measures import Month

MONEY = frozenset({"cost", "deductions", "recovery"})  # counted from money that moved, not from what was done


@dataclass(frozen=True, slots=True)
class Behind:
    """A ticket behind a number. `good`: whether it counts in the numerator, or where time is measured how long."""

    fact: Fact
    n: int
    seconds: int | None

    @property
    def ticket(self) -> str:
        return self.fact.ticket


@dataclass(frozen=True, slots=True)
class Money:
    """What a ticket adds to an amount, in fen: `n` to what is counted, `d` to what that is set against. `at`: the last
    time. "" stands for money of no single ticket.
    """

    ticket: str
    category: str
    at: datetime
    n: int
    d: int


def months_of(scope: str, until: str, count: int = 13) -> Sequence[Month]:
    """A scope's months up to one, the newest first. One call."""
    return measures.months(scope, until, count)


def parts(scope: str, month: str) -> Mapping[str, Mapping[str, Figure]]:
    """A scope's figures by category and component. One call."""
    return measures.parts(scope, month)


def tickets_behind(project: str, month: str, measure: str, group: str = "") -> list[Behind]:
    """The tickets of a project's month that a measure counts, what is bad first. `group`: as `groups_of` names it.

    A query for each megabyte of the month's facts; of repeats of those before it too, of a contractor one more.
    """
    tickets, known = of_project(project, month, repeats=measure == "repeats", company=group.startswith("contractor#"))
    behind = []
    for of_ticket in tickets:
        if group in groups_of(of_ticket[-1], known.companies):
            for part in parts_of(of_ticket, month, policy_for(NOWHERE).zone, known):
                if part.measure == measure:
                    behind.append(Behind(of_ticket[-1], part.n, part.seconds))
    return sorted(behind, key=lambda one: (one.n, -(one.seconds or 0), one.fact.ticket))


def money_behind(project: str, month: str, measure: str) -> list[Money]:
    """The tickets whose money one of MONEY counts in a project's month, the largest amount first; of what is recovered
    the one of which most is left.

    A query for each month that it looks back on, and of the cost those of `tickets_behind`.
    """
    zone, found = policy_for(NOWHERE).zone, dict[str, Money]()

    def add(part: Part, ticket: str, category: str, at: datetime) -> None:
        if part.measure == measure and (part.n or part.d):
            was = found.get(ticket) or Money(ticket, category, at, 0, 0)
            found[ticket] = Money(ticket, category, max(was.at, at), was.n + part.n, was.d + part.d)

    for back in reversed(range(counting.YEAR if measure == "recovery" else 1)):
        for flow in flows.of_month(project, beside(month, -back)):
            for part in moved_by(flow, not back):
                add(part, flow.ticket, flow.category, flow.at)
    if measure == "cost":
        tickets, known = of_project(project, month, repeats=False, company=False)
        for of_ticket in tickets:
            for part in parts_of(of_ticket, month, zone, known):
                if part.n:
                    add(part, of_ticket[-1].ticket, of_ticket[-1].category, of_ticket[-1].counts)
    left = measure == "recovery"
    return sorted(found.values(), key=lambda one: (one.n - one.d if left else -one.n, one.ticket))


def of_project(project: str, month: str, *, repeats: bool, company: bool) -> tuple[list[list[Fact]], Known]:
    """The facts of each ticket of a project's month, and what `parts_of` has to know beside them: as figures are made.

    `repeats`: what was reported before too; `company`: whose contract it is. Neither is read where nobody asks for it.
    """
    terms, rows = terms_of(policy_for(NOWHERE)), list(facts.as_kept(project, month))
    found = facts.read(rows)
    known = Known(
        earlier=counting.seen_before(project, month, terms, rows) if repeats else {},
        within=terms.repeat,
        stock=stock_of(found, terms.template),
        companies=counting.companies_of(project) if company else {},
    )
    return by_ticket(found), known
