"""Who is who: one row a role, one row a team. Whoever is on a team acts in its role; a team without a row is nobody's.

team                    role         level   reaches                       begins at
<project>/engineering   technician   0       what they are on              /w/ my work
<project>/building      technician   0       what they are on              /w/ my work
<project>/dept/<code>   department   0       what was relayed to it        /w/ my work
<project>/desk          desk         1       its project                   /d/ its desk
<subsidiary>/desk2      supervisor   2       its subsidiary                /d/ its desk
<subsidiary>/office     office       0       its subsidiary                /b/ warranty office
group/hotline           hotline      3       everything                    /d/ its desk
<company>/contractor    contractor   0       its company's cases           /k/ its company's desk
<company>/workers       worker       0       what they are on              /k/ its company's desk
<company>/third_party   third_party  0       what it is engaged for        /k/ its company's desk
<entity>/finance        finance      0       its entity's money            /f/ finance
<project>/manager       manager      0       its figures and scores        /g/ figures
<subsidiary>/manager2   manager      0       the same of its subsidiary    /g/ figures
group/management        manager      0       the figures of the group      /g/ figures
group/audit             auditor      0       what the rules find           /a/ findings
nobody's                owner        0       the one ticket of the link    /o/
nobody's                system       0       everything, by no link
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

COMPANY, ENTITY = "company", "entity"


class Role(StrEnum):
    OWNER = "owner"
    TECHNICIAN = "technician"
    DEPARTMENT = "department"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    HOTLINE = "hotline"
    OFFICE = "office"
    CONTRACTOR = "contractor"
    WORKER = "worker"
    THIRD_PARTY = "third_party"
    FINANCE = "finance"
    MANAGER = "manager"
    AUDITOR = "auditor"
    SYSTEM = "system"


class Reach(StrEnum):
    """Which tickets somebody's own link opens, besides those that they are on."""

    NONE = "none"
    PROJECT = "project"
    SUBSIDIARY = "subsidiary"
    GROUP = "group"


@dataclass(frozen=True, slots=True)
class RoleRow:
    """`word`: on screen, from the catalogue. `level`: of the desk, 0 for none. `home`: where their link begins."""

    word: str
    level: int = 0
    reach: Reach = Reach.NONE
    home: str = "/w/"


@dataclass(frozen=True, slots=True)
class TeamRow:
    """`scope`: the kind of place that has such a team; `company`: one that works for the group under a contract;
    `entity`: a legal entity of the group.

    `named`: it has several, each with a code of its own.
    """

    role: Role
    scope: str
    named: bool = False


