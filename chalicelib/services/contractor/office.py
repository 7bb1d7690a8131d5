"""The desk of a warranty office: what waits for its word, what waits for others, a company's file, a contract.

page       shows                                                  calls, the link's own among them
""         cases and tickets that wait for the office             3, by deadline
others     cases that wait for contractors and third parties      2, by deadline
changes    amendments that wait for a second person               2
company    what is open with it, by deadline; its contracts       3, or what ended with it: 4
contract   its scope, terms, retention                            2

Names of companies and projects are kept for a while. What is beyond the office's subsidiary is not there for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from heapq import merge
from typing import Any

from chalicelib.domain.contractor import amendment, heading
from chalicelib.domain.contractor.contract import Company, CompanyKind, Contract, Entity
from chalicelib.domain.contractor.engaged import Record, record_of
from chalicelib.domain.contractor.kind import PREFIX
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.services.access import opening
from chalicelib.services.contractor import contacts, listing
from chalicelib.services.contractor.listing import Item, Start
from chalicelib.services.recent import Recent
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket import frontdesk
from chalicelib.store import contracts, engagements, records, tickets
from chalicelib.store.contracts import Signed
from chalicelib.store.grants import Grant
from chalicelib.store.reading import each
from chalicelib.store.table import Row, table

OFFICES = frozenset({Role.OFFICE})
PAGE = 25
STRETCH = 200  # of a company's open cases, looked at for its figures: enough to be useful, and the same cost always
END = "-"  # in place of a spot: this list is at its end
SPOT = rf"(?:{records.SPOT.pattern})~[0-9A-Z]{{26}}"
CURSOR = re.compile(rf"({SPOT}|{END}|)_({SPOT}|{END}|)", re.ASCII)
KEEP_SECONDS = 60
_signed: Recent[list[Signed]] = Recent(KEEP_SECONDS, most=500)
_contracts: Recent[Contract | None] = Recent(KEEP_SECONDS, most=500)
_entities: Recent[Entity | None] = Recent(KEEP_SECONDS, most=500)


def forget() -> None:
    """Read contracts and entities anew."""
    for kept in (_signed, _contracts, _entities):
        kept.forget()


@dataclass(frozen=True, slots=True)
class Desk:
    """A page of a desk, by deadline. `names`: of the companies on it; `more`: where to go on, "" at the end."""

    grant: Grant
    waits: Sequence[Item | Listed]
    names: Mapping[str, str]
    more: str


def waiting(link: Grant, after: str) -> Desk:
    """What waits for the office behind a link: cases and tickets, by deadline. Raises NoAccess."""
    grant = opening.staff(link, OFFICES)
    office = grant.team
    match = CURSOR.fullmatch(after)
    at_case, at_ticket = match.groups() if match else ("", "")
    cases: list[Item] = []
    found: list[Listed] = []
    if at_case != END:
        cases, _ = listing.at_office(office, limit=PAGE + 1, start=_case_start(office, at_case))
    if at_ticket != END:
        rows, _ = tickets.queue(office, limit=PAGE + 1, start=_ticket_start(office, at_ticket))
        found = listed(rows)
    both: Iterator[Item | Listed] = merge(cases, found, key=lambda one: (one.spot, one.id))
    shown = [one for _, one in zip(range(PAGE), both, strict=False)]
    on = _on(at_case, cases, shown), _on(at_ticket, found, shown)
    more = "" if on == (END, END) else "_".join(on)
    return Desk(grant, shown, _names(shown), more)


def others(link: Grant, after: str) -> Desk:
    """What is open at the office and waits for others alone. Raises NoAccess."""
    grant = opening.staff(link, OFFICES)
    match = CURSOR.fullmatch(after)
    key = heading.beside(grant.team)
    found, more = listing.others(grant.team, limit=PAGE, start=_case_start(key, match[1] if match else ""))
    return Desk(grant, found, _names(found), f"{_mark(found[-1])}_{END}" if more and found else "")


def _on(before: str, there: Sequence[Item | Listed], shown: Sequence[Item | Listed]) -> str:
    """Where one of two lists goes on after a page; END where nothing is left of it."""
    ids = {one.id for one in shown}
    taken = [one for one in there if one.id in ids]
    if len(taken) == len(there):
        return END
    return _mark(taken[-1]) if taken else before


def _mark(one: Item | Listed) -> str:
    return f"{one.spot}~{one.id.rpartition('#')[2]}"


def _case_start(desk: str, mark: str) -> Start:
    spot, _, bare = mark.partition("~")
    if not bare:
        return None
    case = reference(PREFIX, bare)
    return {"pk": records.key(case), "sk": "HEAD", "qk": records.list_key(case, "DESK", desk), "by": spot}


def _ticket_start(office: str, mark: str) -> Start:
    from chalicelib.store.levels import OFFICE

    spot, _, ticket = mark.partition("~")
    return {"pk": records.key(ticket), "sk": OFFICE, "qk": f"DESK#{office}", "by": spot} if ticket else None


def _names(shown: Sequence[Item | Listed]) -> Mapping[str, str]:
    cases = [one.line for one in shown if isinstance(one, Item)]
    return contacts.names([name for line in cases for name in (line.company, line.third_party)])


# changes of companies and contracts


@dataclass(frozen=True, slots=True)
class Change:
    """An amendment in the list. `of`: the id of the company or contract; `parts`: what of it changes."""

    id: str
    state: str
    subject: str
    of: str
    parts: tuple[str, ...]


def changes(token: str) -> tuple[Grant, Sequence[Change], Mapping[str, str]]:
    """The amendments that wait at the office behind a link, and the names of companies. Raises NoAccess."""
    grant = opening.open_staff(token, OFFICES)
    key = records.list_key(f"{amendment.PREFIX}#", "DESK", grant.team)
    found = each(table().index("queue", key, limit=PAGE).rows, _change)
    return grant, found, contacts.names([one.of for one in found if one.subject == "company"])


def _change(row: Row) -> Change:
    line: dict[str, Any] = json.loads(row["line"])
    return Change(records.named(row["pk"]), line["state"], line["subject"], line["of"], tuple(line["parts"]))


# a company's file


@dataclass(slots=True)
class Figures:
    """Of what is open of a company: `cost` in fen, of third parties. `more`: there is more than was looked at."""

    open: int = 0
    late: int = 0
    refused: int = 0
    missed: int = 0
    failures: int = 0
    letters: int = 0
    cost: int = 0
    more: bool = False

    def add(self, one: Item, at: datetime) -> None:
        self.open += 1
        self.late += one.line.hands == "contractor" and one.late(at)
        self.refused += one.line.state == "refused"
        self.missed += "missed" in one.line.flags
        self.failures += one.line.failures
        self.letters += one.line.letters
        self.cost += one.line.cost


@dataclass(frozen=True, slots=True)
class File:
    """A company as an office sees it. `cases`: a page of them; `figures`: None where it shows what has ended."""

    grant: Grant
    company: Company
    contracts: Sequence[Signed]
    cases: Sequence[Item]
    figures: Figures | None
    more: str
    record: Record | None = None
    people: Mapping[str, str] = field(default_factory=dict)  # of the record's clerks


def company(token: str, company_id: str, past: bool, after: str, at: datetime) -> File:
    """A company's file: what is open, or what has ended. Raises NoAccess, NotFound for a company that is not theirs.

    Of a third party: what it is engaged for, its prices, its record among all whom the subsidiary engaged.
    """
    grant = opening.open_staff(token, OFFICES)
    reach = {one.id for one in frontdesk.projects_of(grant)}
    signed = _signed.get(company_id, lambda: contracts.signed_by(company_id))
    theirs = [one for one in signed if reach & {*one.projects}]
    found = contacts.company(company_id)
    third = found is not None and found.kind is CompanyKind.THIRD_PARTY
    if found is None or not (theirs or reach & {*found.projects} or (third and not found.projects)):
        raise NotFound
    if third:
        return _third(grant, found, theirs, reach)
    mine = {one.id for one in theirs}
    match = re.fullmatch(SPOT, after, re.ASCII)
    if past:
        items, more = listing.past(company_id, limit=PAGE, start=_past_start(company_id, after if match else ""))
        figures = None
    else:
        items, more = listing.of_company(company_id, limit=STRETCH)
        figures = Figures(more=bool(more))
    ours = [one for one in items if one.line.contract in mine]
    for one in ours if figures else ():
        assert figures is not None
        figures.add(one, at)
    last = f"{items[-1].spot}~{items[-1].id.rpartition('#')[2]}" if past and more and items else ""
    return File(grant, found, theirs, ours[:PAGE], figures, last)


def _third(grant: Grant, found: Company, signed: Sequence[Signed], reach: Collection[str]) -> File:
    """Two queries, one call for the lines of what it is engaged for; their contracts are kept."""
    record = record_of(found.id, engagements.of_office(grant.team))
    items, _ = listing.engaged(found.id, limit=PAGE)
    under = {one: contract_named(one) for one in {item.line.contract for item in items}}
    ours = [one for one in items if (by := under[one.line.contract]) and {*by.projects} & {*reach}]
    people = frontdesk.names((clerk.person for clerk in record.clerks), min(reach, default=""))
    return File(grant, found, signed, ours, None, "", record, people)


def _past_start(company_id: str, mark: str) -> Start:
    _, _, bare = mark.partition("~")
    if not bare:
        return None
    case = reference(PREFIX, bare)
    return {"pk": records.key(case), "sk": "HEAD", "lk": records.list_key(case, "PAST", company_id), "id": case}


# a contract


@dataclass(frozen=True, slots=True)
class Signature:
    """A contract with those who signed it; None for what is not known."""

    grant: Grant
    contract: Contract
    company: Company | None
    entity: Entity | None
    general: Contract | None


def contract(token: str, contract_id: str) -> Signature:
    """A contract of the office's projects. Raises NoAccess, NotFound."""
    grant = opening.open_staff(token, OFFICES)
    found = contract_named(contract_id)
    if found is None or not {one.id for one in frontdesk.projects_of(grant)} & {*found.projects}:
        raise NotFound
    general = contract_named(found.signed_with) if found.signed_with else None
    return Signature(grant, found, contacts.company(found.company), entity_named(found.entity), general)


def contract_named(contract_id: str) -> Contract | None:
    """A contract; at most a minute old."""
    return _contracts.get(contract_id, lambda: contracts.contract(contract_id))


def entity_named(entity_id: str) -> Entity | None:
    """A legal entity; at most a minute old."""
    return _entities.get(entity_id, lambda: contracts.entity(entity_id))
