"""Batches, as finance makes them: what may be exported is looked at, sealed, taken over, and taken back.

preview       what is ready, by a filter, paged; its totals, without what a stop of its contract holds back
seal          opens a batch: cut-off and filter frozen, the period held open. One at a time in a period
counter       opens the counter-batch of one
acknowledge   finance has taken it over

Whatever is opened is gone on with by `making.py`, outside the request. Sent twice under one key it is one batch.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.adapters import exports, mappings
from chalicelib.adapters.log import logger
from chalicelib.domain.money.batch import PREFIX, Batch, may_finance
from chalicelib.domain.money.entry import Filter, Shown, held_back
from chalicelib.domain.record.command import Command, event_of, made_already
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.reference import reference
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import batches as stored
from chalicelib.store import entries, periods, stops
from chalicelib.store.batches import Listed
from chalicelib.store.records import NO_TIMER, StaleRecord
from chalicelib.store.table import Conflict, iso

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
PAGE, SLICE = 50, 500
NARROWS = ("month", "project", "contract", "company", "source", "nature", "status")
Cursor = Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of what is ready, and where to go on (None: that was all)."""

    lines: Sequence[Shown]
    next: Cursor = None


@dataclass(slots=True)
class Totals:
    """Of what is ready and fits: how many, fen, fen by company (its name), contract number, project, source, nature.

    `own`, `bare`: how many are left out, since who would seal approved them, or their pack is not made. `choices`: what
    there is to narrow by of all that is ready, by the fields of a filter: value → what it is called. `stopped`,
    `stopped_fen`: of what is held back by a stop of its contract; `ground`: of the last of them.
    """

    count: int = 0
    fen: int = 0
    stopped: int = 0
    stopped_fen: int = 0
    ground: str = ""
    companies: Counter[str] = field(default_factory=Counter)
    contracts: Counter[str] = field(default_factory=Counter)
    projects: Counter[str] = field(default_factory=Counter)
    sources: Counter[str] = field(default_factory=Counter)
    natures: Counter[str] = field(default_factory=Counter)
    own: int = 0
    bare: int = 0
    choices: dict[str, dict[str, str]] = field(default_factory=lambda: {name: {} for name in NARROWS})

    def offers(self, line: Shown) -> None:
        """Whatever a line can be chosen by is a choice."""
        found = {name: [getattr(line, name)] for name in NARROWS if name != "nature"} | {"nature": list(line.natures)}
        called = {"company": line.company_name, "contract": line.contract_number}
        for name, values in found.items():
            self.choices[name] |= {value: called.get(name, "") or value for value in values if value}


def preview(entity: str, chosen: Filter | None = None, cursor: Cursor = None, limit: int = PAGE) -> Page:
    """A page of what may be sealed, the oldest first. A query for every 500 that are looked at."""
    wanted = chosen or Filter()
    found: list[Shown] = []
    while len(found) < limit:
        size = limit if not wanted.plain() else SLICE
        lines, cursor = entries.page(entity, limit=size, start=cursor)
        fits = [line for line in lines if wanted.takes(line)]
        if len(found) + len(fits) > limit:
            fits = fits[: limit - len(found)]
            cursor = _behind(entity, fits[-1])
        found += fits
        if not cursor:
            break
    return Page(found, cursor)


def totals(entity: str, chosen: Filter | None = None, *, by: str = "") -> Totals:
    """The totals of all that is ready, fits and is held back by no stop; `by`: of what that person may seal. A query
    for the stops, one for every 500 ready."""
    wanted, made, cursor, stopped = chosen or Filter(), Totals(), None, stops.of_entity(entity)
    while True:
        lines, cursor = entries.page(entity, limit=SLICE, start=cursor)
        for line in lines:
            made.offers(line)
            if not wanted.takes(line):
                continue
            if ground := held_back(line, stopped):
                made.stopped += 1
                made.stopped_fen += line.fen
                made.ground = ground
                continue
            if by and (lacks_evidence(line) or by in line.approvals):
                made.bare += lacks_evidence(line)
                made.own += not lacks_evidence(line)
                continue
            made.count += 1
            made.fen += line.fen
            made.companies[line.company_name or line.company] += line.fen
            made.contracts[line.contract_number or line.contract] += line.fen
            made.projects[line.project] += line.fen
            made.sources[line.source] += line.fen
            made.natures.update(line.natures)
        if not cursor:
            return made


def seal(
    entity: str,
    by: Actor,
    at: datetime,
    *,
    period: str,
    chosen: Filter | None = None,
    key: str = "",
    seen: tuple[int, int] | None = None,
) -> Batch:
    """Open a batch of what is ready now; the batch, which is sealed a little later. Sent again, it is the same one.

    `seen`: how many entries and fen whoever seals was shown; something else by now is refused.

    Raises NotAllowed, also where who seals approved all of it; Invalid for a period that isn't open; IllegalMove where
    another is being sealed in it, nothing is ready, or all that is belongs to contracts that are stopped.
    """
    if not may_finance(by.role):
        raise NotAllowed("not_allowed")
    wanted = (chosen or Filter()).plain()
    facts = {"entity": entity, "period": period, "filter": wanted, "mappings": list(mappings.of_entity(entity))}
    command = Command("open", by, facts, key=key, correlation=key)
    name = reference(PREFIX, named(entity, by.id, key or f"{iso(at)}/{period}/{sorted(wanted.items())}"))
    if there := _known(name, command):
        return there
    _checked(entity, period)
    _ready(entity, chosen or Filter(), by, seen)
    return _begin(name, entity, period, command, {**facts, "cutoff": iso(at)}, at)


