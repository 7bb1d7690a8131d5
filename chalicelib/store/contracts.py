"""Who promised what: entities, companies, contracts; and, by project, all that decides who is liable, in one query.

item           pk                    sk                   what
entity         ENTITY#<id>           ENTITY
company        COMPANY#<id>          COMPANY              with its contacts' ids; names and phones are the people's
its contract   COMPANY#<id>          CONTRACT#<id>        number, kind, projects
third party    THIRD_PARTY#<place>   <id>                 the company again, under each project or `group`
shares         SAME#<what>#<digest>  <id>                 that a company has this tax number or account
contract       CONTRACT#<id>         CONTRACT             with its clauses
the same       CONTRACTS#<project>   CONTRACT#<id>        under each project that it has a lot in
owner terms    CONTRACTS#<project>   OWNER_TERMS          what the quality certificate promises
matrix         CONTRACTS#<project>   MATRIX               whose a component is
seasons        CONTRACTS#<project>   SEASONS              those of its city
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, TypeVar

from chalicelib.domain.contractor.contract import (
    CitySeasons,
    Company,
    CompanyKind,
    Contract,
    Entity,
    MatrixRow,
    OwnerTerm,
)
from chalicelib.store.reading import each, one
from chalicelib.store.table import Key, Row, compact, table
from chalicelib.store.values import made, plain

T = TypeVar("T")
EVERYWHERE = "group"
SHARED = ("tax_number", "account")  # what no two companies should have alike


@dataclass(frozen=True, slots=True)
class Held:
    """All that is stored about who is liable in a project. `seasons`: none are the policy's."""

    contracts: list[Contract] = field(default_factory=list)
    owner_terms: list[OwnerTerm] = field(default_factory=list)
    matrix: list[MatrixRow] = field(default_factory=list)
    seasons: CitySeasons | None = None


@dataclass(frozen=True, slots=True)
class Signed:
    """A contract as it stands beside its company."""

    id: str
    number: str
    kind: str
    projects: tuple[str, ...]


def of_project(project: str) -> Held:
    """One query; about 1 read unit for 15 clauses."""
    rows = table().query(f"CONTRACTS#{project}").rows
    by_sk = {row["sk"]: row for row in rows}
    return Held(
        each((row for row in rows if row["sk"].startswith("CONTRACT#")), _contract),
        _list(by_sk.get("OWNER_TERMS"), OwnerTerm),
        _list(by_sk.get("MATRIX"), MatrixRow),
        one(by_sk.get("SEASONS"), _seasons),
    )


def entity(entity_id: str) -> Entity | None:
    return one(table().get(f"ENTITY#{entity_id}", "ENTITY"), _entity)


def sides(contract: str, entity: str, companies: Iterable[str]) -> tuple[Contract | None, Entity | None, list[Company]]:
    """A contract, an entity and companies by their ids; companies that are not there are left out. One call."""
    keys: list[Key] = [(f"CONTRACT#{contract}", "CONTRACT"), (f"ENTITY#{entity}", "ENTITY")]
    keys += [(f"COMPANY#{i}", "COMPANY") for i in dict.fromkeys(companies)]
    found = table().batch(keys)
    rows = {row["sk"]: row for row in found}
    beside = each((row for row in found if row["sk"] == "COMPANY"), _company)
    return one(rows.get("CONTRACT"), _contract), one(rows.get("ENTITY"), _entity), beside


def company(company_id: str) -> Company | None:
    return one(table().get(f"COMPANY#{company_id}", "COMPANY"), _company)


def companies(ids: Iterable[str]) -> dict[str, Company]:
    """Companies by id, of up to 100; those that are not there are left out. One call."""
    rows = table().batch([(f"COMPANY#{i}", "COMPANY") for i in dict.fromkeys(ids)])
    return {found.id: found for found in each(rows, _company)}


def contract(contract_id: str) -> Contract | None:
    return one(table().get(f"CONTRACT#{contract_id}", "CONTRACT"), _contract)


def contracts(ids: Iterable[str]) -> dict[str, Contract]:
    """Contracts by id, of up to 100; those that are not there are left out. One call."""
    keys = [(f"CONTRACT#{i}", "CONTRACT") for i in dict.fromkeys(ids)]
    return {found.id: found for found in each(table().batch(keys), _contract)} if keys else {}


def contracts_of(company_id: str) -> list[str]:
    """The ids of a company's contracts. One query."""
    rows = table().query(f"COMPANY#{company_id}", "CONTRACT#", "CONTRACT#~").rows
    return [row["sk"].partition("#")[2] for row in rows]


