"""The departments that a project's complaints are relayed to, as the workbook has them.

They stand with the project, so that whoever knows it has them: one read, kept for some minutes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.services import premises
from chalicelib.services.recent import Recent
from chalicelib.store import places


@dataclass(frozen=True, slots=True)
class Department:
    """`code`: the project's own; `name`: on screen."""

    code: str
    name: str


_departments: Recent[tuple[Department, ...]] = Recent(seconds=300, most=500)


def of(project: str) -> Sequence[Department]:
    """A project's departments, in the order of the sheet; none where the workbook names none."""
    if not project:
        return ()
    return _departments.get(project, lambda: _read(project))


def _read(project: str) -> tuple[Department, ...]:
    place = premises.known(project)
    return tuple(Department(*pair) for pair in places.departments(place)) if place else ()


def named(code: str, project: str) -> Department | None:
    """A project's department by its code."""
    return next((d for d in of(project) if d.code == code), None)


def forget() -> None:
    """Read them anew."""
    _departments.forget()
    premises.forget()
