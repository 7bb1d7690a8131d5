"""The sheets of entities and companies: contractors and third parties with their people and prices.

What a file leaves out of a company stays: its people where they are not listed, its prices where none are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from chalicelib.domain.contractor.contract import Company, CompanyKind, Contact, Duty, Entity, Price
from chalicelib.domain.record import roles
from chalicelib.domain.register.cells import CODE
from chalicelib.domain.register.reader import Reader, Values
from chalicelib.domain.register.rows import Employed
from chalicelib.domain.ticket.routing import Person

SHEETS: Mapping[CompanyKind, str] = {
    CompanyKind.CONTRACTOR: "contractors",
    CompanyKind.THIRD_PARTY: "third_parties",
}
CONTACTS: Mapping[CompanyKind, str] = {CompanyKind.CONTRACTOR: "contractor", CompanyKind.THIRD_PARTY: "third_party"}


@dataclass(slots=True)
class Same:
    """Tax numbers and accounts: where each was first."""

    seen: dict[tuple[str, str], tuple[str, int]] = field(default_factory=dict)

    def check(self, reader: Reader, sheet: str, row: int, column: str, value: str) -> None:
        if not value:
            return
        other = self.seen.setdefault((column, value), (sheet, row))
        if other != (sheet, row):
            reader.remark(sheet, row, column, "number_shared", sheet=other[0], row=other[1])

    def check_stored(self, reader: Reader) -> None:
        """The same against companies that the file leaves out, once all of it was read."""
        for (column, value), (sheet, row) in self.seen.items():
            for code in reader.known.sharing(column, value):
                if code not in reader.companies:
                    reader.remark(sheet, row, column, "number_of", code=code)


def records(reader: Reader, same: Same) -> Iterator[Company | Employed]:
    """Who works for companies, then the companies with their contacts."""
    found = _listed(reader, same)
    same.check_stored(reader)
    yield from _people(reader, found)
    _prices(reader, found)
    for code, company in found.items():
        if not company.receives() and company.kind is CompanyKind.CONTRACTOR:
            sheet, row = reader.companies.get(code, ("company_people", 0))
            reader.remark(sheet, row, "code", "nobody_receives", code=code)
        yield company


def entities(reader: Reader, same: Same) -> Iterator[Entity]:
    rows: dict[str, int] = {}
    for row, values, sound in reader.lines("entities"):
        code = values["code"]
        if code in rows:
            reader.fault("entities", row, "code", "code_twice", code=code, sheet="entities", row=rows[code])
            continue
        rows[code] = row
        reader.entities[code] = None
        projects = tuple(values["projects"] or ())
        places = [reader.parent(project, ("project",), "entities", row, "projects") for project in projects]
        if not sound or not all(places):
            continue
        same.check(reader, "entities", row, "tax_number", values["tax_number"])
        entity = Entity(code, values["name"], values["tax_number"], values["account_set"] or "", projects)
        reader.entities[code] = entity
        yield entity


def _listed(reader: Reader, same: Same) -> dict[str, Company]:
    """The companies of both sheets, without what the other sheets say of them."""
    found: dict[str, Company] = {}
    for kind, sheet in SHEETS.items():
        for row, values, sound in reader.lines(sheet):
            code = values["code"]
            if code in reader.companies:
                other, at = reader.companies[code]
                reader.fault(sheet, row, "code", "code_twice", code=code, sheet=other, row=at)
                continue
            if code:
                reader.companies[code] = (sheet, row)
            projects = tuple(values.get("projects") or ())
            places = [reader.parent(project, ("project",), sheet, row, "projects") for project in projects]
            if not sound or not all(places):
                continue
            stored = reader.known.company(code)
            if stored and stored.kind is not kind:
                reader.fault(sheet, row, "code", "company_elsewhere", code=code, sheet=SHEETS[stored.kind])
                continue
            for column in ("tax_number", "account"):
                same.check(reader, sheet, row, column, values[column] or "")
            company = _company(kind, values, projects)
            if stored:
                company = replace(company, contacts=stored.contacts, prices=stored.prices)
            found[code] = company
    return found


def _company(kind: CompanyKind, values: Values, projects: tuple[str, ...]) -> Company:
    return Company(
        id=values["code"],
        kind=kind,
        name=values["name"],
        tax_number=values["tax_number"] or "",
        supplier_code=values["supplier_code"] or "",
        small=bool(values["small"]),
        email=values["email"] or "",
        post=values["post"] or "",
        bank=values["bank"] or "",
        account=values["account"] or "",
        trades=values.get("trades") or frozenset(),
        projects=projects,
    )


def _of(reader: Reader, found: dict[str, Company], code: str, sheet: str, row: int) -> Company | None:
    """The company that a row belongs to, of the file or stored; else a fault, unless its own row has one."""
    if code not in found and code not in reader.companies and (stored := reader.known.company(code)):
        found[code] = stored
    if code not in found and code not in reader.companies:
        reader.fault(sheet, row, "company", "unknown_company", code=code)
    return found.get(code)


def _people(reader: Reader, found: dict[str, Company]) -> Iterator[Employed]:
    """Who is not listed stays; the company keeps who receives and sees its letters, workers are on its team only."""
    for row, values, sound in reader.lines("company_people"):
        company = _of(reader, found, values["company"], "company_people", row) if values["company"] else None
        person = f"{values['company']}.{values['code']}"
        if company is None or not sound:
            continue
        if not CODE.fullmatch(person):
            reader.fault("company_people", row, "code", "code")
            continue
        if person in reader.people:
            sheet, at = reader.people[person]
            reader.fault("company_people", row, "code", "code_twice", code=person, sheet=sheet, row=at)
            continue
        reader.people[person] = ("company_people", row)
        active, duty = values["active"] is not False, Duty(values["duty"])
        if active and not reader.reaches(values["phone"], "company_people", row):
            continue
        if active:
            reader.reached(values["phone"], company.id, person, "company_people", row)
        others = tuple(contact for contact in company.contacts if contact.id != person)
        if active and duty is not Duty.WORKER:
            others += (Contact(person, company.id, duty, values["level"] or 1),)
        found[company.id] = replace(company, contacts=tuple(sorted(others, key=lambda contact: contact.id)))
        team = "workers" if duty is Duty.WORKER else CONTACTS[company.kind]
        worker = Person(person, values["name"], roles.company_team(company.id, team), frozenset(), {}, active=active)
        yield Employed(worker, values["phone"], values["email"] or "", values["lang"] or "zh_CN")


def _prices(reader: Reader, found: dict[str, Company]) -> None:
    asked: dict[str, dict[str, Price]] = {}
    for row, values, sound in reader.lines("prices"):
        company = _of(reader, found, values["company"], "prices", row) if values["company"] else None
        if company and company.kind is not CompanyKind.THIRD_PARTY:
            reader.fault("prices", row, "company", "no_third_party", code=company.id)
        elif company and sound:
            prices = asked.setdefault(company.id, {})
            if values["code"] in prices:
                reader.fault("prices", row, "code", "twice", code=values["code"])
            prices[values["code"]] = Price(values["name"], values["unit"], values["price"])
    for code, prices in asked.items():
        found[code] = replace(found[code], prices=prices)
