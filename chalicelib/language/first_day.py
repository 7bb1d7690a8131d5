"""What is still to be done on the first day, in words: what is missing, and what to do about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chalicelib.domain.register.cover import DAY, Gap
from chalicelib.language.catalogue import catalogue, word
from chalicelib.language.times import WEEKDAYS
from chalicelib.language.words import level_word, listed, trade_word

# step → (what is missing, what to do); which facts they name: `services/loading/first_day.py`
STEPS: Mapping[str, tuple[str, str]] = {
    "no_building": (
        "No building is entered",
        "Load the sheets of buildings and flats. Until then everything is reported of the project as a whole.",
    ),
    "no_level": ("{level}: nobody answers", "Enter somebody active there in the sheet of staff."),
    "no_phone": ("{level}: no phone", "Enter it in the sheet of contacts: it stands on the form and on the signs."),
    "no_crew": ("Nobody repairs", "Every repair stays with the desk. Enter technicians in the sheet of staff."),
    "no_trade": ("Nobody for {trades}", "Such repairs stay with the desk. Enter the skills in the sheet of staff."),
    "nights": (
        "{level}: nobody {hours}",
        "What climbs or breaks then waits for the morning. Change the rosters, or confirm that it is meant so.",
    ),
    "crew_nights": (
        "No technician {hours}",
        "Emergencies then go to the desk, with an alarm. Change the rosters, or confirm that it is meant so.",
    ),
    "no_contracts": (
        "No contract is entered",
        "No contractor is held to anything. Load contracts and clauses, or confirm that there are none.",
    ),
    "no_entity": (
        "Signing entities that are not on file: {names}",
        "No letter goes in their name. Enter them in the sheet of legal entities.",
    ),
    "no_company": (
        "Contracts whose contractor is not on file: {names}",
        "No letter can be addressed. Enter the company in the sheet of contractors.",
    ),
    "no_contact": (
        "Without a contact who may receive letters: {names}",
        "Letters reach nobody. Enter an authorised contact with a mobile phone or e-mail.",
    ),
    "no_office": (
        "Nobody in the warranty office",
        "Findings, refusals and letters wait at the developer desk. Enter somebody in the sheet of staff.",
    ),
    "unreachable": (
        "Without mobile phone and e-mail: {names}",
        "No message reaches them. Enter one of both in the sheet of staff.",
    ),
    "links": (
        "{many} people have not been sent their own page",
        "Everybody works from a page of their own, without a password. It is sent by SMS or e-mail.",
    ),
    "signs": (
        "Signs with QR codes to put up: {buildings} buildings",
        "At entrances, in lifts and common areas, on doors of flats. Confirm when they hang.",
    ),
    "addresses": (
        "Addresses to hand out",
        "For owners: {form} · own reports, own work by phone: {codes}. On notices, in menus, with the keys.",
    ),
}


class Said(NamedTuple):
    what: str
    how: str


def said(step: str, facts: Mapping[str, Any], lang: str) -> Said:
    """A step in words."""
    say = catalogue(lang).gettext
    if step == "no_level" and not facts["phone"]:
        step = "no_phone"
    filled = {
        "level": level_word(facts.get("level", 0), lang),
        "trades": listed((trade_word(trade, lang) for trade in facts.get("trades", ())), lang),
        "hours": hours(facts.get("gaps", ()), lang),
        "names": listed(facts.get("names", ()), lang),
        "many": len(facts.get("people", ())),
        **{name: facts.get(name, "") for name in ("buildings", "form", "codes")},
    }
    what, how = STEPS[step]
    return Said(say(what).format_map(filled), say(how).format_map(filled))


def hours(gaps: Sequence[Gap], lang: str) -> str:
    """Hours of the week: 每天 20:00 至次日 08:00; daily 20:00 to 08:00 the day after."""
    return listed((_hours(gap, lang) for gap in gaps), lang)


def _hours(gap: Gap, lang: str) -> str:
    say = catalogue(lang).pgettext
    if gap == Gap(tuple(range(7)), 0, DAY):
        return say("cover", "at any time")
    later, end_of_it = divmod(gap.end - 1, DAY)
    start, end = _minutes(gap.start), _minutes(end_of_it + 1)
    if later > 1:
        last = word("day", WEEKDAYS[(gap.days[0] + later) % 7], lang)
        text = "{days} {start} to {last} {end}"
    else:
        last, text = "", "{days} {start} to {end} the day after" if later else "{days} {start} to {end}"
    return say("cover", text).format(days=_days(gap.days, lang), start=start, end=end, last=last)


def _days(days: Sequence[int], lang: str) -> str:
    say = catalogue(lang).pgettext
    if len(days) == 7:
        return say("cover", "daily")
    names = [word("day", WEEKDAYS[day], lang) for day in days]
    if len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        return say("cover", "{first} to {last}").format(first=names[0], last=names[-1])
    return listed(names, lang)


def _minutes(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"
