"""What a subsidiary's score is said in: its rules, what follows from it, the columns of the bonus sheet."""

from __future__ import annotations

from collections.abc import Mapping

from chalicelib.language.catalogue import LANGS, word

LANG = LANGS[0]  # of the sheet
RULES: Mapping[str, str] = {
    "satisfaction": "Satisfied owners",
    "answered_in_time": "Complaints answered in time",
    "beyond_standard": "Requests beyond standard",
    "called_back": "Owners called back",
    "reached_group": "Climbed to the group",
    "emergency_late": "Late to an emergency",
    "dissatisfied_twice": "Dissatisfied twice",
    "reworked_twice": "Reworked twice",
}
CONSEQUENCES: Mapping[str, str] = {
    "commended": "Commended",
    "above_plan": "Above plan",
    "talk": "To be talked over",
    "plan_due": "A plan to improve is due",
}
HEADS: Mapping[str, str] = {
    "summary": "Scores",
    "detail": "Points",
    "subsidiary": "Subsidiary",
    "code": "Code",
    "plan": "Plan score",
    "total": "Total",
    "rank": "Rank",
    "factor": "Bonus factor",
    "follows": "What follows",
    "rule": "Rule",
    "points": "Points given",
    "figure": "Figure",
    "ticket": "Ticket",
    "few": "Too few cases",
}
SUMMARY = ("subsidiary", "code", "plan", "total", "rank", "factor", "follows")
DETAIL = ("subsidiary", "rule", "points", "figure", "ticket")


def rule(of: str, lang: str) -> str:
    return word("standing", RULES.get(of, of), lang)


def consequence(name: str, lang: str) -> str:
    return word("standing", CONSEQUENCES.get(name, name), lang)


def head(name: str, lang: str) -> str:
    return word("standing", HEADS[name], lang)
