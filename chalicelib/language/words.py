"""The words of the trade in the reader's language, and what happened to a ticket as a sentence.

Each word stands in the catalogue under the context of its table (`state`, `kind`, …). A key that no table knows is
shown as it is: an old event or a category that was taken out of the policy still reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
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
    return sentence.format_map(_Facts(event, lang, names, now, tz)) if "{" in said else sentence


class _Facts(dict[str, str]):
    """What the sentence of an event may name, each made when it is named; what an old event lacks leaves nothing."""

    def __init__(self, event: Event, lang: str, names: Mapping[str, str], now: datetime, tz: str) -> None:
        super().__init__()
        self.event, self.facts, self.typed = event, event.data, Data(event.data)
        self.lang, self.names, self.now, self.tz = lang, names, now, tz

    def __missing__(self, name: str) -> str:
        made = NAMED[name](self) if name in NAMED else None
        return made if made is not None else liability.facts(self.event, self.lang).get(name, "…")

    def text(self, name: str, lacking: str = "") -> str:
        return str(self.facts.get(name, lacking))

    def time(self, due: datetime | None) -> str | None:
        return times.clock_time(due, self.tz, self.lang, self.now) if due else None


def _department(of: _Facts) -> str | None:
    if "name" in of.facts:
        return of.text("name")
    return word("department", "the department in charge", of.lang) if of.event.kind == "relayed" else None


def _fixed(of: _Facts) -> str | None:
    if of.facts.get("outcome") in OUTCOMES:
        return word("answer", OUTCOMES[of.facts["outcome"]], of.lang)
    return word("answer", "Fixed" if of.facts["fixed"] else "Not fixed", of.lang) if "fixed" in of.facts else None


def _window(of: _Facts) -> str | None:
    window = of.typed.window
    return times.window_time(window.start, window.end, of.tz, of.lang, of.now) if window else None


# name in a sentence → its words; None where the event lacks it
NAMED: Mapping[str, Callable[[_Facts], str | None]] = {
    "person": lambda of: of.names.get(of.text("person", of.event.by)) or role_word("technician", of.lang),
    "to": lambda of: of.names.get(of.text("to")) or role_word("owner", of.lang),
    "reason": lambda of: pause_word(of.text("reason"), of.lang),
    "cause": lambda of: cause_word(of.text("cause"), of.lang),
    "priority": lambda of: priority_word(of.text("priority"), of.lang),
    "clock": lambda of: clock_word(of.text("clock"), of.lang),
    "level": lambda of: level_word(int(of.facts.get("level", 1)), of.lang),
    "level_below": lambda of: level_word(max(1, int(of.facts.get("from", 2)) - 1), of.lang),
    "department": _department,
    "category": lambda of: category_word(of.text("category"), of.lang) if "category" in of.facts else None,
    "fixed": _fixed,
    "try": lambda of: of.text("try") if "try" in of.facts else None,
    "scores": lambda of: " ".join(str(n) for n in of.typed.scores.values()) if of.typed.scores else None,
    "windows": lambda of: windows_text(of.typed.windows, of.tz, of.lang, of.now) if of.typed.windows else None,
    "window": _window,
    "deadline": lambda of: of.time(of.typed.deadline),
    "until": lambda of: of.time(of.typed.until),
    "day": lambda of: times.day_of(of.typed.until, of.tz, of.lang, of.now) if of.typed.until else None,
}


def windows_text(windows: Iterable[Window], tz: str, lang: str, now: datetime, *, dated: bool = False) -> str:
    """Appointment windows in one line."""
    return listed((times.window_time(w.start, w.end, tz, lang, now, dated=dated) for w in windows), lang)


def _word(context: str, table: Mapping[str, str], key: str, lang: str) -> str:
    return word(context, table.get(str(key), str(key)), lang)


def unreadable(event: Event, refused: frozenset[str], lang: str) -> str:
    """That photos of an event were none, behind what happened; "" where all are, or are still being checked."""
    count = sum(photo in refused for photo in event.said.get("photos", ())) if refused and event.said else 0
    return catalogue(lang).gettext(" (photos that could not be read: %(n)s)") % {"n": count} if count else ""
