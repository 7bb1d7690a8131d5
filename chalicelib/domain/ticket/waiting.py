"""Waiting 挂起: for a reason, until a day, with words; and how it ends.

    paused                 why, until when, in words           every wait is dated, at most `wait_longest` ahead
    wait_changed           another day, with words             whoever has it says why it does not go on yet
    resumption_asked       the day has come                    whoever has it is asked to go on or to say why not
    resumed                it goes on; by itself where nobody answered within `wait_answer`, and level 2 is told

A pause that is older than this has no day: it is due at once.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.errors import Invalid
from chalicelib.domain.record.making import Made, words
from chalicelib.domain.ticket.ticket import Role, State, Ticket
from chalicelib.domain.ticket.trade import stored

ABSENT = "owner_absent"  # nobody is absent who was not to be visited
HEARS = 2  # the level that is told of a wait that ended by itself


class Step(NamedTuple):
    """What comes next of a wait: `ask` whoever has it, or go on."""

    name: str
    at: datetime


def step(ticket: Ticket, policy: Policy) -> Step | None:
    """The next moment of a wait; None where it does not wait."""
    if ticket.state is not State.WAITING or ticket.paused_at is None:
        return None
    if ticket.asked_at is not None:
        return Step("resume", ticket.asked_at + policy.wait_answer)
    return Step("ask", ticket.until or ticket.paused_at)


def may_be_absent(ticket: Ticket, at: datetime) -> bool:
    """Whether somebody came, or an agreed window has begun: only then the owner can have been absent."""
    return ticket.state is State.ON_SITE or (ticket.window is not None and ticket.window.start <= at)


def reasons(ticket: Ticket, policy: Policy, at: datetime) -> tuple[str, ...]:
    """Why it may wait as things stand."""
    return tuple(reason for reason in policy.pauses if reason != ABSENT or may_be_absent(ticket, at))


def pause(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    reason = command.data.get("reason")
    if reason not in policy.pauses:
        raise Invalid("reason", "required")
    if reason not in reasons(ticket, policy, at):
        raise Invalid("reason", "nobody_came")
    until = _until(command, at, policy)
    words(command)
    return [("paused", {"reason": reason, **stored(until=until)})]


def wait_longer(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    until = _until(command, at, policy)
    words(command)
    return [("wait_changed", {"reason": ticket.pause_reason, **stored(until=until)})]


def resume(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """By itself (`person`: who is on duty at level 2): nobody answered whether it goes on."""
    if command.by.role is not Role.SYSTEM:
        return [("resumed", {})]
    climbed = {"level": HEARS, "cause": "wait_over", "person": command.data.get("person", "")}
    return [("resumed", {"cause": "wait_over"}), ("escalated", climbed)]


def _until(command: Command, at: datetime, policy: Policy) -> datetime:
    try:
        until = datetime.fromisoformat(str(command.data.get("until", "")))
    except ValueError:
        raise Invalid("until", "wait_needs_day") from None
    if until.tzinfo is None:
        raise Invalid("until", "wait_needs_day")
    if until <= at or (until - at).days > policy.wait_longest.days:
        raise Invalid("until", "wait_too_long", limit=policy.wait_longest.days)
    return until
