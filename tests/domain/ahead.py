"""What is ahead of an open ticket: a moment, and somebody who has to act by then."""

from __future__ import annotations

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket import waiting
from chalicelib.domain.ticket.promises import next_moment, promises
from chalicelib.domain.ticket.ticket import Ticket


def lacks(ticket: Ticket, policy: Policy) -> str:
    """What an open ticket lacks: a moment, or somebody who has to act by then; "" for nothing."""
    if not ticket.is_open or ticket.outstanding:
        return ""
    waits = waiting.step(ticket, policy)
    runs = [p for p in promises(ticket, policy) if p.running and p.clock.due_at is not None]
    if not runs and not waits:
        return "no clock runs, and it waits for no day"
    if next_moment(ticket, policy) is None:
        return "nothing is ahead"
    hands = {p.rule.hands for p in runs} | ({"holder"} if waits else set())
    if hands == {"holder"} and not ticket.holder and not ticket.at_desk:
        return "it is the holder's turn, and there is none"
    if not waits and not any(p.levels for p in runs):
        return "nobody is told when it is late"
    return ""
