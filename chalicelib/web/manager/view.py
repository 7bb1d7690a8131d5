"""What the screen of a scope shows: six figures, what each was, and where things went wrong.

The six are one for each promise that an owner feels, in the order of their trouble: what they say of us, whether a
complaint is answered, whether somebody comes when promised, whether somebody asks afterwards, whether it is mended at
once, and how long it took. What else is measured stands in one table below them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from chalicelib.domain.measures import plots
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.measures.plots import Heat, Trend
from chalicelib.domain.measures.portrait import HOURS, STRETCHES, Portrait
from chalicelib.language import measures as wording
from chalicelib.language import words
from chalicelib.language.catalogue import catalogue
from chalicelib.store.measures import Month
from chalicelib.web.manager.door import Desk, year_to


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure on the screen. `state`: kept, missed, or "" without target or cases; `first`: as first reported."""

    measure: str
    word: str
    value: str
    of: str
    span: str
    target: str
    state: str
    few: bool
    rank: str
    first: str
    beside: str
    trend: Trend
    summary: str
    rows: Markup
    tickets: str
    act: str


def tiles(desk: Desk, months: Mapping[str, Month]) -> list[Tile]:
    """The six figures of the month, each with its year."""
    now = months.get(desk.month)
    found = []
    for name in wording.six(now.figures if now else {}):
        found.append(_tile(desk, months, name))
    return found


def _tile(desk: Desk, months: Mapping[str, Month], name: str) -> Tile:
    say, lang, terms = catalogue(desk.lang).gettext, desk.lang, desk.terms
    row, now = MEASURES[name], months.get(desk.month)
    one = now.figures.get(name) if now else None
    year = year_to(desk.month)[11::-1]
    series = tuple(_small(months.get(month), name) for month in year)
    target = wording.target_of(name, terms)
    rank = now.ranks.get(name) if now else None
    first = now.first.get(name) if now and now.first else None
    met = one.met(terms) if one else None
    beside = now.figures.get(row.beside) if now and row.beside else None
    return Tile(
        measure=name,
        word=wording.measure_word(name, lang),
        value=wording.text(one, lang) if one else "",
        of=wording.of_text(one, lang) if one else "",
        span=wording.span_text(one, terms) if one else "",
        target=wording.target_text(name, terms, lang),
        state="" if met is None else "kept" if met else "missed",
        few=bool(one) and not one.carries_pay(terms),  # type: ignore[union-attr]
        rank=say("%(rank)s of %(of)s") % {"rank": rank[0], "of": rank[1]} if rank else "",
        first=wording.text(first, lang) if first and first != one else "",
        beside=wording.beside_text(beside, lang) if beside else "",
        trend=plots.trend(series, target, row.better != "down"),
        summary=_summary(series, year, name, lang),
        rows=table(tuple(year), tuple(_numbers(months.get(month), name) for month in year), name, lang),
        tickets=desk.address("tickets", m=name) if one else "",
        act=desk.address("act", m=name) if one else "",
    )


def _small(month: Month | None, name: str) -> int | None:
    one = month.figures.get(name) if month else None
    return wording.small(one) if one else None


def _numbers(month: Month | None, name: str) -> tuple[int, ...]:
    one = month.figures.get(name) if month else None
    return (wording.small(one), one.n, one.d) if one else ()


def _summary(series: Sequence[int | None], year: Sequence[str], name: str, lang: str) -> str:
    """What the plot says, in words: from where to where, between what."""
    known = [(value, month) for value, month in zip(series, year, strict=True) if value is not None]
    say = catalogue(lang).gettext
    if not known:
        return say("No figures yet")
    values = [value for value, _ in known]
    shown = [wording.value_text(name, value, lang) for value in (min(values), max(values), values[-1])]
    return say("%(months)s months between %(low)s and %(high)s, %(now)s at last") % {
        "months": len(known),
        "low": shown[0],
        "high": shown[1],
        "now": shown[2],
    }


