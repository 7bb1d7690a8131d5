"""The measures of a month: one row each, what it counts and which way is better.

unit          value
share         numerator / denominator, 0 to 1, with an interval
per_thousand  numerator per 1,000 of the denominator (flats)
fen           numerator / denominator, the mean in fen
ratio         fen / fen; it may exceed 1, has no interval and carries no pay
seconds       median and p90 of durations, exact; numerator and denominator are how many there were
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["share", "per_thousand", "fen", "ratio", "seconds"]
Better = Literal["up", "down", ""]


@dataclass(frozen=True, slots=True)
class Measure:
    """`clock`: whose results it counts; `beside`: never shown without that one; `per`: thousand of which flats."""

    name: str
    unit: Unit
    better: Better
    clock: str = ""
    beside: str = ""
    per: Literal["", "flats", "warranty"] = ""


ROWS = (
    Measure("satisfaction", "share", "up", beside="rated"),  # 4 and 5 stars / stars given
    Measure("rated", "share", "up"),  # closed tickets that had stars by the month's end / closed ones
    Measure("answered_in_time", "share", "up", clock="feedback"),  # complaints answered in 24 h / answered ones
    Measure("called_back", "share", "up"),  # owners spoken with / the base, of the month's sample
    Measure("dispatch_kept", "share", "up", clock="dispatch"),
    Measure("response_kept", "share", "up", clock="response"),
    Measure("arrive_kept", "share", "up", clock="arrive"),
    Measure("resolve_kept", "share", "up", clock="resolve"),
    Measure("follow_up_kept", "share", "up", clock="follow_up"),
    Measure("beyond_standard", "share", "down"),  # closed ones with any clock late / closed ones
    Measure("response_time", "seconds", "down", clock="response"),  # counted, from the report to the first contact
    Measure("response_wall", "seconds", "down", clock="response"),  # the same by the clock on the wall
    Measure("resolution_time", "seconds", "down", clock="resolve"),
    Measure("resolution_wall", "seconds", "down", clock="resolve"),
    Measure("resolved", "share", "up"),  # closed / closed, cancelled and waived
    Measure("first_time_fix", "share", "up"),  # closed without rework / closed
    Measure("rework", "share", "down"),  # closed with rework / closed
    Measure("repeats", "share", "down"),  # closed ones of a unit and component reported lately before / closed
    Measure("complaints", "per_thousand", "down", per="flats"),  # complaints first answered, or ended / flats
    Measure("faults", "per_thousand", "down", per="warranty"),  # closed ones that a contractor bears / flats
    Measure("cost", "fen", "down"),  # what third parties and owners were paid / closed ones
    Measure("deductions", "fen", ""),  # what contractors owe from now on, less what was taken back / how many
    Measure("trained", "share", "up"),  # who passed an assessment / who took one, as somebody entered it for the month
    Measure("recovery", "ratio", "up"),  # recovered / owed, of the twelve months to the month's end
)
MEASURES: Mapping[str, Measure] = {row.name: row for row in ROWS}
KEPT: Mapping[str, str] = {row.clock: row.name for row in ROWS if row.name.endswith("_kept")}
TIMES: Mapping[str, tuple[str, str]] = {
    "response": ("response_time", "response_wall"),
    "resolve": ("resolution_time", "resolution_wall"),
}
