"""Before and after of a project: entered by file, computed since; the industry's figures beside both."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from chalicelib.domain.measures.rollout import INDUSTRY, MONTHS, Change, Entry, compared
from chalicelib.store import baselines, measures, signs

SAME = ("satisfaction", "complaints")  # that figures count alike


@dataclass(frozen=True, slots=True)
class Rollout:
    """`before`: the months that were entered, the newest first."""

    project: str
    changes: tuple[Change, ...]
    before: tuple[Entry, ...]


def of_project(project: str, until: str) -> Rollout:
    """What came of it up to a month. Three calls."""
    entered = baselines.several(project, INDUSTRY)
    changes = compared(entered[project], _since(project, until), entered[INDUSTRY])
    return Rollout(project, changes, tuple(sorted(entered[project], key=lambda one: (one.month, one.measure))[::-1]))


def _since(project: str, until: str) -> Iterator[Entry]:
    scope = f"project#{project}"
    for month in measures.months(scope, until, MONTHS):
        for name in SAME:
            if (figure := month.figures.get(name)) and figure.d:
                yield Entry(month.month, name, figure.n, figure.d)
    for beside in signs.months(scope, until, MONTHS):
        if (handled := beside.signs.get("handled")) and handled.d:
            yield Entry(beside.month, "efficiency", handled.n, handled.d)
