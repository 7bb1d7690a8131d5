"""What a day's file of facts says to analysts: one row a fact, its columns in this order. No person, no words.

Every field of a fact is the subject of a column or stands in LEFT_OUT with its reason. A row with a higher `version` of
the same ticket takes the place of an earlier one, whatever file it stands in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chalicelib.domain.measures.facts import SCORES, Fact

Type = Literal["text", "number", "yes", "time", "texts", "clocks", "waits"]


@dataclass(frozen=True, slots=True)
class Column:
    """`of`: the fields of a fact that it tells; `value`: None where there is none; a time is seconds since 1970."""

    name: str
    type: Type
    of: tuple[str, ...]
    value: Callable[[Fact], Any]
    says: str


def _plain(name: str, type_: Type, says: str, field: str = "") -> Column:
    return Column(name, type_, (field or name,), lambda fact: getattr(fact, field or name), says)


def _place(level: str, says: str) -> Column:
    return Column(level, "text", ("place",), lambda fact: fact.place.get(level, ""), says)


def _at(at: datetime | None) -> int | None:
    return None if at is None else int(at.timestamp())


def _time(name: str, says: str, field: str = "") -> Column:
    return Column(name, "time", (field or name,), lambda fact: _at(getattr(fact, field or name)), says)


def _score(name: str) -> Column:
    says = f"stars for {name}, 1–5; none where they were not given"
    return Column(f"score_{name}", "number", ("scores",), lambda fact: fact.scores.get(name), says)


def _clocks(fact: Fact) -> list[dict[str, Any]]:
    return [
        {
            "clock": c.name,
            "verdict": c.verdict,
            "started": _at(c.started),
            "stopped": _at(c.stopped),
            "due": _at(c.due),
            "target_s": int(c.target.total_seconds()),
            "counted_s": int(c.counted.total_seconds()),
            "wall_s": None if c.wall is None else int(c.wall.total_seconds()),
            "late_s": int(c.late_by.total_seconds()),
        }
        for c in fact.clocks
    ]


def _waits(fact: Fact) -> list[dict[str, Any]]:
    return [
        {"reason": reason, "times": often, "seconds": int(long.total_seconds())}
        for reason, (often, long) in sorted(fact.waits.items())
    ]


# The parts of the columns that hold a list in each row.
PARTS: Mapping[str, Mapping[str, Type]] = {
    "clocks": {
        "clock": "text",
        "verdict": "text",
        "started": "time",
        "stopped": "time",
        "due": "time",
        "target_s": "number",
        "counted_s": "number",
        "wall_s": "number",
        "late_s": "number",
    },
    "waits": {"reason": "text", "times": "number", "seconds": "number"},
}

COLUMNS: Sequence[Column] = (
    _plain("ticket", "text", "the ticket's id"),
    _plain("version", "number", "the ticket's version that the row states", "n"),
    _plain("why", "text", "closed, answered, rated, reopened or corrected"),
    _time("happened_at", "when it happened", "at"),
    _time(
        "counts_at", "the time that it counts at, which is the file's day; of a correction that of the end", "counts"
    ),
    _plain("policy", "text", "the version of the numbers it was judged by"),
    _plain("kind", "text", "repair, emergency, complaint, enquiry, suggestion, patrol, maintenance or snag"),
    _plain("state", "text", "the ticket's state then"),
    _plain("priority", "text", "normal, urgent or emergency, as at the end"),
    _plain("category", "text", "code of the category of the fault"),
    _plain("component", "text", "code of the component"),
    _place("subsidiary", "code of the subsidiary"),
    _place("building", "code of the building"),
    _place("entrance", "code of the entrance"),
    _place("unit", "code of the flat; none for common parts"),
    _place("area", "code of the common part"),
    _time("reported_at", "when it was reported", "reported"),
    _plain("reporter", "text", "owner, or what else reported: patrol, machine …"),
    _plain("verified", "yes", "the phone is one that somebody vouches for; satisfaction counts these alone"),
    _plain("channel", "text", "web, phone, …"),
    _plain("team", "text", "code of the team that had it last"),
    _plain("role", "text", "the role of who ended it"),
    Column("hands", "number", ("held",), lambda fact: len(fact.held), "how many people had it, one after the other"),
    Column("did", "texts", ("did",), lambda fact: sorted(fact.did), "what was done: contacted, completed, checked …"),
    Column("clocks", "clocks", ("clocks",), _clocks, "every run of every clock, in seconds"),
    Column("waits", "waits", ("waits",), _waits, "what it waited for, how often and how long"),
    _plain("appointments", "number", "how often a window was chosen"),
    Column(
        "window_start",
        "time",
        ("window",),
        lambda fact: _at(fact.window.start) if fact.window else None,
        "begin of the last chosen window",
    ),
    Column(
        "window_end",
        "time",
        ("window",),
        lambda fact: _at(fact.window.end) if fact.window else None,
        "end of the last chosen window",
    ),
    _time("planned_for", "the day that was agreed with the owner instead of the deadline", "plan"),
    _plain("rounds", "number", "rounds of rework: 0 is mended at the first"),
    _plain("dissatisfied", "number", "how often the owner was dissatisfied with what was done"),
    _plain("declined", "number", "how often somebody declined it"),
    _plain("photos", "number", "photos of the work that were kept"),
    *(_score(name) for name in SCORES),
    _time("rated_at", "when the stars were given", "rated"),
    _plain("level", "number", "the highest level that heard of it: 1–5"),
    Column("climbed", "number", ("climbed",), lambda fact: len(fact.climbed), "how often it went up a level"),
    _plain("lowered", "number", "how often its priority was lowered"),
    _plain("quick", "number", "contacts within a minute of an assignment"),
    Column(
        "staff_device", "yes", ("device",), lambda fact: fact.device.startswith("s"), "stars came from a staff device"
    ),
    _plain("merged_into", "text", "id of the ticket it was merged into", "into"),
    _plain("repeats", "text", "id of the ticket that was to have mended it"),
    _plain("verdict", "text", "who bears most of it, by dates or as found: contractor, developer, property, owner …"),
    _plain("cost", "number", "cost in fen"),
    _plain("contract", "text", "id of the contract of the contractor whose fault it is"),
    _plain("stage", "text", "the owner's stage when it was reported: before_handover, first_year, settled …"),
)

LEFT_OUT: Mapping[str, str] = {
    "holder": "a person",
    "by": "a person",
    "reply": "a mark of somebody's words",
}


def columns_of(facts: Iterable[Fact]) -> Mapping[str, list[Any]]:
    """By column, the values of each fact, in the order of time. What is empty is None."""
    rows = sorted(facts, key=lambda fact: (fact.counts, fact.ticket, fact.n))
    return {
        column.name: [None if (value := column.value(fact)) == "" else value for fact in rows] for column in COLUMNS
    }
