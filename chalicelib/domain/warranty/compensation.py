"""Compensation of an owner 赔付: what a fault damaged, what is offered for it, and that it was paid.

    claimed → offered → agreed → approved → paid          each state has its deadline and whose turn it is
    offered → declined → offered …                        agreed → rejected, back to the office
    claimed, offered, declined, rejected → refused        or withdrawn by the owner

Who offered does not approve. The owner agrees by signature to the amount that he was shown; paid needs its proof.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from chalicelib.domain.policy.compensation import terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.making import Made, plain, said, words
from chalicelib.domain.record.moving import Life, Move, book, folded, nothing_follows, reached
from chalicelib.domain.record.promise import Promise, deadline, timed
from chalicelib.domain.record.roles import Role, office_of
from chalicelib.domain.time.calendar import ALWAYS_OPEN
from chalicelib.domain.time.clocks import Clock

PREFIX = "COMPENSATION"
MAX_FEN = 100_000_000  # a million yuan
WARN = (0.5, 0.8)
LEVELS = ((2, timedelta(0)),)


class State(StrEnum):
    CLAIMED = "claimed"
    OFFERED = "offered"
    DECLINED = "declined"
    AGREED = "agreed"
    REJECTED = "rejected"
    APPROVED = "approved"
    PAID = "paid"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = State
STATES: Mapping[str, State] = {state.value: state for state in State}
ENDED = frozenset({S.PAID, S.REFUSED, S.WITHDRAWN})
TO_OFFER = frozenset({S.CLAIMED, S.DECLINED, S.REJECTED})
# Which deadline of contractor.toml, [compensation], runs in a state.
CLOCKS: Mapping[State, str] = {
    **dict.fromkeys(TO_OFFER, "offer"),
    S.OFFERED: "answer",
    S.AGREED: "approve",
    S.APPROVED: "pay",
}


@dataclass(slots=True)
class Compensation(Life):
    """The state after `version` events. `fen`: as offered last; `offered_by`: who did."""

    ends = ENDED

    id: str
    version: int = 0
    events: tuple[Event, ...] = ()
    ticket: str = ""
    number: str = ""  # the ticket's
    place: Mapping[str, str] = field(default_factory=dict)
    state: State = State.CLAIMED
    asked: int = 0
    fen: int = 0
    offered_by: str = ""
    paid_on: str = ""
    since: datetime | None = None  # when its state began, by the event of that `step`
    step: int = 0
    recorded: frozenset[str] = frozenset()
    noted: bool = False  # the ticket knows of it, and of its payment

    @property
    def outstanding(self) -> bool:
        """Whether its ticket has still to hear of it."""
        return not self.noted


def fold(
    reference: str, events: Iterable[Event], onto: Compensation | None = None, *, refused: frozenset[str] = frozenset()
) -> Compensation:
    return folded(replace(onto) if onto else Compensation(reference), events, _apply)


def _apply(one: Compensation, event: Event) -> None:
    facts = event.data
    if event.kind == "claimed":
        one.ticket, one.number, one.place = facts["ticket"], facts["number"], facts["place"]
        one.asked = facts.get("fen", 0)
    elif event.kind == "offered":
        one.fen, one.offered_by = facts["fen"], event.by
    elif event.kind == "paid":
        one.paid_on, one.noted = facts["on"], False
    elif event.kind == "noted_on_ticket":
        one.noted = True
    reached(one, event, STATES)


# moves


def amount(raw: object, *, needed: bool = True) -> int:
    """Fen, more than nothing. Raises Invalid."""
    if raw in (None, "", 0) and not needed:
        return 0
    if not isinstance(raw, int) or isinstance(raw, bool) or not 0 < raw <= MAX_FEN:
        raise Invalid("amount", "no_amount")
    return raw


def _offer(one: Compensation, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command)
    return [("offered", {"fen": amount(command.data.get("fen"))})]


def _agree(one: Compensation, command: Command, at: datetime, numbers: Policy) -> Made:
    """To the offer that the page showed: `of` is its version."""
    from chalicelib.domain import signature

    if command.data.get("of") != next(e.version for e in reversed(one.events) if e.kind == "offered"):
        raise IllegalMove("changed_meanwhile")
    signature.checked(command.said.get("signature"))
    return [("agreed", {"fen": one.fen})]


def _approve(one: Compensation, command: Command, at: datetime, numbers: Policy) -> Made:
    if command.by.id == one.offered_by:
        raise NotAllowed("not_who_offered")
    return [("approved", {"fen": one.fen})]


def _pay(one: Compensation, command: Command, at: datetime, numbers: Policy) -> Made:
    """With the day and the proof, such as the voucher of the transfer: photos, or a paper that was kept."""
    photos = command.said.get("photos", ())
    paper = {name: command.data[name] for name in ("sha256", "key") if command.data.get("key")}
    if not photos and not paper:
        raise Invalid("photos", "proof_needed")
    try:
        on = date.fromisoformat(str(command.data.get("on", "")))
    except ValueError:
        raise Invalid("on", "no_time") from None
    return [("paid", {"fen": one.fen, "on": on.isoformat(), "photos": len(photos), **paper})]


def _perhaps(one: Compensation, command: Command, at: datetime, numbers: Policy) -> Made:
    words(command, required=False)
    return [("withdrawn", {})]


OFFICE, OWNER, SYSTEM = frozenset({Role.OFFICE}), frozenset({Role.OWNER}), frozenset({Role.SYSTEM})
OPEN = frozenset(State) - ENDED
MOVES: Mapping[str, Move] = {
    "offer": Move(TO_OFFER, OFFICE, _offer),
    "refuse": Move(TO_OFFER | {S.OFFERED}, OFFICE, said("refused")),
    "agree": Move(frozenset({S.OFFERED}), OWNER, _agree),
    "decline": Move(frozenset({S.OFFERED}), OWNER, said("declined")),
    "withdraw": Move(TO_OFFER | {S.OFFERED}, OWNER, _perhaps),
    "approve": Move(frozenset({S.AGREED}), OFFICE, _approve),
    "reject": Move(frozenset({S.AGREED}), OFFICE, said("rejected")),
    "pay": Move(frozenset({S.APPROVED}), OFFICE, _pay),
    "note_on_ticket": Move(frozenset(State), SYSTEM, plain("noted_on_ticket")),
    **book(OPEN, frozenset(State)),
}


def legal(one: Compensation, name: str, role: Role) -> bool:
    return moving.legal(MOVES, one, name, role)


def moves(one: Compensation, role: Role) -> list[str]:
    """The moves open to the role now."""
    return moving.moves(MOVES, one, role)


def decide(one: Compensation, command: Command, at: datetime, numbers: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed, Invalid."""
    return moving.events_of(MOVES, one, command, at, numbers, nothing_follows)


