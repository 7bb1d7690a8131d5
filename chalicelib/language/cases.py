"""What happens between companies, in words: the states of a case, reasons and ways, and its events as sentences.

An event's sentence may have a variant, "kind variant": of a letter by its kind's deadline, of a call by its result.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalicelib.domain.contractor.letter import Cause
from chalicelib.domain.record.event import Event
from chalicelib.domain.ticket.trade import time_of
from chalicelib.language import times
from chalicelib.language import words as trade
from chalicelib.language.catalogue import word
from chalicelib.language.joining import listed
from chalicelib.language.letters import title_of
from chalicelib.language.liability import access_word, yuan

STATES: Mapping[str, str] = {
    "drafted": "Notice not sent yet",
    "noticed": "To be answered",
    "acknowledged": "Taken on",
    "refused": "Refused",
    "cured": "Repaired, to be accepted",
    "reminded": "Reminder sent",
    "gated": "To go to a third party",
    "engaged": "With a third party",
    "done": "Done, to be accepted",
    "accepted": "Accepted, invoice due",
    "closed": "Closed",
    "dropped": "Released",
}
REASONS: Mapping[str, str] = {
    "not_mine": "Not our work",
    "misuse": "Used wrongly or changed by the owner",
    "out_of_term": "Out of the warranty period",
    "price_unpaid": "Our price was not paid",
    "no_access": "We were not let in",
    "other": "Something else",
}
DELIVERIES: Mapping[str, str] = {
    "button": "receipt confirmed",
    "email": "taken by the agreed e-mail address",
    "ems_signed": "signed for, by EMS",
    "ems_refused": "refused at the door, by EMS",
    "ems_returned": "returned by EMS, which counts by contract",
}
OUTCOMES: Mapping[str, str] = {
    "cured": "repaired by the contractor",
    "house": "repaired by the house",
    "third_party": "repaired by a third party",
    "refusal_upheld": "the refusal was accepted",
    "finding": "the inspection found another cause",
    "not_theirs": "not the contractor's",
    "bought_out": "bought out of warranty",
    "withdrawn": "withdrawn",
    "nothing_left": "nothing is left of it",
    "joined": "it goes on under another case",
}
CAUSES: Mapping[str, str] = {
    Cause.MISSED.value: "the time for the repair is over",
    Cause.REFUSED.value: "the repair was refused",
    Cause.FAILED.value: "the work failed twice",
}
CAME: Mapping[str, str] = {"contractor": "the contractor", "office": "the warranty office", "owner": "the owner"}
BY: Mapping[str, str] = {
    "contractor": "Contractor",
    "third_party": "Third-party repairer",
    "house": "The house's own people",
}
EVENTS: Mapping[str, str] = {
    "opened": "Opened",
    "joined": "More tickets joined: {count}",
    "joined_into": "Goes on under another case",
    "finding_disputed": "The finding is in dispute",
    "letter_sealed": "{number}: sealed",
    "corrected": "Place or component corrected",
    "terms_changed clause": "Judged by clause {clause} now: the contract's times count by it",
    "terms_changed priority": "Priority changed to {priority}: the contract's times count by it",
    "letter_edited": "{letter}: words of the office changed",
    "letter_released": "{letter} {number} sent",
    "unwritten": "The notice can't be written: something is missing",
    "letter_made": "{number}: the file was made",
    "letter_sent": "{number}: sent by e-mail",
    "letter_delivered": "{letter} {number} arrived: {how}",
    "acknowledged": "Taken on",
    "refused": "Refused: {reason}",
    "refusal_upheld": "The refusal was accepted",
    "refusal_overruled": "The refusal was not accepted",
    "found": "Inspected: {share} % are the contractor's",
    "inspection_proposed": "Joint inspection, proposed: {start}",
    "inspection_agreed": "Joint inspection, agreed: {start}",
    "inspection_held": "Joint inspection held, there were: {came}",
    "inspection_held one_sided": "Joint inspection held without the contractor, with photos and a witness",
    "delegated": "Given to {person}",
    "taken_back": "Taken back from {person}",
    "entrusted": "The ticket is in other hands",
    "visited": "On site: {by}",
    "work_done": "Work finished: {by}",
    "cured": "Repaired",
    "done": "The third party's work is done",
    "work_refused": "The owner did not accept the work",
    "reopened": "Open again",
    "missed": "Missed: {cause}",
    "expired": "The last deadline is over",
    "work_accepted": "The owner signed",
    "work_accepted checked": "Accepted by a supervisor's check",
    "accepted": "Accepted",
    "left_out": "A ticket has left the case",
    "access offered": "Access was asked for",
    "access refused": "Access was refused: {access}",
    "access given": "Access was given",
    "called reached": "Called, and spoken to",
    "called no_answer": "Called, no answer",
    "gate_passed": "Gate A passed: a third party repairs at the contractor's cost",
    "engaged": "Third party engaged",
    "engaged stop_of_damage": "Third party engaged to stop the damage",
    "disengaged": "The third party does not do it",
    "quoted": "Quote: {price}",
    "price_agreed": "Price agreed: {price}",
    "appointed": "Appointment: {window}",
    "measured": "Quantities measured",
    "stop_done": "The damage is stopped",
    "stop_accepted": "Stopping the damage was accepted",
    "confirmed_in_writing": "Confirmed in writing",
    "invoiced": "Invoice {invoice}",
    "released_from": "Released: {outcome}",
    "deduction_opened": "Evidence for a deduction is gathered",
    "closed": "Closed: {outcome}",
    "noted": "Note",
    "warned": "Warning: {clock}",
    "breached": "Deadline missed: {clock}",
    "escalated": "Climbed: {clock}",
    "reminded": "Reminder: {clock}",
    "message_failed": "A message was not delivered",
}
VARIES = ("what", "result", "how", "route")  # facts by which an event has another sentence
PERSONS = ("delegated", "taken_back")


def state_word(state: str, lang: str) -> str:
    return word("case", STATES.get(state, state), lang)


def reason_word(reason: str, lang: str) -> str:
    """Why a contractor refuses."""
    return word("refusal", REASONS.get(reason, reason), lang)


def delivery_word(how: str, lang: str) -> str:
    return word("delivery", DELIVERIES.get(how, how), lang)


def outcome_word(outcome: str, lang: str) -> str:
    return word("outcome", OUTCOMES.get(outcome, outcome), lang)


def event_sentence(event: Event, lang: str, tz: str, names: Mapping[str, str], now: datetime) -> str:
    """What happened. `names`: person id → name as the reader may see it; else it is a worker."""
    said = next((EVENTS[key] for key in _keys(event) if key in EVENTS), None)
    if said is None:
        return event.kind
    sentence = word("case event", said, lang)
    return sentence.format_map(_Known(_facts(event, lang, tz, names, now))) if "{" in said else sentence


def _keys(event: Event) -> list[str]:
    variants = ["one_sided"] if event.data.get("one_sided") else []
    variants += [str(event.data[name]) for name in VARIES if name in event.data]
    return [*(f"{event.kind} {variant}" for variant in variants), event.kind]


def _facts(event: Event, lang: str, tz: str, names: Mapping[str, str], now: datetime) -> Mapping[str, str]:
    d: Mapping[str, Any] = event.data
    found: dict[str, str] = {"number": str(d.get("letter", "")), "share": str(d.get("share", ""))}
    found["invoice"] = str(d.get("invoice", ""))
    if event.kind.startswith("letter_") and "kind" in d:
        found["letter"] = title_of(str(d["kind"]), lang)
    if event.kind == "letter_delivered":
        found["how"] = delivery_word(str(d["how"]), lang)
    if event.kind == "joined":
        found["count"] = str(len(d["tickets"]))
    if event.kind in PERSONS:
        found["person"] = names.get(str(d.get("person", ""))) or trade.role_word("worker", lang)
    if event.kind in ("visited", "work_done"):
        found["by"] = word("whose", BY.get(str(d.get("by", "")), ""), lang)
    if event.kind == "inspection_held":
        found["came"] = listed((word("came", CAME[who], lang) for who in d.get("came", ()) if who in CAME), lang)
    if "reason" in d:
        found["reason"] = reason_word(str(d["reason"]), lang)
        found["access"] = access_word(str(d["reason"]), lang)
        found["outcome"] = outcome_word(str(d["reason"]), lang)
    if "outcome" in d:
        found["outcome"] = outcome_word(str(d["outcome"]), lang)
    if event.kind == "missed":
        found["cause"] = word("missed", CAUSES.get(str(d["cause"]), ""), lang)
    if "price" in d:
        found["price"] = yuan(int(d["price"]), lang)
    if event.kind == "terms_changed":
        found |= {"clause": str(d["clause"]), "priority": trade.priority_word(str(d["priority"]), lang)}
    if "clock" in d:
        found["clock"] = trade.clock_word(str(d["clock"]), lang)
    if "start" in d:
        start = time_of(str(d["start"]))
        found["start"] = times.clock_time(start, tz, lang, now, dated=True)
        if "end" in d:
            found["window"] = times.window_time(start, time_of(str(d["end"])), tz, lang, now, dated=True)
    return found


class _Known(dict[str, str]):
    """Facts by name; one that an old event lacks leaves nothing behind."""

    def __missing__(self, key: str) -> str:
        return "…"
