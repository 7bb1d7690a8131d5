"""The words of the trade: kinds, priorities, states and roles, who acts, what happened.

kind        life
repair, emergency, patrol, maintenance, snag (of a list at handover; it has no reporter who is asked)
            reported → assigned → acknowledged → scheduled → on_site → completed → signed_off → closed
complaint   reported → relayed → answered → result_written → closed
enquiry, suggestion
            reported → closed (answering closes)
beside it   waiting, cancelled, waived (业主放弃维修), merged
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    REPAIR = "repair"
    COMPLAINT = "complaint"
    ENQUIRY = "enquiry"
    SUGGESTION = "suggestion"
    EMERGENCY = "emergency"
    PATROL = "patrol"
    MAINTENANCE = "maintenance"
    SNAG = "snag"


WORKS = frozenset({Kind.REPAIR, Kind.EMERGENCY, Kind.PATROL, Kind.MAINTENANCE, Kind.SNAG})


class Priority(StrEnum):
    EMERGENCY = "emergency"
    URGENT = "urgent"
    NORMAL = "normal"


class State(StrEnum):
    REPORTED = "reported"
    ASSIGNED = "assigned"
    ACKNOWLEDGED = "acknowledged"
    SCHEDULED = "scheduled"
    ON_SITE = "on_site"
    WAITING = "waiting"
    COMPLETED = "completed"
    SIGNED_OFF = "signed_off"
    RELAYED = "relayed"
    ANSWERED = "answered"
    RESULT_WRITTEN = "result_written"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    WAIVED = "waived"
    MERGED = "merged"


ENDED = frozenset({State.CLOSED, State.CANCELLED, State.WAIVED, State.MERGED})
HOUSE, GATED = "house", "gated"  # why a company has a ticket no more: it is the house's; a third party will be engaged
STATED = frozenset({"rated", "answered", "reworked", "dissatisfied"})  # may make a fact, besides what ends a ticket
PHASE: Mapping[State, str] = {s: "done" if s in ENDED else "waiting" if s is State.WAITING else "open" for s in State}


@dataclass(frozen=True, slots=True)
class Window:
    """An appointment: the person comes between the two."""

    start: datetime
    end: datetime

    def stored(self) -> list[str]:
        return [self.start.isoformat(), self.end.isoformat()]


def time_of(text: str) -> datetime:
    """A stored time (ISO 8601 with offset) as an aware datetime."""
    return datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class Data:
    """What an event carries, or the message about it, as values. Absent is None or empty; stored as JSON has it.

    window            start, end                     two times
    windows           windows: [[start, end], …]
    until, deadline   under their own names          a time: of a plan; of a clock
    scores            scores: {name: 1–5}
    """

    stored: Mapping[str, Any]

    @property
    def window(self) -> Window | None:
        if "start" not in self.stored:
            return None
        return Window(time_of(self.stored["start"]), time_of(self.stored["end"]))

    @property
    def windows(self) -> tuple[Window, ...]:
        return tuple(Window(time_of(start), time_of(end)) for start, end in self.stored.get("windows", ()))

    @property
    def until(self) -> datetime | None:
        return self._time("until")

    @property
    def deadline(self) -> datetime | None:
        return self._time("deadline")

    @property
    def scores(self) -> Mapping[str, int]:
        return {name: int(score) for name, score in self.stored.get("scores", {}).items()}

    def _time(self, name: str) -> datetime | None:
        text = self.stored.get(name)
        return time_of(text) if text else None


def stored(
    *,
    window: Window | None = None,
    windows: Iterable[Window] = (),
    until: datetime | None = None,
) -> dict[str, Any]:
    """The data that `Data` reads again."""
    made: dict[str, Any] = {}
    if window:
        made |= dict(zip(("start", "end"), window.stored(), strict=True))
    if offered := [one.stored() for one in windows]:
        made["windows"] = offered
    if until:
        made["until"] = until.isoformat()
    return made
