"""Deductions, as the mechanism of records asks for them: the clock of each state, the lists that they stand in.

list        key                               who looks
desk        DEDUCTION.DESK#<office>           the warranty office: all that is open
holder      DEDUCTION.HOLDER#<company>        the contractor: what was put to it
past        DEDUCTION.PAST#<company>          what has ended, for its statement
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from chalicelib.domain.money.changes import fold
from chalicelib.domain.money.deduction import PREFIX, Deduction, State
from chalicelib.domain.money.moves import decide
from chalicelib.domain.policy.money import money_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.kinds import Heading, RecordKind, register
from chalicelib.domain.record.promise import Due, Promise, come, coming, deadline
from chalicelib.domain.record.roles import office_of
from chalicelib.domain.time.clocks import Clock

WARN = (0.5, 0.8)
UNKNOWN_TO_THEM = frozenset(
    {State.GATHERING, State.PROPOSED, State.HALF, State.REJECTED, State.APPROVED, State.DROPPED}
)


def runs(one: Deduction, numbers: Policy) -> list[Promise]:
    """The one clock of its state; that of objections has the contract's length."""
    rule = money_of(numbers).clock_in(one.state.value)
    if rule is None or one.since is None or not one.is_open:
        return []
    within, start = rule.within, one.since
    if rule.name == "objection":
        within = timedelta(days=one.terms.days or money_of(numbers).objection_days)
        start = one.letter.delivered_at if one.letter and one.letter.delivered_at else start
    clock = Clock.start(f"{rule.name}.{one.step}", start, within, numbers.calendars[rule.counts], warn=WARN)
    return [Promise(rule.name, rule, clock, rule.levels)]


def due_moments(one: Deduction, numbers: Policy, at: datetime) -> list[Due]:
    return come(runs(one, numbers), one.recorded, numbers.remind_every, at)


def next_moment(one: Deduction, numbers: Policy, at: datetime | None = None) -> datetime | None:
    return min(coming(runs(one, numbers), one.recorded, numbers.remind_every, at), default=None)


def heading(one: Deduction, numbers: Policy) -> Heading:
    """It stands with its warranty office while it is open, and with the contractor once its notice is out."""
    by = deadline(runs(one, numbers))
    line = {
        "n": one.number,
        "c": one.case_number,
        "s": one.state.value,
        "l": one.place.get("label", ""),
        "w": one.company,
        "u": one.contract,
        "e": one.entity,
        "f": one.total,
        "o": one.left,
        "x": by[0] if by else "",
    }
    lists: dict[str, str] = {}
    if one.is_open:
        lists["desk"] = office_of(one.place)
    if one.state not in UNKNOWN_TO_THEM:
        lists["holder" if one.is_open else "past"] = one.company
    return Heading(by[1] if by else None, next_moment(one, numbers), {k: v for k, v in line.items() if v}, lists)


class Shown(NamedTuple):
    """A deduction in a list. `fen`: of all of it; `left`: what may still be recovered; `clock`: which is due next."""

    number: str
    case_number: str
    state: str
    place: str
    company: str
    contract: str
    entity: str
    fen: int
    left: int
    clock: str


def shown(stored: Mapping[str, Any]) -> Shown:
    """A line as `heading` made it."""
    get = stored.get
    number, case_number, state, place, company, contract, entity = (str(get(letter, "")) for letter in "ncslwue")
    fen, left, clock = get("f", 0), get("o", 0), get("x", "")
    return Shown(number, case_number, state, place, company, contract, entity, fen, left, clock)


def _follows(due: Due, one: Deduction) -> Command | None:
    """Nobody objected in time."""
    if due.promise.name == "objection" and due.moment.kind == "deadline" and one.state is State.DELIVERED:
        return Command("lapse", SYSTEM)
    return None


def _tellings(numbers: Policy) -> Mapping[str, Sequence[Telling]]:
    return money_of(numbers).tellings


DEDUCTIONS = RecordKind(
    PREFIX,
    fold,
    decide,
    heading,
    due_moments,
    next_moment,
    _tellings,
    follows=_follows,
)
register(DEDUCTIONS)
