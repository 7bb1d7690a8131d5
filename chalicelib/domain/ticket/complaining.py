"""What the moves of complaints, enquiries and suggestions make, and what a complaint of the system is.

relay     to a department of the project, whose person on duty holds it from then on
answer    a complaint waits for its result then; an enquiry or suggestion is closed by it
confirm   satisfied: closed. Not satisfied: back to the department with the owner's words, and one level up each time
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.ticket.ticket import Kind, Ticket

TOLD_FIRST, TOLD_LAST = 2, 3  # the level that hears of the first 不满意, and of every later one


def relay(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """`to`: the department's code; its `name`, `team` and the `person` who has it there are looked up for it."""
    if not command.data.get("to"):
        raise Invalid("to", "required")
    return [("relayed", {k: command.data[k] for k in ("to", "name", "team", "person") if command.data.get(k)})]


def answer(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    words(command)
    closes = ticket.kind in (Kind.ENQUIRY, Kind.SUGGESTION)
    return [("answered", {})] + ([("closed", {"how": "answered"})] if closes else [])


def satisfaction(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """`person`: who is on duty at the level that hears of it."""
    satisfied = command.data.get("satisfied")
    if not isinstance(satisfied, bool):
        raise Invalid("satisfied", "required")
    if satisfied:
        return [("satisfied", {}), ("closed", {"how": "satisfied"})]
    words(command)
    climbed = {"level": hears(ticket), "cause": "dissatisfied", "person": command.data.get("person", "")}
    return [("dissatisfied", {}), ("escalated", climbed)]


def hears(ticket: Ticket) -> int:
    """The level that hears of it if the owner is not satisfied now."""
    return TOLD_LAST if ticket.dissatisfied else TOLD_FIRST
