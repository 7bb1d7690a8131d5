"""Third parties: the gate, who is engaged for what price, the appointment, the invoice; stop of damage 抢修止损.

Finder, engager and accepter are different people, always. A job above the limit needs sealed quotes.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.gates import gate_a, passed
from chalicelib.domain.contractor.making import MAX_AHEAD, moment
from chalicelib.domain.contractor.words import Engagement, Route
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.record.roles import Role

MAX_WORK = timedelta(days=31)
MAX_PRICE = 10**12  # fen
INVOICE = 20  # digits of an electronic invoice's number


def pass_gate(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Gate A, by the ladder or by a clause of direct engagement. Raises IllegalMove with what is missing."""
    try:
        route = Route(str(command.data.get("route", Route.LADDER.value)))
    except ValueError:
        raise Invalid("route", "required") from None
    if route is Route.STOP:
        raise Invalid("route", "required")
    return [("gate_passed", {"route": route.value, "conditions": _evidence(case, policy, at, route)})]


def _evidence(case: Case, policy: Policy, at: datetime, route: Route) -> list[dict[str, object]]:
    conditions = gate_a(case, policy, at, route)
    if not passed(conditions):
        raise IllegalMove("gate_closed", missing=[one.name for one in conditions if not one.met])
    return [one.stored() for one in conditions]


def engage(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """A third party for the whole of it, for a price of the framework or of quotes; without a price it is asked."""
    if command.by.id in case.finders:
        raise NotAllowed("finder_engages")
    gate = case.last("gate_passed")
    assert gate is not None
    return [("engaged", {"route": gate.data["route"], **_who(case, command), **_price(command, policy)})]


def _who(case: Case, command: Command) -> dict[str, Any]:
    company = str(command.data.get("company", ""))
    if not company or not command.data.get("contact"):
        raise Invalid("company", "required")
    if company == case.company:
        raise Invalid("company", "is_the_contractor")
    return {"company": company, "contact": command.data["contact"]}


def _price(command: Command, policy: Policy, name: str = "price") -> dict[str, Any]:
    """The price in fen, and what it stands on. Above the limit: sealed quotes of different companies."""
    price = command.data.get(name)
    if price is None:
        return {}
    if not isinstance(price, int) or isinstance(price, bool) or not 0 < price <= MAX_PRICE:
        raise Invalid(name, "no_amount")
    basis = command.data.get("basis")
    if basis not in ("framework", "quotes", "quote"):
        raise Invalid("basis", "required")
    ladder = ladder_of(policy)
    quotes = [(str(who), int(fen)) for who, fen in command.data.get("quotes", ())]
    if price > ladder.quote_limit and (len({who for who, _ in quotes}) < ladder.quotes or basis != "quotes"):
        raise Invalid(name, "quotes_needed", limit=ladder.quote_limit, number=ladder.quotes)
    listed = {"items": command.data["items"]} if basis == "framework" and command.data.get("items") else {}
    return {"price": price, "basis": basis, **listed} | ({"quotes": [list(one) for one in quotes]} if quotes else {})


def disengage(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The job is given up, by the third party or the office; it waits for another one."""
    words(command)
    job = _mine(case, command)
    return [("disengaged", {"company": job.company})]


def quote(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    job = _mine(case, command)
    price = command.data.get("price")
    if not isinstance(price, int) or isinstance(price, bool) or not 0 < price <= MAX_PRICE:
        raise Invalid("price", "no_amount")
    if job.price is not None:
        raise IllegalMove("price_agreed")
    return [("quoted", {"price": price})]


def agree_price(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The office takes the quote that the page showed (`price`), or sets the framework's."""
    job = _mine(case, command)
    if job.price is not None:
        raise IllegalMove("price_agreed")
    facts = _price(command, policy)
    if not facts:
        raise Invalid("price", "required")
    if facts["basis"] == "quote" and facts["price"] != job.quoted:
        raise IllegalMove("changed_meanwhile")
    return [("price_agreed", facts)]


def appoint(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """When the work is done: the third-party notice invites the contractor to it."""
    job = _mine(case, command)
    if job.price is None:
        raise IllegalMove("no_price")
    start = moment(command, "start", after=at, before=at + MAX_AHEAD)
    end = moment(command, "end", after=start, before=start + MAX_WORK)
    if end == start:
        raise Invalid("end", "out_of_range")
    return [("appointed", {"start": start.isoformat(), "end": end.isoformat()})]


def measure(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """Quantities 工程量 as somebody measured them; two people's are wanted."""
    words(command)
    return [("measured", {"person": command.by.id})]


def accept(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The house accepts what a third party repaired, by somebody who neither found nor engaged; with photos."""
    if command.by.id in case.finders | case.engagers:
        raise NotAllowed("same_person")
    if not command.said.get("photos"):
        raise Invalid("photos", "photos_needed")
    return [("accepted", {"third_party": True, "by": command.by.id})]


def invoice(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """The third party's invoice is back. `route`: of a stop of damage, else of the job."""
    stop = command.data.get("route") == Route.STOP.value
    job = case.stop if stop else case.job
    number = str(command.data.get("invoice", "")).strip()
    if job is None or (command.by.role is Role.THIRD_PARTY and command.data.get("of_company") != job.company):
        raise IllegalMove("changed_meanwhile")
    if (job.done_at if stop else job.accepted_at) is None or job.invoiced_at is not None:
        raise IllegalMove("not_accepted")
    if len(number) != INVOICE or not number.isascii() or not number.isdigit():
        raise Invalid("invoice", "invoice_form", digits=INVOICE)
    return [("invoiced", {"invoice": number} | ({"route": Route.STOP.value} if stop else {}))]


def stop_damage(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """抢修止损: only what stops the damage, in an emergency, after the contractor was called; the rest goes on."""
    if case.stop is not None:
        raise IllegalMove("stopped_already")
    words(command)
    if command.by.id in case.finders:
        raise NotAllowed("finder_engages")
    facts: dict[str, Any] = {"route": Route.STOP.value, **_who(case, command), **_price(command, policy)}
    return [("engaged", facts | {"conditions": _evidence(case, policy, at, Route.STOP)})]


def finish_stop(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    stop = case.stop
    if stop is None or stop.done_at is not None:
        raise IllegalMove("changed_meanwhile")
    if command.by.role is Role.THIRD_PARTY and command.data.get("of_company") != stop.company:
        raise NotAllowed("not_allowed")
    if not command.said.get("photos"):
        raise Invalid("photos", "photos_needed")
    words(command)
    return [("stop_done", {"route": Route.STOP.value})]


def accept_stop(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    stop = case.stop
    if stop is None or stop.done_at is None or stop.accepted_at is not None:
        raise IllegalMove("changed_meanwhile")
    if command.by.id in case.finders | case.engagers:
        raise NotAllowed("same_person")
    return [("stop_accepted", {"route": Route.STOP.value})]


def confirm_in_writing(case: Case, command: Command, at: datetime, policy: Policy) -> Made:
    """What was stopped, and why at once, is confirmed to the contractor in writing."""
    if not case.unconfirmed:
        raise IllegalMove("changed_meanwhile")
    words(command)
    return [("confirmed_in_writing", {})]


def _mine(case: Case, command: Command) -> Engagement:
    """The job, where the command's sender has it or is the office. Raises IllegalMove, NotAllowed."""
    if case.job is None:
        raise IllegalMove("changed_meanwhile")
    if command.by.role is Role.THIRD_PARTY and command.data.get("of_company") != case.job.company:
        raise NotAllowed("not_allowed")
    return case.job
