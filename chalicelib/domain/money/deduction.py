"""A deduction 扣款: what a contractor owes by one third party's repair, from its invoice to the last fen.

    gathering → proposed → (half) → approved → noticed → delivered → firm → closed
    proposed, half → rejected → proposed anew, or dropped
    delivered → disputed → firm, or closed where all of it was upheld
    firm: recovered in parts · reversed by counter-entry · written off · what was recovered before is refunded

While it gathers what gate B asks for, it is no deduction yet: it has no amount, no number, and stands in no account.
It is put forward by gate B alone. Nothing is edited: a correction is an event of its own.
`changes.fold` alone writes the fields. Money is in fen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.contractor.words import Sent
from chalicelib.domain.money.amount import Line
from chalicelib.domain.record.command import MARKED
from chalicelib.domain.record.event import Event

PREFIX = "DEDUCTION"


class State(StrEnum):
    GATHERING = "gathering"
    PROPOSED = "proposed"
    HALF = "half"  # approved once, above the limit
    APPROVED = "approved"
    REJECTED = "rejected"
    DROPPED = "dropped"
    NOTICED = "noticed"
    DELIVERED = "delivered"
    DISPUTED = "disputed"
    FIRM = "firm"
    CLOSED = "closed"


class Basis(StrEnum):
    """By what a firm deduction may be taken: agreed in the contract, set off (Civil Code 568), or claimed."""

    CONTRACT = "contract"
    SETOFF = "setoff"
    CLAIM = "claim"


@dataclass(frozen=True, slots=True)
class Terms:
    """What the contract says of objecting. `days`: 0 for the policy's."""

    days: int = 0
    silence_is_consent: bool = False
    returned_counts: bool = False

    def stored(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__ if getattr(self, name)}


SOURCES = ("retention", "bond", "progress", "other_contract", "claim")
ENDED = frozenset({State.CLOSED, State.DROPPED})
OPEN = frozenset(State) - ENDED
BY_EVENT: Mapping[str, State] = {
    "opened": State.GATHERING,
    "proposed": State.PROPOSED,
    "half_approved": State.HALF,
    "approved": State.APPROVED,
    "rejected": State.REJECTED,
    "dropped": State.DROPPED,
    "letter_released": State.NOTICED,
    "letter_delivered": State.DELIVERED,
    "disputed": State.DISPUTED,
    "firm": State.FIRM,
    "closed": State.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Invoice:
    """The third party's: its number, fen in all and of this deduction, its type, the SHA-256 of its original."""

    number: str
    total: int
    allocated: int
    kind: str
    original: str
    event: int


@dataclass(slots=True)
class Deduction:
    """The state after `version` events. `people`: part in the case (finders, engagers, accepters) → their ids.

    `recovered`: fen by source, before anything was refunded. `write_off`: who asks for one, fen.
    """

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    state: State = State.GATHERING
    number: str = ""
    entity: str = ""
    company: str = ""
    contract: str = ""
    clause: str = ""
    case: str = ""
    case_number: str = ""
    route: str = ""
    third_party: str = ""
    about: Mapping[str, str] = field(default_factory=dict)  # category, component and priority of the case
    price: int = 0  # as it was agreed with the third party
    price_basis: str = ""
    items: tuple[tuple[str, int], ...] = ()  # of the price list, as it was engaged for, in thousandths
    measured: Mapping[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)  # person → the same, as found
    invoice: Invoice | None = None
    scope: int = 0  # version of the event that checked it
    beyond: int = 0  # fen of work that the notice did not name
    paid: int = 0  # version of the event by which the third party was paid
    unpriced: bool = False  # what the gate asks may be met by now: somebody has to look
    tickets: tuple[str, ...] = ()
    ticket_numbers: tuple[str, ...] = ()  # as people know them
    place: Mapping[str, str] = field(default_factory=dict)
    lines: tuple[Line, ...] = ()
    warnings: tuple[str, ...] = ()
    total: int = 0
    source: str = ""
    basis: str = ""
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    terms: Terms = Terms()
    round: int = 0
    approvals: tuple[str, ...] = ()
    letters: tuple[Sent, ...] = ()  # its notice
    answered_by: str = ""  # who of the contractor confirmed or disputed
    disputed_fen: int = 0
    reversed: int = 0
    written_off: int = 0
    write_off: tuple[str, int] | None = None
    recovered: Mapping[str, int] = field(default_factory=dict)
    refunded: int = 0
    evidence: str = ""  # SHA-256 of the pack
    unpacked: bool = False  # its pack could not be made: somebody has it made again, and each night once
    tax: Mapping[str, Any] = field(default_factory=dict)
    since: datetime | None = None  # when its state began, by the event of that `step`
    step: int = 0
    recorded: frozenset[str] = frozenset()
    failed_messages: int = 0

    @property
    def is_open(self) -> bool:
        return self.state not in ENDED

    @property
    def closed_under(self) -> str | None:
        ends = ("closed", "dropped")
        return None if self.is_open else next((e.policy for e in reversed(self.events) if e.kind in ends), "")

    @property
    def outstanding(self) -> bool:
        """Whether the system has to ask gate B again, since something was gathered, or to have its pack made."""
        return (self.state is State.GATHERING and self.unpriced) or (self.unproved and not self.unpacked)

    @property
    def unproved(self) -> bool:
        """Whether it is firm, and its evidence pack is not made: nobody seals it before."""
        return self.state is State.FIRM and not self.evidence

    @property
    def letter(self) -> Sent | None:
        return self.letters[-1] if self.letters else None

    @property
    def undelivered(self) -> tuple[Sent, ...]:
        return tuple(one for one in self.letters if one.delivered_at is None)

    @property
    def left(self) -> int:
        """What may still be recovered; below nothing where a refund is due."""
        done = sum(self.recovered.values()) + self.reversed + self.written_off
        return self.total - done + self.refunded

    @property
    def refund_due(self) -> int:
        return max(0, -self.left)

    @property
    def settled(self) -> bool:
        return self.left == 0

    @property
    def invoiced(self) -> bool:
        return bool(self.tax.get("invoiced"))

    @property
    def retention_invoiced(self) -> bool:
        return bool(self.tax.get("retention_invoiced"))

    @property
    def third_invoice_type(self) -> str:
        return str(self.tax.get("third_invoice_type", ""))

    @property
    def input_tax_credited(self) -> bool:
        return bool(self.tax.get("input_tax_credited"))

    def knows(self, key: str) -> bool:
        """Whether a change under the sender's `key` is in already."""
        return bool(key) and any(e.key.partition(MARKED)[0] == key for e in self.events)

    def last(self, *kinds: str, **facts: Any) -> Event | None:
        """The last event of these kinds with these facts."""
        found = (e for e in reversed(self.events) if e.kind in kinds)
        return next((e for e in found if all(e.data.get(name) == value for name, value in facts.items())), None)

    def said(self, kind: str) -> Mapping[str, Any]:
        """The personal part of the last event of a kind; empty when there is none or it was erased."""
        return next((e.said for e in reversed(self.events) if e.kind == kind), {})