def counter(entity: str, number: str, by: Actor, at: datetime, *, period: str, words: str, key: str = "") -> Batch:
    """Open the counter-batch of a batch, in an open period; the counter-batch. Sent again, it is the same one.

    `words`: why.

    Raises NotAllowed, NotFound, Invalid, IllegalMove.
    """
    if not may_finance(by.role):
        raise NotAllowed("not_allowed")
    for attempt in range(record.TRIES):
        if attempt:
            record.back_off(attempt)
        one, seen = record.load_with_timer(_numbered(entity, number), consistent=True)
        name = reference(PREFIX, named(one.id, "counter"))
        if one.countered_by:
            return _load(name)
        _checked(entity, period)
        move = Command("counter", by, {"batch": name, "period": period}, {"words": words}, key=key, correlation=key)
        events = record.decided(one, seen, record.only(move), at)
        facts = {"entity": entity, "period": period, "mappings": list(one.mappings), "counters": one.id}
        opened = event_of(
            "opened",
            {**facts, "cutoff": iso(at)},
            Command("open", by, key=f"counter/{number}"),
            at,
            _version(one.place),
        )
        made, writes = record.written(None, NO_TIMER, [opened], reference=name)
        try:
            record.append(one, seen, events, more=[*writes, periods.held(entity, period)])
        except StaleRecord:
            continue
        except Conflict:
            _checked(entity, period)
            raise IllegalMove("sealing_under_way") from None
        ask(name)
        return made if isinstance(made, Batch) else _load(name)
    raise record.Busy


def acknowledge(entity: str, number: str, by: Actor, at: datetime, *, key: str = "") -> Batch:
    """Finance has taken a batch over. Raises NotFound, NotAllowed, IllegalMove."""
    made: Batch = record.perform(Command("acknowledge", by, key=key, correlation=key), _numbered(entity, number), at)
    return made


def batches(entity: str, cursor: Cursor = None, limit: int = PAGE) -> tuple[list[Listed], Cursor]:
    """The sealed batches of an entity, the latest first, and where to go on. One query."""
    return stored.listed(entity, limit=limit, start=cursor)


def batch(entity: str, number: str) -> Batch:
    """A batch by its number, or by its reference while it has none. Raises NotFound, also for another entity's."""
    one = _load(number if number.startswith(f"{PREFIX}#") else _numbered(entity, number))
    if one.entity != entity:
        raise record.NotFound
    return one


def progress(one: Batch) -> int:
    """How many entries a batch has claimed by now. A query for every 20 parts while it is being sealed."""
    if one.number:
        return one.count
    return sum(len(part.got()) for part in stored.plan(one.id) if part.lost is not None)


def ask(name: str) -> None:
    """Have a batch gone on with. A queue that does not answer is left to the sweep."""
    try:
        exports.enqueue(name)
    except exports.NotQueued as fault:
        logger.warning("batch not queued", extra={"record": name, "fault": str(fault)})


def named(*parts: str) -> str:
    """ULID-shaped letters that some texts give: the same batch however often it is asked for."""
    digest = hashlib.sha256("\0".join(parts).encode()).digest()
    return "".join(ALPHABET[byte & 31] for byte in digest[:26])


def _begin(name: str, entity: str, period: str, command: Command, facts: Mapping[str, Any], at: datetime) -> Batch:
    opened = event_of("opened", facts, command, at.replace(microsecond=0), _version({}))
    try:
        made: Batch = record.begin(name, [opened], more=[periods.held(entity, period)])
    except StaleRecord:
        there = _known(name, command)
        assert there is not None
        return there
    except Conflict as lost:
        if there := _known(name, command):
            return there
        _checked(entity, period)
        raise IllegalMove("sealing_under_way") from lost
    ask(name)
    return made


def _ready(entity: str, chosen: Filter, by: Actor, seen: tuple[int, int] | None) -> None:
    """Raises IllegalMove where nothing is ready, nothing whose pack is made, nothing that no stop holds back, or not
    what was `seen`; NotAllowed where all that is was approved by who seals."""
    now = totals(entity, chosen, by=by.id)
    if not now.count:
        if now.own:
            raise NotAllowed("approver_cannot_seal")
        if now.stopped:
            raise IllegalMove("payments_stopped", ground=now.ground)
        raise IllegalMove("evidence_missing" if now.bare else "nothing_ready")
    if seen is not None and seen != (now.count, now.fen):
        raise IllegalMove("changed_meanwhile")


def lacks_evidence(line: Shown) -> bool:
    """Whether an entry waits for its evidence pack; one that a countered batch had is as that batch had it."""
    return mappings.evidence_needed() and not (line.proved or line.again)


def _known(name: str, command: Command) -> Batch | None:
    """The batch that was opened under this key before. Raises IllegalMove where the key came with something else."""
    try:
        there = _load(name)
    except record.NotFound:
        return None
    made_already(there, command)
    return there


def _load(name: str) -> Batch:
    found: Batch = record.load(name, consistent=True)
    return found


def _numbered(entity: str, number: str) -> str:
    """The reference of a batch by its number. Raises NotFound."""
    head, _, rest = number.partition("-B-")
    year, _, sequence = rest.partition("-")
    if head != entity or not (year.isascii() and year.isdigit() and sequence.isascii() and sequence.isdigit()):
        raise record.NotFound
    found = stored.numbered(entity, int(year), int(sequence)) if len(rest) < 20 else ""
    if not found:
        raise record.NotFound
    return found


def _checked(entity: str, period: str) -> None:
    if not periods.of(entity).is_open(period):
        raise Invalid("period", "period_not_open")


def _version(place: Mapping[str, str]) -> str:
    return policy_for(place).version


def _behind(entity: str, last: Shown) -> Cursor:
    """Where a page goes on behind one of its lines."""
    return entries.behind(entity, last)
