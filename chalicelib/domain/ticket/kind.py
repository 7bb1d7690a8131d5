"""Tickets, as the mechanism of records asks for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.telling import Telling
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.domain.record.kinds import RecordKind, register
from chalicelib.domain.ticket.heading import heading
from chalicelib.domain.ticket.lifecycle import decide
from chalicelib.domain.ticket.promises import Due, due_moments, next_moment
from chalicelib.domain.ticket.ticket import State, Ticket, fold


def _next(ticket: Ticket, policy: Policy, at: datetime) -> datetime | None:
    return next_moment(ticket, policy, at=at)


def _tellings(policy: Policy) -> Mapping[str, Sequence[Telling]]:
    return policy.tellings


def _taken_away(due: Due, ticket: Ticket) -> Command | None:
    """Who did not acknowledge in time loses it, where the clock says so."""
    lost = due.moment.kind == "deadline" and due.promise.rule.reassign and due.promise.running
    if not lost or ticket.state is not State.ASSIGNED:
        return None
    return Command("take_away", SYSTEM, {"cause": "not_acknowledged"})


def _number(ticket: Ticket) -> str:
    return ticket.number


TICKETS = RecordKind(
    prefix="TICKET",
    fold=fold,
    decide=decide,
    heading=heading,
    due_moments=due_moments,
    next_moment=_next,
    tellings=_tellings,
    follows=_taken_away,
    number=_number,
)
register(TICKETS)
