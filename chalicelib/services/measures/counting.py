"""A project's month, counted from its facts and the money that moved there, beside what the facts don't say themselves.

What it is counted from has a digest: where that is as it was, nothing is counted again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.facts import PLACES, Fact
from chalicelib.domain.measures.portrait import portraits
from chalicelib.domain.measures.portrait import whole as looks_of
from chalicelib.domain.measures.rollout import TRAINED
from chalicelib.domain.measures.tally import (
    REPAIRS,
    WHOLE,
    Known,
    Part,
    Seen,
    Tally,
    of_flows,
    stock_of,
    tallies,
)
from chalicelib.domain.policy.measures import Terms, terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.services.ticket.ended import beside
from chalicelib.store import baselines, contracts, facts, flows, places, surveys
from chalicelib.store.measures import Counted, Homes
from chalicelib.store.reading import each
from chalicelib.store.table import Row

YEAR = 12  # months whose money is set against each other
UNIT = PLACES.index("unit")
SHAPE = "1"  # of what is counted; another one counts everything again


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


def counted(
    place: Mapping[str, str], month: str, stand: Homes, numbers: Policy, final: str, unless: str = ""
) -> tuple[Counted | None, int]:
    """A project's month, counted, and of how many facts; None where what it is counted from has the digest `unless`.

    `stand`: its flats. Writes nothing.
    """
    project, terms = place["project"], terms_of(numbers)
    rows = list(facts.as_kept(project, month))
    money = [flow for back in reversed(range(YEAR)) for flow in flows.of_month(project, beside(month, -back))]
    asked = surveys.counts(project, month)
    companies, seen = companies_of(project), seen_before(project, month, terms, rows)
    entered = [one for one in baselines.several(project)[project] if one.measure == TRAINED and one.month == month]
    stands = (SHAPE, final, terms, place, stand, money, asked, entered, sorted(companies.items()), sorted(seen.items()))
    digest = _digest(rows, stands)
    if digest == unless:
        return None, len(rows)
    found = facts.read(rows)
    late = datetime.fromisoformat(final) if final else None
    known = Known(seen, terms.repeat, stock_of(found, terms.template), companies, late)
    made: dict[str, Tally] = defaultdict(Tally)
    for groups in (tallies(found, month, numbers.zone, known), of_flows(money, month, numbers.zone)):
        for group, tally in groups.items():
            made[group].join(tally)
    made[WHOLE].add(Part("called_back", "", asked.reached, asked.base))
    for one in entered:
        made[WHOLE].add(Part(TRAINED, "", one.n, one.d))
    looks = {scope: looks_of(one) for scope, one in portraits(found, numbers.zone, scopes_of(place)).items()}
    return Counted(project, month, digest, len(rows), made, looks), len(rows)


def _digest(rows: Iterable[Row], beside: tuple[object, ...]) -> str:
    digest = sha256(repr(beside).encode())
    for row in rows:
        digest.update(f"{row['sk']}\0{row['body']}\0".encode())
    return digest.hexdigest()[:16]


def scopes_of(place: Mapping[str, str]) -> list[str]:
    return [f"project#{place['project']}", f"subsidiary#{place['subsidiary']}", "group"]


def projects() -> Iterator[Mapping[str, str]]:
    """The place of each project, in a fixed order."""
    return (project.as_fact() for project in places.projects())


def of_month(project: str, month: str) -> Iterator[Fact]:
    """The facts of a project's month, page by page."""
    start = None
    while True:
        page, start = facts.of_month(project, month, start=start)
        yield from page
        if not start:
            return


def seen_before(project: str, month: str, terms: Terms, rows: Sequence[Row] | None = None) -> Seen:
    """(unit, component) → when repairs of it that were closed had been reported: all that the month may repeat."""
    now = _light(rows if rows is not None else facts.as_kept(project, month))
    here = {what for what, _ in now}
    if not here:
        return {}
    first = min(when for _, when in now) - terms.repeat
    back, found = 1, list(now)
    while beside(month, -back) >= f"{first - timedelta(days=1):%Y-%m}":
        found += [one for one in _light(facts.as_kept(project, beside(month, -back))) if one[0] in here]
        back += 1
    by_what: dict[tuple[str, str], list[datetime]] = defaultdict(list)
    for what, when in sorted(set(found)):
        by_what[what].append(when)
    return by_what


def _light(rows: Iterable[Row]) -> list[tuple[tuple[str, str], datetime]]:
    """(unit, component) of closed repairs, and when each was reported; of rows as they are kept, most of which say
    nothing of it.
    """
    found = []
    for body in each(rows, facts.numbers_of):
        unit = "".join(body.get("g", ())[UNIT : UNIT + 1])
        if body.get("k") in REPAIRS and body.get("s") == "closed" and body.get("m") and unit:
            found.append(((unit, f"{body.get('c', '')}/{body['m']}"), datetime.fromtimestamp(body["r"], UTC)))
    return found


def companies_of(project: str) -> Mapping[str, str]:
    """Contract → contractor. One query."""
    return {one.id: one.company for one in contracts.of_project(project).contracts}
