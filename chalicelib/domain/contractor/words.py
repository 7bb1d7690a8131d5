"""The words of the contractor ladder: states of a case, why a third party may be engaged, how a letter arrived.

drafted → noticed → acknowledged → cured → closed                     the contractor repairs
                  → refused → (upheld: dropped) | (overruled: noticed)
noticed, acknowledged → reminded → gated → engaged → done → accepted → closed      a third party does
from any of them: dropped (not theirs, repaired by the house, nothing left of it)

Beside it, in an emergency: stop of damage 抢修止损, a job of its own that leaves the ladder where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from chalicelib.domain.contractor.letter import LetterKind


class State(StrEnum):
    DRAFTED = "drafted"
    NOTICED = "noticed"
    ACKNOWLEDGED = "acknowledged"
    REFUSED = "refused"
    CURED = "cured"
    REMINDED = "reminded"
    GATED = "gated"
    ENGAGED = "engaged"
    DONE = "done"
    ACCEPTED = "accepted"
    CLOSED = "closed"
    DROPPED = "dropped"


class Route(StrEnum):
    """By which a third party may be engaged."""

    LADDER = "ladder"
    STOP = "stop_of_damage"
    DIRECT = "direct_engagement"


class Delivery(StrEnum):
    """How a letter arrived: the contact's button, the agreed e-mail address, a waybill that names it."""

    BUTTON = "button"
    EMAIL = "email"
    EMS = "ems_signed"
    EMS_REFUSED = "ems_refused"
    RETURNED = "ems_returned"


ENDED = frozenset({State.CLOSED, State.DROPPED})
OPEN = frozenset(State) - ENDED
THEIRS = frozenset({State.NOTICED, State.ACKNOWLEDGED, State.REMINDED})  # the contractor may come and repair
BEFORE_GATE = THEIRS | {State.DRAFTED, State.REFUSED, State.CURED}
BY_POST = frozenset({Delivery.EMS, Delivery.EMS_REFUSED, Delivery.RETURNED})
REASONS = ("not_mine", "misuse", "out_of_term", "price_unpaid", "no_access", "other")  # why a contractor refuses
TWICE = 2  # came so often and failed: the cure is missed


@dataclass(frozen=True, slots=True)
class Terms:
    """What the contract says for the case's priority; frozen as it is opened. `business`: days are working days."""

    response: timedelta
    cure_days: int
    business: bool = False
    direct_engagement: bool = False
    silence_is_consent: bool = False
    returned_counts: bool = False

    def stored(self) -> dict[str, Any]:
        """As an event carries it; `read_terms` reads it again."""
        flags = ("business", "direct_engagement", "silence_is_consent", "returned_counts")
        said = {name: True for name in flags if getattr(self, name)}
        return {"response": int(self.response.total_seconds()), "cure_days": self.cure_days, **said}


def read_terms(stored: Mapping[str, Any]) -> Terms:
    known = {name: stored[name] for name in Terms.__slots__ if name in stored}
    return Terms(**{**known, "response": timedelta(seconds=int(stored["response"]))})


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter of the case: its number, who released it, where and when it arrived. `event`: version of its release."""

    number: str
    kind: LetterKind
    at: datetime
    by: str
    event: int
    deadline: datetime | None = None
    delivered_at: datetime | None = None
    how: Delivery | None = None
    delivery: int = 0  # version of the event that says so
    made: str = ""  # SHA-256 of its PDF
    sealed: str = ""  # of the scan of the sealed paper, or of what a CA's service sealed


@dataclass(frozen=True, slots=True)
class Finding:
    """What an inspection found of this contract on one ticket. `share`: percent; `event`: version on the case."""

    ticket: str
    finder: str
    share: int
    event: int
    at: datetime
    disputed: bool = False


@dataclass(frozen=True, slots=True)
class Engagement:
    """A third party's job. `price`: fen, None until it is agreed; `basis`: framework or quotes.

    `accepter`: who accepted the work for the house ("" where the owner signed).
    """

    company: str
    route: Route
    by: str
    at: datetime
    event: int
    contact: str = ""
    price: int | None = None
    basis: str = ""
    quoted: int | None = None
    starts: datetime | None = None
    ends: datetime | None = None
    done_at: datetime | None = None
    accepted_at: datetime | None = None
    accepter: str = ""
    invoiced_at: datetime | None = None
    invoice: str = ""
    items: tuple[tuple[str, int], ...] = ()  # of its price list, in thousandths

    @property
    def finished(self) -> bool:
        return self.invoiced_at is not None
