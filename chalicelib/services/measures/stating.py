"""Facts are stated with the change that makes them, in its own transaction."""

from __future__ import annotations

from collections.abc import Sequence

from chalicelib.domain.measures.facts import fact_due, month_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.ticket import Event, Ticket
from chalicelib.store import facts
from chalicelib.store.table import Write


def stated_by(before: Ticket | None, after: Ticket, events: Sequence[Event], numbers: Policy) -> list[Write]:
    """The write of the fact that a change makes, if it makes one; it joins the change's transaction."""
    made = fact_due(before, after, events, numbers)
    return [facts.as_put(made, month_of(made, numbers))] if made else []
