"""What each event of a deduction changes: the fold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.words import Delivery, Sent
from chalicelib.domain.money.amount import Line, Nature
from chalicelib.domain.money.deduction import BY_EVENT, Deduction, Invoice, State, Terms
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.moving import folded


def fold(
    reference: str, events: Iterable[Event], onto: Deduction | None = None, *, refused: frozenset[str] = frozenset()
) -> Deduction:
    """The deduction after some events. `refused` is of no matter here."""
    return folded(replace(onto) if onto else Deduction(reference), events, _apply)


def _apply(one: Deduction, event: Event) -> None:
    facts, kind = event.data, event.kind
    if kind == "opened":
        _opened(one, facts)
    elif kind == "proposed":
        _proposed(one, facts)
    elif kind in GATHERED:
        GATHERED[kind](one, event)
    elif kind == "half_approved":
        one.approvals += (event.by,)
    elif kind == "approved":
        one.approvals += (event.by,)
        one.number = facts["number"]
    elif kind in LETTERS:
        one.letters = LETTERS[kind](one, event)
    elif kind in ("confirmed", "disputed"):
        one.answered_by = event.by
        one.disputed_fen = facts.get("fen", 0)
    elif kind == "dispute_decided":
        one.reversed += facts["upheld_fen"]
        one.disputed_fen = 0
    elif kind == "firm":
        one.basis = facts["basis"]
    elif kind == "reversed":
        one.reversed += facts["fen"]
    elif kind == "write_off_asked":
        one.write_off = (event.by, facts["fen"])
    elif kind == "write_off_refused":
        one.write_off = None
    elif kind == "written_off":
        one.written_off += facts["fen"]
        one.write_off = None
    elif kind == "recovered":
        one.recovered = {**one.recovered, facts["source"]: one.recovered.get(facts["source"], 0) + facts["fen"]}
    elif kind == "refunded":
        one.refunded += facts["fen"]
    elif kind == "evidence_packed":
        one.evidence, one.unpacked = facts["hash"], False
    elif kind in ("evidence_failed", "evidence_asked"):
        one.unpacked = kind == "evidence_failed"
    elif kind == "message_failed":
        one.failed_messages += 1
    if "moment" in facts:
        one.recorded |= {facts["moment"]}
    state = BY_EVENT.get(kind)
    if kind == "letter_delivered" and one.state is not State.NOTICED:
        state = None  # whoever disputes it says with it that it has arrived
    if kind == "reversed" and one.refund_due:
        state = State.FIRM  # until it is refunded
    if state:
        one.state, one.since, one.step = state, event.at, event.version


def _released(one: Deduction, event: Event) -> tuple[Sent, ...]:
    facts = event.data
    deadline = datetime.fromisoformat(facts["deadline"]) if facts.get("deadline") else None
    kind = LetterKind.DEDUCTION_NOTICE
    return (*one.letters, Sent(facts["letter"], kind, event.at, event.by, event.version, deadline))


def _made(one: Deduction, event: Event) -> tuple[Sent, ...]:
    field_of = "made" if event.kind == "letter_made" else "sealed"
    return _changed(one, event, **{field_of: event.data["sha256"]})


def _delivered(one: Deduction, event: Event) -> tuple[Sent, ...]:
    at = datetime.fromisoformat(event.data["at"]) if event.data.get("at") else event.at
    return _changed(one, event, delivered_at=at, how=Delivery(event.data["how"]), delivery=event.version)


def _changed(one: Deduction, event: Event, **facts: Any) -> tuple[Sent, ...]:
    named = event.data["letter"]
    return tuple(replace(letter, **facts) if letter.number == named else letter for letter in one.letters)


LETTERS: Mapping[str, Callable[[Deduction, Event], tuple[Sent, ...]]] = {
    "letter_released": _released,
    "letter_made": _made,
    "letter_sealed": _made,
    "letter_delivered": _delivered,
}


def _opened(one: Deduction, facts: Mapping[str, Any]) -> None:
    for name in ("entity", "company", "contract", "clause", "case", "case_number", "route", "third_party"):
        setattr(one, name, facts.get(name, ""))
    one.about = facts["about"]
    one.price, one.price_basis = facts.get("price", 0), facts.get("basis", "")
    one.place, one.tickets = facts["place"], tuple(facts["tickets"])
    one.ticket_numbers = tuple(facts.get("ticket_numbers", ()))
    one.items = tuple((item, quantity) for item, quantity in facts.get("items", ()))
    one.people = {part: tuple(ids) for part, ids in facts.get("people", {}).items()}
    one.unpriced = True


def _measured(one: Deduction, event: Event) -> None:
    found = tuple((item, quantity) for item, quantity in event.data["items"])
    one.measured, one.unpriced = {**one.measured, event.by: found}, True


def _scope(one: Deduction, event: Event) -> None:
    one.scope, one.beyond, one.unpriced = event.version, event.data.get("beyond", 0), True


def _invoiced(one: Deduction, event: Event) -> None:
    facts = event.data
    number, total, allocated = facts["number"], facts["total"], facts["allocated"]
    one.invoice = Invoice(number, total, allocated, facts["type"], facts["original"], event.version)
    one.unpriced = True


def _paid(one: Deduction, event: Event) -> None:
    one.paid, one.unpriced = event.version, True


def _looked(one: Deduction, event: Event) -> None:
    """The gate was asked, and not passed."""
    one.unpriced = False


GATHERED: Mapping[str, Callable[[Deduction, Event], None]] = {
    "measured": _measured,
    "scope_checked": _scope,
    "invoice_checked": _invoiced,
    "third_paid": _paid,
    "gate_asked": _looked,
}


def _proposed(one: Deduction, facts: Mapping[str, Any]) -> None:
    one.source = facts.get("source", "")
    one.lines = tuple(line_of(line) for line in facts["lines"])
    one.total = sum(line.fen for line in one.lines)
    one.warnings = tuple(facts.get("warnings", ()))
    one.terms, one.tax = Terms(**facts.get("terms", {})), facts.get("tax", {})
    one.round, one.approvals = one.round + 1, ()


def line_of(stored: Mapping[str, Any]) -> Line:
    """A line as an event carries it."""
    return Line(Nature(stored["nature"]), int(stored["fen"]), tuple(stored.get("steps", ())))
