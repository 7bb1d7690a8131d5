"""What each event changes of a case: a function a kind of event, which sets fields of the copy that is folded."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.case import HOUSE, Case
from chalicelib.domain.contractor.jobs import JOBS
from chalicelib.domain.contractor.letter import Cause, LetterKind
from chalicelib.domain.contractor.words import Delivery, Finding, Sent, State, read_terms
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.moving import folded
from chalicelib.domain.record.roles import OUTSIDE
from chalicelib.domain.ticket.trade import Priority, time_of


def fold(reference: str, events: Iterable[Event], onto: Case | None = None, *, held: bool = False, **_: Any) -> Case:
    """The case that the events make; `onto` continues a copy of one that is folded already."""
    return folded(replace(onto) if onto else Case(reference, held=held), events, _change)


def _change(case: Case, event: Event) -> None:
    if change := CHANGES.get(event.kind):
        change(case, event)


def happened_at(event: Event) -> datetime:
    """When it happened: what is proved afterwards says so itself."""
    text = event.data.get("at")
    return time_of(text) if text else event.at


def _opened(case: Case, event: Event) -> None:
    d = event.data
    case.ticket, case.number, case.place = d["ticket"], d["number"], d["place"]
    case.tickets = {d["ticket"]: d["number"]}
    case.contract, case.clause, case.company, case.entity = d["contract"], d["clause"], d["company"], d["entity"]
    case.category, case.component = d["category"], d.get("component", "")
    case.priority, case.terms, case.opened_at = Priority(d["priority"]), read_terms(d["terms"]), event.at


def _joined(case: Case, event: Event) -> None:
    case.tickets = {**case.tickets, **event.data["tickets"]}
    found = event.data.get("findings", {}).items()
    known = {ticket: Finding(ticket, who, int(share), event.version, event.at) for ticket, (who, share) in found}
    case.findings = {**case.findings, **known}


def _joined_into(case: Case, event: Event) -> None:
    case.state, case.outcome = State.DROPPED, "joined"


def _corrected(case: Case, event: Event) -> None:
    d = event.data
    case.place, case.category, case.component = d["place"], d["category"], d["component"]


def _terms_changed(case: Case, event: Event) -> None:
    d = event.data
    case.clause, case.priority, case.terms = d["clause"], Priority(d["priority"]), read_terms(d["terms"])


def _edited(case: Case, event: Event) -> None:
    case.edited = True


def _released(case: Case, event: Event) -> None:
    d = event.data
    deadline = time_of(d["deadline"]) if d.get("deadline") else None
    case.letters += (Sent(d["letter"], LetterKind(d["kind"]), event.at, event.by, event.version, deadline),)
    case.contact, case.edited, case.release_due = d.get("person", "") or case.contact, False, False
    if d["kind"] == LetterKind.NOTICE.value and case.state is State.DRAFTED:
        case.state = State.NOTICED
    elif d["kind"] == LetterKind.REMINDER.value:
        case.state, case.expired = State.REMINDED, False


def _unwritten(case: Case, event: Event) -> None:
    """It does not go by itself: the office has to."""
    case.release_due = False


def _of_letter(case: Case, event: Event, **facts: Any) -> None:
    case.letters = tuple(replace(one, **facts) if one.number == event.data["letter"] else one for one in case.letters)


def _made(case: Case, event: Event) -> None:
    _of_letter(case, event, made=event.data["sha256"])


def _sealed(case: Case, event: Event) -> None:
    _of_letter(case, event, sealed=event.data["sha256"])


def _delivered(case: Case, event: Event) -> None:
    how = Delivery(event.data["how"])
    _of_letter(case, event, delivered_at=happened_at(event), how=how, delivery=event.version)


def _acknowledged(case: Case, event: Event) -> None:
    case.taken_on, case.contact = True, event.data["person"]
    if case.state is State.NOTICED:
        case.state = State.ACKNOWLEDGED


def _refused(case: Case, event: Event) -> None:
    case.state, case.reason, case.contact = State.REFUSED, event.data["reason"], event.by


def _overruled(case: Case, event: Event) -> None:
    case.state, case.cause = State.NOTICED, case.cause or Cause.REFUSED


def _found(case: Case, event: Event) -> None:
    d = event.data
    found = Finding(d["ticket"], d["finder"], int(d["share"]), event.version, event.at)
    case.findings = {**case.findings, found.ticket: found}


def _disputed(case: Case, event: Event) -> None:
    ticket = event.data["ticket"]
    case.findings = {**case.findings, ticket: replace(case.findings[ticket], disputed=True)}


def _access(case: Case, event: Event) -> None:
    """An owner who bars the contractor without a reason makes it the developer's cost."""
    ticket = event.data["ticket"]
    case.barred = case.barred | {ticket} if event.data.get("barred") else case.barred - {ticket}


def _inspection_proposed(case: Case, event: Event) -> None:
    case.proposed = time_of(event.data["start"])
    case.proposer = "contractor" if event.role in OUTSIDE else "office"


def _inspection_agreed(case: Case, event: Event) -> None:
    case.inspection, case.proposed = time_of(event.data["start"]), None


def _inspection_held(case: Case, event: Event) -> None:
    case.inspected, case.proposed = True, None


