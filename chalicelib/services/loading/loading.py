"""Places, people, contracts from a file into the table: checked as a whole first, then written where it differs.

The file is read twice, so that units pass through one by one. Staff get their link's grant; whoever leaves or changes
the team loses the old one with the same write. What a leaver has, in whatever state, goes to somebody else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path

from chalicelib.adapters.pinyin import initials
from chalicelib.adapters.workbook import open_book
from chalicelib.domain.contractor.contract import Company, Contract, Entity
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.phone import compared
from chalicelib.domain.record.roles import company_of
from chalicelib.domain.register.faults import Fault, Remark, TooMany
from chalicelib.domain.register.place import GROUP, Place, Resident
from chalicelib.domain.register.reader import Book, Reader
from chalicelib.domain.register.rows import (
    Adjusted,
    Answering,
    Certified,
    Employed,
    Holidays,
    Household,
    InCity,
    Measured,
    Record,
)
from chalicelib.domain.register.spelling import called
from chalicelib.services.access import access
from chalicelib.services.contractor import amending
from chalicelib.services.contractor.amending import operator
from chalicelib.services.loading import contracts, members
from chalicelib.services.loading.known import Stored, policy_numbers
from chalicelib.services.record import numbers
from chalicelib.services.record.recomputing import BEGIN, Policies, recompute
from chalicelib.services.ticket import departments, dispatch, leaving
from chalicelib.services.warranty import judging
from chalicelib.store import baselines, bulk, phones, places, rules, tickets
from chalicelib.store.bulk import Wanted
from chalicelib.store.places import Registered
from chalicelib.store.table import Conflict, Row, iso

CHUNK = 100
TRIES = 3
KINDS: Mapping[type, str] = {
    Household: "resident",
    Employed: "staff",
    Holidays: "holiday",
    Adjusted: "override",
    Measured: "baseline",
    Entity: "entity",
    Company: "company",
    Contract: "contract",
    Certified: "certificate",
    Answering: "matrix",
    InCity: "seasons",
}
RULES = ("holiday", "override")  # what moves deadlines
Progress = Callable[[str, str, int], None]
Asked = Callable[[], Actor]


def silent(stage: str, sheet: str, rows: int) -> None:
    """Progress that nobody looks at."""


@dataclass(slots=True)
class Loaded:
    """`faults`: nothing was written when there are any. `counts`: by what was loaded.

    `waiting`: the amendments that a second person has to confirm, of what the file changes and earlier ones.
    `remarks`: what is loaded all the same, and somebody should look at.

    `holding`: (person, open tickets) of those who changed the team and still hold some. `given_on`: taken from
    those who left. `staff`: who works here; `fresh`: those of them whose own link is new. `recomputed`: open tickets
    whose deadlines moved with the holidays or overrides.
    """

    faults: list[Fault] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    remarks: list[Fault] = field(default_factory=list)
    more_faults: bool = False
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    holding: list[tuple[str, int]] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    staff: set[str] = field(default_factory=set)
    fresh: set[str] = field(default_factory=set)
    given_on: int = 0
    recomputed: int = 0
    notes: list[Remark] = field(default_factory=list)


def load(
    path: Path,
    at: datetime,
    *,
    write: bool = True,
    progress: Progress = silent,
    by: Callable[[], Actor] = amending.operator,
) -> Loaded:
    """Check a file and store what it says. May run again. Raises NotAWorkbook, OSError, Conflict."""
    return load_book(open_book(path), at, write=write, progress=progress, by=by)


def load_book(
    book: Book, at: datetime, *, write: bool = True, progress: Progress = silent, by: Asked = operator
) -> Loaded:
    """The same for a book that is open. `by`: who loads it, asked only where something waits for a second person."""
    loaded = Loaded()
    known = Stored()
    reader = Reader(book, known, policy_numbers(), lambda sheet, rows: progress("check", sheet, rows))
    try:
        for _ in reader.records():
            pass
    except TooMany:
        loaded.more_faults = True
    loaded.faults, loaded.remarks, loaded.notes = reader.faults, reader.remarks, list(book.notes)
    if loaded.faults or not write:
        return loaded
    numbers.note()
    before = numbers.held_now(child.id for child in places.children(GROUP))
    records = Reader(book, known, policy_numbers()).records()
    held = amending.Held()
    while chunk := list(islice(records, CHUNK)):
        for kind, count in _store(amending.set_aside(chunk, held), loaded, at):
            loaded.counts.setdefault(kind, Counter()).update(count)
            progress("write", kind, loaded.counts[kind].total())
    loaded.waiting = amending.propose(held, by, at)
    dispatch.forget()
    departments.forget()
    numbers.forget()
    judging.forget()
    loaded.given_on, _ = leaving.release(frozenset(loaded.gone), at)
    if any(loaded.counts.get(kind, Counter())[how] for kind in RULES for how in ("added", "changed", "removed")):
        loaded.recomputed = _recompute(before, at, progress)
    return loaded


def _recompute(before: Policies, at: datetime, progress: Progress) -> int:
    """Give every open ticket its deadlines by the numbers that hold now, and tell whoever was told others; how many."""
    moved, place = 0, BEGIN
    while True:
        count, after = recompute(before, at, place)
        moved += count
        progress("write", "deadline", moved)
        if after is None:
            return moved
        place = after


def _store(chunk: Sequence[Record], loaded: Loaded, at: datetime) -> Iterator[tuple[str, Counter[str]]]:
    """Write records of up to a chunk, kind by kind in their order. Raises Conflict."""
    kinds: dict[str, list[Record]] = {}
    for one in chunk:
        kinds.setdefault(_kind(one), []).append(one)
    for kind, records in kinds.items():
        for attempt in range(TRIES):
            left: list[str] = []
            fresh: list[str] = []
            try:
                yield kind, bulk.write(_wanted(records, left, fresh, at))
                break
            except Conflict:
                if attempt == TRIES - 1:
                    raise
        loaded.gone |= {r.person.id for r in records if isinstance(r, Employed) and not r.person.active}
        loaded.staff |= {r.person.id for r in records if isinstance(r, Employed) and r.person.active}
        loaded.fresh.update(fresh)
        moved = (person for person in left if person not in loaded.gone)
        loaded.holding += [(person, count) for person in moved if (count := tickets.count_held_by(person))]


def _kind(record: Record) -> str:
    """What a record counts as."""
    if isinstance(record, Place):
        return record.kind
    outside = isinstance(record, Employed) and company_of(record.person.team)
    return "company_person" if outside else KINDS[type(record)]


def _wanted(records: Sequence[Record], left: list[str], fresh: list[str], at: datetime) -> list[Wanted]:
    """What records of one kind want in the table; reads what is stored where that matters."""
    made = [_place(r) for r in records if isinstance(r, Place)]
    made += _households([r for r in records if isinstance(r, Household)], at)
    made += members.wanted([r for r in records if isinstance(r, Employed)], left, fresh)
    made += _years([r for r in records if isinstance(r, Holidays)])
    made += contracts.wanted(records)
    made += [Wanted([baselines.put(r.project, r.entries)], "BASELINE") for r in records if isinstance(r, Measured)]
    return made + [_overrides(r) for r in records if isinstance(r, Adjusted)]


def _place(place: Place) -> Wanted:
    if place.kind == "project":
        place = replace(place, facts={**place.facts, "initials": " ".join(initials(place.name))})
    return Wanted(places.put_place(place), "PLACE", gone=lambda old: places.moved(old, place))


def _households(found: Sequence[Household], at: datetime) -> list[Wanted]:
    """A phone that is registered anew keeps the date: what was reported with it before may be another's."""
    lodgers = [(h, _residents(h)) for h in found]
    stand = phones.since((one.phone, h.unit) for h, residents in lodgers for one in residents)
    made = []
    for household, residents in lodgers:
        unit = household.unit
        since = {one.phone: stand.get((one.phone, unit), iso(at)) for one in residents}
        rows = places.put_household(unit, residents, since)
        made.append(Wanted(rows, "RESIDENT#", 1 + len(residents), partial(places.moved_out, residents=residents)))
    return made


def _residents(household: Household) -> list[Registered]:
    """Who is registered, with the hashes of their phones and names."""
    residents = []
    for lodger in household.lodgers:
        who = access.hidden("resident", f"{household.unit}/{lodger.phone}")[:12]
        resident = Resident(who, household.unit, lodger.role, lodger.name, lodger.phone, lodger.email, lodger.signs)
        name = access.hidden("name", called(lodger.name))
        residents.append(Registered(resident, access.hidden("phone", compared(lodger.phone)), name))
    return residents


def _overrides(adjusted: Adjusted) -> Wanted:
    return _kept_too(rules.put_overrides(adjusted.project, adjusted.overrides), "POLICY")


def _years(found: Sequence[Holidays]) -> list[Wanted]:
    """All years are one row: those of the file join or replace those that are stored."""
    if not found:
        return []
    stored = rules.years(rules.read("")[1])
    return [_kept_too(rules.put_years({**stored, **{h.year: h.days for h in found}}), "HOLIDAYS")]


def _kept_too(rows: Sequence[Row], counts: str) -> Wanted:
    """Numbers with the row that keeps them for good: written together, whichever of them is missing."""
    return Wanted(rows, counts, len(rows))
