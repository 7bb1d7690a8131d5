"""The words of the trade in the reader's language, and what happened to a ticket as a sentence.

Each word stands in the catalogue under the context of its table (`state`, `kind`, …). A key that no table knows is
shown as it is: an old event or a category that was taken out of the policy still reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from chalicelib.domain.ticket.ticket import Data, Event, Window
from chalicelib.language import liability, times
from chalicelib.language.catalogue import catalogue, word
from chalicelib.language.joining import aside as aside
from chalicelib.language.joining import listed as listed
from chalicelib.language.joining import pair as pair
from chalicelib.language.sentences import OUTCOMES, OWNER, STAFF
from chalicelib.language.terms import (
    ANSWERABLE,
    CATEGORIES,
    CAUSES,
    CLOCKS,
    COMPONENTS,
    KINDS,
    LEVELS,
    PAUSES,
    PRIORITIES,
    PROMISES,
    PUBLIC,
    REPORTERS,
    ROLES,
    SCORES,
    STAGES,
    STATES,
    TEAMS,
    TERMS,
    TRADES,
)


def state_word(state: str, lang: str, kind: str = "") -> str:
    """待派单, 待接单 …; a complaint, enquiry or suggestion that came in waits for an answer."""
    if kind in ("complaint", "enquiry", "suggestion") and state in ANSWERABLE:
        return word("state", ANSWERABLE[state], lang)
    return _word("state", STATES, state, lang)


def kind_word(kind: str, lang: str) -> str:
    return _word("kind", KINDS, kind, lang)


def priority_word(priority: str, lang: str) -> str:
    return _word("priority", PRIORITIES, priority, lang)


def role_word(role: str, lang: str) -> str:
    return _word("role", ROLES, role, lang)


def level_word(level: int, lang: str) -> str:
    return word("role", LEVELS.get(level, str(level)), lang)


def reporter_word(reporter: str, lang: str) -> str:
    return _word("reporter", REPORTERS, reporter, lang)


def stage_word(stage: str, lang: str) -> str:
    return _word("stage", STAGES, stage, lang)


def clock_word(clock: str, lang: str) -> str:
    """Also of a second run: resolve.2."""
    return _word("clock", CLOCKS, clock.partition(".")[0], lang)


def climbed_word(why: str, clock: str, lang: str) -> str:
    """Why the system opened a complaint."""
    if why == "owner":
        return word("climbed", "the owner asked for the group hotline", lang)
    if not clock:
        return word("climbed", "it climbed to the group hotline", lang)
    return word("climbed", "{clock} was missed, and nobody had moved", lang).format(clock=clock_word(clock, lang))


def promise_word(clock: str, lang: str) -> str:
    """What a clock promises the owner, as in: we promised … by then."""
    return _word("promise", PROMISES, clock, lang)


def pause_word(reason: str, lang: str) -> str:
    return _word("pause", PAUSES, reason, lang)


def cause_word(cause: str, lang: str) -> str:
    """Why a ticket was taken from whoever had it."""
    return _word("cause", CAUSES, cause, lang)


def score_word(score: str, lang: str) -> str:
    return _word("score", SCORES, score, lang)


def team_word(team: str, lang: str) -> str:
    """The name of a team, whichever project's (`P1/engineering`)."""
    return _word("team", TEAMS, team.rpartition("/")[2], lang)


def term_word(term: str, lang: str) -> str:
    """What a warranty term is about."""
    return _word("term", TERMS, term, lang)


def trade_word(trade: str, lang: str) -> str:
    return _word("trade", TRADES, trade, lang)


def component_word(component: str, lang: str) -> str:
    return _word("component", COMPONENTS, component, lang)


def category_word(name: str, lang: str) -> str:
    return _word("category", CATEGORIES, name, lang)


def safety_word(text: str, lang: str) -> str:
    """A step of what to do in an emergency, or its brief form."""
    return word("safety", text, lang)


def public_word(phone: str, lang: str) -> str:
    """Whom a public number calls; "" for one that is not in the table."""
    return word("public", PUBLIC.get(phone, ""), lang)


