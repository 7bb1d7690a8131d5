"""Scopes that have a management 管理范围: the group, its subsidiaries, their projects; what figures are of.

group                  group/management
subsidiary#<id>        <id>/manager2           above it: the group
project#<id>           <id>/manager            above it: its subsidiary, then the group
"""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.record.roles import TEAMS, Role

GROUP = "group"
MANAGED: Mapping[str, str] = {row.scope: name for name, row in TEAMS.items() if row.role is Role.MANAGER}


def scope_of(team: str) -> str:
    """The scope that a team manages; "" for a team that manages none."""
    home, _, name = team.partition("/")
    row = TEAMS.get(name)
    if row is None or row.role is not Role.MANAGER:
        return ""
    return GROUP if row.scope == GROUP else f"{row.scope}#{home}"


def team_of(scope: str) -> str:
    """The team that manages a scope. Raises KeyError for one that nobody manages."""
    kind, _, name = scope.partition("#")
    return f"{name or GROUP}/{MANAGED[kind]}"


def of_place(place: Mapping[str, str]) -> str:
    """The smallest scope that a place names."""
    for kind in ("project", "subsidiary"):
        if place.get(kind):
            return f"{kind}#{place[kind]}"
    return GROUP


def above(place: Mapping[str, str]) -> tuple[str, ...]:
    """The scopes above that of a place, the nearest first."""
    own = of_place(place)
    found = [f"subsidiary#{place['subsidiary']}"] if own.startswith("project#") and place.get("subsidiary") else []
    return (*found, *([GROUP] if own != GROUP else []))


def within(scope: str, place: Mapping[str, str]) -> bool:
    """Whether a place lies in a scope."""
    kind, _, name = scope.partition("#")
    return kind == GROUP or (bool(name) and place.get(kind) == name)
