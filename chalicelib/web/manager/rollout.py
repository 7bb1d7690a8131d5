"""What came of a project since it is here, and what stands beside the figures of a scope so that they can't be gamed.

GET /g/{token}/rollout     ?of= ?month=   both, up to a month; before and after of a project alone
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from chalice.app import Response

from chalicelib.domain.measures.gaming import SIGNS, Counted
from chalicelib.domain.measures.rollout import TARGETS, Change, Sum
from chalicelib.language.catalogue import word
from chalicelib.services.measures import gaming, rollout
from chalicelib.web.kit.pages import page
from chalicelib.web.manager.door import Desk, managed
from chalicelib.web.manager.routes import frame

MEASURES = {
    "efficiency": "Hours from report to repair",
    "satisfaction": "Satisfied owners",
    "complaints": "Complaints per 1,000 flats and month",
    "cost": "Yuan paid to third parties and owners per ticket",
}
WORDS = {
    "quick": "Contact within a minute of the assignment",
    "lowered": "Priority lowered",
    "waited": "Made to wait",
    "unphotographed": "Closed without a photo",
    "unchecked": "Not looked at by a supervisor",
    "merged": "Merged into another ticket",
    "silent": "No stars given",
    "device": "Stars from a staff device or one of many flats",
    "wall": "Wall clock beside counted time, until repaired",
}


@managed
def look(desk: Desk) -> Response:
    project = desk.scope.id.startswith("project#")
    found = rollout.of_project(desk.scope.code, desk.month) if project else None
    signs = found.signs if found else gaming.beside(desk.scope.id, desk.month, 1)
    here = signs[0].signs if signs and signs[0].month == desk.month else {}
    return page(
        "manager/rollout.html",
        desk.lang,
        **frame(desk),
        project=project,
        changes=[_row(one, desk.lang) for one in found.changes] if found and found.before else [],
        signs=[_sign(name, here[name], desk.lang) for name in SIGNS if name in here],
    )


def _row(one: Change, lang: str) -> dict[str, Any]:
    return {
        "word": word("rollout", MEASURES[one.measure], lang),
        "before": _value(one.measure, one.before),
        "since": _value(one.measure, one.since),
        "industry": _value(one.measure, one.industry),
        "cases": (one.before.d, one.since.d),
        "months": (one.before.months, one.since.months),
        "change": "–" if one.change is None else _percent(one.change),
        "target": _percent(TARGETS[one.measure]),
        "state": "" if one.met is None else "kept" if one.met else "late",
    }


def _value(measure: str, one: Sum) -> str:
    if one.value is None:
        return "–"
    if measure == "efficiency":
        return _tenths(one.value / 3600)
    if measure == "cost":
        return _tenths(one.value / 100)
    return _tenths(one.value * 1000) if measure == "complaints" else f"{_tenths(one.value * 100)}%"


def _tenths(value: Fraction) -> str:
    tenths = round(value * 10)
    return f"{tenths // 10}.{tenths % 10}"


def _percent(value: Fraction) -> str:
    """With its sign: +12.5%."""
    return f"{'−' if value < 0 else '+'}{_tenths(abs(value) * 100)}%"


def _sign(name: str, one: Counted, lang: str) -> dict[str, Any]:
    hours = name == "wall"
    n, d = (one.n // 3600, one.d // 3600) if hours else (one.n, one.d)
    share = "–" if not one.d else f"{_tenths(Fraction(one.n, one.d) * (1 if hours else 100))}{'×' if hours else '%'}"
    return {"word": word("rollout", WORDS[name], lang), "n": n, "d": d, "hours": hours, "share": share}
