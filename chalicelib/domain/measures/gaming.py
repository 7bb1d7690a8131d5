"""What stands beside a score and would betray how it was come by; who stands out in it from others of the same trade.

sign            counted                                                     of
quick           the owner was contacted within a minute of an assignment    tickets whose owner was contacted
lowered         the priority was lowered                                    tickets
waited          it was made to wait                                         tickets
unphotographed  no photo of the work was kept                               tickets closed
unchecked       no supervisor looked at it                                  tickets closed
merged          it ended in another ticket                                  tickets
silent          no stars were given                                         tickets closed
device          stars came from a staff device, or from one of many flats   tickets with stars
wall            seconds by the clock on the wall until it was repaired      the same seconds, as they are counted

Repairs and emergencies alone, each by its last fact. Whoever stands out need not be wrong: somebody has to look. People
and teams are compared with all others whose team has the same name elsewhere; one stands out where

    it has enough tickets, and so have the others    marks.least, marks.few
    its share is far above theirs                    marks.times, or so is theirs of what is left, or by marks.points
    and chance does not explain it                   marks.sigma standard deviations of a share like theirs

By the clock on the wall teams alone are compared (marks.longer): how much night a person has is a matter of shifts.
All in whole numbers: the same facts give the same answer, in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.money.watch import MOST_TICKETS, Hit
from chalicelib.domain.policy.gaming import Marks
from chalicelib.domain.record.number import short_number

KINDS = frozenset({"repair", "emergency"})
SIGNS = ("quick", "lowered", "waited", "unphotographed", "unchecked", "merged", "silent", "device", "wall")
REPAIRED = "resolve"  # the clock until it is repaired


@dataclass(frozen=True, slots=True)
class Counted:
    """`n` of `d`; `tickets`: those that were counted, the newest first."""

    n: int = 0
    d: int = 0
    tickets: tuple[str, ...] = ()

    @property
    def percent(self) -> int:
        return 100 * self.n // self.d if self.d else 0


def last_of(facts: Iterable[Fact]) -> list[Fact]:
    """The last fact of each repair, in the order of the tickets."""
    last: dict[str, Fact] = {}
    for fact in facts:
        if fact.kind in KINDS and (fact.ticket not in last or last[fact.ticket].n < fact.n):
            last[fact.ticket] = fact
    return [last[ticket] for ticket in sorted(last)]


def many_flats(facts: Iterable[Fact], marks: Marks) -> frozenset[str]:
    """The devices from which stars came for more flats than a household has."""
    flats: dict[str, set[str]] = {}
    for fact in facts:
        if fact.device and fact.scores:
            flats.setdefault(fact.device, set()).add(fact.place.get("unit", fact.ticket))
    return frozenset(device for device, units in flats.items() if len(units) >= marks.flats)


def beside(facts: Iterable[Fact], shared: frozenset[str] = frozenset()) -> Mapping[str, Counted]:
    """Every sign of somebody's facts, one a ticket (`last_of`). `shared`: devices of many flats.

    And `handled`: seconds by the clock on the wall from report to repair, of so many; nobody is compared by it.
    """
    counted = list(facts)
    found = {sign: _counted(counted, rule, shared) for sign, rule in RULES.items()}
    return found | {"wall": _wall(counted), "handled": _handled(counted)}


def _counted(facts: Sequence[Fact], rule: Rule, shared: frozenset[str]) -> Counted:
    of = [fact for fact in facts if rule.of(fact)]
    hit = [fact.ticket for fact in of if rule.counts(fact, shared)]
    return Counted(len(hit), len(of), tuple(sorted(hit, reverse=True)))


def _wall(facts: Sequence[Fact]) -> Counted:
    runs = [
        (int(clock.wall.total_seconds()), int(clock.counted.total_seconds()), fact.ticket)
        for fact in facts
        for clock in fact.clocks
        if clock.name == REPAIRED and clock.wall is not None and clock.verdict != "void"
    ]
    longest = sorted(runs, key=lambda run: (run[1] - run[0], run[2]))
    return Counted(
        sum(wall for wall, _, _ in runs),
        sum(counted for _, counted, _ in runs),
        tuple(dict.fromkeys(ticket for wall, counted, ticket in longest if wall > counted)),
    )


def _handled(facts: Sequence[Fact]) -> Counted:
    took = [
        max(clock.stopped for clock in fact.clocks if clock.name == REPAIRED and clock.stopped) - fact.reported
        for fact in facts
        if _closed(fact) and any(clock.name == REPAIRED and clock.stopped for clock in fact.clocks)
    ]
    return Counted(sum(int(one.total_seconds()) for one in took), len(took))


@dataclass(frozen=True, slots=True)
class Rule:
    of: Callable[[Fact], bool]
    counts: Callable[[Fact, frozenset[str]], bool]


def _closed(fact: Fact) -> bool:
    return fact.state == "closed"


def _every(fact: Fact) -> bool:
    return True


RULES: Mapping[str, Rule] = {
    "quick": Rule(lambda fact: "contacted" in fact.did, lambda fact, _: fact.quick > 0),
    "lowered": Rule(_every, lambda fact, _: fact.lowered > 0),
    "waited": Rule(_every, lambda fact, _: bool(fact.waits)),
    "unphotographed": Rule(_closed, lambda fact, _: not fact.photos),
    "unchecked": Rule(_closed, lambda fact, _: "checked" not in fact.did),
    "merged": Rule(_every, lambda fact, _: fact.state == "merged"),
    "silent": Rule(_closed, lambda fact, _: not fact.scores),
    "device": Rule(
        lambda fact: bool(fact.scores), lambda fact, shared: fact.device.startswith("s") or fact.device in shared
    ),
}


def outliers(facts: Iterable[Fact], marks: Marks) -> dict[str, list[Hit]]:
    """By sign, the teams and people who stand out, those with the most tickets first."""
    last = last_of(facts)
    shared = many_flats(last, marks)
    found: dict[str, list[Hit]] = {sign: [] for sign in SIGNS}
    for trade in _by(last, lambda fact: fact.team.rpartition("/")[2]).values():
        for whose, signs_of in ((_team, SIGNS), (person, SIGNS[:-1])):
            told = {who: beside(theirs, shared) for who, theirs in sorted(_by(trade, whose).items()) if who}
            cases = {who: len(theirs) for who, theirs in _by(trade, whose).items()}
            for sign in signs_of:
                found[sign] += _standing_out(sign, {who: signs[sign] for who, signs in told.items()}, cases, marks)
    return {
        sign: sorted(hits, key=lambda hit: (-int(hit.figures["n"]) * (sign != "wall"), hit.parties))
        for sign, hits in found.items()
    }


def _standing_out(sign: str, told: Mapping[str, Counted], cases: Mapping[str, int], marks: Marks) -> list[Hit]:
    n, d = sum(one.n for one in told.values()), sum(one.d for one in told.values())
    every = sum(cases[who] for who in told)
    hits = []
    for who, one in told.items():
        others = Counted(n - one.n, d - one.d)
        enough = cases[who] >= marks.least and every - cases[who] >= marks.least
        if enough and (_longer if sign == "wall" else _more)(one, others, marks):
            figures: dict[str, int | str] = {"n": one.n, "of": one.d, "others": others.n, "others_of": others.d}
            tickets = {ticket: short_number(ticket) for ticket in one.tickets[:MOST_TICKETS]}
            hits.append(Hit(sign, (who,), figures, tickets))
    return hits


def _more(one: Counted, others: Counted, marks: Marks) -> bool:
    """n / d far above the others' share p, and further than chance: (n − d·p)² ≥ sigma² · d · p · (1 − p)."""
    if one.n < marks.few or one.d < marks.least or others.d < marks.least:
        return False
    excess = one.n * others.d - one.d * others.n
    far = (
        one.n * others.d * 100 >= marks.times * one.d * others.n
        or (others.d - others.n) * one.d * 100 >= marks.times * others.d * (one.d - one.n)
        or excess * 100 >= marks.points * one.d * others.d
    )
    chance = marks.sigma**2 * one.d * others.n * (others.d - others.n)
    return excess > 0 and far and excess**2 >= chance


def _longer(one: Counted, others: Counted, marks: Marks) -> bool:
    return bool(one.d and others.d) and one.n * others.d * 100 >= marks.longer * others.n * one.d


def _team(fact: Fact) -> str:
    return fact.team


def person(fact: Fact) -> str:
    """Whoever repaired it, else whoever had it: whose figures it stands in."""
    return fact.did.get("completed") or fact.holder


def _by(facts: Iterable[Fact], key: Callable[[Fact], str]) -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(key(fact), []).append(fact)
    return found
