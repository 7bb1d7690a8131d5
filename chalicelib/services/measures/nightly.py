"""Which months' figures are made on a night: the one that runs, the one before until it is final, and those that moved.

A correction counts in the month of the end that it corrects. Which ones came since the last night is known by their
days; what a month counts as repeats lies up to a policy's days before, so the months after a corrected one are looked
at too. A night is done once: what is called again goes on where it was cut off, and then does nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.policy.measures import terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.services.measures import counting, rolling
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.rounds import Round
from chalicelib.services.ticket.ended import beside
from chalicelib.store import facts, measures, surveys
from chalicelib.store.table import iso

LOOKED = "CORRECTIONS"  # where the day is kept up to which corrections were looked for
AHEAD = 31  # days; the longest month
MOST = 400  # days that are looked back at most


@dataclass(slots=True)
class Night(Round):
    """`months`: whose rows were made; `counted`: projects that had changed in them; `written`: rows."""

    months: int = 0
    counted: int = 0
    written: int = 0


def measure(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Night:
    """Make what is due tonight. What goes wrong with one month rings and keeps none of the others waiting."""
    numbers, night = policy_for(NOWHERE), Night()
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    looked = measures.walk(LOOKED)
    if looked and _day(looked.began, numbers) == today:
        return night
    for month, only in [*moved(at, numbers).items(), *((month, None) for month in due(at, numbers))]:
        walk = measures.walk(month)
        if only is None and walk and walk.done and _day(walk.began, numbers) == today:
            continue
        if not goes_on():
            night.more = True
            return night
        with night.spared(month, "measure"):
            done = rolling.roll(month, at, goes_on, only=only)
            night.months += 1
            night.counted += done.counted
            night.written += done.written
            if done.more:
                night.more = True
                return night
    if not night.failed:
        measures.come(measures.Walk(LOOKED, iso(at), done=True))
    return night


def due(at: datetime, numbers: Policy) -> list[str]:
    """This month; the one before until it is final, however late that was made."""
    months = counting.months_due(at, numbers)
    before = beside(months[-1], -1)
    walk = measures.walk(before)
    return months if before in months or (walk and walk.final) else [before, *months]


def moved(at: datetime, numbers: Policy) -> Mapping[str, frozenset[str]]:
    """Months before those that are due, and the projects in which something of them was corrected or answered since."""
    looked = measures.walk(LOOKED)
    today = at.date()
    first = max(datetime.fromisoformat(looked.began).date() if looked else today, today - timedelta(days=MOST))
    found: dict[str, set[str]] = defaultdict(set)
    made = due(at, numbers)
    for day in (today - timedelta(days=back) for back in range((today - first).days + 1)):
        later = [
            (project, beside(month, ahead))
            for project, month in facts.corrected_on(day)
            for ahead in range(terms_of(numbers).repeat.days // AHEAD + 2)
        ]
        for project, month in (*later, *surveys.late_on(day)):
            if month < min(made) and measures.walk(month):
                found[month].add(project)
    return {month: frozenset(projects) for month, projects in sorted(found.items())}


def _day(began: str, numbers: Policy) -> date:
    return datetime.fromisoformat(began).astimezone(ZoneInfo(numbers.zone)).date()
