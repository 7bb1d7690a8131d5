"""A case 追责单: what one contract owes for a ticket, or for many alike; what it is after its events.

Work in homes goes on the tickets as it always does. What companies owe each other goes here: letters and deadlines,
refusal, finding, gate, third party. Events hold facts and ids; words and phones are said beside them. `fold` alone
writes the fields.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.domain.contractor.letter import Cause, LetterKind
from chalicelib.domain.contractor.words import ENDED, Engagement, Finding, Sent, State, Terms
from chalicelib.domain.record.command import MARKED
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import company_team
from chalicelib.domain.ticket.trade import Priority

Hand = tuple[str, str]  # (team, person) who has a ticket
HOUSE: Hand = ("", "")  # the house itself, by its own rules
NO_TERMS = Terms(timedelta(hours=24), 7)  # of a case whose first event is not read yet
ENDING = frozenset({"closed", "released_from", "joined_into"})


@dataclass(slots=True)
class Case:
    """The state after `version` events. Made by `fold`; nothing else writes its fields."""

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    state: State = State.DRAFTED
    place: Mapping[str, str] = field(default_factory=dict)
    ticket: str = ""  # the one that it was opened for
    tickets: Mapping[str, str] = field(default_factory=dict)  # all that stand under it → their numbers
    number: str = ""  # of the first one, by which people name the case
    contract: str = ""
    clause: str = ""
    company: str = ""
    entity: str = ""
    category: str = ""
    component: str = ""
    priority: Priority = Priority.NORMAL
    terms: Terms = NO_TERMS
    opened_at: datetime | None = None
    contact: str = ""  # who of the company was written to, or answered last
    watchers: Mapping[int, str] = field(default_factory=dict)  # level → who was told there
    letters: tuple[Sent, ...] = ()
    edited: bool = False
    release_due: bool = False  # the notice may go by itself
    taken_on: bool = False
    reason: str = ""  # why it was refused
    cause: Cause | None = None  # why the ladder goes on
    back: State = State.ACKNOWLEDGED  # the state to return to where the owner refuses the work
    failures: int = 0
    expired: bool = False  # the last deadline is over
    findings: Mapping[str, Finding] = field(default_factory=dict)
    barred: frozenset[str] = frozenset()  # tickets whose owner lets the contractor in no more, without a reason
    inspection: datetime | None = None  # agreed for
    proposed: datetime | None = None  # proposed for, by whom: `proposer`
    proposer: str = ""
    inspected: bool = False
    delegates: Mapping[str, str] = field(default_factory=dict)  # ticket → worker
    workers: frozenset[str] = frozenset()  # who may work for it now
    entrusted: Mapping[str, Hand] = field(default_factory=dict)  # ticket → who was given it
    done: Mapping[str, str] = field(default_factory=dict)  # ticket → who did it: contractor, third_party, house
    accepted: frozenset[str] = frozenset()  # tickets
    settled: bool = False  # all of it is accepted
    gate: int = 0  # version of the event that passed it
    job: Engagement | None = None
    stop: Engagement | None = None
    unconfirmed: bool = False  # a stop of damage that nobody has confirmed in writing
    deductions: Mapping[str, str] = field(default_factory=dict)  # route of a job → the deduction of it
    failed_messages: int = 0
    outcome: str = ""
    held: bool = False  # a ticket of it is to be erased: what was said and shown of it is the warranty office's alone
    recorded: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def closed_under(self) -> str | None:
        """The version of the policy that it ended under ("": not on record); None while it is open."""
        if self.is_open:
            return None
        return next((e.policy for e in reversed(self.events) if e.kind in ENDING), "")

    @property
    def outstanding(self) -> bool:
        """Whether the system owes it something at once: its notice, tickets in other hands, a deduction."""
        return self.release_ready or bool(self.to_entrust) or bool(self.to_deduct)

    @property
    def to_deduct(self) -> tuple[Engagement, ...]:
        """The third parties' jobs that are invoiced, and for which no deduction was begun."""
        jobs = (job for job in (self.job, self.stop) if job and job.finished)
        return tuple(job for job in jobs if job.route.value not in self.deductions)

    @property
    def release_ready(self) -> bool:
        return self.release_due and self.state is State.DRAFTED

    @property
    def batch(self) -> bool:
        return len(self.tickets) > 1

    def knows(self, key: str) -> bool:
        """Whether a change under the sender's `key` is in already."""
        return bool(key) and any(e.key.partition(MARKED)[0] == key for e in self.events)

    def letter(self, kind: LetterKind) -> Sent | None:
        """The last letter of a kind."""
        return next((one for one in reversed(self.letters) if one.kind is kind), None)

    def arrived(self, kind: LetterKind) -> Sent | None:
        """The last letter of a kind that was delivered."""
        return next((one for one in reversed(self.letters) if one.kind is kind and one.delivered_at), None)

    @property
    def undelivered(self) -> tuple[Sent, ...]:
        return tuple(one for one in self.letters if one.delivered_at is None)

    @property
    def finders(self) -> frozenset[str]:
        """Whoever inspected it, were it corrected since."""
        found = {str(e.data["finder"]) for e in self.events if e.kind == "found"}
        return frozenset(found | {one.finder for one in self.findings.values()})

    @property
    def engagers(self) -> frozenset[str]:
        return frozenset(one.by for one in (self.job, self.stop) if one)

    @property
    def stopping(self) -> bool:
        """Whether a third party is stopping damage now."""
        return self.stop is not None and self.stop.done_at is None

    @property
    def unfinished(self) -> tuple[str, ...]:
        """The tickets that are not repaired."""
        return tuple(ticket for ticket in self.tickets if ticket not in self.done)

    def hand(self, ticket: str) -> Hand:
        """Who should have a ticket as things stand; HOUSE where it goes by the house's own rules."""
        if not self.is_open or self.state is State.GATED:
            return HOUSE
        if self.stop is not None and self.stop.done_at is None:
            return company_team(self.stop.company, "third_party"), self.stop.contact
        if self.job is not None:
            return company_team(self.job.company, "third_party"), self.job.contact
        if not self.taken_on:
            return HOUSE
        worker = self.delegates.get(ticket, "")
        if worker in self.workers:
            return company_team(self.company, "workers"), worker
        return company_team(self.company, "contractor"), self.contact

    @property
    def to_entrust(self) -> Mapping[str, Hand]:
        """The tickets that are not in the hands that they should be in → those hands."""
        wanted = {ticket: self.hand(ticket) for ticket in self.unfinished}
        return {ticket: hand for ticket, hand in wanted.items() if hand != self.entrusted.get(ticket, HOUSE)}

    def said(self, kind: str) -> Mapping[str, Any]:
        """The personal part of the last event of a kind; empty when there is none or it was erased."""
        return next((e.said for e in reversed(self.events) if e.kind == kind), {})

    def last(self, *kinds: str, **facts: Any) -> Event | None:
        """The last event of these kinds with these facts."""
        return next(
            (
                e
                for e in reversed(self.events)
                if e.kind in kinds and all(e.data.get(name) == value for name, value in facts.items())
            ),
            None,
        )
