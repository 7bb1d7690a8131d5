"""Figures of a month, made of its facts: every night for the month that runs, and the one before until that is final.

    count    a project's facts, and the money that moved there: kept with a digest of what it was counted from; what did
             not change is not counted again
    make     the rows of every scope, of what all projects count; what is as it stands is not written again

The same facts give the same rows. Each step is kept: cut off anywhere, the next run goes on. A month is final on a
working day of the next; what moves it afterwards stands beside what it was then, with the tickets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.figures import Figure, figures, ranked
from chalicelib.domain.measures.portrait import Portrait
from chalicelib.domain.measures.tally import WHOLE, Tally
from chalicelib.domain.policy.measures import Terms, terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.services.measures import counting, homes, monthly
from chalicelib.services.measures.portraying import Portraits
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import measures, portraits
from chalicelib.store.measures import Counted, Homes, Month, Walk
from chalicelib.store.reading import each, one
from chalicelib.store.table import Key, Row, iso

OWN = ("team", "person", "contractor")  # groups that are scopes of their own; the others are parts of their scope
MOST_WHY = 50  # tickets that are named where a month moved


@dataclass(slots=True)
class Rolled:
    """What a run did. `counted`: projects that had changed; `written`: rows; `more`: time was up, the next goes on."""

    projects: int = 0
    counted: int = 0
    facts: int = 0
    written: int = 0
    more: bool = False


@dataclass(slots=True)
class _Sum:
    """What the projects of a scope add up to. `groups`: of it; "" is all of it."""

    groups: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    flats: int = 0
    warranty: int = 0
    facts: int = 0


def roll(
    month: str,
    at: datetime,
    goes_on: Callable[[], bool] = lambda: True,
    *,
    only: Iterable[str] | None = None,
    anew: bool = False,
) -> Rolled:
    """Make the figures of a month anew, or go on where the last run was cut off. May run again.

    `only`: the projects that changed, where somebody knows. `anew`: what was counted before is not trusted.
    """
    numbers = policy_for(NOWHERE)
    here = {place["project"]: place for place in counting.projects()}
    walk, done = measures.walk(month), Rolled()
    if walk is None or walk.done:
        left = tuple(here) if only is None or walk is None else tuple(sorted(set(only) & here.keys()))
        walk = Walk(month, iso(at), left, final=walk.final if walk else "", scopes=walk.scopes if walk else ())
        measures.come(walk)
    for project in walk.left:
        if not goes_on():
            done.more = True
            return done
        if project in here:
            _count(here[project], month, numbers, walk.final, done, anew=anew)
        walk = replace(walk, left=walk.left[1:])
        measures.come(walk)
    if not goes_on():
        done.more = True
        return done
    _make(walk, list(here.values()), numbers, done, anew)
    return done


def _count(
    place: Mapping[str, str], month: str, numbers: Policy, final: str, done: Rolled, *, anew: bool
) -> Counted | None:
    """Count a project's month, and keep it; None where what it is counted from has not changed. `anew`: in any case."""
    project = place["project"]
    unless = "" if anew else measures.digest(project, month)
    made, rows = counting.counted(place, month, homes.of_month(project, month), numbers, final, unless)
    done.projects += 1
    done.facts += rows
    if made:
        measures.keep_counted(made)
        done.counted += 1
    return made


def _make(walk: Walk, here: Sequence[Mapping[str, str]], numbers: Policy, done: Rolled, anew: bool) -> None:
    """Write what changed of the rows of every scope; then the walk is done."""
    month = walk.month
    sums: dict[str, _Sum] = defaultdict(_Sum)
    look = Portraits(month, numbers.zone)
    for place in here:
        one = measures.counted(place["project"], month)
        if one is None:  # damaged, or cut off while it was written
            one = _count(place, month, numbers, walk.final, done, anew=True)
        assert one is not None
        _add(one, place, homes.of_month(place["project"], month), sums, look)
    day = datetime.fromisoformat(walk.began).astimezone(ZoneInfo(numbers.zone)).date()
    final = walk.final or (walk.began if day >= counting.final_day(month, numbers) else "")
    scopes = sorted({*sums, *walk.scopes})
    stand = measures.every(month) if anew else measures.several(_keys(scopes, month))
    for row in _rows(month, sums, look.rows(), final, terms_of(numbers), stand):
        if _differs(row, stand):
            measures.put(row)
            done.written += 1
    if final:
        monthly.ask(sorted(scope for scope in sums if not _own(scope)), month)
    measures.come(replace(walk, done=True, final=final, scopes=tuple(sorted(sums))))


