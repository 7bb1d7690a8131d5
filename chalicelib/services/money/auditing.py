"""The auditor's room: what the rules found last, what was explained, and read-only ways into tickets and cases.

found     every finding of the group by its rule, with its explanation; what was looked
          at and is found no more                                                       3 calls, the link among them
explain   says that one was looked at; reopen undoes it
ticket    a ticket that a finding names; case: one of such a ticket. Nothing else opens by an auditor's link
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.money import finding
from chalicelib.domain.money.finding import DESK, FINDINGS, PREFIX, Finding
from chalicelib.domain.money.watch import Hit
from chalicelib.domain.record.command import Command, event_of
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.reference import reference
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services import staffed
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.record import record
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.registry import RecordService, register
from chalicelib.store import watched
from chalicelib.store.grants import Grant
from chalicelib.store.records import StaleRecord, list_key
from chalicelib.store.records import named as named_by
from chalicelib.store.table import table

AUDITOR = frozenset({Role.AUDITOR})
MOST = 1000  # findings that were explained


@dataclass(frozen=True, slots=True)
class Shown:
    """A finding. `explained`: all of it; `grown`: some of its tickets came after the explanation; `gone`: it was looked
    at, and its rule finds it no more: of its tickets only the ids are known, and none opens by it."""

    id: str
    hit: Hit
    explained: bool
    grown: bool
    gone: bool = False

    @property
    def waits(self) -> bool:
        """Whether somebody has to look at it."""
        return not (self.explained or self.gone)


@dataclass(frozen=True, slots=True)
class Room:
    """What the auditor sees. `at`: when the rules were last run over all, "" for never."""

    grant: Grant
    findings: Mapping[str, Sequence[Shown]]
    at: str

    def one(self, name: str) -> Shown:
        """A finding by its id on the page. Raises NoAccess for what is not found now, and was never looked at."""
        for shown in (shown for those in self.findings.values() for shown in those):
            if shown.id == reference(PREFIX, name):
                return shown
        raise NoAccess

    def tickets(self) -> frozenset[str]:
        every = (shown for those in self.findings.values() for shown in those if not shown.gone)
        return frozenset(t for shown in every for t in shown.hit.tickets)


def room(token: str) -> Room:
    """Raises NoAccess."""
    grant = opening.open_staff(token, AUDITOR)
    found, at = watched.found(watched.GROUP)
    rows = table().index("queue", list_key(f"{PREFIX}#", "DESK", DESK), limit=MOST).rows
    known = {named_by(row["pk"]): finding.shown(json.loads(row["line"])) for row in rows}
    findings = {rule: [_shown(hit, known) for hit in hits] for rule, hits in found.items()}
    there = {shown.id for those in findings.values() for shown in those}
    for name, its in known.items():
        if name not in there:
            hit = Hit(its.rule, tuple(its.parties), {}, dict.fromkeys(its.tickets, ""))
            findings.setdefault(its.rule, []).append(Shown(name, hit, its.explained, grown=False, gone=True))
    return Room(grant, findings, at)


def _shown(hit: Hit, known: Mapping[str, finding.Shown]) -> Shown:
    name = finding.named(hit)
    its = known.get(name)
    said = its is not None and its.explained
    covered = its is not None and said and finding.covers(its.tickets, hit)
    return Shown(name, hit, covered, said and not covered)


def record_of(name: str) -> Finding | None:
    """What was said of a finding; None where nobody looked at it yet. One call."""
    try:
        found: Finding = record.load(name)
    except record.NotFound:
        return None
    return found


def move(token: str, name: str, made: str, said: Mapping[str, Any], seen: str, at: datetime, key: str) -> None:
    """Explain a finding, or undo that. `seen`: what the page showed of it. Raises NoAccess and what the move raises."""
    here = room(token)
    shown = here.one(name)
    if made not in finding.MOVES:
        raise NotAllowed("not_allowed", move=made)
    if record_of(shown.id) is None:
        opened = event_of("opened", finding.about(shown.hit), Command("open", SYSTEM), at, policy_for(NOWHERE).version)
        with contextlib.suppress(StaleRecord):  # somebody else's page begins it too
            record.begin(shown.id, [opened])
    facts = {"seen": seen, "now": finding.seen(shown.hit), "tickets": sorted(shown.hit.tickets)}
    by = Actor(here.grant.holder, Role.AUDITOR, here.grant.id)
    record.perform(Command(made, by, facts, said, key=key, correlation=key), shown.id, at)


def ticket(token: str, name: str) -> tuple[Room, Ticket]:
    """A ticket that a finding names. Raises NoAccess."""
    here = room(token)
    if name not in here.tickets():
        raise NoAccess
    return here, _loaded(name, Ticket)


def case(token: str, name: str) -> tuple[Room, Case]:
    """A case of a ticket that a finding names. Raises NoAccess."""
    here = room(token)
    one: Case = _loaded(reference("CASE", name), Case)
    if not here.tickets() & one.tickets.keys():
        raise NoAccess
    return here, one


def _loaded(name: str, cls: type[Any]) -> Any:
    try:
        found = record.load(name)
    except record.NotFound as none:
        raise NoAccess from none
    if not isinstance(found, cls) or getattr(found, "held", False):
        raise NoAccess
    return found


def _nobody(*_: Any) -> Any:
    """Findings have no clock and no message."""
    return None


def _actor_on(grant: Grant, one: Finding) -> Actor:
    """By no link to one: the auditor's own room alone. Raises NoAccess."""
    raise NoAccess


register(
    RecordService(
        kind=FINDINGS,
        moment=_nobody,
        hands=staffed.hands,
        recipients=lambda *_: (),
        recipient=staffed.recipient,
        link=_nobody,
        grants=_nobody,
        sms=_nobody,
        mail=_nobody,
        actor_on=_actor_on,
        path=lambda grant: "a",
        desks=lambda: [DESK],
    )
)
