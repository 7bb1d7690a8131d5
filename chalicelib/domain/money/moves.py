"""The deduction's life: which move leads from where, who may make it, and the events it makes.

`decide` changes nothing: it returns the events that would follow, or refuses. What only the world knows is put into the
command by services, never taken from a page: `recent` (fen approved of contractor and third party lately, after `nth`
approvals of theirs), `number_given` (the next one of entity and year), `authorised` (whether a contact may speak for
its company), `proposal` (what gate B found, when it was asked anew). Whoever found, engaged or accepted approves
nothing; who approved decides no dispute; who says yes says it to what the page showed (`of`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from chalicelib.domain.contractor import making
from chalicelib.domain.money import gathering
from chalicelib.domain.money.changes import fold
from chalicelib.domain.money.deduction import OPEN, SOURCES, Basis, Deduction, State
from chalicelib.domain.policy.money import money_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record import moving
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.making import Made, plain, said, words
from chalicelib.domain.record.moving import Move, book
from chalicelib.domain.record.roles import DESKS, Role

S = State
OFFICE, CONTRACTOR = frozenset({Role.OFFICE}), frozenset({Role.CONTRACTOR})
FINANCE, SYSTEM = frozenset({Role.FINANCE}), frozenset({Role.SYSTEM})
ANY = frozenset(State)
OUT = frozenset({S.NOTICED, S.DELIVERED})
BOOKED = frozenset({S.FIRM, S.CLOSED})  # what is recovered or refunded may come late
_GATHERS = frozenset({S.GATHERING, S.REJECTED})
GROUNDS = ("not_liable", "amount", "no_notice", "not_present", "other")  # why a contractor objects


def legal(one: Deduction, name: str, role: Role) -> bool:
    """Whether the move is open to the role in this state."""
    return moving.legal(MOVES, one, name, role)


def moves(one: Deduction, role: Role) -> list[str]:
    """The moves open to the role now, in the order of a deduction's life."""
    return moving.moves(MOVES, one, role)


def decide(one: Deduction, command: Command, at: datetime, policy: Policy) -> list[Event]:
    """What happens to it. Raises IllegalMove, NotAllowed, Invalid."""

    def then(events: list[Event]) -> Made:
        after = fold(one.id, events, onto=one)
        return [("closed", {})] if after.state in (S.FIRM, S.DISPUTED, S.DELIVERED) and after.settled else []

    return moving.events_of(MOVES, one, command, at, policy, then)


# approval


