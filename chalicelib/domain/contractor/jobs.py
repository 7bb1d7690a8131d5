"""What the events of third parties change of a case: who is engaged, for what price, when; stop of damage, invoices."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.words import Engagement, Route, State
from chalicelib.domain.record.event import Event
from chalicelib.domain.ticket.trade import time_of


def _engaged(case: Case, event: Event) -> None:
    d = event.data
    made = Engagement(
        d["company"],
        Route(d["route"]),
        event.by,
        event.at,
        event.version,
        d.get("contact", ""),
        d.get("price"),
        d.get("basis", ""),
        items=tuple((item, quantity) for item, quantity in d.get("items", ())),
    )
    if made.route is Route.STOP:
        case.stop, case.unconfirmed = made, True
    else:
        case.job, case.state = made, State.ENGAGED


def _engagement(case: Case, event: Event, **facts: Any) -> None:
    """The third party's job that an event is about."""
    if event.data.get("route") == Route.STOP.value:
        case.stop = replace(case.stop, **facts) if case.stop else None
    else:
        case.job = replace(case.job, **facts) if case.job else None


def _disengaged(case: Case, event: Event) -> None:
    case.job, case.state = None, State.GATED


def _quoted(case: Case, event: Event) -> None:
    _engagement(case, event, quoted=int(event.data["price"]))


def _price_agreed(case: Case, event: Event) -> None:
    _engagement(case, event, price=int(event.data["price"]), basis=event.data["basis"], quoted=None)


def _appointed(case: Case, event: Event) -> None:
    _engagement(case, event, starts=time_of(event.data["start"]), ends=time_of(event.data["end"]))


def _stop_done(case: Case, event: Event) -> None:
    _engagement(case, event, done_at=event.at)


def _stop_accepted(case: Case, event: Event) -> None:
    _engagement(case, event, accepted_at=event.at, accepter=event.by)


def _confirmed(case: Case, event: Event) -> None:
    case.unconfirmed = False


def _deducted(case: Case, event: Event) -> None:
    case.deductions = {**case.deductions, event.data["route"]: event.data["record"]}


def _invoiced(case: Case, event: Event) -> None:
    _engagement(case, event, invoiced_at=event.at, invoice=event.data["invoice"])


JOBS: Mapping[str, Callable[[Case, Event], None]] = {
    "engaged": _engaged,
    "disengaged": _disengaged,
    "quoted": _quoted,
    "price_agreed": _price_agreed,
    "appointed": _appointed,
    "stop_done": _stop_done,
    "stop_accepted": _stop_accepted,
    "confirmed_in_writing": _confirmed,
    "invoiced": _invoiced,
    "deduction_opened": _deducted,
}
