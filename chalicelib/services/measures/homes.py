"""How many flats there are: a project's, those that a contractor's warranty still covers, and by company.

Counted once for a month, when its figures are made for the first time: the register as it was then.
"""

from __future__ import annotations

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from chalicelib.domain.contractor.contract import Clause, Contract, Starts
from chalicelib.domain.register.place import Place
from chalicelib.domain.time.periods import period_end
from chalicelib.store import contracts, measures, places
from chalicelib.store.measures import Homes

AT_ONCE = 100
YEAR = 12  # months; a season of a term is over within as many years


def of_month(project: str, month: str, *, keep: bool = True) -> Homes:
    """The flats of a project in a month, kept where they were not yet. One read, or the project's whole register."""
    found = measures.homes(project, month)
    if found is None:
        year, number = int(month[:4]), int(month[5:])
        found = _counted(project, date(year, number, monthrange(year, number)[1]))
        if keep:
            measures.keep_homes(project, month, found)
    return found


def _counted(project: str, last: date) -> Homes:
    signed = contracts.of_project(project).contracts
    by_company: Counter[str] = Counter()
    flats = warranty = 0
    for unit, building in _units(project):
        if unit.closed:
            continue
        flats += 1
        theirs = {one.company for one in signed if covers(one, unit, building, last)}
        warranty += bool(theirs)
        by_company.update(theirs)
    return Homes(flats, warranty, dict(sorted(by_company.items())))


def covers(contract: Contract, unit: Place, building: Place | None, on: date) -> bool:
    """Whether any term of a contract has begun for a flat and is not over on a day."""
    return any(
        contract.lies_in(clause.scope, unit.as_fact()) and _runs(clause, unit, building, on)
        for clause in contract.clauses
    )


def _runs(clause: Clause, unit: Place, building: Place | None, on: date) -> bool:
    start = clause.starts_on if clause.starts is Starts.DAY else _day(clause.starts.value, unit, building)
    months = clause.months or clause.seasons * YEAR
    return start is not None and start <= on and bool(months) and on <= period_end(start, months=months)


def _day(name: str, *there: Place | None) -> date | None:
    written = next((one.facts[name] for one in there if one and one.facts.get(name)), "")
    return date.fromisoformat(written) if written else None


def _units(project: str) -> Iterator[tuple[Place, Place | None]]:
    """Every flat with its building. A query for each building and entrance, and a call per 100 flats."""
    ahead, units = [project], []
    while ahead:
        for child in places.children(ahead.pop()):
            if child.kind == "unit":
                units.append(child.id)
            elif child.kind in ("building", "entrance"):
                ahead.append(child.id)
    buildings: dict[str, Place] = {}
    for first in range(0, len(units), AT_ONCE):
        found: Sequence[Place] = list(places.several(units[first : first + AT_ONCE]).values())
        missing = {unit.above.get("building", "") for unit in found} - {"", *buildings}
        buildings |= places.several(sorted(missing)) if missing else {}
        yield from ((unit, buildings.get(unit.above.get("building", ""))) for unit in found)
