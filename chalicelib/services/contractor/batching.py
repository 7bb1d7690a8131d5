"""Batch defects 批量质量问题: like open defects under one letter; the tickets go on one by one.

like     one contract, component and building, within the days that the policy says
join     each of the others in one transaction with the case that goes on for it, and with its tickets: cut off in
         between, some are joined and the rest are as they were
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.lifecycle import legal
from chalicelib.domain.contractor.making import alike, joinable
from chalicelib.domain.contractor.words import State
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.services.contractor import listing
from chalicelib.services.contractor.listing import Item
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for
from chalicelib.store.records import StaleRecord
from chalicelib.store.table import Conflict, Write

LOOKED_AT = 200  # open cases of a company
AT_ONCE = 20  # tickets that one case may bring along: a transaction holds no more
JOINABLE = frozenset({State.DRAFTED.value, State.NOTICED.value})


def like(case: Case, at: datetime) -> Sequence[Item]:
    """The open cases that may be joined to a case, the nearest deadline first. One call."""
    if case.state is not State.DRAFTED:
        return []
    since = at - ladder_of(policy_for(case.place)).like_within
    found, _ = listing.of_company(case.company, limit=LOOKED_AT)
    return [one for one in found if one.id != case.id and _alike(one, case, since)]


def _alike(one: Item, case: Case, since: datetime) -> bool:
    line = one.line
    about = (line.contract, line.category, line.component, line.building)
    young = line.opened is not None and line.opened >= since
    here = (case.contract, case.category, case.component, case.place.get("building", ""))
    return about == here and young and line.state in JOINABLE and "missed" not in line.flags


def join(command: Command, reference: str, at: datetime, allow: Callable[[Any], Actor] | None = None) -> Case:
    """Join other cases (`cases`: their references) to one that is drafted; the case afterwards. May be sent twice.

    Raises IllegalMove, NotAllowed, Invalid for one that is not like it or can't be joined any more, NotFound, Busy.
    """
    named = [str(one) for one in command.data.get("cases", ())]
    if not named:
        raise Invalid("cases", "required")
    case: Case = record.load(reference, consistent=True)
    for other in dict.fromkeys(named):
        case = _join(command, reference, other, at, allow)
    return case


def _join(
    command: Command, reference: str, other_reference: str, at: datetime, allow: Callable[[Any], Actor] | None
) -> Case:
    key = f"{command.key}/{other_reference}" if command.key else ""
    for attempt in range(record.TRIES):
        if attempt:
            record.back_off(attempt)
        case: Case
        case, seen = record.load_with_timer(reference, consistent=True)
        by = allow(case) if allow else command.by
        other, seen_other = _other(other_reference)
        if _joined(case, other):
            return case  # it was joined already
        if not legal(case, "join", by.role):
            raise IllegalMove("illegal_move", move="join", state=case.state.value)
        if not alike(case, other) or not joinable(other) or len(other.tickets) > AT_ONCE:
            raise Invalid("cases", "not_alike")
        brought = {ticket: [one.finder, one.share] for ticket, one in other.findings.items()}
        facts = {"tickets": dict(other.tickets), "findings": brought}
        wanted = replace(command, by=by, data=facts, key=key, mark="")
        if not (events := record.decided(case, seen, record.only(wanted), at)):
            return case
        ends = Command("join_into", SYSTEM, {"case": case.id}, cause=f"{case.id}/{case.version}")
        _, writes = record.written(other, seen_other, record.decided(other, seen_other, record.only(ends), at))
        for ticket in other.tickets:
            writes += _noted(ticket, case, at)
        try:
            done: Case = record.append(case, seen, events, more=writes)
            return done
        except (StaleRecord, Conflict):
            continue
    raise record.Busy


def _other(reference: str) -> tuple[Case, Any]:
    """Raises Invalid."""
    try:
        found, seen = record.load_with_timer(reference, consistent=True)
    except record.NotFound:
        raise Invalid("cases", "unknown") from None
    if not isinstance(found, Case):
        raise Invalid("cases", "unknown")
    return found, seen


def _joined(case: Case, other: Case) -> bool:
    return other.outcome == "joined" and other.tickets.keys() <= case.tickets.keys()


def _noted(ticket_id: str, case: Case, at: datetime) -> list[Write]:
    """On the ticket: which case stands for it now."""
    ticket, seen = record.load_with_timer(ticket_id, consistent=True)
    facts = {"contract": case.contract, "case": case.id}
    events = record.decided(ticket, seen, record.only(Command("note_case", SYSTEM, facts)), at)
    return record.written(ticket, seen, events)[1] if events else []
