"""What the sheets of a workbook come to, one record each: places and companies aside, which are values of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from chalicelib.domain.contractor.contract import CitySeasons, Company, Contract, Entity, MatrixRow, OwnerTerm
from chalicelib.domain.measures.rollout import Entry
from chalicelib.domain.policy.overrides import Override
from chalicelib.domain.register.place import Place
from chalicelib.domain.ticket.routing import Person


@dataclass(frozen=True, slots=True)
class Lodger:
    """Somebody registered for a unit, as the sheet has it. Personal."""

    role: str
    name: str
    phone: str
    email: str
    signs: bool


@dataclass(frozen=True, slots=True)
class Household:
    """Everybody who is registered for a unit; nobody: all have moved out."""

    unit: str
    lodgers: tuple[Lodger, ...]


@dataclass(frozen=True, slots=True)
class Employed:
    """Somebody who works here, as the sheet has it. Personal."""

    person: Person
    phone: str
    email: str
    lang: str


@dataclass(frozen=True, slots=True)
class Holidays:
    """One year's days off (False) and make-up workdays (True)."""

    year: int
    days: Mapping[date, bool]


@dataclass(frozen=True, slots=True)
class Adjusted:
    """All that a project does differently."""

    project: str
    overrides: tuple[Override, ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """All that was measured of a project before it was here, or of the industry."""

    project: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Certified:
    """All that a project's owners are promised beyond the law."""

    project: str
    terms: tuple[OwnerTerm, ...]


@dataclass(frozen=True, slots=True)
class Answering:
    """Whose everything in a project is."""

    project: str
    rows: tuple[MatrixRow, ...]


@dataclass(frozen=True, slots=True)
class InCity:
    """A project and the seasons of its city."""

    project: str
    seasons: CitySeasons


Record = (
    Place
    | Household
    | Employed
    | Holidays
    | Adjusted
    | Measured
    | Entity
    | Company
    | Contract
    | Certified
    | Answering
    | InCity
)