def _delegated(case: Case, event: Event) -> None:
    person = event.data["person"]
    case.workers |= {person}
    case.delegates = {**case.delegates, **dict.fromkeys(event.data["tickets"], person)}


def _taken_back(case: Case, event: Event) -> None:
    case.workers -= {event.data["person"]}
    gone = event.data["person"]
    case.delegates = {ticket: who for ticket, who in case.delegates.items() if who != gone}


def _entrusted(case: Case, event: Event) -> None:
    given = {ticket: (team, person) for ticket, (team, person) in event.data["tickets"].items()}
    case.entrusted = {ticket: hand for ticket, hand in {**case.entrusted, **given}.items() if hand != HOUSE}


def _work_done(case: Case, event: Event) -> None:
    case.done = {**case.done, event.data["ticket"]: event.data["by"]}


def _cured(case: Case, event: Event) -> None:
    case.back, case.state = case.state if case.state is not State.CURED else case.back, State.CURED


def _done(case: Case, event: Event) -> None:
    case.state = State.DONE
    if case.job:
        case.job = replace(case.job, done_at=event.at)


def _work_refused(case: Case, event: Event) -> None:
    """Whoever did it comes again: it is given to them anew."""
    ticket = event.data["ticket"]
    by = case.done.get(ticket, "")
    case.done = {one: who for one, who in case.done.items() if one != ticket}
    case.entrusted = {one: hand for one, hand in case.entrusted.items() if one != ticket}
    case.accepted -= {ticket}
    case.failures += by == "contractor"
    case.settled = False
    if case.state is State.CURED:
        case.state = case.back
    elif case.state in (State.DONE, State.ACCEPTED):
        _again(case)


def _again(case: Case) -> None:
    """The third party has to come again."""
    case.state = State.ENGAGED
    if case.job:
        case.job = replace(case.job, starts=None, ends=None, done_at=None, accepted_at=None, accepter="")


def _reopened(case: Case, event: Event) -> None:
    """A new time to repair it: what was missed before is not held against it, the letters stay."""
    case.outcome, case.cause, case.expired = "", None, False
    case.state = case.back if case.back is not State.REMINDED else State.ACKNOWLEDGED
    if case.job:
        _again(case)


def _missed(case: Case, event: Event) -> None:
    case.cause = case.cause or Cause(event.data["cause"])


def _expired(case: Case, event: Event) -> None:
    case.expired = True


def _work_accepted(case: Case, event: Event) -> None:
    case.accepted |= {event.data["ticket"]}


def _accepted(case: Case, event: Event) -> None:
    case.settled = True
    if case.job:
        case.state = State.ACCEPTED
        case.job = replace(case.job, accepted_at=event.at, accepter=event.data.get("by", ""))


def _left_out(case: Case, event: Event) -> None:
    gone = event.data["ticket"]
    case.tickets = {ticket: number for ticket, number in case.tickets.items() if ticket != gone}
    case.done = {ticket: who for ticket, who in case.done.items() if ticket != gone}


def _gate(case: Case, event: Event) -> None:
    case.state, case.gate = State.GATED, event.version


def _dropped(case: Case, event: Event) -> None:
    case.state, case.outcome = State.DROPPED, event.data["reason"]


def _closed(case: Case, event: Event) -> None:
    case.state, case.outcome = State.CLOSED, event.data["outcome"]


def _recorded(case: Case, event: Event) -> None:
    if "moment" in event.data:
        case.recorded |= {event.data["moment"]}
    if event.kind == "breached" and event.data.get("clock") == "release":
        case.release_due = True


def _escalated(case: Case, event: Event) -> None:
    _recorded(case, event)
    if event.data.get("person"):
        case.watchers = {**case.watchers, int(event.data["level"]): event.data["person"]}


def _message_failed(case: Case, event: Event) -> None:
    case.failed_messages += 1


CHANGES: Mapping[str, Callable[[Case, Event], None]] = {
    "opened": _opened,
    "joined": _joined,
    "joined_into": _joined_into,
    "corrected": _corrected,
    "terms_changed": _terms_changed,
    "letter_edited": _edited,
    "letter_released": _released,
    "unwritten": _unwritten,
    "letter_made": _made,
    "letter_sealed": _sealed,
    "letter_delivered": _delivered,
    "acknowledged": _acknowledged,
    "refused": _refused,
    "refusal_overruled": _overruled,
    "found": _found,
    "finding_disputed": _disputed,
    "access": _access,
    "inspection_proposed": _inspection_proposed,
    "inspection_agreed": _inspection_agreed,
    "inspection_held": _inspection_held,
    "delegated": _delegated,
    "taken_back": _taken_back,
    "entrusted": _entrusted,
    "work_done": _work_done,
    "cured": _cured,
    "done": _done,
    "work_refused": _work_refused,
    "missed": _missed,
    "expired": _expired,
    "work_accepted": _work_accepted,
    "accepted": _accepted,
    "left_out": _left_out,
    "gate_passed": _gate,
    **JOBS,
    "released_from": _dropped,
    "closed": _closed,
    "reopened": _reopened,
    "warned": _recorded,
    "breached": _recorded,
    "escalated": _escalated,
    "reminded": _recorded,
    "message_failed": _message_failed,
}

# Events that change nothing of the case itself: they are told, shown, or read by clocks and gates.
SILENT = frozenset({"letter_sent", "refusal_upheld", "visited", "called", "measured", "noted"})
