"""What is said of a person's score. The texts name the `quarter` alone: points would show on a locked phone."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.measures.period import is_year
from chalicelib.domain.measures.scoring import Score
from chalicelib.language.catalogue import word
from chalicelib.language.text import Text

PARTS: Mapping[str, str] = {
    "satisfaction": "Satisfaction",
    "efficiency": "Efficiency",
    "quality": "Quality",
    "teamwork": "Teamwork",
    "improvement": "Improvement",
}
STATES: Mapping[str, str] = {
    "gathering": "Being made",
    "published": "May be objected to",
    "objected": "Objected to",
    "final": "Final",
    "thin": "Too few cases",
    "lapsed": "Not decided",
    "unanswered": "Objection not answered",
}
TEXTS: Mapping[str, Text] = {
    "score_published": Text(
        ("Your figures of {quarter} are there. You may object until they are final.", "Your figures of {quarter}"),
        "Your figures of {quarter}",
        "Your figures of {quarter} are there, with the tickets behind them and an explanation.",
        ("If something is not right, please object on the page before they are final.",),
    ),
    "score_objected": Text(
        ("A figure of {quarter} was objected to. Please answer.", "Objection to {quarter}"),
        "Objection to figures of {quarter}",
        "Somebody objects to the figures of {quarter}.",
        ("Please read why, and answer.",),
    ),
    "score_answered": Text(
        ("Your objection to the figures of {quarter} is answered.", "Objection answered"),
        "Your objection is answered",
        "Your objection to the figures of {quarter} is answered; they are final now.",
        ("The answer stands on the page.",),
    ),
    "score_waits": Text(
        ("Figures of {quarter} wait for you.", "Figures wait"),
        "Figures of {quarter} wait for you",
        "Figures of {quarter} wait for your decision or answer.",
        ("Undecided, there is no score.",),
    ),
    "score_late": Text(
        ("An objection to figures of {quarter} is not answered in time.", "Objection late"),
        "An objection is not answered",
        "An objection to figures of {quarter} was not answered in time.",
        ("See that it is answered.",),
    ),
    "score_unanswered": Text(
        ("Nobody answered your objection to {quarter}: there is no score.", "No score of {quarter}"),
        "There is no score of {quarter}",
        "Nobody answered your objection to the figures of {quarter} in time: there is no score.",
        ("No pay hangs on them. You need do nothing more.",),
    ),
    "score_fell": Text(
        ("An objection to {quarter} was never answered: there is no score.", "Objection never answered"),
        "An objection to {quarter} was never answered",
        "Nobody answered an objection to figures of {quarter} in time: there is no score, and no pay hangs on them.",
        ("What was objected to stands behind the link.",),
    ),
}


def facts(one: Score, lang: str) -> dict[str, str]:
    """What the texts may name."""
    return {"quarter": quarter_text(one.quarter, lang)}


def quarter_text(quarter: str, lang: str) -> str:
    """2026Q1, or 2026, as it is read."""
    if is_year(quarter):
        return word("score", "Year {year}", lang).format(year=quarter)
    return word("score", "Q{n} of {year}", lang).format(n=quarter[5:], year=quarter[:4])


def part_word(part: str, lang: str) -> str:
    return word("score", PARTS[part], lang)


def state_word(state: str, lang: str) -> str:
    return word("score", STATES.get(state, state), lang)
