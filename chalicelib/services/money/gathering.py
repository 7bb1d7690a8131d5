"""What gate B is asked with: the case, the clause, what owners were paid, prices; and how a deduction begins.

open_for    a record for each third party's job of a case that is invoiced: one a job, named by case and route
known_of    what other records say of a deduction
informed    a command with what only the stored data know; a page's own word for any of it is taken out
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.contract import Clause, Contract
from chalicelib.domain.contractor.words import Engagement
from chalicelib.domain.money import gates
from chalicelib.domain.money.deduction import PREFIX, Deduction, State
from chalicelib.domain.money.gates import NO_CLAUSE, Known, Loss
from chalicelib.domain.money.moves import legal
from chalicelib.domain.policy.money import money_of
from chalicelib.domain.record.command import Command, event_of
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.reference import parts, reference
from chalicelib.services.contractor import contacts
from chalicelib.services.money import retentions
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.warranty import compensating
from chalicelib.store import contracts, counters, invoices
from chalicelib.store.records import StaleRecord

ROOM = "DEDUCTIONS"
LOOKED_UP = frozenset({"authorised", "recent", "nth", "number_given", "proposal", "missing", "used", "buyer"})
KEPT = frozenset({"original", "proof", "file", "files"})  # what is said of files is ours to say
SENT_IN = frozenset({"seal", "prove_delivery"})  # with a file of a letter
FILED = frozenset({"check_invoice", "pay_third", "dispute"})
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SPEAKS = frozenset({"confirm", "agree", "dispute"})


def named(case: str, route: str) -> str:
    """The deduction of a case's job: ULID-shaped, the case's time, and letters that case and route give."""
    digest = hashlib.sha256(f"{case}/{route}".encode()).digest()
    return reference(PREFIX, parts(case)[1][:10] + "".join(ALPHABET[byte & 31] for byte in digest[:16]))


def open_for(case: Case, at: datetime) -> bool:
    """Begin what the case's invoiced jobs ask for; whether the case changed. May run again."""
    owed = case.to_deduct
    for job in owed:
        name = named(case.id, job.route.value)
        command = Command("open", SYSTEM, key=f"open/{case.id}/{job.route.value}")
        version = policy_for(case.place).version
        with contextlib.suppress(StaleRecord):  # it was begun before a cut
            record.begin(name, [event_of("opened", _facts(case, job), command, at.replace(microsecond=0), version)])
        noted = Command("note_deduction", SYSTEM, {"route": job.route.value, "record": name}, key=f"deduction/{name}")
        record.perform(noted, case.id, at)
    return bool(owed)


def _facts(case: Case, job: Engagement) -> dict[str, Any]:
    people = {
        "finders": sorted(case.finders),
        "engagers": sorted(case.engagers),
        "accepters": sorted({job.accepter} - {""}),
    }
    return {
        "entity": case.entity,
        "company": case.company,
        "contract": case.contract,
        "clause": case.clause,
        "case": case.id,
        "case_number": case.number,
        "route": job.route.value,
        "third_party": job.company,
        "tickets": list(case.tickets),
        "ticket_numbers": [record.load(ticket).number for ticket in case.tickets],
        "place": dict(case.place),
        "about": {"category": case.category, "component": case.component, "priority": case.priority.value},
        "price": job.price or 0,
        "basis": job.basis,
        "items": [list(item) for item in job.items],
        "invoice": job.invoice,
        "people": people,
    }


def known_of(one: Deduction) -> Known:
    """What other records say of it now. A call for the case, its contract, the third party, each ticket and claim."""
    case: Case = record.load(one.case)
    third = contracts.company(one.third_party)
    return Known(case, clause_of(one), tuple(_losses(one)), third.prices if third else None)


def clause_of(one: Deduction) -> Clause:
    """The clause that it stands on; one that charges nothing, where the contract has it no more."""
    contract = contracts.contract(one.contract)
    found = (clause for clause in contract.clauses if clause.id == one.clause) if contract else ()
    return next(iter(found), NO_CLAUSE)


