"""The letter that a case asks for, from what is stored: in whose name, to whom, by which clause, about what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.clocks import cure_by, last_by, response_by
from chalicelib.domain.contractor.contract import Company, Contract, Entity
from chalicelib.domain.contractor.letter import (
    Cause,
    Earlier,
    Letter,
    LetterKind,
    Matter,
    Picture,
    Terms,
    Work,
    company_of,
    entity_of,
    terms_of,
)
from chalicelib.domain.contractor.words import Route
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.number import spoken
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.language import words as language
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket.photos import key_of
from chalicelib.store import contracts

LANG = "zh_CN"  # letters are in the language of the contract
PHOTOS = 6
ROUTES = {Route.STOP: Cause.STOP_OF_DAMAGE, Route.DIRECT: Cause.DIRECT}


@dataclass(frozen=True, slots=True)
class Sides:
    """Who stands on a letter of a case. `general`: whose contract its own is signed under."""

    contract: Contract | None
    entity: Entity | None
    general: Contract | None
    companies: Mapping[str, Company]


def sides(case: Case) -> Sides:
    """As they are stored now. One call; two more under a general contractor."""
    ids = [case.company, *([case.job.company] if case.job else [])]
    contract, entity, found = contracts.sides(case.contract, case.entity, ids)
    general = contracts.contract(contract.signed_with) if contract and contract.signed_with else None
    above = contracts.companies([general.company]) if general else {}
    return Sides(contract, entity, general, {**above, **{one.id: one for one in found}})


def letter_of(case: Case, kind: LetterKind, at: datetime, words: str = "", by: Sides | None = None) -> Letter:
    """The facts of a case's next letter of a kind, as things are now. A call for each ticket. Raises Invalid.

    `by`: who stands on it, where that is known; else it is read.
    """
    numbers = policy_for(case.place)
    found = by or sides(case)
    contract, entity, general, companies = found.contract, found.entity, found.general, found.companies
    if contract is None or entity is None or case.company not in companies:
        raise Invalid("contract", "letter_incomplete")
    copies = [company_of(companies[general.company])] if general and general.company in companies else []
    tickets: Sequence[Ticket] = [record.load(ticket) for ticket in case.tickets]
    written = Letter(
        kind=kind,
        entity=entity_of(entity),
        to=company_of(companies[case.company]),
        terms=_terms(contract, case),
        matters=tuple(_matter(ticket) for ticket in tickets),
        tz=numbers.zone,
        at=at,
        under=general.number if general else "",
        copies=tuple(copies),
        photos=tuple(_photos(tickets[0])),
        earlier=tuple(_earlier(case)),
        words=words,
    )
    if kind is LetterKind.NOTICE:
        inspect = at + ladder_of(numbers).inspection
        due = cure_by(case, numbers, at)
        return replace(written, deadline=due, respond_by=response_by(case, numbers, at), inspect_by=inspect)
    if kind is LetterKind.DEDUCTION_NOTICE:
        return written
    called = case.last("called")
    written = replace(written, cause=_cause(case), called=called.at if called else None)
    if kind is LetterKind.REMINDER:
        return replace(written, deadline=last_by(case, numbers, at))
    return replace(written, work=_work(case, companies))


def _terms(contract: Contract, case: Case) -> Terms:
    clause = next((one for one in contract.clauses if one.id == case.clause), None)
    return terms_of(contract, clause) if clause else Terms(contract.number, contract.signed, "", "")


def _matter(ticket: Ticket) -> Matter:
    about = (language.category_word(ticket.category, LANG), language.component_word(ticket.component, LANG))
    reported = ticket.reported_at or ticket.events[0].at
    return Matter(spoken(ticket.number), ticket.place.get("label", ""), " · ".join(filter(None, about)), reported)


def _photos(ticket: Ticket) -> list[Picture]:
    """Those that the report came with; none of a ticket that is to be erased."""
    if ticket.held:
        return []
    sent = [str(photo) for photo in ticket.said("reported").get("photos", ()) if photo not in ticket.refused]
    return [Picture(key) for photo in sent[:PHOTOS] if (key := key_of(ticket.id, photo))]


def _earlier(case: Case) -> list[Earlier]:
    return [
        Earlier(one.number, one.kind, one.at, one.delivered_at, one.how.value if one.how else "", one.deadline)
        for one in case.letters
    ]


def _cause(case: Case) -> Cause | None:
    gate = case.last("gate_passed")
    return (ROUTES.get(Route(gate.data["route"])) if gate else None) or case.cause


def _work(case: Case, companies: Mapping[str, Company]) -> Work | None:
    job = case.job
    by = companies.get(job.company) if job else None
    if job is None or by is None or job.starts is None or job.ends is None:
        return None
    about = language.component_word(case.component, LANG) or language.category_word(case.category, LANG)
    return Work(by.name, about, case.place.get("label", ""), job.starts, job.ends)
