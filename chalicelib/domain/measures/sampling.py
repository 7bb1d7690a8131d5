"""Who is asked afterwards in a month: drawn evenly over buildings and owners' stages, the same whenever it is drawn.

base        owners served lately, in their first year, or either, as the policy says; an owner of several flats once
size        the share of the base, rounded up
stratum     building × stage; its share of the sample is its share of the base, to within one
before      who was asked in the last months is passed over; what a stratum then lacks the others give
order       within a stratum by a digest of seed and flat: nobody chooses, and the same seed gives the same sample
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Flat:
    """A flat whose owner may be asked. `who`: the people there; who shares one with another flat is one owner."""

    unit: str
    building: str
    stage: str
    who: tuple[str, ...] = ()

    @property
    def stratum(self) -> tuple[str, str]:
        return self.building, self.stage


@dataclass(frozen=True, slots=True)
class Sample:
    """`base`: how many owners there are to ask; `wanted`: how many of them the share asks for."""

    flats: tuple[Flat, ...]
    base: int
    wanted: int


def draw(flats: Iterable[Flat], share: Fraction, before: Collection[str], seed: str) -> Sample:
    """The sample of a month. `before`: flats and owners (`who`) that were asked lately."""
    owners = _one_each(flats, seed)
    wanted = -(-len(owners) * share.numerator // share.denominator)
    strata: dict[tuple[str, str], list[Flat]] = {}
    for flat in owners:
        strata.setdefault(flat.stratum, []).append(flat)
    taken_before = frozenset(before)
    free = {name: [f for f in members if not {f.unit, *f.who} & taken_before] for name, members in strata.items()}
    share_of = {name: Fraction(wanted * len(members), len(owners)) for name, members in strata.items()}
    taken = _quotas(share_of, {name: len(there) for name, there in free.items()}, wanted)
    found = [flat for name in sorted(free) for flat in free[name][: taken[name]]]
    return Sample(tuple(sorted(found, key=lambda f: f.unit)), len(owners), wanted)


def _one_each(flats: Iterable[Flat], seed: str) -> Sequence[Flat]:
    """Each flat once, and one of an owner who has several; in the order in which they are drawn."""
    found: list[Flat] = []
    known: set[str] = set()
    for flat in sorted({f.unit: f for f in flats}.values(), key=lambda f: (_digest(seed, f.unit), f.unit)):
        if not known & set(flat.who):
            found.append(flat)
        known |= set(flat.who)
    return found


def _digest(seed: str, unit: str) -> bytes:
    return sha256(f"{seed}|{unit}".encode()).digest()


def _quotas(
    shares: Mapping[tuple[str, str], Fraction], there: Mapping[tuple[str, str], int], wanted: int
) -> Mapping[tuple[str, str], int]:
    """How many of each stratum: the whole part of its share, then one more by the largest remainder; none beyond what
    is there. What is still lacking is taken in turn where the most is left.
    """
    taken = {name: min(int(share), there[name]) for name, share in shares.items()}
    for name in sorted(shares, key=lambda n: (-(shares[n] % 1), n)):
        if sum(taken.values()) < wanted and shares[name] % 1 and taken[name] < there[name]:
            taken[name] += 1
    lacking = wanted - sum(taken.values())
    while lacking > 0 and (left := {n: there[n] - taken[n] for n in taken if there[n] > taken[n]}):
        name = min(left, key=lambda n: (-left[n], n))
        taken[name] += 1
        lacking -= 1
    return taken
