"""What the report of a month says, section by section, in the reader's language: data for the layout `report.typ`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.domain.measures import plots
from chalicelib.domain.measures.action import moved
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.measures.portrait import HOURS, STRETCHES, Portrait
from chalicelib.domain.policy.measures import Terms
from chalicelib.language import actions as acting
from chalicelib.language import measures as wording
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue

COLOURS = {"line": "#0b6158", "late": "#a3241b", "goal": "#878275", "paper": "#ffffff"}


@dataclass(frozen=True, slots=True)
class About:
    """Whose month it is ("" for the group), and when it was final."""

    scope: str
    month: str
    final: datetime
    zone: str


def said(
    about: About,
    months: Sequence[Any],
    portrait: Portrait,
    names: Mapping[str, str],
    acts: Sequence[Any],
    terms: Terms,
    lang: str,
) -> dict[str, Any]:
    """All that the layout sets. `months`: the newest first; `acts`: actions as they are listed."""
    say = catalogue(lang).gettext
    known = {one.month: one for one in months}
    now = known.get(about.month)
    figures = now.figures if now else {}
    six, day = wording.six(figures), about.final.astimezone(ZoneInfo(about.zone)).date()
    return {
        "lang": lang,
        "title": say("Report of the month"),
        "scope": about.scope or say("Whole group"),
        "month": about.month,
        "final": say("final since %(day)s") % {"day": times.letter_day(day, lang)},
        "words": {name: say(text) for name, text in WORDS.items()},
        "six": [_figure(name, now, known, about.month, terms, lang) for name in six],
        "others": [
            [wording.measure_word(name, lang), wording.text(one, lang), wording.of_text(one, lang),
             wording.target_text(name, terms, lang) or "–", _rank(now, name)]
            for name, one in figures.items() if name not in six
        ],
        "actions": [action(one, about.month, figures, lang) for one in acts],
        "worst": [
            [words.category_word(one.category, lang), names.get(one.unit, ""), " · ".join(wording.why_bad(one, lang))]
            for one in portrait.worst
        ],
        "heats": [
            {"word": words.clock_word(clock, lang), "rows": [
                [names.get(place, place) or say("Elsewhere"), [[late, judged] for late, judged in cells]]
                for place, cells in of_places.items()
            ]}
            for clock, of_places in portrait.breaks.items()
        ],
        "hours": [f"{n * HOURS:02}" for n in range(STRETCHES)],
        "contractors": [
            [names.get(code, code), str(count), str(late)]
            for code, (count, late) in sorted(portrait.contractors.items(), key=lambda one: (-one[1][0], one[0]))
        ],
    }  # fmt: skip


WORDS: Mapping[str, str] = {
    "target": "Target",
    "below": "Below target",
    "on": "On target",
    "none": "no cases",
    "rank": "Rank",
    "first": "First reported",
    "year": "Twelve months",
    "others": "All other figures of the month",
    "figure": "Figure",
    "value": "Value",
    "cases": "Cases",
    "actions": "Improvement actions",
    "no_actions": "No action was entered.",
    "what": "What is to be done",
    "before": "Before",
    "goal": "Goal",
    "now": "This month",
    "came": "What came of it",
    "worst": "Worst tickets",
    "why": "Why",
    "breaks": "Where promises break",
    "breaks_how": "By place and hour of the deadline: broken of all; the darker, the more were broken.",
    "category": "Category",
    "place": "Place",
    "contractors": "Contractors",
    "contractor": "Contractor",
    "tickets": "Tickets",
    "broken": "With a promise broken",
    "few": "Too few cases: carries no pay.",
    "wrote": "What owners wrote stands on the page of the figures, without names.",
}


def _figure(name: str, now: Any, known: Mapping[str, Any], month: str, terms: Terms, lang: str) -> dict[str, Any]:
    one = now.figures.get(name) if now else None
    year = [f"{number // 12}-{number % 12 + 1:02d}" for number in range(_count(month) - 11, _count(month) + 1)]
    series = tuple(
        wording.small(known[m].figures[name]) if m in known and name in known[m].figures else None for m in year
    )
    target = wording.target_of(name, terms)
    met = one.met(terms) if one else None
    first = now.first.get(name) if now and now.first else None
    beside = now.figures.get(MEASURES[name].beside) if now and MEASURES[name].beside else None
    return {
        "word": wording.measure_word(name, lang),
        "value": wording.text(one, lang) if one else "",
        "of": wording.of_text(one, lang) if one else "",
        "beside": wording.beside_text(beside, lang) if beside else "",
        "span": wording.span_text(one, terms) if one else "",
        "target": wording.target_text(name, terms, lang),
        "state": "" if met is None else "on" if met else "below",
        "rank": _rank(now, name),
        "first": wording.text(first, lang) if first and first != one else "",
        "few": one is not None and not one.carries_pay(terms),
        "picture": picture(plots.trend(series, target, MEASURES[name].better != "down")),
        "from": year[0],
        "to": year[-1],
    }


def _count(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:]) - 1


def _rank(now: Any, name: str) -> str:
    rank = now.ranks.get(name) if now else None
    return f"{rank[0]} / {rank[1]}" if rank else "–"


def picture(found: plots.Trend) -> str:
    """A year as a picture on paper."""
    goal = ""
    if found.target is not None:
        goal = f'<path d="M0 {found.target}h300" fill="none" stroke="{COLOURS["goal"]}" stroke-dasharray="5 4"/>'
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 72" width="300" height="72">'
        f'{goal}<path d="{found.line or "M0 0"}" fill="none" stroke="{COLOURS["line"]}" stroke-width="2"/>'
        f'<path d="{found.kept or "M0 0"}" fill="{COLOURS["paper"]}" stroke="{COLOURS["line"]}" stroke-width="1.75"/>'
        f'<path d="{found.missed or "M0 0"}" fill="{COLOURS["late"]}"/></svg>'
    )


def action(one: Any, month: str, figures: Mapping[str, Any], lang: str) -> list[str]:
    """An action as a row: what, its figure, before, goal, now, what came of it, its state."""
    its = one.line
    figure = figures.get(its.measure) if month > its.before.month else None
    value = wording.small(figure) if figure else None
    return [
        one.words,
        wording.measure_word(its.measure, lang),
        f"{wording.value_text(its.measure, its.before.value, lang)} ({its.before.month})",
        wording.value_text(its.measure, its.goal, lang),
        wording.value_text(its.measure, value, lang) if value is not None else "–",
        acting.moved_word(moved(its.before.value, its.goal, value), lang) if value is not None else "–",
        acting.state_word(its.state, lang),
    ]
