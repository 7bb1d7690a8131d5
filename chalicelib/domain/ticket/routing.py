"""Who gets a ticket: the first rule that fits, then the person on duty with the skill and the least open work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.routing import Rule
from chalicelib.domain.record.roles import desk_of
from chalicelib.domain.ticket.ticket import Ticket

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Person:
    """Staff as routing sees them. `duty`: weekday 0–6 → (opens, closes) minutes after midnight, absent = off duty."""

    id: str
    name: str
    team: str  # "<project>/<team>", "<project>/desk", "<subsidiary>/desk2", "group/hotline"
    skills: frozenset[str]
    duty: Mapping[int, tuple[int, int]]
    tz: str = "Asia/Shanghai"
    active: bool = True

    def on_duty(self, at: datetime) -> bool:
        """Whether the roster has the person at `at`; a shift may run past midnight."""
        from zoneinfo import ZoneInfo

        local = at.astimezone(ZoneInfo(self.tz))
        minute, day = local.hour * 60 + local.minute, local.weekday()
        opens, closes = self.duty.get(day, (0, 0))
        if opens < closes and opens <= minute < closes:
            return True
        if opens > closes and minute >= opens:
            return True
        opens, closes = self.duty.get((day - 1) % 7, (0, 0))
        return opens > closes and minute < closes

    def shift(self, at: datetime) -> tuple[datetime, datetime] | None:
        """The shift that runs at `at`, else the next one within a week; None where the roster has none."""
        from zoneinfo import ZoneInfo

        zone = ZoneInfo(self.tz)
        today = at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
        for ahead in range(-1, 8):
            day = today + timedelta(days=ahead)
            opens, closes = self.duty.get(day.weekday(), (0, 0))
            if opens == closes:
                continue
            start = day + timedelta(minutes=opens)
            end = day + timedelta(minutes=closes if closes > opens else closes + DAY_MINUTES)
            if end > at:
                return start, end
        return None


def rule_for(ticket: Ticket, policy: Policy) -> Rule | None:
    """The first rule all of whose conditions hold."""
    category = policy.categories.get(ticket.category)
    facts = {
        "kind": ticket.kind.value,
        "category": ticket.category,
        "trade": category.trade if category else "",
        "priority": ticket.priority.value,
        "project": ticket.place.get("project", ""),
        "building": ticket.place.get("building", ""),
    }
    return next((r for r in policy.rules if all(facts[c] in wanted for c, wanted in r.conditions.items())), None)


def team_of(rule: Rule, place: Mapping[str, str]) -> str:
    """The team or desk that a rule means at a place."""
    return f"{place['project']}/{rule.team}" if rule.team else desk_of(rule.desk, place)


def candidates(people: Iterable[Person], at: datetime, skill: str, without: frozenset[str]) -> list[Person]:
    """Who could take it now: active, on duty, with the skill (none asked for: ""), not among those who declined."""
    return [
        p for p in people if p.active and p.id not in without and (not skill or skill in p.skills) and p.on_duty(at)
    ]


def choose(people: Iterable[Person], open_work: Mapping[str, int]) -> Person | None:
    """The one with the least open work; ties go by id, so that the same facts give the same answer."""
    return min(people, key=lambda p: (open_work.get(p.id, 0), p.id), default=None)
