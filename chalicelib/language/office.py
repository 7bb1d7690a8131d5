"""What the warranty office reads beside a case's own words: what it has to do, the conditions of gate A, contracts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from chalicelib.domain.contractor.gates import Condition
from chalicelib.language import times
from chalicelib.language.catalogue import word
from chalicelib.language.words import clock_word

TASKS: Mapping[str, str] = {  # of a ticket that waits for the office
    "verdict": "Decide who pays",
    "finding": "Name the contract",
    "appraisal": "Enter the appraisal",
}
CONDITIONS: Mapping[str, str] = {
    "finding": "Inspected: the contractor bears it, undisputed",
    "notice_delivered": "The notice has arrived",
    "cure_missed": "The time for the repair is over, or the refusal was not accepted",
    "reminder_delivered": "The reminder has arrived",
    "last_expired": "The last deadline is over",
    "called": "A call on record, after the notice arrived",
    "clause": "A clause of the contract lets the house engage others directly",
    "emergency": "It is an emergency",
    "called_first": "The contractor was called first",
}
ROUTES: Mapping[str, str] = {
    "ladder": "By the ladder",
    "direct_engagement": "By the clause of direct engagement",
    "stop_of_damage": "To stop the damage",
}
PURPOSES: Mapping[str, str] = {
    "deadline": "The deadline",
    "stop": "Stopping the damage",
    "access": "Access to the flat",
}
RESULTS: Mapping[str, str] = {"reached": "Spoken to", "no_answer": "No answer"}
KINDS: Mapping[str, str] = {
    "general": "General contract",
    "sub": "Subcontract",
    "named_sub": "Subcontract named by the developer",
    "supplied": "Supplied by the developer",
}
STARTS: Mapping[str, str] = {
    "acceptance": "from completion acceptance",
    "handover": "from handover",
    "day": "from a day of its own",
}
LACKS: Mapping[str, str] = {  # what a letter lacks
    "entity": "the legal entity in whose name it goes",
    "to": "the company's name",
    "contract": "the contract",
    "clause": "the clause with its text",
    "matters": "number, place or defect of a ticket",
    "copies": "the general contractor, who gets a copy",
    "work": "when and by whom the work is done",
    "deadline": "a deadline ahead",
    "respond_by": "by when it is to be answered",
    "inspect_by": "by when the joint inspection is",
    "cause": "why: missed, refused or failed twice",
    "called": "the call to the contractor",
    "earlier.notice": "the notice with its delivery",
    "earlier.reminder": "the reminder with its delivery",
}


def task_word(task: str, lang: str) -> str:
    """What of a ticket waits for the office."""
    return word("office", TASKS[task], lang) if task in TASKS else clock_word(task, lang)


def condition_word(name: str, lang: str) -> str:
    return word("gate", CONDITIONS.get(name, name), lang)


def route_word(route: str, lang: str) -> str:
    return word("gate", ROUTES.get(route, route), lang)


def purpose_word(purpose: str, lang: str) -> str:
    """What a call is about."""
    return word("call", PURPOSES.get(purpose, purpose), lang)


def result_word(result: str, lang: str) -> str:
    return word("call", RESULTS.get(result, result), lang)


def contract_word(kind: str, lang: str) -> str:
    """总包, 分包, 甲指分包, 甲供."""
    return word("contract", KINDS.get(kind, kind), lang)


def starts_word(starts: str, lang: str) -> str:
    return word("contract", STARTS.get(starts, starts), lang)


def lack_word(field: str, lang: str) -> str:
    return word("letter lacks", LACKS.get(field, field), lang)


def costs_text(condition: Condition, tz: str, lang: str) -> str:
    """What it costs in time until a condition can be met: not before the deadline that runs, or so long at least."""
    if condition.met:
        return ""
    if condition.until is not None:
        return word("gate", "not before {when}", lang).format(when=times.full_time(condition.until, tz, lang))
    if condition.takes > timedelta(0):
        return word("gate", "takes {span} at least", lang).format(span=times.span_of(condition.takes, lang))
    return word("gate", "can be met at once", lang)