ROLES: Mapping[Role, RoleRow] = {
    Role.OWNER: RoleRow("Reporter", home="/o/"),
    Role.TECHNICIAN: RoleRow("Technician"),
    Role.DEPARTMENT: RoleRow("Department"),
    Role.DESK: RoleRow("Property desk", 1, Reach.PROJECT, "/d/"),
    Role.SUPERVISOR: RoleRow("Developer desk", 2, Reach.SUBSIDIARY, "/d/"),
    Role.HOTLINE: RoleRow("Group hotline", 3, Reach.GROUP, "/d/"),
    Role.OFFICE: RoleRow("Warranty office", 0, Reach.SUBSIDIARY, "/b/"),
    Role.CONTRACTOR: RoleRow("Contractor", home="/k/"),
    Role.WORKER: RoleRow("Contractor's worker", home="/k/"),
    Role.THIRD_PARTY: RoleRow("Third-party repairer", home="/k/"),
    Role.FINANCE: RoleRow("Finance", home="/f/"),
    Role.MANAGER: RoleRow("Manager", home="/g/"),
    Role.AUDITOR: RoleRow("Auditor", home="/a/"),
    Role.SYSTEM: RoleRow("System"),
}
TEAMS: Mapping[str, TeamRow] = {
    "desk": TeamRow(Role.DESK, "project"),
    "engineering": TeamRow(Role.TECHNICIAN, "project"),
    "building": TeamRow(Role.TECHNICIAN, "project"),
    "dept": TeamRow(Role.DEPARTMENT, "project", named=True),
    "desk2": TeamRow(Role.SUPERVISOR, "subsidiary"),
    "hotline": TeamRow(Role.HOTLINE, "group"),
    "office": TeamRow(Role.OFFICE, "subsidiary"),
    "finance": TeamRow(Role.FINANCE, ENTITY),
    "manager": TeamRow(Role.MANAGER, "project"),
    "manager2": TeamRow(Role.MANAGER, "subsidiary"),
    "management": TeamRow(Role.MANAGER, "group"),
    "audit": TeamRow(Role.AUDITOR, "group"),
    "contractor": TeamRow(Role.CONTRACTOR, COMPANY),
    "workers": TeamRow(Role.WORKER, COMPANY),
    "third_party": TeamRow(Role.THIRD_PARTY, COMPANY),
}
DESKS = frozenset(role for role, row in ROLES.items() if row.level)
ABOVE = frozenset(role for role, row in ROLES.items() if row.level > 1)
BESIDE = frozenset({Role.FINANCE, Role.MANAGER, Role.AUDITOR})  # who works here and moves no ticket
STAFF = frozenset(row.role for row in TEAMS.values()) - BESIDE  # who has to do with tickets
OUTSIDE = frozenset(row.role for row in TEAMS.values() if row.scope == COMPANY)
EMPLOYED = STAFF - OUTSIDE
CONTACTS = frozenset({Role.CONTRACTOR, Role.THIRD_PARTY})  # see what anybody of their company has
OFFICES = DESKS | {Role.OFFICE}  # who looks after cases, by day and at night
WORKERS = frozenset({Role.TECHNICIAN}) | OUTSIDE  # who comes and repairs, in whoever's pay
DESK_TEAMS: Mapping[str, TeamRow] = {name: row for name, row in TEAMS.items() if row.role in DESKS}
CREWS = tuple(name for name, row in TEAMS.items() if row.role is Role.TECHNICIAN)
HOUSE_TEAMS = tuple(name for name, row in TEAMS.items() if row.scope != COMPANY and not row.named)


def role_in(team: str) -> Role | None:
    """The role that a team (`P1/desk`, `P1/dept/design`) gives; None where there is no such team."""
    home, _, name = team.partition("/")
    name, named, code = name.partition("/")
    row = TEAMS.get(name)
    if row is None or not home or (row.scope == "group") != (home == "group"):
        return None
    if row.named is not bool(named) or "/" in code or (row.named and not code):
        return None
    return row.role


def department(project: str, code: str) -> str:
    """The team of a project's department."""
    return f"{project}/dept/{code}"


def company_team(company: str, name: str) -> str:
    """The team of a company: its `contractor` or `third_party` contacts, its `workers`."""
    return f"{company}/{name}"


def company_of(team: str) -> str:
    """The company whose team it is; "" for a team of the house."""
    home, _, name = team.partition("/")
    row = TEAMS.get(name)
    return home if row and row.scope == COMPANY else ""


def office_of(place: Mapping[str, str]) -> str:
    """The warranty office that answers for a place."""
    return f"{place['subsidiary']}/office"


def is_department(team: str) -> bool:
    return role_in(team) is Role.DEPARTMENT


def at_level(level: int) -> Role | None:
    """The role that answers at a level; None where no desk does."""
    return next((role for role, row in ROLES.items() if level and row.level == level), None)


def desk_of(level: int, place: Mapping[str, str]) -> str:
    """The desk that answers for a place at a level."""
    role = at_level(level)
    name, row = next((name, row) for name, row in TEAMS.items() if row.role is role)
    return f"{'group' if row.scope == 'group' else place[row.scope]}/{name}"


def covers(team: str, place: Mapping[str, str]) -> bool:
    """Whether a team answers for whatever is at a place."""
    role = role_in(team)
    reach = ROLES[role].reach if role else Reach.NONE
    if reach is Reach.NONE:
        return False
    return reach is Reach.GROUP or place.get(reach.value) == team.partition("/")[0]


def manages(team: str, place: Mapping[str, str]) -> bool:
    """Whether a team is the management of a place: of its project, its subsidiary, or the group."""
    home, _, name = team.partition("/")
    row = TEAMS.get(name)
    if row is None or row.role is not Role.MANAGER:
        return False
    return row.scope == "group" or place.get(row.scope) == home
