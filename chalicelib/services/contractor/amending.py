"""Companies and contracts change by two people: what a load wants to change of what is stored waits for the second.

    set_aside   what of a load may not be written at once; the first load of a company or contract is no change
    propose     makes amendments of it; one that waits for the same already stays, one for something else gives way
    confirm     from a day on, by somebody else
    reject      by either of the two

The rows are written with the event that says so, on its day, if what they change is still as it was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import blake2b
from typing import Any

from chalicelib.domain.contractor.amendment import (
    PREFIX,
    Amendment,
    parts_of_company,
    parts_of_contract,
)
from chalicelib.domain.contractor.contract import Company, Contract
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import Role, company_of, role_in
from chalicelib.domain.register.rows import Employed, Record
from chalicelib.domain.ticket.routing import Person
from chalicelib.services.loading import contracts as rows
from chalicelib.services.loading import members
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.rebuilding import open_records
from chalicelib.store import bulk, contracts, people, places, records
from chalicelib.store.people import Staff
from chalicelib.store.places import GROUP
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import Write
from chalicelib.store.values import made, plain

PAGE = 25
MOST_PEOPLE = 10  # of one amendment: its rows go into one transaction


def operator(name: str = "") -> Actor:
    """Whoever runs a command, by name where that is known."""
    return Actor(f"operator:{name}", Role.SYSTEM, channel="console")


@dataclass(slots=True)
class Held:
    """What a load wants to change and did not write. `people`: by company."""

    companies: dict[str, Company] = field(default_factory=dict)
    contracts: dict[str, Contract] = field(default_factory=dict)
    people: dict[str, list[Employed]] = field(default_factory=dict)


def set_aside(found: Sequence[Record], held: Held) -> list[Record]:
    """Those that may be written at once; the others go to `held`. A batch get for each sort that is there."""
    ids = [r.id for r in found if isinstance(r, Company)]
    ids += [company_of(r.person.team) for r in found if isinstance(r, Employed) and company_of(r.person.team)]
    stored = contracts.companies(ids) if ids else {}
    agreed = contracts.contracts(r.id for r in found if isinstance(r, Contract))
    known = people.several([r.person.id for r in found if isinstance(r, Employed) and _company(r, stored)])
    free: list[Record] = []
    for one in found:
        if isinstance(one, Company) and _changes(one, stored.get(one.id)):
            held.companies[one.id] = one
        elif isinstance(one, Contract) and agreed.get(one.id, one) != one:
            held.contracts[one.id] = one
        elif isinstance(one, Employed) and _company(one, stored) and _is_contacts(one, known.get(one.person.id)):
            held.people.setdefault(company_of(one.person.team), []).append(one)
        else:
            free.append(one)
    return free


def _company(employed: Employed, stored: Mapping[str, Company]) -> Company | None:
    """The stored company that somebody is of, if it has contacts who could be told."""
    company = stored.get(company_of(employed.person.team))
    return company if company and company.contacts else None


def _changes(company: Company, stored: Company | None) -> bool:
    """Whether it is a change: the first contacts of a company are none."""
    if stored is None or company == stored:
        return False
    return bool(stored.contacts) or parts_of_company(company, stored) != ("contacts",)


def _is_contacts(employed: Employed, was: Staff | None) -> bool:
    """Whether somebody's row changes who is reached for a company; workers come and go."""
    teams = {employed.person.team, *([was.person.team] if was else [])}
    if all(role_in(team) is Role.WORKER for team in teams) or (was is None and not employed.person.active):
        return False
    return was is None or _said(employed) != _said(_employed(was))


def propose(held: Held, asked: Callable[[], Actor], at: datetime) -> list[str]:
    """An amendment for each change; their references. `asked` who wants it, if anything changes. May run again."""
    if not (held.companies or held.contracts or held.people):
        return []
    by = asked()
    waiting: list[str] = []
    for company_id in sorted({*held.companies, *held.people}):
        waiting += _propose_company(company_id, held, by, at)
    for contract_id, contract in sorted(held.contracts.items()):
        old = contracts.contract(contract_id)
        if old and old != contract:
            new = {"contract": plain(contract)}
            parts = parts_of_contract(contract, old)
            waiting.append(_begin("contract", contract_id, old.company, parts, (new, {"contract": plain(old)}), by, at))
    return waiting


def _propose_company(company_id: str, held: Held, by: Actor, at: datetime) -> Iterator[str]:
    """One amendment, or several where many people change at once: the company itself changes with the first."""
    old = contracts.company(company_id)
    if old is None:
        return
    employed = held.people.get(company_id, [])
    stored = people.several([e.person.id for e in employed])
    company = held.companies.get(company_id, old)
    parts = parts_of_company(company, old)
    for first in range(0, max(len(employed), 1), MOST_PEOPLE):
        some = employed[first : first + MOST_PEOPLE]
        new: dict[str, Any] = {"people": [_said(e) for e in some]} if some else {}
        was: dict[str, Any] = {"people": [_said(_employed(stored[e.person.id])) for e in some if e.person.id in stored]}
        if not first and company != old:
            new["company"], was["company"] = plain(company), plain(old)
        what = tuple(sorted({*(parts if not first else ()), *(["contacts"] if some else [])}))
        yield _begin("company", company_id, company_id, what, (new, was), by, at)


