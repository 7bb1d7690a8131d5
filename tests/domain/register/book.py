"""A workbook of lists, and what is stored beside it, for tests of the register."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from chalicelib.domain.contractor.contract import Company, Contract, Entity
from chalicelib.domain.register.faults import Remark
from chalicelib.domain.register.place import Place

Sheets = dict[str, list[list[object]]]


class Held:
    """A book of lists."""

    def __init__(self, sheets: Sheets) -> None:
        self.sheets, self.notes = sheets, list[Remark]()

    def names(self) -> Sequence[str]:
        return list(self.sheets)

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        return iter(enumerate(self.sheets[name], 1))


class Stored:
    """What is stored already."""

    def __init__(self, places: Mapping[str, Place] | None = None, staffed: Sequence[str] = ()) -> None:
        self.places, self.teams = places or {}, staffed
        self.entities: dict[str, Entity] = {}
        self.companies: dict[str, Company] = {}
        self.contracts: dict[str, Contract] = {}
        self.phones: dict[str, Mapping[str, str]] = {}

    def place(self, code: str) -> Place | None:
        return self.places.get(code)

    def staffed(self, team: str, without: frozenset[str]) -> bool:
        return team in self.teams

    def works_here(self, person: str) -> bool:
        return any(person in teams for teams in self.phones.values())

    def teams_under(self, phone: str) -> Mapping[str, str]:
        return self.phones.get(phone, {})

    def entity(self, code: str) -> Entity | None:
        return self.entities.get(code)

    def company(self, code: str) -> Company | None:
        return self.companies.get(code)

    def sharing(self, what: str, value: str) -> Sequence[str]:
        return [company.id for company in self.companies.values() if getattr(company, what) == value]

    def contract(self, code: str) -> Contract | None:
        return self.contracts.get(code)

    def contracts_in(self, project: str) -> Sequence[Contract]:
        return [contract for contract in self.contracts.values() if project in contract.projects]
