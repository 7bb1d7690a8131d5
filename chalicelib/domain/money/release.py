"""A contract's retention 质保金 and its release, one record a contract: balances, stops, each round of paying it back.

    held → applied → half → verified → paid: held again, or closed once nothing is left
    applied, half → held              refused by the office, withdrawn by the contractor
    applied, half → verified          by silence: pressed 催告 once the verification is late, and no answer again

Property desk and warranty office countersign the same amount, two people; a third one pays. A stop (court freeze
协助执行, factored receivable) stands beside the state: nothing is paid and nothing deducted until it is lifted.
`fold` alone writes the fields; the moves stand in `releasing.py`. Money is in fen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from chalicelib.domain.money.retention import Balance
from chalicelib.domain.record.command import MARKED
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.moving import folded
from chalicelib.domain.record.reference import reference

PREFIX = "RELEASE"
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class State(StrEnum):
    HELD = "held"
    APPLIED = "applied"
    HALF = "half"  # one of the two has countersigned
    VERIFIED = "verified"
    CLOSED = "closed"


class Ground(StrEnum):
    FREEZE = "freeze"
    FACTORED = "factored"


class Side(StrEnum):
    PROPERTY = "property"
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Stop:
    """A stop that stands, by the event of that `version`. `waived`: set-off was waived to who bought the receivable."""

    version: int
    ground: Ground
    since: datetime
    by: str
    waived: bool = False


@dataclass(frozen=True, slots=True)
class Signed:
    """A countersignature."""

    side: Side
    by: str
    fen: int


BY_EVENT: Mapping[str, State] = {
    "opened": State.HELD,
    "applied": State.APPLIED,
    "countersigned": State.HALF,
    "refused": State.HELD,
    "withdrawn": State.HELD,
    "verified": State.VERIFIED,
    "deemed": State.VERIFIED,
    "paid": State.HELD,
    "closed": State.CLOSED,
    "reopened": State.HELD,
}


@dataclass(slots=True)
class Release:
    """The state after `version` events. `ends`: of defect liability and warranty; `pauses`: (from, to) of stops.

    `number`: as the contract is printed. `asked`, `fen`: as applied for, as verified. `round`: of applications.
    """

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    state: State = State.HELD
    contract: str = ""
    number: str = ""
    entity: str = ""
    company: str = ""
    place: Mapping[str, str] = field(default_factory=dict)
    balance: Balance | None = None
    liability_ends: date | None = None
    warranty_ends: date | None = None
    payments: tuple[tuple[str, int], ...] = ()  # day, fen: those after the balance's day are not in it
    asked: int = 0
    fen: int = 0
    round: int = 0
    signed: tuple[Signed, ...] = ()
    silent: bool = False  # verified by silence
    pressed_at: datetime | None = None
    stops: tuple[Stop, ...] = ()
    pauses: tuple[tuple[datetime, datetime | None], ...] = ()  # during which at least one stop stood
    opened_at: datetime | None = None
    since: datetime | None = None  # when its state began, by the event of that `step`
    applied_at: datetime | None = None
    step: int = 0
    recorded: frozenset[str] = frozenset()

    @property
    def is_open(self) -> bool:
        """What has nothing left stays open while a stop of its contract stands."""
        return self.state is not State.CLOSED or self.stopped

    @property
    def outstanding(self) -> bool:
        return False

    @property
    def closed_under(self) -> str | None:
        return None if self.is_open else next((e.policy for e in reversed(self.events) if e.kind == "closed"), "")

    @property
    def stopped(self) -> bool:
        return bool(self.stops)

    @property
    def paid_since(self) -> int:
        """What was paid back since the day of the balance, in fen."""
        on = self.balance.on.isoformat() if self.balance else ""
        return sum(fen for day, fen in self.payments if day > on)

    @property
    def left(self) -> int:
        """What is withheld still, in fen; deductions that are not booked yet are not taken off."""
        return (self.balance.left if self.balance else 0) - self.paid_since

    def signature(self, side: Side) -> Signed | None:
        return next((one for one in self.signed if one.side is side), None)

    def knows(self, key: str) -> bool:
        return bool(key) and any(e.key.partition(MARKED)[0] == key for e in self.events)

    def last(self, *kinds: str) -> Event | None:
        """The last event of some kinds."""
        return next((e for e in reversed(self.events) if e.kind in kinds), None)

    def said(self, kind: str) -> Mapping[str, Any]:
        return next((e.said for e in reversed(self.events) if e.kind == kind), {})


def named(contract: str) -> str:
    """The record of a contract's retention: its letters follow from the contract's."""
    digest = hashlib.sha256(f"retention/{contract}".encode()).digest()
    return reference(PREFIX, "0" + "".join(LETTERS[byte & 31] for byte in digest[:25]))


def fold(
    reference: str, events: Iterable[Event], onto: Release | None = None, *, refused: frozenset[str] = frozenset()
) -> Release:
    """The record after some events. `refused` is of no matter here."""
    return folded(replace(onto) if onto else Release(reference), events, _apply)


def _apply(one: Release, event: Event) -> None:
    facts, kind = event.data, event.kind
    if kind == "opened":
        one.contract, one.number, one.place = facts["contract"], facts["number"], facts["place"]
        one.entity, one.company, one.opened_at = facts["entity"], facts["company"], event.at
    elif kind == "stated":
        one.balance = balance_of(facts)
        one.liability_ends, one.warranty_ends = _day(facts.get("liability_ends")), _day(facts.get("warranty_ends"))
        one.payments = tuple(paid for paid in one.payments if paid[0] > facts["on"])
    elif kind == "dated":
        one.liability_ends, one.warranty_ends = _day(facts.get("liability_ends")), _day(facts.get("warranty_ends"))
    elif kind == "applied":
        one.asked, one.round, one.applied_at = facts["fen"], one.round + 1, event.at
        one.fen, one.signed, one.silent, one.pressed_at = 0, (), False, None
    elif kind == "countersigned":
        side = Side(facts["side"])
        kept = tuple(other for other in one.signed if other.side is not side)
        one.signed = (*kept, Signed(side, event.by, facts["fen"]))
    elif kind in ("verified", "deemed"):
        one.fen, one.silent = facts["fen"], kind == "deemed"
    elif kind == "pressed":
        one.pressed_at = event.at
    elif kind == "paid":
        one.payments += ((facts["on"], facts["fen"]),)
    elif kind == "stopped":
        one.pauses += () if one.stops else ((event.at, None),)
        one.stops += (Stop(event.version, Ground(facts["ground"]), event.at, event.by, facts.get("waived", False)),)
    elif kind == "lifted":
        one.stops = tuple(stop for stop in one.stops if stop.version != facts["of"])
        if not one.stops and one.pauses:
            *before, (since, _) = one.pauses
            one.pauses = (*before, (since, event.at))
    if "moment" in facts:
        one.recorded |= {facts["moment"]}
    if state := BY_EVENT.get(kind):
        one.state, one.since, one.step = state, event.at, event.version


def balance_of(facts: Mapping[str, Any]) -> Balance:
    """A balance as an event carries it."""
    amounts = (int(facts.get(name, 0)) for name in ("held", "deducted", "released", "payable", "bond"))
    return Balance(date.fromisoformat(facts["on"]), *amounts)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
