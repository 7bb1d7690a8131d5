"""Who promised what for a place: legal entities, companies, contracts with their clauses, the matrix of departments.

entity      签约主体, in whose name letters go                company     责任单位 or 第三方维修单位, with its contacts
contract    between an entity and a company, hangs on lots   clause      what is promised for a part of it, how long
matrix row  from a day on, whose a component is in a stage   seasons     of a city, for terms of heating and cooling
owner term  what the quality certificate (质量保证书) promises owners beyond the law

Money is in fen, rates in basis points (1 % = 100). Names and phones of contacts are kept with the people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from chalicelib.domain.warranty.terms import Season

NAMED = ("building", "entrance", "area", "asset")  # the places that a clause may be about


class CompanyKind(StrEnum):
    CONTRACTOR = "contractor"
    THIRD_PARTY = "third_party"


class ContractKind(StrEnum):
    """总包, 分包, 甲指分包, 甲供."""

    GENERAL = "general"
    SUB = "sub"
    NAMED_SUB = "named_sub"
    SUPPLIED = "supplied"


class Starts(StrEnum):
    """What a clause's term is counted from: completion acceptance, handover, or a day of its own."""

    ACCEPTANCE = "acceptance"
    HANDOVER = "handover"
    DAY = "day"


class Duty(StrEnum):
    """What somebody of a company may do: receive letters for it, see its work, do the work."""

    AUTHORISED = "authorised"
    CONTACT = "contact"
    WORKER = "worker"


