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
from chalicelib.domain.ticket.making import Made, words
from chalicelib.domain.ticket.ticket import Role, State, Ticket
from chalicelib.domain.ticket.trade import stored

ABSENT = "owner_absent"  # nobody is absent who was not to be visited
HEARS = 2  # the level that is told of a wait that ended by itself


class Step(NamedTuple):
    """What comes next of a wait: `ask` whoever has it, or go on."""

    name: str
    at: datetime


def step(t: Ticket, p: Policy) -> Step | None:
    """The next moment of a wait; None where it does not wait."""
    if t.state is not State.WAITING or t.paused_at is None:
        return None
    if t.asked_at is not None:
        return Step("resume", t.asked_at + p.wait_answer)
    return Step("ask", t.until or t.paused_at)


def may_be_absent(t: Ticket, at: datetime) -> bool:
    """Whether somebody came, or an agreed window has begun: only then the owner can have been absent."""
    return t.state is State.ON_SITE or (t.window is not None and t.window.start <= at)


def reasons(t: Ticket, p: Policy, at: datetime) -> tuple[str, ...]:
    """Why it may wait as things stand."""
    return tuple(reason for reason in p.pauses if reason != ABSENT or may_be_absent(t, at))


def pause(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    reason = c.data.get("reason")
    if reason not in p.pauses:
        raise Invalid("reason", "required")
    if reason not in reasons(t, p, at):
        raise Invalid("reason", "nobody_came")
    until = _until(c, at, p)
    words(c)
    return [("paused", {"reason": reason, **stored(until=until)})]


def wait_longer(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    until = _until(c, at, p)
    words(c)
    return [("wait_changed", {"reason": t.pause_reason, **stored(until=until)})]


def resume(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    """By itself (`person`: who is on duty at level 2): nobody answered whether it goes on."""
    if c.by.role is not Role.SYSTEM:
        return [("resumed", {})]
    climbed = {"level": HEARS, "cause": "wait_over", "person": c.data.get("person", "")}
    return [("resumed", {"cause": "wait_over"}), ("escalated", climbed)]


def _until(c: Command, at: datetime, p: Policy) -> datetime:
    try:
        until = datetime.fromisoformat(str(c.data.get("until", "")))
    except ValueError:
        raise Invalid("until", "wait_needs_day") from None
    if until.tzinfo is None:
        raise Invalid("until", "wait_needs_day")
    if until <= at or (until - at).days > p.wait_longest.days:
        raise Invalid("until", "wait_too_long", limit=p.wait_longest.days)
    return until
