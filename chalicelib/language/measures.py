"""What measures are called, and their values as they are read: 92.3 %, 4 小时 20 分, 3.2 per thousand flats."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from chalicelib.domain.measures.figures import Figure
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.language import times
from chalicelib.language.catalogue import word

NAMES: Mapping[str, str] = {
    "satisfaction": "Satisfaction",
    "rated": "Owners who gave stars",
    "answered_in_time": "Complaints answered in 24 h",
    "called_back": "Owners called back",
    "dispatch_kept": "Dispatched in time",
    "response_kept": "Contacted in time",
    "arrive_kept": "Arrived in time",
    "resolve_kept": "Repaired in time",
    "follow_up_kept": "Followed up in time",
    "beyond_standard": "Tickets beyond a standard",
    "response_time": "Time to first contact",
    "response_wall": "Time to first contact, by the wall clock",
    "resolution_time": "Time to repair",
    "resolution_wall": "Time to repair, by the wall clock",
    "resolved": "Repairs brought to an end",
    "first_time_fix": "Fixed the first time",
    "rework": "Needed rework",
    "repeats": "The same fault again",
    "complaints": "Complaints per 1,000 flats",
    "cost": "Cost of a ticket",
}
PERCENT, TENTH = 10_000, 10
HOUR = 3600


def measure_word(name: str, lang: str) -> str:
    return word("measure", NAMES.get(name, name), lang)


def small(one: Figure) -> int:
    """A figure in its smallest unit: hundredths of a percent, seconds, fen, hundredths of one per thousand."""
    scale = {"share": PERCENT, "per_thousand": 100}.get(one.row.unit, 1)
    return int(one.value * scale + Fraction(1, 2))


def value_text(measure: str, value: int, lang: str) -> str:
    """A value in its smallest unit, as it is read."""
    unit = MEASURES[measure].unit if measure in MEASURES else "share"
    if unit == "share":
        return f"{_tenths(value, 100)}%"
    if unit == "seconds":
        return times.span_of(timedelta(seconds=value), lang)
    if unit == "fen":
        return f"¥{value / 100:,.0f}" if value >= PERCENT else f"¥{value / 100:,.2f}"
    return _tenths(value, 100)


def _tenths(value: int, scale: int) -> str:
    """One digit behind the point, half up, none where it is 0."""
    tenths = (value * TENTH + scale // 2) // scale
    return f"{tenths // TENTH}" if tenths % TENTH == 0 else f"{tenths / TENTH:.1f}"


def text(one: Figure, lang: str) -> str:
    return value_text(one.measure, small(one), lang)


def typed(measure: str, raw: str) -> int | None:
    """What somebody typed as a goal: percent, hours, yuan, per thousand; None where it is no such number."""
    row = MEASURES.get(measure)
    try:
        number = Decimal(raw.strip().rstrip("%％").strip())
    except InvalidOperation:
        return None
    if row is None or not number.is_finite() or number < 0 or (row.unit == "share" and number > 100):
        return None
    return int(number * (HOUR if row.unit == "seconds" else 100))


def entered(measure: str, value: int) -> str:
    """A value as it would be typed."""
    row = MEASURES.get(measure)
    number = Decimal(value) / (HOUR if row and row.unit == "seconds" else 100)
    return f"{number.quantize(Decimal('0.1')):f}".removesuffix(".0")


def unit_word(measure: str, lang: str) -> str:
    """What a goal is typed in."""
    unit = MEASURES[measure].unit if measure in MEASURES else "share"
    said = {"share": "percent", "seconds": "hours", "fen": "yuan", "per_thousand": "per 1,000 flats"}
    return word("unit", said[unit], lang)
