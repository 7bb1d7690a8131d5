"""Going on with a batch, from wherever it stands: its entries claimed part by part, counted, sealed, its files made.

opened   what fits is planned, a part at a time, and each entry claimed by one conditional write; what others had is not
         in it, nor what a stop of its contract holds back. Then number, totals and hash are written in one transaction,
         with which the period is let go
sealed   of a counter-batch, the entries of the batch that it takes back are made ready again; the files are made

Cut off anywhere, run again or beside itself, it comes to the same batch: a part that was planned stays as it was, an
entry is claimed once, and what is sealed is computed from what was claimed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.money.batch import Batch, State, number_of
from chalicelib.domain.money.content import Counting, Tally
from chalicelib.domain.money.entry import IN, READY, held_back
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.reference import parts as named_by
from chalicelib.services.money import contents, filing
from chalicelib.services.money.sealing import lacks_evidence
from chalicelib.services.record import record
from chalicelib.store import batches, counters, entries, periods, stops
from chalicelib.store.batches import Part
from chalicelib.store.entries import Ref
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import Conflict, Write

PART = 400
GoesOn = Callable[[], bool]


def go_on(name: str, at: datetime, goes_on: GoesOn = lambda: True) -> Batch:
    """Bring a batch as far as time allows; the batch afterwards. May run again, and beside itself."""
    one = _load(name)
    if one.state is State.OPENED:
        if not one.counters and not _claim(one, goes_on):
            return one
        one = _seal(one, at)
    if one.state is State.SEALED and one.counters and not _release(one, goes_on):
        return one
    return filing.make(one, at) if one.state is State.SEALED else one


def _claim(one: Batch, goes_on: GoesOn) -> bool:
    """Plan and claim what fits; whether all of it is done."""
    last: Part | None = None
    for part in batches.plan(one.id):
        if not goes_on():
            return False
        _claim_part(one, part, resumed=True)
        last = part
    while last is None or last.start is not None:
        if not goes_on():
            return False
        last = batches.put_part(one.id, _planned(one, last))
        _claim_part(one, last, resumed=False)
    return True


def _planned(one: Batch, before: Part | None) -> Part:
    """The next part: what is ready then, came to be by the cut-off, fits, was not approved by who seals, and belongs to
    no contract that is stopped now."""
    lines, start = entries.page(
        one.entity, datetime.fromisoformat(one.cutoff), limit=PART, start=before.start if before else None
    )
    fits = [line for line in lines if one.filter.takes(line)]
    stopped = stops.of_entity(one.entity) if fits else {}
    may = [x for x in fits if one.by not in x.approvals and not lacks_evidence(x) and not held_back(x, stopped)]
    refs = tuple((line.number, line.version) for line in may)
    return Part(before.n + 1 if before else 0, refs, start, left_out=len(fits) - len(refs))


def _claim_part(one: Batch, part: Part, *, resumed: bool) -> None:
    if part.lost is not None:
        return
    known = entries_states(part.refs) if resumed else {}
    mine = named_by(one.id)[1]
    lost = []
    for n, ref in enumerate(part.refs):
        if known.get(ref, READY) == READY:
            if not entries.claim(ref, mine):
                lost.append(n)
        elif known[ref] != IN + mine:
            lost.append(n)
    for n in batches.claimed(one.id, part.n, lost) - set(lost):  # who was faster did not get it: it is nobody's
        entries.release(part.refs[n], one.entity, mine)


def entries_states(refs: Sequence[Ref]) -> dict[Ref, str]:
    """The states of entries. A call for every 100."""
    found: dict[Ref, str] = {}
    for first in range(0, len(refs), entries.SLICE):
        found |= entries.states(refs[first : first + entries.SLICE])
    return found


def _seal(one: Batch, at: datetime) -> Batch:
    """Number, totals and hash at once, and the period let go; without any entry the batch ends. Raises Busy."""
    counting = Counting()
    for _ in counting.through(contents.of(one)):
        pass
    tally = counting.tally()
    left_out = 0 if one.counters else sum(part.left_out for part in batches.plan(one.id))
    year = int(one.period[:4])
    for attempt in range(record.TRIES):
        if attempt:
            record.back_off(attempt)
        before, seen = record.load_with_timer(one.id, consistent=True)
        if before.state is not State.OPENED:
            return _load(one.id)
        last = counters.last(batches.ROOM, one.entity, year)
        move, more = _move(one, tally, left_out, year, last)
        events = record.decided(before, seen, record.only(move), at)
        try:
            more += _countered(one, move, at)
            sealed: Batch = record.append(before, seen, events, more=more)
        except (StaleRecord, Conflict):
            continue
        return sealed
    raise record.Busy


def _move(one: Batch, tally: Tally, left_out: int, year: int, last: int) -> tuple[Command, list[Write]]:
    more = [periods.let_go(one.entity, one.period)]
    if not tally.count:
        return Command("give_up", SYSTEM, {"left_out": left_out}, key="sealed"), more
    facts: dict[str, Any] = {
        "number": number_of(one.entity, year, last + 1),
        "count": tally.count,
        "left_out": left_out,
        "fen": tally.fen,
        "totals": dict(tally.totals),
        "hash": tally.hash,
    }
    more.append(counters.taken(batches.ROOM, one.entity, year, last))
    return Command("seal", SYSTEM, facts, key="sealed"), more


def _countered(one: Batch, move: Command, at: datetime) -> list[Write]:
    """The writes by which the batch that it takes back is countered, in the very transaction that seals it."""
    if not one.counters:
        return []
    other, seen = record.load_with_timer(one.counters, consistent=True)
    noted = Command("note_countered", SYSTEM, {"number": move.data["number"]}, key="countered")
    events = record.decided(other, seen, record.only(noted), at)
    return record.written(other, seen, events)[1] if events else []


def _release(one: Batch, goes_on: GoesOn) -> bool:
    """Make ready again what the countered batch had; whether all of it is done."""
    theirs = named_by(one.counters)[1]
    for part in batches.plan(one.counters):
        if not goes_on():
            return False
        got = part.got()
        known = entries_states(got)
        for ref in got:
            if known.get(ref) == IN + theirs:
                entries.release(ref, one.entity, theirs)
    return True


def _load(name: str) -> Batch:
    found: Batch = record.load(name, consistent=True)
    return replace(found)
