"""What a ticket is after its events: the fields that pages, clocks and moves read. Made by `ticket.fold` alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from chalicelib.domain.record.event import Event
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.liability import CONTRACTOR, about, shares
from chalicelib.domain.ticket.trade import ENDED, WORKS, Kind, Priority, State, Window

JUDGED = WORKS - {Kind.MAINTENANCE}  # what is planned is upkeep, nobody's warranty
ENDS = frozenset({"closed", "cancelled", "waived", "merged"})


@dataclass(frozen=True, slots=True)
class Original:
    """A photo as it was sent. `hash`: its SHA-256; `at`: when it came; `also`: (id, number) of tickets with it too.

    `also` compares the pictures alone: whatever else a camera or a program wrote into the file may differ.
    """

    hash: str
    at: datetime
    also: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Ticket:
    """The state after `version` events. Made by `fold`; nothing else writes its fields."""

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    number: str = ""
    kind: Kind = Kind.REPAIR
    state: State = State.REPORTED
    before: State = State.REPORTED  # the state to return to from waiting
    priority: Priority = Priority.NORMAL
    category: str = ""
    component: str = ""
    place: Mapping[str, str] = field(default_factory=dict)  # unit, entrance, building, project, subsidiary, label
    verified: bool = False
    reporter: str = ""  # owner, family, tenant, behalf
    lang: str = "zh_CN"
    desk: str = ""  # the level-1 desk that answers for it
    level: int = 1
    team: str = ""
    holder: str = ""  # the person who must act, or nobody yet
    declined_by: frozenset[str] = frozenset()
    passed_over: frozenset[str] = frozenset()  # who lost it unasked, until somebody acknowledges; no decliners
    watchers: Mapping[int, str] = field(default_factory=dict)  # level → person on duty there when it climbed
    route_due: bool = True  # nobody was asked yet, or the last one declined
    at_desk: bool = False  # routing found nobody; the desk has it
    department: str = ""  # what the department is called that a complaint was relayed to last
    contacted: bool = False
    windows: tuple[Window, ...] = ()
    window: Window | None = None
    proposed: Window | None = None  # the owner asked for another time
    plan_proposed: datetime | None = None  # a promised completion that waits for the owner's word
    plan: datetime | None = None  # the promised completion that was agreed
    ticked: frozenset[str] = frozenset()
    pause_reason: str = ""
    paused_at: datetime | None = None
    until: datetime | None = None  # the day that it waits for
    asked_at: datetime | None = None  # since when whoever has it is asked whether it goes on
    photos_after: int = 0
    rounds: int = 0  # rework so far
    signed: bool = False
    followed_up: bool = False
    tries: tuple[datetime, ...] = ()  # when a follow-up reached nobody, since the work was completed last
    rated: bool = False
    why_asked: bool = False  # the rating was low and the owner has not said yet what was wrong
    scores: Mapping[str, int] = field(default_factory=dict)
    stars: Mapping[str, int] = field(default_factory=dict)  # given with the signature, until all are given
    linked: tuple[str, ...] = ()
    by_system: bool = False  # a complaint that the system opened: the owner knows nothing of its number
    of: str = ""  # the number of the ticket that it is about, and why: breach, owner
    why: str = ""
    missed: str = ""  # the clock that was missed then
    goes_on: str = ""  # the number of the ticket that it was merged into
    complaint_due: bool = False  # it climbed to level 3 and the complaint that this opens is not linked yet
    recorded: frozenset[str] = frozenset()  # keys of clock moments already recorded
    failed_messages: int = 0
    cases: Mapping[str, str] = field(default_factory=dict)  # contract → the case that stands for it, "" for none
    verdict: Mapping[str, Any] = field(default_factory=dict)  # by dates; with the next ones as `liability.py` has them
    decision: Mapping[str, Any] = field(default_factory=dict)
    finding: Mapping[str, Any] = field(default_factory=dict)
    disputed: bool = False
    appraised: bool = False
    quote: Mapping[str, Any] = field(default_factory=dict)
    access: str = ""  # offered, given, refused, barred (refused without a reason)
    money_moved: bool = False
    compensations: tuple[str, ...] = ()
    reported_at: datetime | None = None
    refused: frozenset[str] = frozenset()  # photos that were none: known beside the events
    held: bool = False  # to be erased, and kept for a while: the warranty office alone reads it
    originals: Mapping[str, Original] = field(default_factory=dict)  # photo → how it was sent; known so too

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def is_work(self) -> bool:
        return self.kind in WORKS

    @property
    def dissatisfied(self) -> int:
        """How often the owner was not satisfied with a result."""
        return sum(e.kind == "dissatisfied" for e in self.events)

    @property
    def outstanding(self) -> bool:
        """Whether the system owes it something at once: somebody who has it, a verdict, a case, what climbing opens."""
        return self.complaint_due or (self.is_open and (self.route_due or self.verdict_due or bool(self.cases_due)))

    @property
    def verdict_due(self) -> bool:
        """Whether no verdict by dates stands for it as it is now; one who inspected it knows better."""
        return self.kind in JUDGED and self.is_open and not self.finding and self.verdict.get("about") != about(self)

    @property
    def cases_due(self) -> frozenset[str]:
        """The contracts that bear a part of it as things stand and have no case yet.

        A list opens the cases of its snags, by contractor; what is decided or found of one later is its own.
        """
        if not self.is_open or (self.kind is Kind.SNAG and not (self.decision or self.finding)):
            return frozenset()
        bearing = {share.contract for share in shares(self) if share.party == CONTRACTOR and share.contract}
        return frozenset(bearing - self.cases.keys())

    @property
    def closed_under(self) -> str | None:
        """The version of the policy that it closed under ("": not on record); None while it is open."""
        if self.is_open:
            return None
        return next((e.policy for e in reversed(self.events) if e.kind in ENDS), "")

    @property
    def photos_kept(self) -> int:
        """How many photos of the finished work are pictures, as far as is known; erased ones count as they came."""
        sent = self.said("completed").get("photos", ())
        return sum(photo not in self.refused for photo in sent) if sent else self.photos_after

    @property
    def says_nothing(self) -> bool:
        """Whether nobody can know what it is about: no words, photos that were none, and no note of the owner since."""
        first = self.said("reported")
        return (
            not first.get("words")
            and bool(first.get("photos"))
            and self.refused.issuperset(first["photos"])
            and not any(e.kind == "noted" and e.role is Role.OWNER for e in self.events)
        )

    @property
    def vouched(self) -> frozenset[str]:
        """What of the reporter's name, phone and email is not just a stranger's word."""
        first = next((e for e in self.events if e.kind == "reported"), None)
        if first is None:
            return frozenset()
        if first.role is not Role.OWNER:
            return frozenset({"name", "phone", "email"})
        return frozenset(first.data.get("known", ("phone",) if first.data.get("verified") else ()))

    def said(self, kind: str) -> Mapping[str, Any]:
        """The personal part of the last event of a kind; empty when there is none or it was erased."""
        return next((e.said for e in reversed(self.events) if e.kind == kind), {})

    def knows(self, key: str) -> bool:
        """Whether a change under the sender's `key` is in already."""
        return bool(key) and any(e.key.partition("~")[0] == key for e in self.events)

    def stands(self, person: str) -> bool:
        """Whether the person is on this ticket now: its holder, or who answers for it at a level it climbed to."""
        return bool(person) and (person == self.holder or person in self.watchers.values())