def signed_by(company_id: str) -> list[Signed]:
    """A company's contracts, by number. One query."""
    rows = table().query(f"COMPANY#{company_id}", "CONTRACT#", "CONTRACT#~").rows
    return sorted(each(rows, _signed), key=lambda one: one.number)


def third_parties(project: str, trade: str) -> list[Company]:
    """Who repairs in a trade there in place of a contractor. Two queries."""
    return [found for found in repairers(project) if trade in found.trades]


def repairers(project: str) -> list[Company]:
    """Who repairs there in place of a contractor, in whatever trade. Two queries."""
    rows = [row for place in (project, EVERYWHERE) for row in table().query(f"THIRD_PARTY#{place}").rows]
    return each(rows, _company)


def sharing(what: str, value: str) -> list[str]:
    """The companies that have a tax number (`tax_number`) or an `account`. One query."""
    return [row["id"] for row in table().query(_same(what, value)).rows]


def put_entity(entity: Entity) -> list[Row]:
    return [_row(f"ENTITY#{entity.id}", "ENTITY", entity)]


def put_company(company: Company) -> list[Row]:
    """The rows that keep a company, its own first."""
    places = (company.projects or (EVERYWHERE,)) if company.kind is CompanyKind.THIRD_PARTY else ()
    own = _row(f"COMPANY#{company.id}", "COMPANY", company)
    shares = [(what, value) for what in SHARED if (value := getattr(company, what))]
    return [
        own,
        *({**own, "pk": f"THIRD_PARTY#{place}", "sk": company.id} for place in places),
        *({"pk": _same(what, value), "sk": company.id, "id": company.id} for what, value in shares),
    ]


def put_contract(contract: Contract) -> list[Row]:
    """The rows that keep a contract, its own first."""
    own = _row(f"CONTRACT#{contract.id}", "CONTRACT", contract)
    copies = ({**own, "pk": f"CONTRACTS#{project}", "sk": f"CONTRACT#{contract.id}"} for project in contract.projects)
    about = compact({"number": contract.number, "kind": contract.kind.value, "projects": contract.projects})
    line = {"pk": f"COMPANY#{contract.company}", "sk": f"CONTRACT#{contract.id}", "id": contract.id, "body": about}
    return [own, line, *copies]


def put_owner_terms(project: str, terms: Sequence[OwnerTerm]) -> Row:
    return _listed(project, "OWNER_TERMS", sorted(terms, key=lambda term: (term.lot, term.subject)))


def put_matrix(project: str, rows: Sequence[MatrixRow]) -> Row:
    return _listed(project, "MATRIX", sorted(rows, key=lambda row: (row.subject, row.stage, row.since)))


def put_seasons(project: str, seasons: CitySeasons) -> Row:
    return _row(f"CONTRACTS#{project}", "SEASONS", seasons)


def company_left(old: Row, company: Company) -> list[Key]:
    """The keys that a company leaves behind: projects that it works in no more."""
    return _left(put_company(_company(old)), put_company(company))


def contract_left(old: Row, contract: Contract) -> list[Key]:
    """The keys that a contract leaves behind: projects that it has no lot in any more, another company's line."""
    return _left(put_contract(_contract(old)), put_contract(contract))


def _left(old: Sequence[Row], new: Sequence[Row]) -> list[Key]:
    keys = {(row["pk"], row["sk"]) for row in new}
    return [key for row in old if (key := (row["pk"], row["sk"])) not in keys]


def _same(what: str, value: str) -> str:
    return f"SAME#{what}#{blake2b(value.encode(), digest_size=12).hexdigest()}"


def _row(pk: str, sk: str, value: Any) -> Row:
    return {"pk": pk, "sk": sk, "id": pk.partition("#")[2], "body": compact(plain(value))}


def _listed(project: str, sk: str, values: Sequence[Any]) -> Row:
    body = compact([plain(value) for value in values])
    return {"pk": f"CONTRACTS#{project}", "sk": sk, "id": project, "body": body}


def _entity(row: Row) -> Entity:
    return made(Entity, json.loads(row["body"]))


def _company(row: Row) -> Company:
    return made(Company, json.loads(row["body"]))


def _contract(row: Row) -> Contract:
    return made(Contract, json.loads(row["body"]))


def _signed(row: Row) -> Signed:
    about = json.loads(row["body"])
    return Signed(row["id"], about["number"], about["kind"], tuple(about["projects"]))


def _seasons(row: Row) -> CitySeasons:
    return made(CitySeasons, json.loads(row["body"]))


def _list(row: Row | None, cls: type[T]) -> list[T]:
    return one(row, lambda found: [made(cls, body) for body in json.loads(found["body"])]) or []
