"""The desk of a company, by a contact's link: its cases, and what one of them shows of contract, tickets, people.

list       shown to       what                                          calls, the link's own among them
""         a contractor   what is open, by deadline                     2
           a third party  what it is engaged for, the oldest first      3
past       a contractor   what has ended, the newest first              3

A case whose letter has not gone yet is nobody's outside.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.contract import Company, Contract
from chalicelib.domain.contractor.kind import PREFIX
from chalicelib.domain.contractor.lifecycle import moves
from chalicelib.domain.contractor.words import Engagement, State
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import CONTACTS, Role, company_of, company_team
from chalicelib.domain.ticket import lifecycle as ticket_life
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.access.opening import Opened
from chalicelib.services.contractor import contacts, listing
from chalicelib.services.contractor.listing import Item, Start
from chalicelib.services.recent import Recent
from chalicelib.services.record import record
from chalicelib.services.ticket import dispatch
from chalicelib.store import contracts, records, tickets
from chalicelib.store.grants import Grant
from chalicelib.store.people import Staff

CURSOR = re.compile(rf"({records.SPOT.pattern})~([0-9A-Z]{{26}})", re.ASCII)
KEEP_SECONDS = 60
_contracts: Recent[Contract | None] = Recent(KEEP_SECONDS, most=500)


def forget() -> None:
    """Read the contracts anew."""
    _contracts.forget()


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of a company's cases. `more`: where to go on, "" at the end."""

    grant: Grant
    role: Role
    company: str
    items: Sequence[Item]
    more: str


def of_contact(link: Grant, past: bool, after: str) -> Desk:
    """A page of the cases behind a contact's own link. Raises NoAccess."""
    grant = opening.staff(link, CONTACTS)
    role, company = access.role_of(grant), company_of(grant.team)
    if role is Role.THIRD_PARTY:
        found, more = listing.engaged(company, start=_start("ENGAGED", company, after))
    elif past:
        found, more = listing.past(company, start=_start("PAST", company, after))
    else:
        found, more = listing.of_company(company, start=_start("HOLDER", company, after))
    shown = [one for one in found if one.line.state != State.DRAFTED.value]
    last = found[-1] if found and more else None
    return Desk(grant, role, company, shown, f"{last.spot}~{last.id.partition('#')[2]}" if last else "")


def _start(name: str, company: str, after: str) -> Start:
    match = CURSOR.fullmatch(after)
    if not match:
        return None
    named = reference(PREFIX, match[2])
    at = {"pk": records.key(named), "sk": "HEAD"}
    key = records.list_key(named, name, company)
    return {**at, "hk": key, "by": match[1]} if name == "HOLDER" else {**at, "lk": key, "id": named}


@dataclass(frozen=True, slots=True)
class Seen:
    """A case as a contact sees it. `ticket`: the one of its tickets that is looked at; `company`: the contact's own,
    `people`: the names of those who work for it.

    `authorised`: whether the contract names the contact as who may receive letters.
    """

    opened: Opened
    case: Case
    company: str
    ticket: Ticket
    contract: Contract | None
    authorised: bool
    people: Mapping[str, str]

    @property
    def role(self) -> Role:
        return self.opened.actor.role

    @property
    def me(self) -> str:
        return self.opened.actor.id


def seen(opened: Opened, of: str = "") -> Seen:
    """What a contact sees of a case that a link has opened. `of`: which of its tickets; else the first.

    One call, when contract and people are kept. Raises NoAccess for a case that is nobody's outside yet.
    """
    case: Case = opened.record
    if case.state is State.DRAFTED:
        raise NoAccess
    company = company_of(opened.grant.team)
    ticket: Ticket = record.load(of if of in case.tickets else case.ticket)
    if ticket.held:
        ticket = _unsaid(ticket)
    held = _contracts.get(case.contract, lambda: contracts.contract(case.contract))
    named = opened.actor.role is Role.CONTRACTOR and contacts.authorised(case.company, opened.actor.id)
    return Seen(opened, case, company, ticket, held, named, names(company))


