"""What measures are called, and their values as they are read: 92.3 %, 4 小时 20 分, 3.2 per thousand flats."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from chalicelib.domain.measures.figures import Figure
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.measures.portrait import Worst
from chalicelib.domain.policy.measures import Terms
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue, word
from chalicelib.language.joining import listed

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
    "faults": "Faults of contractors per 1,000 flats in warranty",
    "cost": "Cost of a ticket",
    "deductions": "A deduction on average",
    "trained": "Training assessments passed",
    "recovery": "Recovered of what contractors owe",
}
# One for each promise that an owner feels; of two the first that there are cases of.
SIX = (
    ("satisfaction",),
    ("answered_in_time",),
    ("arrive_kept", "response_kept"),
    ("called_back", "follow_up_kept"),
    ("first_time_fix",),
    ("resolution_time",),
)
PERCENT, TENTH = 10_000, 10
HOUR = 3600


def measure_word(name: str, lang: str) -> str:
    return word("measure", NAMES.get(name, name), lang)


def small(one: Figure) -> int:
    """A figure in its smallest unit: hundredths of a percent, seconds, fen, hundredths of one per thousand."""
    scale = {"share": PERCENT, "ratio": PERCENT, "per_thousand": 100}.get(one.row.unit, 1)
    return int(one.value * scale + Fraction(1, 2))


def value_text(measure: str, value: int, lang: str) -> str:
    """A value in its smallest unit, as it is read."""
    unit = MEASURES[measure].unit if measure in MEASURES else "share"
    if unit in ("share", "ratio"):
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


def six(known: Container[str]) -> list[str]:
    """The figures that a screen or a report shows in large."""
    return [next((name for name in names if name in known), names[0]) for names in SIX]


def made_of(one: Figure) -> tuple[int | Decimal, int | Decimal]:
    """Numerator and denominator: counts as they are, amounts in yuan."""
    n, d = Decimal(one.n).scaleb(-2), Decimal(one.d).scaleb(-2)
    return n if one.row.unit in ("fen", "ratio") else one.n, d if one.row.unit == "ratio" else one.d


def of_text(one: Figure, lang: str) -> str:
    """What a figure is made of: 108 / 138, ¥4,390.00 / 454; of durations how many, and within what nine in ten were."""
    if one.row.unit != "seconds":
        return " / ".join(f"{made}" if isinstance(made, int) else f"¥{made:,}" for made in made_of(one))
    longest = value_text(one.measure, one.p90, lang)
    return catalogue(lang).gettext("median of %(d)s, 9 in 10 within %(span)s") % {"d": one.d, "span": longest}


def beside_text(one: Figure, lang: str) -> str:
    """What a figure is never shown without, in a line."""
    shown = {"word": measure_word(one.measure, lang), "value": text(one, lang), "n": one.n, "d": one.d}
    return catalogue(lang).gettext("%(word)s %(value)s (%(n)s / %(d)s)") % shown


def span_text(one: Figure, terms: Terms) -> str:
    """The interval of a share; "" of anything else."""
    found = one.interval(terms)
    return f"{(found[0] + 50) // 100}–{(found[1] + 50) // 100}%" if found else ""


def target_of(name: str, terms: Terms) -> int | None:
    """The target in the measure's smallest unit; None where it has none."""
    target = terms.targets.get(name)
    return int(target * PERCENT + Fraction(1, 2)) if target is not None else None


def target_text(name: str, terms: Terms, lang: str) -> str:
    target = target_of(name, terms)
    better = "≤ " if MEASURES[name].better == "down" else "≥ "
    return better + value_text(name, target, lang) if target is not None else ""


def why_bad(one: Worst, lang: str) -> list[str]:
    """Why a ticket is among the worst."""
    say, why = catalogue(lang).gettext, []
    if one.late:
        clocks = listed([words.clock_word(clock, lang) for clock in one.clocks], lang)
        span = value_text("resolution_time", one.late, lang)
        why.append(say("%(clocks)s late, by %(span)s at most") % {"clocks": clocks, "span": span})
    if one.stars and one.stars <= 2:
        why.append(say("%(n)s of 5 stars") % {"n": one.stars})
    if one.rounds:
        why.append(say("%(n)s times again") % {"n": one.rounds})
    if one.level > 1:
        why.append(words.level_word(one.level, lang))
    return why
