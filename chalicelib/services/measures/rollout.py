"""Before and after of a project: entered by file, computed since; the industry's figures beside both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chalicelib.domain.measures.rollout import INDUSTRY, MEASURES, MONTHS, Change, Entry, compared
from chalicelib.services.ticket.ended import beside
from chalicelib.store import baselines, signs
from chalicelib.store.measures import Month
from chalicelib.store.signs import Signs

SAME = ("satisfaction", "complaints", "cost")  # that figures count alike


@dataclass(frozen=True, slots=True)
class Rollout:
    """`before`: the months that were entered, the newest first; `signs`: those since, the same."""

    project: str
    changes: tuple[Change, ...]
    before: tuple[Entry, ...]
    signs: Sequence[Signs]


def of_project(project: str, until: str) -> Rollout:
    """What came of it up to a month. Two calls."""
    rows = baselines.several(project, INDUSTRY)
    entered = {of: [one for one in theirs if one.measure in MEASURES] for of, theirs in rows.items()}
    found, figures = signs.with_figures(f"project#{project}", [beside(until, -n) for n in range(MONTHS)])
    changes = compared(entered[project], _since(found, figures), entered[INDUSTRY])
    before = sorted(entered[project], key=lambda one: (one.month, one.measure), reverse=True)
    return Rollout(project, changes, tuple(before), found)


def _since(found: Sequence[Signs], figures: Sequence[Month]) -> Iterator[Entry]:
    for month in figures:
        for name in SAME:
            if (figure := month.figures.get(name)) and figure.d:
                yield Entry(month.month, name, figure.n, figure.d)
    for one in found:
        if (handled := one.signs.get("handled")) and handled.d:
            yield Entry(one.month, "efficiency", handled.n, handled.d)
