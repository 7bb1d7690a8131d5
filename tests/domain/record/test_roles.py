"""Roles and teams are rows: whoever is on a team has its role, and a team without a row is nobody's."""

from __future__ import annotations

import pytest

from chalicelib.domain.record.roles import (
    CREWS,
    DESKS,
    HOUSE_TEAMS,
    ROLES,
    TEAMS,
    WORKERS,
    Role,
    at_level,
    company_of,
    covers,
    desk_of,
    role_in,
)

HERE = {"subsidiary": "S1", "project": "P1", "building": "B1"}


@pytest.mark.parametrize(
    ("team", "role"),
    [
        ("P1/engineering", Role.TECHNICIAN),
        ("P1/building", Role.TECHNICIAN),
        ("P1/desk", Role.DESK),
        ("S1/desk2", Role.SUPERVISOR),
        ("group/hotline", Role.HOTLINE),
        ("S1/office", Role.OFFICE),
        ("C1/contractor", Role.CONTRACTOR),
        ("C1/workers", Role.WORKER),
        ("C2/third_party", Role.THIRD_PARTY),
    ],
)
def test_whoever_is_on_a_team_has_its_role(team: str, role: Role) -> None:
    assert role_in(team) is role


@pytest.mark.parametrize("team", ["P1/gardeners", "P1/", "/desk", "desk", "", "P1/hotline", "group/desk", "P1/desk/x"])
def test_a_team_without_a_row_has_no_role_and_reaches_nothing(team: str) -> None:
    assert role_in(team) is None
    assert not covers(team, HERE)


@pytest.mark.parametrize(
    ("team", "reaches"),
    [
        ("P1/desk", True),
        ("P2/desk", False),
        ("S1/desk2", True),
        ("S2/desk2", False),
        ("group/hotline", True),
        ("P1/engineering", False),
        ("S1/office", True),
        ("S2/office", False),
        ("S1/contractor", False),
        ("P1/third_party", False),
    ],
)
def test_a_desk_reaches_what_lies_in_its_own_places(team: str, reaches: bool) -> None:
    assert covers(team, HERE) is reaches


def test_each_level_has_one_desk_and_each_desk_a_team() -> None:
    assert [desk_of(level, HERE) for level in (1, 2, 3)] == ["P1/desk", "S1/desk2", "group/hotline"]
    assert [at_level(level) for level in (0, 1, 2, 3, 4)] == [None, Role.DESK, Role.SUPERVISOR, Role.HOTLINE, None]
    assert {row.role for row in TEAMS.values()} >= DESKS
    assert set(ROLES) == set(Role)


def test_a_company_s_teams_work_and_are_neither_the_house_s_nor_its_crews() -> None:
    theirs = {"contractor", "workers", "third_party"}
    assert [company_of(f"C1/{team}") for team in sorted(theirs)] == ["C1"] * 3
    assert [company_of(team) for team in ("P1/desk", "S1/office", "group/hotline", "P1/dept/x", "")] == [""] * 5
    assert not theirs & {*CREWS, *HOUSE_TEAMS}
    assert {TEAMS[team].role for team in theirs} == WORKERS - {Role.TECHNICIAN}
