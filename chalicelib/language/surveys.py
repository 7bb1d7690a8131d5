"""What owners are asked afterwards and what a desk reads of it. The texts name `where`: the flat."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.measures.survey import Survey
from chalicelib.language.catalogue import word
from chalicelib.language.text import Text

STATES: Mapping[str, str] = {
    "drawn": "To be asked",
    "asked": "Asked by link",
    "calling": "To be called",
    "answered": "Answered",
    "left_open": "Something is not right",
    "settled": "Seen to",
    "refused": "Would rather not",
    "unreached": "Not reached",
    "lapsed": "Not called in time",
}
TEXTS: Mapping[str, Text] = {
    "survey_asked": Text(
        (
            "{where}: how do we look after your home? Four stars and one question, half a minute.",
            "How do we look after your home? Four stars, one question.",
            "How do you find our service?",
        ),
        "How do we look after your home?",
        "How do we look after {where}? Four stars and one question: it takes half a minute.",
        ("Your answer is read by people, and makes the service better.",),
    ),
    "survey_reminded": Text(
        (
            "{where}: your opinion still counts. Four stars and one question, or we call you.",
            "Your opinion still counts: four stars, one question. Or we call you.",
            "Your opinion still counts",
        ),
        "Your opinion still counts",
        "We asked how we look after {where}. If you have half a minute: four stars and one question.",
        ("If you don't answer, the desk calls you once.",),
    ),
    "survey_left_open": Text(
        (
            "{where}: the owner says that something is still not right. It is in your call list.",
            "An owner says that something is not right. See your call list.",
            "See your call list",
        ),
        "Something is still not right",
        "{where}: asked afterwards, the owner says that something is still not right.",
        ("Please open the call list of your desk, see to it, and say what was done.",),
    ),
    "survey_late": Text(
        (
            "{where}: what the owner said was not right has not been seen to. See that somebody moves.",
            "What an owner said was not right waits. See that somebody moves.",
            "A call list waits",
        ),
        "What an owner said was not right waits",
        "{where}: the owner said that something is not right, and nobody has seen to it in time.",
        ("See that somebody moves.",),
    ),
}


def facts(one: Survey, lang: str) -> dict[str, str]:
    """What the texts may name."""
    return {"where": one.place.get("label", "")}


def state_word(state: str, lang: str) -> str:
    return word("survey", STATES.get(state, state), lang)