def _begin(
    subject: str,
    of: str,
    company_id: str,
    parts: Sequence[str],
    states: tuple[Mapping[str, Any], Mapping[str, Any]],
    by: Actor,
    at: datetime,
) -> str:
    """The amendment that waits for this, made where there is none."""
    new, old = states
    for other in waiting_for(subject, of):
        if _same(other.new, new):
            return other.id
        if other.by == by.id and _touches(other.new) <= _touches(new):
            reject(other.id, by, "", at, cause="superseded")
    company = contracts.company(company_id)
    place = _place(company_id, company)
    data = {
        "subject": subject,
        "of": of,
        "company": company_id,
        "parts": list(parts),
        "contacts": [contact.id for contact in company.receives()] if company else [],
        "place": place,
    }
    digest = blake2b(json.dumps([subject, of, new, old, at.isoformat()], sort_keys=True).encode(), digest_size=13)
    name = reference(PREFIX, digest.hexdigest())
    said, version = {"new": new, "old": old}, policy_for(place).version
    begun = Event("proposed", at, by.id, by.role, data, said, by.channel, by.grant, "propose", version)
    with suppress(StaleRecord):  # a run that was cut off within this second
        record.begin(name, [begun])
    return name


def waiting_for(subject: str, of: str) -> list[Amendment]:
    """The open amendments of a company or contract."""
    return [record.load(one, consistent=True) for one in records.about(f"{subject}/{of}", PREFIX)]


def at_office(office: str, *, limit: int = PAGE) -> list[Amendment]:
    """Those that wait at a warranty office, one page. One query, and one for each."""
    found, _ = records.ids_at(office, limit=limit, prefix=PREFIX)
    return [record.load(one) for one in found]


def waiting() -> list[Amendment]:
    """All open amendments."""
    return [record.load(one) for one in open_records(PREFIX)]


def confirm(amendment: str, by: Actor, since: date | None, at: datetime) -> Amendment:
    """Let it take effect from a day on (None: today). Raises IllegalMove, NotAllowed, Invalid, NotFound, Busy."""
    data = {"since": since.isoformat()} if since else {}
    done: Amendment = record.perform(Command("confirm", by, data), amendment, at)
    return done


def reject(amendment: str, by: Actor, words: str, at: datetime, *, cause: str = "") -> Amendment:
    """Let it fall. Raises IllegalMove, NotAllowed, NotFound, Busy."""
    data, said = ({"cause": cause} if cause else {}), ({"words": words} if words else {})
    done: Amendment = record.perform(Command("reject", by, data, said), amendment, at)
    return done


def stands(one: Amendment) -> bool:
    """Whether what it changes is still as it was when it was proposed."""
    if "company" in one.old and plain(contracts.company(one.of)) != one.old["company"]:
        return False
    if "contract" in one.old and plain(contracts.contract(one.of)) != one.old["contract"]:
        return False
    stored = people.several([person["id"] for person in one.new.get("people", ())])
    now = [_said(_employed(staff)) for staff in stored.values()]
    return sorted(now, key=_id) == sorted(one.old.get("people", ()), key=_id)


def writes(one: Amendment) -> list[Write]:
    """The rows of an amendment that takes effect, on the condition that what they replace is as it is read now."""
    found: list[Record] = []
    if "company" in one.new:
        found.append(made(Company, one.new["company"]))
    if "contract" in one.new:
        found.append(made(Contract, one.new["contract"]))
    employed = [_read(person) for person in one.new.get("people", ())]
    return bulk.differences([*rows.wanted(found), *members.wanted(employed, [], [])])


def left(one: Amendment) -> frozenset[str]:
    """Who works for the company no more by it."""
    return frozenset(person["id"] for person in one.new.get("people", ()) if not person["active"])


def _place(company_id: str, company: Company | None) -> dict[str, str]:
    """Where an amendment belongs: to the project of one of the company's contracts, else of its own, else the first."""
    own = contracts.contracts_of(company_id)
    contract = contracts.contract(own[0]) if own else None
    projects = contract.projects if contract else company.projects if company else ()
    project = projects[0] if projects else next(child.id for child in places.children(GROUP))
    place = places.get(project)
    return place.as_fact() if place else {"project": project}


def _said(employed: Employed) -> dict[str, Any]:
    """Somebody of a company as an amendment keeps it."""
    p = employed.person
    about = {"id": p.id, "name": p.name, "team": p.team, "active": p.active}
    return about | {"phone": employed.phone, "email": employed.email, "lang": employed.lang}


def _read(said: Mapping[str, Any]) -> Employed:
    person = Person(said["id"], said["name"], said["team"], frozenset(), {}, active=said["active"])
    return Employed(person, said["phone"], said["email"], said["lang"])


def _employed(staff: Staff) -> Employed:
    return Employed(staff.person, staff.phone, staff.email, staff.lang)


def _same(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def _touches(state: Mapping[str, Any]) -> set[str]:
    """What an amendment changes: the company or contract itself, people of it."""
    return {*(name for name in state if name != "people"), *(person["id"] for person in state.get("people", ()))}


def _id(person: Mapping[str, Any]) -> str:
    return str(person["id"])
