"""Opening a case for a ticket: once for each contract that bears a share of it, whoever finds that it is owed.

The case's id follows from ticket and contract, so that opening it again is opening it once; that it is open is noted on
the ticket afterwards, by which the ticket owes it no more.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Sequence
from datetime import datetime

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.domain.contractor.contract import Clause, Contract
from chalicelib.domain.contractor.hearing import heard_until_now
from chalicelib.domain.contractor.kind import CASES, PREFIX
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.contractor.making import MAX_TICKETS, join
from chalicelib.domain.contractor.words import Terms
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.record.command import Command, event_of
from chalicelib.domain.record.event import SYSTEM, Event
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import contracts
from chalicelib.store.records import StaleRecord

__all__ = ["MAX_TICKETS", "case_of", "open_case", "open_cases", "open_list"]
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def case_of(ticket: Ticket, contract: str) -> str:
    """The reference of the case of a ticket under a contract: always the same, beside the ticket in time.

    A ticket that was judged otherwise and comes back to the contract has another one.
    """
    before = _opened_before(ticket, contract)
    digest = hashlib.sha256(f"case/{ticket.id}/{contract}/{before}".encode()).digest()
    return reference(PREFIX, ticket.id[:10] + "".join(LETTERS[byte & 31] for byte in digest[:16]))


def open_list(name: str, contract_id: str, tickets: Sequence[str], at: datetime, clause: str = "") -> str:
    """Open one case for the tickets of a list, and note it on each; its reference. May run again.

    `name`: always the same for the same tickets, MAX_TICKETS at most. Which of them no letter of the list speaks for,
    because they were judged otherwise in between, get a case of their own. "" where nobody knows the contract any more.
    """
    found: list[Ticket] = [record.load(ticket, consistent=True) for ticket in tickets]
    contract = contracts.contract(contract_id)
    if contract is None:
        return open_case(found[0], contract_id, at, clause)
    digest = hashlib.sha256(f"case/{name}".encode()).digest()
    named = reference(PREFIX, found[0].id[:10] + "".join(LETTERS[byte & 31] for byte in digest[:16]))
    events = _first(named, _opened(found[0], contract, at, clause), found[0])
    others = {ticket.id: ticket.number for ticket in found[1:]}
    if others:
        joins = Command("join", SYSTEM, {"tickets": others}, key=f"list/{name}")
        numbers = policy_for(found[0].place)
        made = join(CASES.fold(named, events), joins, events[0].at, numbers)
        events += [event_of(kind, data, joins, events[0].at, numbers.version) for kind, data in made]
    with contextlib.suppress(StaleRecord):
        record.begin(named, events)
    case = record.load(named, consistent=True)
    for ticket in found:
        if contract_id in ticket.cases:
            continue
        if ticket.id in case.tickets:
            _note(ticket, contract_id, named, at)
        else:
            open_case(ticket, contract_id, at, clause)
    return named


def _note(ticket: Ticket, contract: str, named: str, at: datetime) -> None:
    """On the ticket: which case stands for it. May run again."""
    facts = {"contract": contract, "case": named}
    key = f"case/{contract}/{_opened_before(ticket, contract)}"
    record.perform(Command("note_case", SYSTEM, facts, key=key), ticket.id, at)


def _opened_before(ticket: Ticket, contract: str) -> int:
    """How many cases it had under the contract that are over by another verdict."""
    opened = [e for e in ticket.events if e.kind == "case_opened" and e.data["contract"] == contract]
    return len(opened) - (contract in ticket.cases)


def open_cases(ticket: Ticket, at: datetime) -> None:
    """Open the cases that a ticket owes. May run again."""
    for contract in sorted(ticket.cases_due):
        open_case(ticket, contract, at, str(ticket.verdict.get("clause", "")))


def open_case(ticket: Ticket, contract: str, at: datetime, clause: str = "") -> str:
    """Open the case of a ticket under a contract, and note it there; its reference. May run again.

    `clause`: by which it was judged, where one is known. "" where nobody knows the contract any more.
    """
    named = _begun(ticket, contract, at, clause)
    _note(ticket, contract, named, at)
    return named


def _begun(ticket: Ticket, contract_id: str, at: datetime, clause: str) -> str:
    contract = contracts.contract(contract_id)
    if contract is None:
        logger.error("a contract is not known", extra={"contract": contract_id, "ticket": ticket.id})
        ring("ContractUnknown")
        return ""
    named = case_of(ticket, contract_id)
    try:
        record.begin(named, _first(named, _opened(ticket, contract, at, clause), ticket))
    except StaleRecord:
        record.load(named, consistent=True)  # NotFound: two writes only met, the next try makes it
    return named


def _first(named: str, opened: Event, ticket: Ticket) -> list[Event]:
    """The events that a case begins with: that it is opened, and what the ticket had come to by then."""
    events = [opened]
    case = CASES.fold(named, events)
    for command in heard_until_now(ticket, case):
        if legal(case, command.name, Role.SYSTEM):
            made = CASES.decide(case, command, opened.at, policy_for(ticket.place))
            events += made
            case = CASES.fold(named, made, onto=case)
    return events


def clause_of(ticket: Ticket, contract: Contract, judged: str) -> Clause | None:
    """The clause of the contract that a ticket goes by: the one that it was judged by, else the first about it."""
    category = policy_for(ticket.place).categories.get(ticket.category)
    trade = category.trade if category else ""
    found = contract.clauses_for(ticket.place, f"{ticket.category}/{ticket.component}", trade)
    return next((one for one in found if one.id == judged), found[0] if found else None)


def _opened(ticket: Ticket, contract: Contract, at: datetime, judged: str) -> Event:
    clause = clause_of(ticket, contract, judged)
    facts = {
        "ticket": ticket.id,
        "number": ticket.number,
        "contract": contract.id,
        "clause": clause.id if clause else "",
        "company": contract.company,
        "entity": contract.entity,
        "place": dict(ticket.place),
        "category": ticket.category,
        "component": ticket.component,
        "priority": ticket.priority.value,
        "terms": terms_of(clause, ticket).stored(),
    }
    return Event(
        kind="opened",
        at=at.replace(microsecond=0),
        by=SYSTEM.id,
        role=Role.SYSTEM,
        data=facts,
        channel="system",
        key=f"case/{ticket.id}",
        policy=policy_for(ticket.place).version,
        cause=f"{ticket.id}/{ticket.version}",
    )


def terms_of(clause: Clause | None, ticket: Ticket) -> Terms:
    """What the clause says for the ticket's priority; what it leaves open, as the policy has it."""
    ladder, priority = ladder_of(policy_for(ticket.place)), ticket.priority
    if clause is None:
        return Terms(ladder.response[priority], ladder.cure_days[priority])
    return Terms(
        response=clause.response.get(priority.value, ladder.response[priority]),
        cure_days=clause.cure_days.get(priority.value, ladder.cure_days[priority]),
        business=clause.business_days,
        direct_engagement=clause.direct_engagement,
        silence_is_consent=clause.silence_is_consent,
        returned_counts=clause.returned_counts,
    )
