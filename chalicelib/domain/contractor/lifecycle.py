"""The case's life: which move leads from where, who may make it, and the events it makes.

`decide` changes nothing: it returns the events that would follow, or refuses. A move that was made already under the
same `key` decides to nothing. What ends a case follows by itself from what happened: all of it accepted and invoiced,
nothing left of it; a stop of damage that is not confirmed or invoiced keeps it open.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from chalicelib.domain.contractor import engaging, hearing, making
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.changes import fold
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.making import releasable
from chalicelib.domain.contractor.words import BEFORE_GATE, OPEN, THEIRS, State
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.making import Made, plain, said
from chalicelib.domain.record.moving import Move, book
from chalicelib.domain.record.roles import Role

S = State
SYSTEM = frozenset({Role.SYSTEM})
OFFICE = frozenset({Role.OFFICE})
CONTRACTOR = frozenset({Role.CONTRACTOR})
THIRD = frozenset({Role.THIRD_PARTY})
CALLERS = OFFICE | {Role.DESK, Role.SUPERVISOR}  # who is awake when a pipe bursts
ANY = frozenset(State)
LIVE = THEIRS | {S.CURED, S.REFUSED}


def legal(case: Case, name: str, role: Role) -> bool:
    """Whether the move is open to the role in this state."""
    return moving.legal(MOVES, case, name, role)


def moves(case: Case, role: Role) -> list[str]:
    """The moves open to the role now, in the order of a case's life."""
    return moving.moves(MOVES, case, role)


def decide(case: Case, command: Command, at: datetime, policy: Policy) -> list[Event]:
    """What happens to the case; nothing is changed here. Raises IllegalMove, NotAllowed, Invalid."""

    def then(events: list[Event]) -> Made:
        return ending(fold(case.id, events, onto=case))

    return moving.events_of(MOVES, case, command, at, policy, then)


def ending(case: Case) -> Made:
    """The event that ends a case of which nothing is owed any more."""
    stopped = case.stop is not None and not case.stop.finished
    if not case.is_open or stopped or case.unconfirmed:
        return []
    if not case.tickets and (case.job is None or case.state is State.ENGAGED):
        return [("released_from", {"reason": "nothing_left"})]
    if not case.settled or (case.job is not None and not case.job.finished):
        return []
    if case.job is not None:
        return [("closed", {"outcome": "third_party"})]
    return [("closed", {"outcome": "cured" if "contractor" in case.done.values() else "house"})]


def _release(kind: LetterKind) -> Callable[[Case], bool]:
    return lambda case: releasable(case, kind)


def _job(case: Case) -> bool:
    return case.job is not None


def _f(*states: State) -> frozenset[State]:
    return frozenset(states)


MOVES: Mapping[str, Move] = {
    # the system keeps the book of clocks, hears of the tickets, notes what it did
    **book(OPEN, ANY),
    "miss": Move(LIVE, SYSTEM, making.miss),
    "expire": Move(_f(S.REMINDED, S.CURED), SYSTEM, making.expire),
    "note_unwritten": Move(_f(S.DRAFTED), SYSTEM, plain("unwritten", "field")),
    "note_made": Move(ANY, SYSTEM, making.note_made),
    "seal": Move(ANY, OFFICE | SYSTEM, making.seal, when=lambda case: bool(case.letters)),
    "note_sent": Move(ANY, SYSTEM, plain("letter_sent", "letter", "how")),
    "note_entrusted": Move(ANY, SYSTEM, making.entrusted),
    "note_deduction": Move(ANY, SYSTEM, plain("deduction_opened", "route", "record")),
    "hear_visit": Move(OPEN, SYSTEM, hearing.visit),
    "hear_done": Move(OPEN, SYSTEM, hearing.done),
    "hear_refusal": Move(OPEN | {S.CLOSED}, SYSTEM, hearing.refusal),
    "hear_acceptance": Move(OPEN, SYSTEM, hearing.acceptance),
    "hear_end": Move(OPEN, SYSTEM, hearing.ended),
    "hear_access": Move(OPEN, SYSTEM, hearing.access),
    "hear_correction": Move(OPEN, SYSTEM, hearing.correction),
    "hear_terms": Move(OPEN, SYSTEM, hearing.terms),
    "hear_dispute": Move(OPEN, SYSTEM, hearing.dispute),
    "hear_finding": Move(OPEN, SYSTEM, hearing.finding),
    # letters
    "join": Move(_f(S.DRAFTED), OFFICE, making.join),
    "join_into": Move(_f(S.DRAFTED, S.NOTICED), SYSTEM, making.join_into, when=making.joinable),
    "edit_letter": Move(OPEN, OFFICE, making.edit),
    "release_notice": Move(_f(S.DRAFTED), OFFICE | SYSTEM, making.release),
    "release_reminder": Move(LIVE, OFFICE, making.release, when=_release(LetterKind.REMINDER)),
    "release_third_party_notice": Move(_f(S.ENGAGED), OFFICE, making.release, when=_job),
    "prove_delivery": Move(ANY, OFFICE | SYSTEM, making.prove),
    # the contractor
    "confirm": Move(ANY, CONTRACTOR, making.confirm, when=lambda case: bool(case.undelivered)),
    "acknowledge": Move(THEIRS, CONTRACTOR, making.acknowledge, when=lambda case: not case.taken_on),
    "refuse": Move(THEIRS, CONTRACTOR, making.refuse),
    "propose_inspection": Move(LIVE, CONTRACTOR | OFFICE, making.propose_inspection),
    "agree_inspection": Move(LIVE, CONTRACTOR | OFFICE, making.agree_inspection),
    "delegate": Move(THEIRS, CONTRACTOR, making.delegate),
    "take_back": Move(OPEN, CONTRACTOR | OFFICE, making.take_back),
    "note": Move(OPEN, CONTRACTOR | THIRD | CALLERS, said("noted")),
    # the office
    "answer_refusal": Move(_f(S.REFUSED), OFFICE, making.answer_refusal),
    "hold_inspection": Move(LIVE, OFFICE, making.hold_inspection),
    "call": Move(OPEN, CALLERS, making.call),
    "stop_damage": Move(BEFORE_GATE | {S.GATED}, CALLERS, engaging.stop_damage),
    "confirm_in_writing": Move(OPEN, OFFICE, engaging.confirm_in_writing, when=lambda case: case.unconfirmed),
    "pass_gate": Move(THEIRS, OFFICE, engaging.pass_gate),
    "engage": Move(_f(S.GATED), OFFICE, engaging.engage),
    "agree_price": Move(_f(S.ENGAGED), OFFICE, engaging.agree_price),
    "release_from": Move(BEFORE_GATE | {S.GATED}, OFFICE, making.release_from, when=lambda case: case.stop is None),
    # the third party
    "quote": Move(_f(S.ENGAGED), THIRD, engaging.quote),
    "appoint": Move(_f(S.ENGAGED), THIRD | OFFICE, engaging.appoint),
    "disengage": Move(_f(S.ENGAGED), THIRD | OFFICE, engaging.disengage),
    "measure": Move(_f(S.ENGAGED, S.DONE), THIRD | CALLERS, engaging.measure),
    "finish_stop": Move(OPEN, THIRD | CALLERS, engaging.finish_stop, when=lambda case: case.stopping),
    "accept_stop": Move(OPEN, CALLERS, engaging.accept_stop),
    "accept": Move(_f(S.DONE), OFFICE | {Role.SUPERVISOR}, engaging.accept),
    "invoice": Move(OPEN, THIRD | OFFICE, engaging.invoice),
}
