"""Figures of a month, made of its facts: every night for the month that runs, and the one before until that is final.

    count    a project's facts, and the money that moved there: kept with a digest of what it was counted from; what did
             not change is not counted again
    make     the rows of every scope, of what all projects count; what is as it stands is not written again

The same facts give the same rows. Each step is kept: cut off anywhere, the next run goes on. A month is final on a
working day of the next; what moves it afterwards stands beside what it was then, with the tickets.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.figures import Figure, figures, ranked
from chalicelib.domain.measures.tally import WHOLE, Tally
from chalicelib.domain.policy.measures import Terms, terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.services.measures import counting, monthly
from chalicelib.services.measures.portraying import Portraits
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import measures
from chalicelib.store.measures import Counted, Homes, Month, Walk
from chalicelib.store.table import iso

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
            _count(here[project], month, numbers, walk.final, done, anew)
        walk = replace(walk, left=walk.left[1:])
        measures.come(walk)
    if not goes_on():
        done.more = True
        return done
    _make(walk, list(here.values()), numbers, done)
    return done


def _count(place: Mapping[str, str], month: str, numbers: Policy, final: str, done: Rolled, anew: bool) -> None:
    """Count a project's month, if what it is counted from has changed; `anew`: in any case."""
    unless = "" if anew else measures.digest(place["project"], month)
    made, rows = counting.counted(place, month, numbers, final, unless)
    done.projects += 1
    done.facts += rows
    if made:
        measures.keep_counted(made)
        done.counted += 1


def _make(walk: Walk, here: Sequence[Mapping[str, str]], numbers: Policy, done: Rolled) -> None:
    """Write what changed of the rows of every scope; then the walk is done."""
    month, terms = walk.month, terms_of(numbers)
    sums: dict[str, _Sum] = defaultdict(_Sum)
    look = Portraits(month, numbers.zone)
    lost = [place["project"] for place in here if not _join(place, month, sums, look)]
    if lost:  # cut off while it was written: counted anew by the next run
        measures.come(replace(walk, left=tuple(lost)))
        done.more = True
        return
    day = datetime.fromisoformat(walk.began).astimezone(ZoneInfo(numbers.zone)).date()
    final = walk.final or (walk.began if day >= counting.final_day(month, numbers) else "")
    found = {scope: figures(one.groups[WHOLE], one.flats, one.warranty) for scope, one in sums.items()}
    ranks = _ranks(
        found, {level: [s for s in sums if s.startswith(f"{level}#")] for level in ("project", "subsidiary")}, terms
    )
    gone = [scope for scope in walk.scopes if scope not in sums]
    now = [
        Month(
            scope,
            month,
            found.get(scope, {}),
            ranks.get(scope, {}),
            final,
            why=sorted(sums[scope].groups[WHOLE].late)[:MOST_WHY] if scope in sums else (),
            facts=sums[scope].facts if scope in sums else 0,
        )
        for scope in sorted({*sums, *gone})
    ]
    done.written += _keep(now)
    done.written += _keep_parts(month, sums)
    look.keep()
    if final:
        monthly.ask(sorted(scope for scope in sums if scope.partition("#")[0] not in OWN), month)
    measures.come(replace(walk, done=True, final=final, scopes=tuple(sorted(sums))))


def differing(month: str) -> list[str]:
    """The scopes whose kept figures of a month are not those that its facts give now. Writes nothing but, the first
    time that a month is asked for, how many flats there were."""
    numbers, walk = policy_for(NOWHERE), measures.walk(month)
    sums: dict[str, _Sum] = defaultdict(_Sum)
    look = Portraits(month, numbers.zone)
    for place in counting.projects():
        one, _ = counting.counted(place, month, numbers, walk.final if walk else "")
        assert one is not None
        _add(one, place, month, sums, look)
    found = {scope: figures(one.groups[WHOLE], one.flats, one.warranty) for scope, one in sums.items()}
    scopes = sorted({*found, *(walk.scopes if walk else ())})
    stand = measures.several((f"MEASURE#{scope}", month) for scope in scopes)
    kept = {scope: measures.read(row).figures for scope in scopes if (row := stand.get((f"MEASURE#{scope}", month)))}
    return [scope for scope in scopes if kept.get(scope, {}) != found.get(scope, {})]


def _join(place: Mapping[str, str], month: str, sums: dict[str, _Sum], look: Portraits) -> bool:
    """Add what a project counts; False where it can't be read."""
    one = measures.counted(place["project"], month)
    if one is None:
        return False
    _add(one, place, month, sums, look)
    return True


def _add(one: Counted, place: Mapping[str, str], month: str, sums: dict[str, _Sum], look: Portraits) -> None:
    stand = measures.homes(place["project"], month) or Homes()
    look.join(one.looks)
    for scope in counting.scopes_of(place):
        sums[scope].flats += stand.flats
        sums[scope].warranty += stand.warranty
        sums[scope].facts += one.facts
        look.warranted(scope, stand.companies)
    for company, count in stand.companies.items():
        sums[f"contractor#{company}"].warranty += count
    for group, tally in one.tallies.items():
        own = group.partition("#")[0] in OWN
        for scope in [group] if own else counting.scopes_of(place):
            sums[scope].groups[WHOLE if own else group].join(tally)
        if group.startswith("contractor#"):  # a part of the project too: who works there how well
            for scope in counting.scopes_of(place):
                sums[scope].groups[group].join(tally)


def _keep(now: Sequence[Month]) -> int:
    """Write scopes' months beside what they were when they were final; how many had to be written."""
    stand = measures.several((f"MEASURE#{one.scope}", one.month) for one in now)
    count = 0
    for one in now:
        row = stand.get((f"MEASURE#{one.scope}", one.month))
        if row is None and not one.figures:
            continue
        was = measures.read(row) if row else None
        if was and was.final:
            first = was.first or was.figures
            moved = first != one.figures
            one = replace(one, final=was.final, first=first if moved else {}, why=one.why if moved else ())
        else:
            one = replace(one, why=())
        written = measures.written(one)
        if row is None or any(row.get(name) != value for name, value in written.items()):
            measures.put(written)
            count += 1
    return count


def _keep_parts(month: str, sums: Mapping[str, _Sum]) -> int:
    rows = [
        measures.written_parts(
            scope,
            month,
            {group: found for group, tally in sorted(one.groups.items()) if group and (found := figures(tally))},
        )
        for scope, one in sorted(sums.items())
        if scope.partition("#")[0] not in OWN
    ]
    stand = measures.several((row["pk"], row["sk"]) for row in rows)
    changed = [row for row in rows if stand.get((row["pk"], row["sk"]), {}).get("body") != row["body"]]
    for row in changed:
        measures.put(row)
    return len(changed)


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
