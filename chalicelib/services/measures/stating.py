"""Facts, and flows of money, are stated with the change that makes them, in its own transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chalicelib.domain.measures.facts import fact_due, month_of
from chalicelib.domain.measures.flows import Flow
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.ticket.ticket import Event, Ticket
from chalicelib.store import facts, flows
from chalicelib.store.table import Write


def stated_by(before: Ticket | None, after: Ticket, events: Sequence[Event], numbers: Policy) -> list[Write]:
    """The write of the fact that a change makes, if it makes one; it joins the change's transaction."""
    made = fact_due(before, after, events, numbers)
    return [facts.as_put(made, month_of(made, numbers))] if made else []


def moved_by(made: Iterable[Flow], numbers: Policy) -> list[Write]:
    """The writes of flows, in the month of the office's calendar; they join the change's transaction."""
    zone = numbers.calendars["office"].zone
    return [flows.as_put(flow, f"{flow.at.astimezone(zone):%Y-%m}") for flow in made]