def _unsaid(ticket: Ticket) -> Ticket:
    """A ticket without what is personal of it, as it will be once it is erased."""
    return replace(ticket, events=tuple(replace(event, said={}) for event in ticket.events))


def open_moves(seen: Seen) -> list[str]:
    """The moves that have a form now: those open to the role, of which the next is not plain from what is there."""
    case, role = seen.case, seen.role
    found = [name for name in moves(case, role) if LEADS.get(name, _always)(seen)]
    disputes = role is Role.CONTRACTOR and bool(seen.ticket.finding)
    return [*found, "dispute"] if disputes and ticket_life.legal(seen.ticket, "dispute_finding", role) else found


def _always(seen: Seen) -> bool:
    return True


def _job(seen: Seen) -> Engagement | None:
    """What the contact's company is engaged for in the case's place."""
    job = seen.case.job
    return job if job and job.company == seen.company else None


def _to_quote(seen: Seen) -> bool:
    job = _job(seen)
    return job is not None and job.price is None


def _to_appoint(seen: Seen) -> bool:
    job = _job(seen)
    return job is not None and job.price is not None


def _appointed(seen: Seen) -> bool:
    job = _job(seen)
    return job is not None and job.starts is not None


def _to_invoice(seen: Seen) -> bool:
    job, stop = _job(seen), stop_of(seen)
    done = job is not None and job.accepted_at is not None and job.invoiced_at is None
    return done or (stop is not None and stop.done_at is not None and stop.invoiced_at is None)


def stop_of(seen: Seen) -> Engagement | None:
    """The stop of damage that the contact's company was engaged for."""
    stop = seen.case.stop
    return stop if stop and stop.company == seen.company else None


LEADS: Mapping[str, Callable[[Seen], bool]] = {
    **dict.fromkeys(("confirm", "acknowledge", "refuse"), lambda seen: seen.authorised),
    "delegate": lambda seen: seen.case.taken_on and bool(seen.case.unfinished),
    "take_back": lambda seen: bool(seen.case.workers),
    "propose_inspection": lambda seen: not seen.case.inspected,
    "agree_inspection": lambda seen: seen.case.proposed is not None and seen.case.proposer == "office",
    "quote": _to_quote,
    "appoint": _to_appoint,
    "measure": _appointed,
    "disengage": lambda seen: _job(seen) is not None,
    "finish_stop": lambda seen: stop_of(seen) is not None,
    "invoice": _to_invoice,
}


def company_named(company: str) -> Company | None:
    """The company whose desk it is; kept."""
    return contacts.company(company)


def workers(company: str) -> list[Staff]:
    """The workers of a company who are there now; from a roster that is kept."""
    return [one for one in dispatch.roster(company_team(company, "workers")) if one.person.active]


def names(company: str) -> dict[str, str]:
    """The names of a company's own people. From rosters that are kept."""
    teams = [company_team(company, name) for name in ("contractor", "workers", "third_party")]
    return {one.id: one.person.name for team in teams for one in dispatch.roster(team)}


def held(case: Case, grant: Grant, token: str) -> dict[str, str]:
    """The tickets of a case that the holder of a link may work on → the path of each one's page."""
    found: dict[str, str] = {}
    for ticket, (team, person) in case.entrusted.items():
        if ticket not in case.tickets or company_of(team) != company_of(grant.team):
            continue
        if grant.kind == "staff":
            found[ticket] = f"/w/{token}/{ticket}"
        elif person == grant.holder:
            found[ticket] = f"/t/{access.token_to_send(access.ticket_grant(ticket, person))}"
    return found


def lines(case: Case) -> list[Listed]:
    """The tickets of a case as lists show them, in the order in which they joined. One call per 100."""
    found = {one.id: one for one in listed(tickets.several(list(case.tickets)))}
    return [found[ticket] for ticket in case.tickets if ticket in found]