@dataclass(frozen=True, slots=True)
class Entity:
    id: str
    name: str
    tax_number: str
    account_set: str
    projects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody of a company, without what is personal. `level`: 1 hears first, 2 when 1 keeps silent, and so on."""

    id: str  # <company>.<code>: the person's id
    company: str
    duty: Duty
    level: int = 1

    @property
    def authorised(self) -> bool:
        return self.duty is Duty.AUTHORISED


@dataclass(frozen=True, slots=True)
class Company:
    """`email`, `post`: the agreed addresses for letters. `bank`, `account`: where it is paid. `small`: 中小企业.

    `contacts`: who receives letters or sees its work; its workers are people on its team and nothing more.

    Of a third party: its `trades`, the `projects` that it works in (none: all), its `prices` (item → fen).
    """

    id: str
    kind: CompanyKind
    name: str
    tax_number: str = ""
    supplier_code: str = ""
    small: bool = False
    email: str = ""
    post: str = ""
    bank: str = ""
    account: str = ""
    contacts: tuple[Contact, ...] = ()
    trades: frozenset[str] = frozenset()
    projects: tuple[str, ...] = ()
    prices: Mapping[str, Price] = field(default_factory=dict)

    def receives(self) -> list[Contact]:
        """Who may receive letters for it, the nearest first."""
        return sorted((c for c in self.contacts if c.authorised), key=lambda c: (c.level, c.id))


@dataclass(frozen=True, slots=True)
class Price:
    """What a third party asks for an item: its name, its unit of measure, fen a unit."""

    name: str
    unit: str
    fen: int


@dataclass(frozen=True, slots=True)
class Scope:
    """What a clause is about. An empty field does not narrow: no lots are all of the contract's.

    `lots`: phases, or projects that have none. `places`: buildings, entrances, common areas, assets.
    `components`: category/component. `trades`: all components of these. Either of the two is enough.
    """

    lots: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    components: frozenset[str] = frozenset()
    trades: frozenset[str] = frozenset()

    def narrowness(self, component: str, trade: str) -> int:
        """How exactly it names a component: 2 by its name, 1 by its trade, 0 among all there are, -1 not at all."""
        if component in self.components:
            return 2
        if trade in self.trades:
            return 1
        return -1 if self.components or self.trades else 0


@dataclass(frozen=True, slots=True)
class Clause:
    """A promise: how long, how fast, and what may be charged where it is broken.

    The term is `months`, or `seasons` whole ones of `season` (heating, cooling). `response`, `cure_days`: by priority,
    what isn't there is the policy's. `fee_rate`, `penalty_rate`: of the cost; `penalty`: fen each time. Caps are
    in fen. 0 is none of each.
    """

    id: str
    scope: Scope
    text: str
    starts: Starts = Starts.ACCEPTANCE
    starts_on: date | None = None
    months: int = 0
    seasons: int = 0
    season: str = ""
    response: Mapping[str, timedelta] = field(default_factory=dict)
    cure_days: Mapping[str, int] = field(default_factory=dict)
    business_days: bool = False
    fee_rate: int = 0
    fee_cap: int = 0
    penalty: int = 0
    penalty_rate: int = 0
    cap: int = 0
    direct_engagement: bool = False
    silence_is_consent: bool = False
    returned_counts: bool = False


@dataclass(frozen=True, slots=True)
class Contract:
    """`number` as it is printed. `signed_with`: the general contractor's contract that it stands under, "" for none.

    `tax_rate`: of VAT, 0 for what is usual then. `retention`: fen; `retention_rate` of the amount. `bond`: fen of a
    performance bond. Two periods, never one: `defect_liability_months` is for the retention, the warranty is the
    clauses'.
    """

    id: str
    number: str
    entity: str
    company: str
    kind: ContractKind
    lots: tuple[str, ...]
    projects: tuple[str, ...]
    signed: date
    signed_with: str = ""
    amount: int = 0
    tax_rate: int = 0
    retention_rate: int = 0
    retention: int = 0
    bond: int = 0
    quality_insurance: bool = False
    bought_out: bool = False
    defect_liability_months: int = 0
    clauses: tuple[Clause, ...] = ()

    def clauses_for(self, place: Mapping[str, str], component: str, trade: str) -> list[Clause]:
        """The clauses that name a component of a place most exactly; several where they name it alike."""
        found = [
            (exact, clause)
            for clause in self.clauses
            if self.lies_in(clause.scope, place) and (exact := clause.scope.narrowness(component, trade)) >= 0
        ]
        most = max((exact for exact, _ in found), default=0)
        return [clause for exact, clause in found if exact == most]

    def lies_in(self, scope: Scope, place: Mapping[str, str]) -> bool:
        """Whether a clause of this scope is about a place at all."""
        if scope.places:
            return any(place.get(kind) in scope.places for kind in NAMED)
        lots = scope.lots or self.lots
        return place.get("phase") in lots or place.get("project") in lots


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """From `since` on, a component (category/component) or trade of a project is a department's in a stage.

    `subject`: "" for all there are; `stage`: of the owner, "" for all. `person`: who it is in person, "" for whoever.
    """

    project: str
    subject: str
    stage: str
    department: str
    since: date
    person: str = ""


@dataclass(frozen=True, slots=True)
class OwnerTerm:
    """What owners of a lot (a phase, or a project) are promised for a component or trade, from handover."""

    lot: str
    project: str
    subject: str
    months: int = 0
    seasons: int = 0
    season: str = ""


@dataclass(frozen=True, slots=True)
class CitySeasons:
    """A city's seasons by name (heating, cooling), and the projects that lie in it."""

    city: str
    seasons: Mapping[str, Season]
    projects: tuple[str, ...]


def covering(
    contracts: Sequence[Contract], place: Mapping[str, str], category: str, component: str, trade: str
) -> list[tuple[Contract, Clause]]:
    """The clauses that promise something for a component of a place (as a ticket keeps it); one is as it should be.

    A subcontract goes before the general contract that it stands under: that contractor is liable too, and copied.
    """
    named = f"{category}/{component}"
    found = [(contract, clause) for contract in contracts for clause in contract.clauses_for(place, named, trade)]
    behind = {contract.signed_with for contract, _ in found}
    return [(contract, clause) for contract, clause in found if contract.id not in behind]


def department_of(rows: Sequence[MatrixRow], component: str, trade: str, stage: str, on: date) -> MatrixRow | None:
    """Whose a component is on a day: of what names it most exactly, the latest row that holds already."""
    fits = [
        row for row in rows if row.since <= on and row.subject in (component, trade, "") and row.stage in (stage, "")
    ]
    return max(
        fits, key=lambda row: ((component, trade, "").index(row.subject) * -1, row.stage != "", row.since), default=None
    )
