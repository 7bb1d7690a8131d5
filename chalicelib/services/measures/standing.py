"""Makes subsidiaries' scores of a month from its figures and facts, and the heads' bonus sheet once the month is final.

Every night for the months whose figures are made; a month that is final stays as it was. The sheet is made by the
function of exports, outside every request; the same month makes the same bytes.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from chalicelib.adapters import archive, exports
from chalicelib.adapters.sheetfiles import Plain, XlsxFile
from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.measures.subsidiary import HAPPENED, Plan, Standing, behind, points, ranked
from chalicelib.domain.measures.tally import parts_of
from chalicelib.domain.policy.measures import Terms, terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.standings import plan_of
from chalicelib.domain.record.number import spoken
from chalicelib.language import standings as wording
from chalicelib.language import words
from chalicelib.services.measures import counting, reading
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import measures, places, standings, tickets

CASES = "beyond_standard"  # closed repairs: how many cases a subsidiary's month has


@dataclass(frozen=True, slots=True)
class Stood:
    """What a walk did. `final`: the month is, and its sheet was asked for."""

    subsidiaries: int = 0
    final: bool = False
    more: bool = False


def stand_all(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> int:
    """The months whose figures are made, and the one before them, where a night was missed. How many were."""
    numbers = policy_for(NOWHERE)
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    before = f"{today.replace(day=1) - timedelta(days=1):%Y-%m}"
    months = dict.fromkeys([before, *counting.months_due(at, numbers)])
    return sum(not stand(month, at, goes_on).more for month in months)


def stand(month: str, at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Stood:
    """Make the scores of a month anew; cut off, nothing is written and the next run begins again. May run again."""
    numbers = policy_for(NOWHERE)
    plan, terms = plan_of(numbers), terms_of(numbers)
    by_subsidiary: dict[str, list[str]] = defaultdict(list)
    for place in counting.projects():
        by_subsidiary[place["subsidiary"]].append(place["project"])
    names = sorted(by_subsidiary)
    if names and all(standings.is_final(name, month) for name in names):
        _ask_for_sheet(month)
        return Stood(len(names), True)
    made = []
    for name in names:
        if not goes_on():
            return Stood(0, False, True)
        made.append(_one(name, by_subsidiary[name], month, numbers, plan, terms))
    final = at.astimezone(ZoneInfo(numbers.zone)).date() >= counting.final_day(month, numbers)
    for one in ranked(made, plan, terms.least):
        if final or one.cases or one.points:
            standings.keep(one, final)
    if final and made:
        _ask_for_sheet(month)
    return Stood(len(made), final)


def _ask_for_sheet(month: str) -> None:
    """Unless it is there; who was cut off in between asks again the night after."""
    if not standings.sheet(month):
        exports.enqueue_standing(month)


def _one(subsidiary: str, projects: Iterable[str], month: str, numbers: Policy, plan: Plan, terms: Terms) -> Standing:
    found: dict[str, list[str]] = defaultdict(list)
    wanted = {rule.of for rule in plan.rules} - HAPPENED.keys()
    for project in sorted(projects):
        every, known = reading.of_project(project, month, repeats="repeats" in wanted, company=False)
        for name, behind_it in behind(_last(every)).items():
            found[name] += behind_it
        for of_ticket in every:
            for part in parts_of(of_ticket, month, numbers.zone, known):
                if part.measure in wanted and part.n == (MEASURES[part.measure].better == "down"):
                    found[part.measure].append(part.ticket)
    row = measures.month(f"subsidiary#{subsidiary}", month)
    figures = row.figures if row else {}
    given = points(plan, figures, terms.targets, terms.least, found)
    cases = figures[CASES].d if CASES in figures else 0
    return Standing(subsidiary, month, plan.plan, given, cases)


def _last(tickets: Sequence[Sequence[Fact]]) -> list[Fact]:
    return [of_ticket[-1] for of_ticket in tickets]


def subsidiaries() -> Sequence[tuple[str, str]]:
    """(id, name) of all that have projects."""
    ids = sorted({place["subsidiary"] for place in counting.projects()})
    found = places.several(ids)
    return [(one, found[one].name if one in found else one) for one in ids]


def numbered(one: Standing) -> dict[str, str]:
    """The number of each ticket behind a score, as people say it, by id. One call per 100."""
    ids = list(dict.fromkeys(ticket for point in one.points for ticket in point.tickets))
    known = {entry.id: spoken(entry.said.number) for entry in tickets.several(ids) if entry.said}
    return {ticket: known.get(ticket, ticket[-6:]) for ticket in ids}


def make_sheet(month: str, at: datetime) -> str:
    """Make the bonus sheet of a month and keep it; its key. May run again: the same content is the same object."""
    content = workbook(month, wording.LANG)
    key = archive.export_key("standing", month[:4], month, hashlib.sha256(content).hexdigest(), "xlsx")
    archive.keep(key, content)
    standings.keep_sheet(month, key, at)
    return key


def workbook(month: str, lang: str) -> bytes:
    """Two sheets: what the heads' bonuses are multiplied by, with the reasons; every point with its tickets."""
    named = dict(subsidiaries())
    every = sorted(standings.of_month(named, month), key=lambda s: (not s.rank, s.rank, s.subsidiary))
    said = wording.head
    with TemporaryDirectory() as folder:
        path = Path(folder) / "standing.xlsx"
        book = XlsxFile(path)
        columns = [Plain(said(name, lang), _kind(name), 16) for name in wording.SUMMARY]
        sheet = book.sheet(f"{said('summary', lang)} {month}", columns)
        for one in every:
            follows = [wording.consequence(name, lang) for name in (*one.rewards, *one.penalties)]
            rank = f"{one.rank}/{one.among}" if one.rank else said("few", lang)
            total = [_points(one.plan), _points(one.total), rank, Decimal(one.factor or 1)]
            sheet.row([named[one.subsidiary], one.subsidiary, *total, words.listed(follows, lang)])
        columns = [Plain(said(name, lang), _kind(name), 22) for name in wording.DETAIL]
        sheet = book.sheet(f"{said('detail', lang)} {month}", columns)
        for one in every:
            numbers = numbered(one)
            for point in one.points:
                figure = f"{point.n}/{point.d}" if point.d else str(point.n)
                for ticket in point.tickets or ("",):
                    number = numbers.get(ticket, "")
                    sheet.row(
                        [named[one.subsidiary], wording.rule(point.of, lang), _points(point.tenths), figure, number]
                    )
        book.close()
        return path.read_bytes()


def _kind(column: str) -> str:
    return "figure" if column in ("plan", "total", "factor", "points") else "text"


def _points(tenths: int) -> Decimal:
    return Decimal(tenths) / 10