@lru_cache(maxsize=2048)
def table(months: tuple[str, ...], numbers: tuple[tuple[int, ...], ...], name: str, lang: str) -> Markup:
    """The rows of a plot's table, the newest first."""
    rows = []
    for month, known in zip(reversed(months), reversed(numbers), strict=True):
        value = wording.value_text(name, known[0], lang) if known else "–"
        count = f"{known[1]} / {known[2]}" if known else ""
        rows.append(
            f'<tr><th scope="row" class="num">{month}</th><td class="num">{escape(value)}</td>'
            f'<td class="num">{count}</td></tr>'
        )
    return Markup("".join(rows))


@dataclass(frozen=True, slots=True)
class Others:
    """A figure that is not one of the six."""

    measure: str
    word: str
    value: str
    of: str
    target: str
    rank: str
    few: bool
    tickets: str


def others(desk: Desk, now: Month | None, shown: Sequence[Tile]) -> list[Others]:
    """What else there is of the month."""
    if now is None:
        return []
    big = {tile.measure for tile in shown}
    return [
        Others(
            name,
            wording.measure_word(name, desk.lang),
            wording.text(one, desk.lang),
            wording.of_text(one, desk.lang),
            wording.value_text(name, target, desk.lang) if (target := wording.target_of(name, desk.terms)) else "",
            f"{rank[0]} / {rank[1]}" if (rank := now.ranks.get(name)) else "",
            not one.carries_pay(desk.terms),
            desk.address("tickets", m=name),
        )
        for name, one in now.figures.items()
        if name not in big
    ]


@dataclass(frozen=True, slots=True)
class Broken:
    """A clock's heat map. `places`: what the rows are called; `cells`: late of judged, by stretch of the day."""

    word: str
    late: int
    judged: int
    places: Sequence[str]
    cells: Sequence[Sequence[tuple[int, int]]]
    heat: Heat
    most: str


STRETCH_WORDS = tuple(f"{n * HOURS:02}" for n in range(STRETCHES))


def broken(portrait: Portrait, names: Mapping[str, str], lang: str) -> list[Broken]:
    """Where promises broke, a map for each clock."""
    found = []
    for clock, of_places in portrait.breaks.items():
        places = list(of_places)
        cells = [[(late, judged) for late, judged in of_places[place]] for place in places]
        worst = max(
            ((late, names.get(place, place), n) for place, row in zip(places, cells, strict=True)
             for n, (late, _) in enumerate(row)),
            key=lambda one: one[0],
        )  # fmt: skip
        say = catalogue(lang).gettext
        found.append(
            Broken(
                words.clock_word(clock, lang),
                sum(late for row in cells for late, _ in row),
                sum(judged for row in cells for _, judged in row),
                [names.get(place, place) or say("Elsewhere") for place in places],
                cells,
                plots.heat([[late for late, _ in row] for row in cells]),
                say("most at %(place)s from %(hour)s:00")
                % {"place": worst[1] or "–", "hour": f"{worst[2] * HOURS:02}"},
            )
        )
    return found


def worst(portrait: Portrait, names: Mapping[str, str], desk: Desk) -> list[dict[str, Any]]:
    """The worst tickets, and why they are."""
    found = []
    for one in portrait.worst:
        found.append(
            {
                "href": f"{desk.base}/ticket/{one.ticket}",
                "place": names.get(one.unit, ""),
                "category": words.category_word(one.category, desk.lang),
                "why": wording.why_bad(one, desk.lang),
            }
        )
    return found


def contractors(portrait: Portrait, names: Mapping[str, str]) -> list[dict[str, Any]]:
    """Companies by tickets for 1,000 flats in warranty, where those are known; else by tickets."""
    flats = portrait.flats
    rows = [
        {
            "name": names.get(code, code),
            "tickets": count,
            "late": late,
            "flats": flats.get(code, 0),
            "rate": f"{count * 1000 / flats[code]:.1f}" if flats.get(code) else "",
        }
        for code, (count, late) in portrait.contractors.items()
    ]
    return sorted(rows, key=lambda row: (-float(row["rate"] or 0), -row["tickets"], row["name"]))
