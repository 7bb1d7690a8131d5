"""Who is who: one row a role, one row a team. Whoever is on a team acts in its role; a team without a row is nobody's.

team                    role         level   reaches                       begins at
<project>/engineering   technician   0       what they are on              /w/ my work
<project>/building      technician   0       what they are on              /w/ my work
<project>/dept/<code>   department   0       what was relayed to it        /w/ my work
<project>/desk          desk         1       its project                   /d/ its desk
<subsidiary>/desk2      supervisor   2       its subsidiary                /d/ its desk
group/hotline           hotline      3       everything                    /d/ its desk
nobody's                owner        0       the one ticket of the link    /o/
nobody's                system       0       everything, by no link
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    OWNER = "owner"
    TECHNICIAN = "technician"
    DEPARTMENT = "department"
    DESK = "desk"
    SUPERVISOR = "supervisor"
    HOTLINE = "hotline"
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
    """`scope`: the kind of place that has such a team. `named`: it has several, each with a code of its own."""

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
    Role.SYSTEM: RoleRow("System"),
}
TEAMS: Mapping[str, TeamRow] = {
    "desk": TeamRow(Role.DESK, "project"),
    "engineering": TeamRow(Role.TECHNICIAN, "project"),
    "building": TeamRow(Role.TECHNICIAN, "project"),
    "dept": TeamRow(Role.DEPARTMENT, "project", named=True),
    "desk2": TeamRow(Role.SUPERVISOR, "subsidiary"),
    "hotline": TeamRow(Role.HOTLINE, "group"),
}
DESKS = frozenset(role for role, row in ROLES.items() if row.level)
ABOVE = frozenset(role for role, row in ROLES.items() if row.level > 1)
STAFF = frozenset(row.role for row in TEAMS.values())
DESK_TEAMS: Mapping[str, TeamRow] = {name: row for name, row in TEAMS.items() if row.role in DESKS}
CREWS = tuple(name for name, row in TEAMS.items() if row.role not in DESKS and not row.named)


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
