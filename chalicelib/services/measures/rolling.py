"""Figures of a month, made of its facts: every night for the month that runs and the one before, until that is final.

One walk over all projects: a project's facts are read once, and counted into its own figures, those of its people and
teams, its subsidiary's and the group's. The same facts give the same rows: it may run again, and be cut off anywhere.
A month is final on a working day of the next; what moves it afterwards stands beside what it was then.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.measures.figures import Figure, figures, ranked
from chalicelib.domain.measures.tally import REPAIRS, WHOLE, Part, Tally, tallies
from chalicelib.domain.policy.measures import Terms, terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.services.measures import monthly
from chalicelib.services.measures.portraying import Portraits
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import facts, measures, places, surveys
from chalicelib.store.measures import Month
from chalicelib.store.places import GROUP

OWN = ("team", "person")  # groups that are scopes of their own; the others are parts of their scope
BACK = 3  # months before that may hold what is repeated
Seen = Mapping[tuple[str, str], Sequence[datetime]]


@dataclass(frozen=True, slots=True)
class Rolled:
    """What a walk did. `more`: time was up; nothing of the group is written then, and the next walk begins anew."""

    projects: int = 0
    facts: int = 0
    written: int = 0
    more: bool = False


def months_due(at: datetime, numbers: Policy) -> list[str]:
    """The months whose figures are made now: this one, and the one before until the day on which it is final."""
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    before = today.replace(day=1) - timedelta(days=1)
    this = f"{today:%Y-%m}"
    return [this] if today > final_day(f"{before:%Y-%m}", numbers) else [f"{before:%Y-%m}", this]


def final_day(month: str, numbers: Policy) -> date:
    """The working day of the next month on which a month is final."""
    year, number = int(month[:4]), int(month[5:])
    day = date(year + number // 12, number % 12 + 1, 1)
    office, count = numbers.calendars["office"], terms_of(numbers).final_on
    zone = ZoneInfo(numbers.zone)
    while True:
        start = datetime(day.year, day.month, day.day, tzinfo=zone)
        count -= office.worked(start, start + timedelta(days=1)) > timedelta(0)
        if count <= 0:
            return day
        day += timedelta(days=1)


def roll(month: str, at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Rolled:
    """Make the figures of a month anew, of everything. May run again."""
    numbers = policy_for(NOWHERE)
    terms = terms_of(numbers)
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    final = f"{at:%Y-%m-%dT%H:%M:%SZ}" if today >= final_day(month, numbers) else ""
    above: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    own: dict[str, Tally] = defaultdict(Tally)
    siblings: dict[str, list[str]] = defaultdict(list)
    look, count = Portraits(month, numbers.zone), 0
    for place in projects():
        if not goes_on():
            return Rolled(len(siblings), count, 0, True)
        found = list(of_month(place["project"], month))
        count += len(found)
        look.add(place, found)
        made = tallies(found, month, numbers.zone, seen_before(place["project"], month, terms))
        asked = surveys.counts(place["project"], month)
        if asked.base:
            made.setdefault(WHOLE, Tally()).add(Part("called_back", "", asked.reached, asked.base))
        scopes = [f"project#{place['project']}", f"subsidiary#{place['subsidiary']}", "group"]
        siblings["project"].append(scopes[0])
        siblings["subsidiary"].append(scopes[1])
        for group, tally in made.items():
            if group.partition("#")[0] in OWN:
                own[group].join(tally)
            else:
                for scope in scopes:
                    above[scope][group].join(tally)
    rows = {scope: figures(groups[WHOLE]) for scope, groups in above.items()}
    rows |= {scope: figures(tally) for scope, tally in own.items()}
    ranks = _ranks(rows, siblings, terms)
    now = [Month(scope, month, found, ranks.get(scope, {}), final) for scope, found in sorted(rows.items())]
    written = sum(map(_keep, now))
    for scope, groups in sorted(above.items()):
        measures.keep_parts(scope, month, {group: figures(tally) for group, tally in sorted(groups.items()) if group})
    look.keep()
    if final:
        monthly.ask(sorted(above), month)
    return Rolled(len(siblings["project"]), count, written)


def _ranks(
    rows: Mapping[str, Mapping[str, Figure]], siblings: Mapping[str, Sequence[str]], terms: Terms
) -> dict[str, dict[str, tuple[int, int]]]:
    """scope → measure → rank among its like. Projects and subsidiaries are ranked, people and teams never are."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for level in siblings.values():
        known = [scope for scope in sorted(set(level)) if scope in rows]
        for measure in sorted({name for scope in known for name in rows[scope]}):
            of_level = {scope: rows[scope][measure] for scope in known if measure in rows[scope]}
            for scope, rank in ranked(of_level, terms.least).items():
                found[scope][measure] = rank
    return found


def _keep(now: Month) -> bool:
    """Write a scope's month beside what it was when it was final; whether there was anything to write."""
    was = measures.month(now.scope, now.month)
    if was and was.final:
        first = was.first or was.figures
        now = replace(now, final=was.final, first=first if first != now.figures else {})
    if was == now:
        return False
    measures.keep(now)
    return True


def projects() -> Iterator[Mapping[str, str]]:
    """The place of each project, in a fixed order."""
    ids = sorted(child.id for child in places.children(GROUP) if child.kind == "project")
    found = places.several(ids)
    for one in ids:
        if one in found:
            yield found[one].as_fact()


def of_month(project: str, month: str) -> Iterator[Fact]:
    """The facts of a project's month, page by page."""
    start = None
    while True:
        page, start = facts.of_month(project, month, start=start)
        yield from page
        if not start:
            return


def seen_before(project: str, month: str, terms: Terms) -> Seen:
    """(unit, component) → when repairs of them were reported, of this month and those before that may be repeated."""
    found: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for back in range(BACK + 1):
        for fact in of_month(project, _back(month, back)):
            if fact.kind in REPAIRS and fact.place.get("unit") and fact.component:
                found[fact.place["unit"], f"{fact.category}/{fact.component}"].append(fact.reported)
    return found


def _back(month: str, count: int) -> str:
    number = int(month[:4]) * 12 + int(month[5:]) - 1 - count
    return f"{number // 12}-{number % 12 + 1:02d}"
