"""Lives of tickets for the tests of the domain, written as they would be told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from chalicelib.adapters.policies import policy
from chalicelib.domain.ticket.promises import Promise, promises
from chalicelib.domain.ticket.ticket import Event, Role, Ticket, fold

POLICY = policy()
MONDAY = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)  # 09:00 in Shanghai, an hour into the service day
HOME = {"subsidiary": "S1", "project": "P1", "building": "B1", "unit": "U1", "label": "P1 U1"}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Life:
    """What happened to one ticket, in order; `then` says what and how much later than the report."""

    def __init__(
        self,
        kind: str = "repair",
        priority: str = "normal",
        category: str = "water_leak",
        at: datetime = MONDAY,
        **more: Any,
    ):
        self.begin = at
        self.events: list[Event] = []
        facts = {
            "number": "1",
            "kind": kind,
            "priority": priority,
            "category": category,
            "place": HOME,
            "desk": "P1/desk",
        }
        self._add("reported", at, Role.OWNER, {**facts, **more})

    def then(self, kind: str, after: timedelta, role: Role = Role.SYSTEM, **data: Any) -> Life:
        defaults: dict[str, dict[str, Any]] = {
            "assigned": {"team": "P1/building", "person": "b1"},
            "declined": {"person": "b1"},
            "paused": {"reason": "parts", "until": (self.begin + after + 30 * DAY).isoformat()},
            "followed_up": {"fixed": True},
        }
        self._add(kind, self.begin + after, role, defaults.get(kind, {}) | data)
        return self

    def _add(self, kind: str, at: datetime, role: Role, data: dict[str, Any]) -> None:
        self.events.append(Event(kind, at, "somebody", role, data))

    @property
    def ticket(self) -> Ticket:
        return fold("T1", self.events)

    def clocks(self, name: str) -> list[Promise]:
        """Every run of a clock."""
        return [p for p in promises(self.ticket, POLICY) if p.name == name]

    def clock(self, name: str) -> Promise:
        """The last run of a clock."""
        return self.clocks(name)[-1]

    def due(self, name: str) -> timedelta | None:
        """The deadline of the last run, counted from the report."""
        due = self.clock(name).clock.due_at
        return due - self.begin if due else None