def _losses(one: Deduction) -> list[Loss]:
    """The compensations of its tickets. A ticket that nobody claimed anything of costs one call."""
    claims = [claim for ticket in one.tickets for claim in compensating.of(record.load(ticket))]
    return [Loss(claim.id, claim.is_open, claim.fen if claim.state == "paid" else 0) for claim in claims]


def informed(command: Command, one: Deduction, at: datetime) -> Command:
    """A command with what only the stored data know. Raises Invalid."""
    if one.knows(command.key):
        return command
    if command.name in SENT_IN:
        from chalicelib.services.contractor import sealing

        return sealing.informed(command, one, legal(one, command.name, command.by.role))
    data = {k: v for k, v in command.data.items() if k not in LOOKED_UP | KEPT}
    data |= _looked_up(command, one, at)
    if command.name in FILED and legal(one, command.name, command.by.role):
        from chalicelib.services.money import proofs

        data |= proofs.informed(command, one)
    return replace(command, data=data) if data != dict(command.data) else command


def _looked_up(command: Command, one: Deduction, at: datetime) -> Mapping[str, Any]:
    if command.name in SPEAKS:
        return {"authorised": contacts.authorised(one.company, command.by.id)}
    if command.name == "propose":
        return _proposal(one)
    if command.name == "approve":
        must_not_be_stopped(one)
        return _approval(one, at)
    if command.name == "check_invoice":
        return _invoice(str(command.data.get("number", "")), command.data.get("total"), one)
    return {}


def _proposal(one: Deduction) -> Mapping[str, Any]:
    if one.state not in (State.GATHERING, State.REJECTED):
        return {}
    try:
        found = gates.proposal(one, known_of(one), money_of(policy_for(one.place)).penalty_warn)
    except IllegalMove as closed:
        return {"missing": closed.details.get("missing", ())}
    fen = sum(int(line["fen"]) for line in found["lines"])
    return {"proposal": {**found, "source": source_of(contracts.contract(one.contract), fen)}}


def source_of(contract: Contract | None, fen: int) -> str:
    """Where it is taken from first: what there is by finance's last balance; before there was one, what is kept back, a
    bond in its place, else the next payment."""
    if contract and (kept := retentions.of_contract(contract.id)) and kept.balance:
        return next(one.kind for one in retentions.sources(contract, fen) if one.takes or one.kind == "claim")
    if contract and contract.retention:
        return "retention"
    return "bond" if contract and contract.bond else "progress"


def must_not_be_stopped(one: Deduction) -> None:
    """Raises IllegalMove while payments of its contract are stopped. A call."""
    if ground := retentions.blocked(one.contract):
        raise IllegalMove("payments_stopped", ground=ground)


def _approval(one: Deduction, at: datetime) -> Mapping[str, Any]:
    """What was approved of the two companies lately, and the next number of its entity and year."""
    numbers = policy_for(one.place)
    nth = invoices.nth(one.company, one.third_party)  # before what it counts: an approval in between fails this one
    since = at - money_of(numbers).limit_within
    recent = sum(fen for name, fen in invoices.approved(one.company, one.third_party, since) if name != one.id)
    year = at.astimezone(ZoneInfo(numbers.zone)).year
    number = f"{one.entity}-K-{year}-{counters.last(ROOM, one.entity, year) + 1:04d}"
    return {"recent": recent, "nth": nth, "number_given": number}


def _invoice(number: str, total: object, one: Deduction) -> Mapping[str, Any]:
    """What stands of an invoice in other deductions, and who has to be its buyer."""
    entity = contracts.entity(one.entity)
    used, known = invoices.used(number) if number else (0, 0)
    if one.invoice and one.invoice.number == number:
        used -= one.invoice.allocated
    if used and known != total:
        raise Invalid("total", "another_total", total=known)
    return {"used": used, "buyer": entity.tax_number if entity else ""}
