"""Gate B: what must be on record before anything is deducted, each with the event behind it or what is missing.

condition    a deduction has                                                         event of
gate_a       a third party engaged by right: gate A, a clause, a stop of damage      the case
confirmed    a stop of damage confirmed to the contractor in writing                 the case
finding      a share of the contractor in every ticket                               the case
noticed      the notice, of the very component and tickets that it is now             the case
price        a price list, or quotes; three of them above the limit                  the case
accepted     work accepted by somebody who neither found nor engaged                 the case
scope        that the work is what the notice named, and what is beyond it           the deduction
measured     by a price list: quantities that two people measured alike              the deduction
invoiced     an invoice to the entity, its number used once, its original kept       the deduction
paid         the third party paid, with the proof                                    the deduction
loss         nothing claimed by owners that is still open                            the deduction

`proposal` is the only way to an amount, whoever asks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.changes import fold as case_at
from chalicelib.domain.contractor.contract import Clause, Price, Scope
from chalicelib.domain.contractor.gates import Condition, passed
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.words import Engagement, Route
from chalicelib.domain.money.amount import Arithmetic, Item, Paid, amount
from chalicelib.domain.money.deduction import Deduction, Terms
from chalicelib.domain.record.errors import IllegalMove

TWO = 2  # people who measure
NO_CLAUSE = Clause("", Scope(), "")  # where the contract has it no more: it charges nothing
OF_CASE = frozenset({"gate_a", "confirmed", "finding", "noticed", "price", "accepted"})  # events of the case
UNDATED = frozenset({"loss"})  # no event behind it


@dataclass(frozen=True, slots=True)
class Loss:
    """A compensation of an owner of the case: its record, whether it is open still, fen that were paid with proof."""

    record: str
    is_open: bool
    paid: int


@dataclass(frozen=True, slots=True)
class Known:
    """What other records say: the case, the clause that it stands on, its owners' losses, the third party's prices."""

    case: Case
    clause: Clause
    losses: Sequence[Loss] = ()
    prices: Mapping[str, Price] | None = None

    def job(self, route: str) -> Engagement | None:
        return self.case.stop if route == Route.STOP.value else self.case.job


def gate_b(one: Deduction, known: Known) -> list[Condition]:
    """The conditions, in order; passed when all are met."""
    return [*_of_case(one, known), *_gathered(one, known)]


def proposal(one: Deduction, known: Known, penalty_warn: int) -> dict[str, Any]:
    """The facts of a proposal, by which alone there is an amount. Raises IllegalMove where the gate is not passed."""
    conditions = gate_b(one, known)
    if not passed(conditions):
        raise IllegalMove("gate_not_passed", missing=[c.missing for c in conditions if c.missing])
    made = arithmetic(one, known, penalty_warn)
    terms = Terms(0, known.clause.silence_is_consent, known.clause.returned_counts)
    return {
        "case": one.case,
        "lines": [line.stored() for line in made.lines],
        "warnings": list(made.warnings),
        "total": made.total,
        "conditions": [condition.stored() for condition in conditions],
        "terms": terms.stored(),
        "tax": {"third_invoice_type": one.invoice.kind} if one.invoice else {},
    }


def share_of(case: Case) -> int:
    """The contractor's share, in percent: the lowest of the findings, so that nobody pays for more than was found."""
    return min((one.share for one in case.findings.values()), default=0)


def arithmetic(one: Deduction, known: Known, penalty_warn: int) -> Arithmetic:
    """The amount, by what was measured and paid. Raises Invalid."""
    losses = [Paid(loss.record, loss.paid) for loss in known.losses if loss.paid]
    items = _items(one, known)
    return amount(
        share_of(known.case),
        known.clause,
        items=items,
        price=None if items else one.price,
        losses=losses,
        beyond=one.beyond,
        penalty_warn=penalty_warn,
    )


def _items(one: Deduction, known: Known) -> list[Item]:
    """What two people measured, at the prices of the list; nothing where it was done for quotes."""
    if not one.items or not known.prices:
        return []
    return [
        Item(known.prices[item].name, known.prices[item].unit, known.prices[item].fen, quantity)
        for item, quantity in agreed(one)
        if item in known.prices
    ]


def agreed(one: Deduction) -> tuple[tuple[str, int], ...]:
    """The quantities that two people measured alike; none as long as they differ."""
    found = list(one.measured.values())
    return next((items for items in found if found.count(items) >= TWO), ())


def _of_case(one: Deduction, known: Known) -> Iterator[Condition]:
    case, job = known.case, known.job(one.route)
    stop = one.route == Route.STOP.value
    yield Condition("gate_a", (job.event if stop else case.gate) if job else 0)
    if stop:
        confirmed = case.last("confirmed_in_writing")
        yield Condition("confirmed", confirmed.version if confirmed else 0)
    found = [case.findings.get(ticket) for ticket in case.tickets]
    events = [its.event if its and its.share > 0 and not its.disputed else 0 for its in found]
    yield Condition("finding", min(events, default=0) and max(events))
    yield Condition("noticed", _noticed(one, case))
    priced = case.last("price_agreed", "engaged")
    yield Condition("price", priced.version if priced and job and job.price else 0)
    accepted = case.last("stop_accepted" if stop else "accepted")
    own = bool(job and job.accepter and job.accepter in case.finders | case.engagers)
    yield Condition("accepted", accepted.version if accepted and job and job.accepted_at and not own else 0)


def _noticed(one: Deduction, case: Case) -> int:
    """The version of the last notice, if it named what the case is about now and all that the deduction is for."""
    notice = case.letter(LetterKind.NOTICE)
    if notice is None:
        return 0
    then = case_at(case.id, case.events[: notice.event])
    same = (then.category, then.component) == (case.category, case.component)
    return notice.event if same and set(one.tickets) <= set(then.tickets) else 0


def ahead(case: Case, route: Route) -> list[Condition]:
    """What gate B will ask of a case that has no deduction yet, as far as the case can say it: all but losses."""
    blank = Deduction("", tickets=tuple(case.tickets), route=route.value)
    conditions = gate_b(blank, Known(case, NO_CLAUSE))
    return [one for one in conditions if one.name != "loss"]


def _gathered(one: Deduction, known: Known) -> Iterator[Condition]:
    yield Condition("scope", one.scope)
    if one.items:
        last = one.last("measured")
        yield Condition("measured", last.version if last and agreed(one) else 0)
    yield Condition("invoiced", one.invoice.event if one.invoice else 0)
    yield Condition("paid", one.paid)
    yield Condition("loss", 0 if any(loss.is_open for loss in known.losses) else 1)