def checklist_word(entry: str, lang: str) -> str:
    """An entry of a category's checklist."""
    return word("checklist", entry, lang)


def event_sentence(
    event: Event,
    lang: str,
    tz: str,
    audience: str,
    names: Mapping[str, str],
    now: datetime,
) -> str:
    """What happened: warm and plain for `owner`, terse for `staff`. "" for what the audience is not shown.

    `tz`: the place's. `names`: person id → name as this audience may see it; else it is 维修师傅 to the owner.
    """
    table = OWNER if audience == "owner" else STAFF
    said = (table.get(f"{event.kind} until") if "until" in event.data else None) or (
        table.get(f"{event.kind} {event.data.get('clock') or liability.variant(event)}") or table.get(event.kind)
    )
    if said is None:
        return "" if audience == "owner" else event.kind
    sentence = catalogue(lang).pgettext(audience, said)
    return sentence.format_map(_facts(event, lang, names, now, tz)) if "{" in said else sentence


def _facts(event: Event, lang: str, names: Mapping[str, str], now: datetime, tz: str) -> Mapping[str, str]:
    """What the sentences of an event may name."""
    facts, typed = event.data, Data(event.data)
    person = str(facts.get("person", event.by))
    named = {
        "person": names.get(person) or role_word("technician", lang),
        "to": names.get(str(facts.get("to"))) or role_word("owner", lang),
        "reason": pause_word(str(facts.get("reason", "")), lang),
        "cause": cause_word(str(facts.get("cause", "")), lang),
        "priority": priority_word(str(facts.get("priority", "")), lang),
        "clock": clock_word(str(facts.get("clock", "")), lang),
        "level": level_word(int(facts.get("level", 1)), lang),
        "level_below": level_word(max(1, int(facts.get("from", 2)) - 1), lang),
    }
    if "name" in facts:
        named["department"] = str(facts["name"])
    elif event.kind == "relayed":
        named["department"] = word("department", "the department in charge", lang)
    if "category" in facts:
        named["category"] = category_word(str(facts["category"]), lang)
    if "fixed" in facts:
        named["fixed"] = word("answer", "Fixed" if facts["fixed"] else "Not fixed", lang)
    if facts.get("outcome") in OUTCOMES:
        named["fixed"] = word("answer", OUTCOMES[facts["outcome"]], lang)
    if "try" in facts:
        named["try"] = str(facts["try"])
    if typed.scores:
        named["scores"] = " ".join(str(n) for n in typed.scores.values())
    if typed.windows:
        named["windows"] = windows_text(typed.windows, tz, lang, now)
    if typed.window:
        named["window"] = times.window_time(typed.window.start, typed.window.end, tz, lang, now)
    for name, due in (("deadline", typed.deadline), ("until", typed.until)):
        if due:
            named[name] = times.clock_time(due, tz, lang, now)
    if typed.until:
        named["day"] = times.day_of(typed.until, tz, lang, now)
    return _Known(named | liability.facts(event, lang))


def windows_text(windows: Iterable[Window], tz: str, lang: str, now: datetime, *, dated: bool = False) -> str:
    """Appointment windows in one line."""
    return listed((times.window_time(w.start, w.end, tz, lang, now, dated=dated) for w in windows), lang)


def _word(context: str, table: Mapping[str, str], key: str, lang: str) -> str:
    return word(context, table.get(str(key), str(key)), lang)


class _Known(dict[str, str]):
    """Facts by name; one that an old event lacks leaves nothing behind."""

    def __missing__(self, key: str) -> str:
        return "…"


def unreadable(event: Event, refused: frozenset[str], lang: str) -> str:
    """That photos of an event were none, behind what happened; "" where all are, or are still being checked."""
    count = sum(photo in refused for photo in event.said.get("photos", ())) if refused and event.said else 0
    return catalogue(lang).gettext(" (photos that could not be read: %(n)s)") % {"n": count} if count else ""
