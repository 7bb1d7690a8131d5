"""Loads the demo's year: python -m infra.seed.year, on the stack of the environment; may be cut off and run again.

facts     of every life of `lives.py`, as its changes would have stated them
tickets   those behind the worst of each project's months and the auditor's findings, whole: their pages open, and
          nobody is told of them
figures   of each of the months, and what stands beside them
points    of its subsidiaries, by month
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.adapters.time import now
from chalicelib.domain.measures.facts import Fact, history, month_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.kinds import kind_of
from chalicelib.domain.ticket.ticket import fold
from chalicelib.services.measures import gaming, rolling, standing
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import facts, records, watched
from chalicelib.store.records import NO_TIMER, NumberTaken, StaleRecord
from chalicelib.store.table import table
from infra.seed.lives import FIRST, GAMES, LAST, THEIR_DEVICE, Made, lives

A_WRITE = 100
WORST = 6  # tickets of a project's month


@dataclass(frozen=True, slots=True)
class Stated:
    """A life with the facts that it stated, and the months that they count in."""

    made: Made
    facts: tuple[tuple[Fact, str], ...]

    @property
    def last(self) -> Fact:
        return self.facts[-1][0]


def stated(since: datetime | None = None) -> Iterator[Stated]:
    """Every life with its facts, by each project's own numbers; `since`: but for those that had ended by then."""
    for one in lives():
        if since and one.events[-1].at < since:
            continue
        numbers = policy_for({"project": one.project})
        changes = range(1, len(one.events) + 1)

        def then(now: object, numbers: Policy = numbers) -> Policy:
            return numbers

        made = history(fold(one.id, one.events), changes, then)
        yield Stated(one, tuple((fact, month_of(fact, numbers)) for fact in made))


def worst(every: Iterable[Stated]) -> list[Stated]:
    """Those that managers and the auditor will want to open: the latest and the lowest of each month, who games."""
    months: dict[tuple[str, str], list[Stated]] = {}
    for one in every:
        months.setdefault((one.made.project, one.facts[-1][1]), []).append(one)
    found: dict[str, Stated] = {}
    for those in months.values():
        by_late = sorted(those, key=lambda one: (_late(one.last), one.made.id), reverse=True)
        by_stars = sorted(those, key=lambda one: (one.last.scores.get("overall", 9), one.made.id))
        games = [one for one in by_late if one.last.team == GAMES and one.last.quick]
        found |= {one.made.id: one for one in (*by_late[:WORST], *by_stars[:WORST], *games[: 2 * WORST])}
    return [found[ticket] for ticket in sorted(found)]


def _late(fact: Fact) -> timedelta:
    return sum((clock.late_by for clock in fact.clocks), timedelta(0))


def write_facts(every: Sequence[Stated]) -> int:
    """All of them, the same again where they stand already; how many."""
    puts = [replace(facts.as_put(fact, month), new=False) for one in every for fact, month in one.facts]
    packs = [puts[at : at + A_WRITE] for at in range(0, len(puts), A_WRITE)]
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(table().transact, packs):
            pass
    return len(puts)


def write_tickets(every: Sequence[Stated]) -> int:
    """Those that are to be there whole; how many were not yet."""
    with ThreadPoolExecutor(4) as pool:
        return sum(pool.map(_add, every))


def _add(one: Stated) -> bool:
    after = fold(one.made.id, one.made.events)
    heading = kind_of(after.id).heading(after, policy_for(after.place))
    try:
        records.append(None, after, one.made.events, heading, NO_TIMER, act=False, tell=False)
    except (StaleRecord, NumberTaken):
        return False
    return True


def months() -> Iterator[str]:
    """Of the year, the earliest first."""
    number = FIRST.year * 12 + FIRST.month - 1
    while (month := f"{number // 12}-{number % 12 + 1:02}") <= f"{LAST:%Y-%m}":
        yield month
        number += 1


def main() -> int:
    if gaming.beside("group", f"{LAST:%Y-%m}", 1):
        print("the year is there already")
        return 0
    every = list(stated())
    tickets = worst(every)
    added = write_tickets(tickets)
    written = write_facts(every)
    shared = frozenset({THEIR_DEVICE})
    for month in months():
        rolling.roll(month, now())
        gaming.note(month, [fact for one in every for fact, counts in one.facts if counts == month], shared)
        standing.stand(month, now())
    hits = gaming.look(now())
    named = {ticket for found in watched.found(watched.GROUP)[0].values() for hit in found for ticket in hit.tickets}
    added += write_tickets([one for one in every if one.made.id in named])
    print(f"{len(every)} lives, {written} facts, {added} tickets, {hits['group']} findings for the auditor")
    return 0


if __name__ == "__main__":
    sys.exit(main())
