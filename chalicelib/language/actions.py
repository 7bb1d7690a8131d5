"""Messages about improvement actions, and the words of their states. The texts name `until`: the last day."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.domain.measures.action import Action
from chalicelib.language import times
from chalicelib.language.catalogue import word
from chalicelib.language.text import Text

STATES: Mapping[str, str] = {"planned": "Under way", "done": "Done", "cancelled": "Cancelled"}
MOVED: Mapping[str, str] = {
    "reached": "Goal reached",
    "better": "Better, not there yet",
    "none": "Has not moved",
    "worse": "Worse than before",
}
TEXTS: Mapping[str, Text] = {
    "action_given": Text(
        (
            "An improvement action is yours, to be done by {until}. What and why stands here.",
            "An improvement action is yours, by {until}.",
            "An improvement action is yours",
        ),
        "An improvement action is yours, by {until}",
        "A manager has given you an improvement action. It is to be done by {until}.",
        (
            "What is to be done, and which figure it is to move, stands behind the link. "
            "Please report there once it is done.",
        ),
    ),
    "action_due": Text(
        (
            "Your improvement action is to be done by {until}. Is it done? Please report it.",
            "Your improvement action is due by {until}.",
            "An improvement action is due",
        ),
        "Your improvement action is due by {until}",
        "Your improvement action is to be done by {until}.",
        ("Once it is done, please say so behind the link, in a few words.",),
    ),
    "action_late": Text(
        (
            "Your improvement action was to be done by {until} and is not reported done. The manager above has heard.",
            "Your improvement action was due by {until}. Please report it.",
            "An improvement action is late",
        ),
        "Your improvement action is late",
        "Your improvement action was to be done by {until}, and nobody has reported it done.",
        ("Please report it behind the link, or ask the manager to put it off with a reason.",),
    ),
    "action_climbed": Text(
        (
            "An improvement action was to be done by {until} and is not. See that somebody moves.",
            "An improvement action was due by {until} and is not done.",
            "An improvement action is late",
        ),
        "An improvement action is late",
        "An improvement action below you was to be done by {until}, and nobody has reported it done.",
        ("See that somebody moves. What it is stands behind the link.",),
    ),
    "action_done": Text(
        (
            "Your improvement action is reported done. Next month's report shows whether the figure moved.",
            "Your improvement action is reported done.",
            "An improvement action is done",
        ),
        "Your improvement action is reported done",
        "The improvement action that you entered is reported done.",
        ("What was done stands behind the link. Next month's report shows whether the figure moved.",),
    ),
    "action_reported": Text(
        (
            "A manager has reported your improvement action done. You need do nothing more about it.",
            "Your improvement action was reported done by a manager.",
            "An improvement action is done",
        ),
        "A manager has reported your improvement action done",
        "A manager has reported the improvement action that you were given as done.",
        ("What was done stands behind the link. If it is not so, please tell the manager.",),
    ),
    "action_put_off": Text(
        (
            "Your improvement action has another last day: {until}. The reason stands here.",
            "Your improvement action now ends on {until}.",
            "An improvement action has another last day",
        ),
        "Your improvement action now ends on {until}",
        "The improvement action that you were given has another last day: {until}.",
        ("The reason stands behind the link. Please report there once it is done.",),
    ),
    "month_final": Text(
        (
            "Last month is final: the report is there, with figures, plots, the worst tickets and your actions.",
            "The report of last month is there.",
            "Last month's report is there",
        ),
        "The report of last month is there",
        "Last month is final. Its figures, plots and worst tickets stand behind the link, "
        "with the report as PDF and XLSX.",
        ("It also shows whether the figures moved that your improvement actions were for.",),
    ),
    "action_cancelled": Text(
        (
            "Your improvement action was cancelled. The reason stands here.",
            "Your improvement action was cancelled.",
            "An improvement action was cancelled",
        ),
        "Your improvement action was cancelled",
        "The improvement action that you were given was cancelled.",
        ("The reason stands behind the link. You need do nothing more about it.",),
    ),
}


def facts(one: Action, lang: str) -> dict[str, str]:
    """What the texts may name."""
    return {"until": times.letter_day(one.until, lang)}


def state_word(state: str, lang: str) -> str:
    return word("action", STATES.get(state, state), lang)


def moved_word(how: str, lang: str) -> str:
    return word("action", MOVED.get(how, how), lang)