def differing(month: str) -> list[str]:
    """The scopes of which something that is kept of a month is not what its facts give now, names apart. Writes
    nothing, and reads the whole table: for an operator's command alone.
    """
    numbers, walk = policy_for(NOWHERE), measures.walk(month)
    final = walk.final if walk else ""
    sums: dict[str, _Sum] = defaultdict(_Sum)
    look = Portraits(month, numbers.zone)
    for place in counting.projects():
        flats = homes.of_month(place["project"], month, keep=False)
        one, _ = counting.counted(place, month, flats, numbers, final)
        assert one is not None
        _add(one, place, flats, sums, look)
    stand = measures.every(month)
    looks = look.rows(lambda one: {})
    right = {(row["pk"], row["sk"]): row for row in _rows(month, sums, looks, final, terms_of(numbers), stand)}
    bare = {key: made for key, row in stand.items() for made in each([row], _bare)}
    wrong = [key for key, row in right.items() if _differs(_bare(row), bare)]
    return sorted({pk.partition("#")[2] for pk, _ in (*wrong, *(stand.keys() - right.keys()))})


def _bare(row: Row) -> Row:
    return portraits.unnamed(row) if row["pk"].startswith("PORTRAIT#") else row


def _differs(row: Row, stand: Mapping[Key, Row]) -> bool:
    """Whether a row is not as it stands."""
    found = stand.get((row["pk"], row["sk"]), {})
    return any(found.get(name) != value for name, value in row.items())


def _add(one: Counted, place: Mapping[str, str], stand: Homes, sums: dict[str, _Sum], look: Portraits) -> None:
    look.join(one.looks)
    for scope in counting.scopes_of(place):
        sums[scope].flats += stand.flats
        sums[scope].warranty += stand.warranty
        sums[scope].facts += one.facts
        look.warranted(scope, stand.companies)
    for company, count in stand.companies.items():
        sums[f"contractor#{company}"].warranty += count
    for group, tally in one.tallies.items():
        own = _own(group)
        for scope in [group] if own else counting.scopes_of(place):
            sums[scope].groups[WHOLE if own else group].join(tally)
        if group.startswith("contractor#"):  # a part of the project too: who works there how well
            for scope in counting.scopes_of(place):
                sums[scope].groups[group].join(tally)


def _own(scope: str) -> bool:
    return scope.partition("#")[0] in OWN


def _keys(scopes: Iterable[str], month: str) -> Iterator[Key]:
    for scope in scopes:
        for room in measures.READ[:1] if _own(scope) else measures.READ:
            yield f"{room}{scope}", month


def _rows(
    month: str,
    sums: Mapping[str, _Sum],
    looks: Mapping[str, Row],
    final: str,
    terms: Terms,
    stand: Mapping[Key, Row],
) -> Iterator[Row]:
    """The rows of every scope as they are to be. `stand`: those that are kept; a scope that is no more is emptied."""
    found = {scope: figures(one.groups[WHOLE], one.flats, one.warranty) for scope, one in sums.items()}
    ranks = _ranks(found, [[s for s in sums if s.startswith(level)] for level in ("project#", "subsidiary#")], terms)
    nothing = _Sum()
    for scope in sorted({*sums, *(pk.partition("#")[2] for pk, _ in stand)}):
        one, here = sums.get(scope, nothing), scope in sums
        row = stand.get((f"MEASURE#{scope}", month))
        if row or found.get(scope):
            why = sorted(one.groups[WHOLE].late)[:MOST_WHY]
            now, rank, when = found.get(scope, {}), ranks.get(scope, {}), final if here else ""
            made = Month(scope, month, now, rank, when, why=why, facts=one.facts)
            yield measures.written(_beside(made, row))
        if _own(scope):
            continue
        if here or (f"PARTS#{scope}", month) in stand:
            groups = {group: figures(tally) for group, tally in sorted(one.groups.items()) if group}
            yield measures.written_parts(scope, month, {group: of for group, of in groups.items() if of})
        if scope in looks or (f"PORTRAIT#{scope}", month) in stand:
            yield looks.get(scope) or portraits.written(scope, month, Portrait())


def _beside(made: Month, row: Row | None) -> Month:
    """A scope's month beside what it was when it was final."""
    was = one(row, measures.read)
    if not was or not was.final:
        return replace(made, why=())
    first = was.first or was.figures
    moved = first != made.figures
    return replace(made, final=was.final, first=first if moved else {}, why=made.why if moved else ())


def _ranks(
    rows: Mapping[str, Mapping[str, Figure]], siblings: Iterable[Iterable[str]], terms: Terms
) -> dict[str, dict[str, tuple[int, int]]]:
    """scope → measure → rank among its like. Projects and subsidiaries are ranked, people and teams never are."""
    found: dict[str, dict[str, tuple[int, int]]] = defaultdict(dict)
    for level in siblings:
        known = [scope for scope in sorted(set(level)) if scope in rows]
        for measure in sorted({name for scope in known for name in rows[scope]}):
            of_level = {scope: rows[scope][measure] for scope in known if measure in rows[scope]}
            for scope, rank in ranked(of_level, terms.least).items():
                found[scope][measure] = rank
    return found