def _propose(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """Put forward by what gate B finds now; the system, where it isn't passed, notes that it was asked."""
    proposal = command.data.get("proposal")
    if not proposal:
        if command.by.role is Role.SYSTEM:
            return [("gate_asked", {"missing": list(command.data.get("missing", ()))})]
        raise IllegalMove("gate_not_passed", missing=list(command.data.get("missing", ())))
    return [("proposed", dict(proposal))]


def _approve(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """The first approval, or the second that an amount above the limit needs. The last one gives the number."""
    _another(one, command)
    _shown(one, command, "proposed")
    recent, number = command.data.get("recent"), command.data.get("number_given")
    if not isinstance(recent, int) or recent < 0:
        raise IllegalMove("not_looked_up")
    if one.state is S.PROPOSED and one.total + recent > money_of(policy).limit:
        return [("half_approved", {"recent": recent, "limit": money_of(policy).limit})]
    if not number:
        raise IllegalMove("not_looked_up")
    return [("approved", {"number": number, "recent": recent, "nth": command.data.get("nth", 0)})]


def _shown(one: Deduction, command: Command, kind: str) -> None:
    """The command answers the last event of a kind, which its page showed: `of` is its version. Raises IllegalMove."""
    last = one.last(kind)
    if last is None or command.data.get("of") != last.version:
        raise IllegalMove("changed_meanwhile")


def _another(one: Deduction, command: Command) -> None:
    """Neither who found, engaged or accepted, nor who approved already. Raises NotAllowed."""
    if command.by.id in one.approvals or any(command.by.id in ids for ids in one.people.values()):
        raise NotAllowed("same_person")


def _release(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """The notice goes: `letter` is its number, which is claimed with this change."""
    if not command.data.get("letter"):
        raise Invalid("letter", "required")
    keys = ("letter", "kind", "hash", "person", "to", "copies", "deadline", "rare")
    return [("letter_released", {k: command.data[k] for k in keys if k in command.data})]


# the contractor's word


def _agree(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """The contractor agrees to the amount, which the page showed (`total`): it is firm at once."""
    making.authorised(command)
    if command.data.get("total") != one.total:
        raise IllegalMove("changed_meanwhile")
    received = making.confirm(one, command, at, policy) if one.undelivered else []
    return [*received, ("confirmed", {"person": command.by.id}), _firm(one, agreed=True)]


def _dispute(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """With its ground, in words and files; of all of it, or of `fen`."""
    making.authorised(command)
    words(command)
    fen = command.data.get("fen") or one.left
    if not isinstance(fen, int) or isinstance(fen, bool) or not 0 < fen <= one.left:
        raise Invalid("fen", "no_amount")
    ground = str(command.data.get("ground", "")) or "other"
    if ground not in GROUNDS:
        raise Invalid("ground", "required")
    received = making.confirm(one, command, at, policy) if one.undelivered else []
    kept = {"file": command.data["file"]} if command.data.get("file") else {}
    files = len(command.said.get("photos", ())) + len(kept)
    return [("disputed", {"ground": ground, "fen": fen, "files": files, **kept}), *received]


def _lapse(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """Nobody objected in time. Silence is consent only where the contract says so; else it is set off."""
    return [("objection_over", {}), _firm(one, agreed=one.terms.silence_is_consent)]


def _decide_dispute(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """By somebody who approved nothing of it: how much of what was disputed is upheld, and why."""
    _another(one, command)
    words(command)
    fen = command.data.get("upheld_fen")
    if not isinstance(fen, int) or isinstance(fen, bool) or not 0 <= fen <= one.disputed_fen:
        raise Invalid("upheld_fen", "no_amount")
    decided: Made = [("dispute_decided", {"upheld_fen": fen})]
    return decided if fen == one.left else [*decided, _firm(one, agreed=False)]


def _firm(one: Deduction, *, agreed: bool) -> tuple[str, dict[str, Any]]:
    basis = Basis.CLAIM if one.source == "claim" else Basis.CONTRACT if agreed else Basis.SETOFF
    return "firm", {"basis": basis.value}


# what is firm


def _reverse(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """A counter-entry, by somebody who approved nothing of it; what was recovered of it before is refunded."""
    _another(one, command)
    words(command)
    return [("reversed", {"fen": _part(command, one.total - one.reversed - one.written_off)})]


def _part(command: Command, most: int) -> int:
    fen = command.data.get("fen")
    if not isinstance(fen, int) or isinstance(fen, bool) or not 0 < fen <= most:
        raise Invalid("fen", "no_amount")
    return fen


def _ask_write_off(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    words(command)
    return [("write_off_asked", {"fen": _part(command, one.left)})]


def _write_off(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """A second person says yes to what was asked."""
    assert one.write_off is not None
    _shown(one, command, "write_off_asked")
    asker, fen = one.write_off
    if command.by.id == asker:
        raise NotAllowed("same_person")
    if fen > one.left:
        raise IllegalMove("changed_meanwhile")
    return [("written_off", {"fen": fen, "asked_by": asker})]


def _recover(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    """What finance really took, with its voucher; never more than what is left."""
    facts = _booking(command)
    source = command.data.get("source")
    if source not in SOURCES:
        raise Invalid("source", "required")
    return [("recovered", facts | {"fen": _part(command, one.left), "source": source})]


def _refund(one: Deduction, command: Command, at: datetime, policy: Policy) -> Made:
    return [("refunded", _booking(command) | {"fen": _part(command, one.refund_due)})]


def _booking(command: Command) -> dict[str, Any]:
    """Voucher, posting date, period and payment application of a booking. Raises Invalid."""
    facts = {
        name: gathering.text(command, name, name != "application")
        for name in ("voucher", "posted", "period", "application")
    }
    try:
        date.fromisoformat(facts["posted"])
    except ValueError:
        raise Invalid("posted", "no_time") from None
    if "settlement" in command.data:
        facts["settlement"] = str(command.data["settlement"])
    return {name: text for name, text in facts.items() if text}


def _owes(one: Deduction) -> bool:
    return one.refund_due > 0


MOVES: Mapping[str, Move] = {
    "measure": Move(_GATHERS, OFFICE | DESKS, gathering.measure, when=lambda one: bool(one.items)),
    "check_scope": Move(_GATHERS, OFFICE, gathering.check_scope),
    "check_invoice": Move(_GATHERS, OFFICE, gathering.check_invoice),
    "pay_third": Move(_GATHERS, OFFICE | FINANCE, gathering.pay_third),
    "propose": Move(_GATHERS, OFFICE | SYSTEM, _propose),
    "approve": Move(frozenset({S.PROPOSED, S.HALF}), OFFICE, _approve),
    "reject": Move(frozenset({S.PROPOSED, S.HALF}), OFFICE, said("rejected")),
    "drop": Move(_GATHERS | {S.PROPOSED, S.HALF}, OFFICE, said("dropped")),
    "release_deduction_notice": Move(frozenset({S.APPROVED}), OFFICE, _release),
    "note_made": Move(ANY, SYSTEM, making.note_made, when=lambda one: bool(one.letters)),
    "note_sent": Move(ANY, SYSTEM, plain("letter_sent", "letter", "how")),
    "seal": Move(ANY, OFFICE | SYSTEM, making.seal, when=lambda one: bool(one.letters)),
    "prove_delivery": Move(ANY, OFFICE | SYSTEM, making.prove, when=lambda one: bool(one.letters)),
    "confirm": Move(ANY, CONTRACTOR, making.confirm, when=lambda one: bool(one.undelivered)),
    "agree": Move(OUT, CONTRACTOR, _agree),
    "dispute": Move(OUT, CONTRACTOR, _dispute),
    "lapse": Move(frozenset({S.DELIVERED}), SYSTEM, _lapse),
    "decide_dispute": Move(frozenset({S.DISPUTED}), OFFICE, _decide_dispute),
    "reverse": Move(BOOKED, OFFICE, _reverse, when=lambda one: one.state is S.FIRM or bool(one.recovered)),
    "ask_write_off": Move(
        frozenset({S.FIRM}), OFFICE | FINANCE, _ask_write_off, when=lambda one: not one.write_off and one.left > 0
    ),
    "write_off": Move(frozenset({S.FIRM}), OFFICE, _write_off, when=lambda one: one.write_off is not None),
    "refuse_write_off": Move(
        frozenset({S.FIRM}), OFFICE, said("write_off_refused"), when=lambda one: one.write_off is not None
    ),
    "recover": Move(frozenset({S.FIRM}), FINANCE | SYSTEM, _recover, when=lambda one: one.left > 0),
    "refund": Move(BOOKED, FINANCE | SYSTEM, _refund, when=_owes),
    "note_evidence": Move(
        BOOKED, SYSTEM, plain("evidence_packed", "hash", "key", "size"), when=lambda one: not one.evidence
    ),
    "note_unpacked": Move(
        frozenset({S.FIRM}), SYSTEM, plain("evidence_failed"), when=lambda one: one.unproved and not one.unpacked
    ),
    "pack_again": Move(
        frozenset({S.FIRM}), OFFICE, plain("evidence_asked"), when=lambda one: one.unproved and one.unpacked
    ),
    **book(OPEN, ANY),
}