# clocks and lists


def _runs(one: Compensation, numbers: Policy) -> list[Promise]:
    """The one clock of its state."""
    name = CLOCKS.get(one.state)
    if name is None or one.since is None:
        return []
    within = terms_of(numbers).within[name]
    return [Promise(name, None, Clock.start(f"{name}.{one.step}", one.since, within, ALWAYS_OPEN, warn=WARN), LEVELS)]


due_moments, next_moment = timed(_runs)


def heading(one: Compensation, numbers: Policy) -> Heading:
    """It stands in the list of its warranty office while it is open."""
    line = {"n": one.number, "s": one.state.value, "l": one.place.get("label", ""), "f": one.fen or one.asked}
    by = deadline(_runs(one, numbers))
    lists = {"desk": office_of(one.place)} if one.is_open else {}
    return Heading(by[1] if by else None, next_moment(one, numbers), {**line, "t": one.ticket}, lists)


class Shown(NamedTuple):
    """A compensation in a list: the ticket that it belongs to, its number and place, the state, the amount in fen."""

    ticket: str
    number: str
    place: str
    state: str
    fen: int


def shown(stored: Mapping[str, Any]) -> Shown:
    """A line as `heading` made it."""
    get = stored.get
    return Shown(get("t", ""), get("n", ""), get("l", ""), get("s", ""), get("f", 0))


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return terms_of(numbers).tellings


COMPENSATIONS = RecordKind(PREFIX, fold, decide, heading, due_moments, next_moment, _tellings)
register(COMPENSATIONS)
