"""Draws each month's sample and begins a survey of each flat in it. Cut off, it goes on where it was: the draw is kept
first, and holds whatever happens meanwhile; a survey's name follows from month and flat.

    base      flats of the project that were served lately or are in their first year, as the policy says
    who       the owner registered there, or whoever is; else whoever reported there last, whom nobody vouches for
    sure      the phone stands for no more flats than the policy allows, and stood there before what was done there last
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from chalicelib.adapters.ids import ulid
from chalicelib.domain.measures.sampling import Flat, draw
from chalicelib.domain.measures.survey import PREFIX
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.surveys import Terms, terms_of
from chalicelib.domain.record.event import SYSTEM, Event
from chalicelib.domain.record.phone import compared
from chalicelib.domain.record.reference import reference
from chalicelib.domain.register.place import Place, Resident
from chalicelib.domain.register.stages import STAGES, stage_of
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.record.rounds import Round
from chalicelib.services.ticket.ended import beside
from chalicelib.store import facts, phones, places, surveys
from chalicelib.store.places import GROUP
from chalicelib.store.records import StaleRecord
from chalicelib.store.surveys import Draw

AT_ONCE = 100  # keys of one call
WHEN = 10  # letters of an id that say when
WORKS = frozenset({"repair", "emergency", "complaint", "enquiry", "suggestion"})
SERVED = frozenset({"closed", "waived"})


@dataclass(slots=True)
class Drawn(Round):
    """`drawn`: samples that were drawn anew; `begun`: surveys."""

    drawn: int = 0
    begun: int = 0


def draw_all(at: datetime, goes_on: Callable[[], bool] = lambda: True) -> Drawn:
    """Every project's sample of this month, from the policy's day on. Every night; what time did not suffice for is
    done in the next one.
    """
    round_ = Drawn()
    for child in places.children(GROUP):
        if child.kind != "project":
            continue
        if not goes_on():
            round_.more = True
            break
        with round_.spared(child.id, "draw"):
            _draw_project(child.id, at, goes_on, round_)
    return round_


def _draw_project(project: str, at: datetime, goes_on: Callable[[], bool], round_: Drawn) -> None:
    numbers = policy_for({"project": project})
    today = at.astimezone(ZoneInfo(numbers.zone)).date()
    if today.day < terms_of(numbers).day:
        return
    month = f"{today:%Y-%m}"
    known = surveys.draw(project, month)
    if known is None:
        known = _sample(project, month, numbers)
        if not known.base:  # nobody to ask yet: looked at again the night after
            return
        if surveys.add(known):
            round_.drawn += 1
        else:  # somebody was faster: theirs holds
            known = surveys.draw(project, month) or known
    if known.done:
        return
    for unit in known.flats:
        if not goes_on():
            round_.more = True
            return
        round_.begun += _begin(known, unit, numbers, at)
    surveys.done(project, month)


def _sample(project: str, month: str, numbers: Policy) -> Draw:
    terms, first = terms_of(numbers), date.fromisoformat(f"{month}-01")
    served = _served(project, month, terms) if terms.base != "first_year" else {}
    there = dict(_units(served)) if terms.base == "served" else {p.id: p for p in _all_units(project)}
    flats: dict[str, tuple[Place, str]] = {}
    for unit, place in there.items():
        stage = stage_of(place.facts, first)
        young = terms.base != "served" and stage == STAGES[1]
        if not place.closed and (unit in served or young):
            flats[unit] = (place, stage)
    who = _who(flats)
    named = [Flat(u, p.above.get("building", ""), stage, who.get(u, ())) for u, (p, stage) in flats.items()]
    before = surveys.asked(project, _months_before(month, terms.apart - 1))
    sample = draw(named, terms.share, before, f"{project}/{month}")
    return Draw(
        project,
        month,
        sample.base,
        sample.wanted,
        {flat.unit: flat.who for flat in sample.flats},
        {flat.unit: served[flat.unit] for flat in sample.flats if flat.unit in served},
    )


def _served(project: str, month: str, terms: Terms) -> Mapping[str, str]:
    """Flats where something was done for an owner in the months before this one, and the ticket that was the last."""
    found: dict[str, tuple[datetime, str]] = {}
    for before in _months_before(month, terms.months):
        start = None
        while True:
            page, start = facts.of_month(project, before, start=start)
            for fact in page:
                unit = fact.place.get("unit", "")
                if unit and fact.kind in WORKS and fact.state in SERVED:
                    found[unit] = max(found.get(unit, (fact.counts, "")), (fact.counts, fact.ticket))
            if not start:
                break
    return {unit: ticket for unit, (_, ticket) in found.items()}


def _months_before(month: str, count: int) -> Sequence[str]:
    return [beside(month, -back) for back in range(1, count + 1)]


def _units(units: Iterable[str]) -> Iterator[tuple[str, Place]]:
    wanted = sorted(units)
    for first in range(0, len(wanted), AT_ONCE):
        yield from places.several(wanted[first : first + AT_ONCE]).items()


def _all_units(project: str) -> Iterator[Place]:
    """Every flat of a project, by the tree: a query for each building and entrance."""
    ahead, units = [project], []
    while ahead:
        for child in places.children(ahead.pop()):
            if child.kind == "unit":
                units.append(child.id)
            elif child.kind in ("building", "entrance"):
                ahead.append(child.id)
    for _, place in _units(units):
        yield place


def _who(units: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Who lives in each flat, by the hashes of their phones."""
    found: dict[str, tuple[str, ...]] = {}
    wanted = sorted(units)
    for first in range(0, len(wanted), AT_ONCE):
        found |= places.phones_in(wanted[first : first + AT_ONCE])
    return found


def named(project: str, month: str, unit: str) -> str:
    """The survey of a flat in a month."""
    begins = datetime.fromisoformat(f"{month}-01").replace(tzinfo=UTC)
    return reference(PREFIX, ulid(begins, sha256(f"{project}/{month}/{unit}".encode()).digest()[:10]))


def _begin(drawn: Draw, unit: str, numbers: Policy, at: datetime) -> bool:
    """Whether a survey was begun; not where there is one, nor where nobody can be asked any more."""
    place, residents = places.with_residents(unit)
    ticket = drawn.tickets.get(unit, "")
    if place is None:
        return False
    resident = min(residents, key=_first_asked, default=None)
    sure = resident is not None and _sure(resident, ticket, terms_of(numbers))
    stage = stage_of(place.facts, date.fromisoformat(f"{drawn.month}-01"))
    data = {"place": place.as_fact(), "month": drawn.month, "stage": stage, "verified": sure}
    data |= {"resident": resident.id} if resident else {}
    data |= {"ticket": ticket} if ticket else {}
    event = Event(
        "drawn", at.replace(microsecond=0), SYSTEM.id, SYSTEM.role, data, channel="system", policy=numbers.version
    )
    try:
        record.begin(named(drawn.project, drawn.month, unit), [event])
    except StaleRecord:
        return False
    return True


def _first_asked(one: Resident) -> tuple[bool, bool, str]:
    return one.role != "owner", not one.signs, one.id


def _sure(resident: Resident, ticket: str, terms: Terms) -> bool:
    """Whether the phone is one that somebody vouches for. `ticket`: the last one there, whose name begins with when."""
    hashes = access.ever_hidden("phone", compared(resident.phone)) if resident.phone else []
    units = phones.stands(hashes).units
    since = units.get(resident.unit, "")
    changed = bool(since and ticket) and ulid(datetime.fromisoformat(since))[:WHEN] > ticket[:WHEN]
    return resident.unit in units and len(units) <= terms.flats and not changed
