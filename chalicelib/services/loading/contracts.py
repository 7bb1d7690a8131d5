"""What the sheets about contracts want in the table: entities, companies, contracts, and what holds for a project."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.contractor.contract import Company, Contract, Entity
from chalicelib.domain.register.rows import Answering, Certified, InCity, Record
from chalicelib.store import contracts
from chalicelib.store.bulk import Wanted


def wanted(records: Sequence[Record]) -> list[Wanted]:
    """The rows of those records that are about contracts."""
    return [made for record in records if (made := _of(record))]


def _of(record: Record) -> Wanted | None:
    if isinstance(record, Entity):
        return Wanted(contracts.put_entity(record), "ENTITY")
    if isinstance(record, Company):
        rows = contracts.put_company(record)
        return Wanted(rows, "COMPANY", len(rows), lambda old: contracts.company_left(old, record))
    if isinstance(record, Contract):
        rows = contracts.put_contract(record)
        return Wanted(rows, "CONTRACT", gone=lambda old: contracts.contract_left(old, record))
    if isinstance(record, Certified):
        return Wanted([contracts.put_owner_terms(record.project, record.terms)], "OWNER_TERMS")
    if isinstance(record, Answering):
        return Wanted([contracts.put_matrix(record.project, record.rows)], "MATRIX")
    if isinstance(record, InCity):
        return Wanted([contracts.put_seasons(record.project, record.seasons)], "SEASONS")
    return None
