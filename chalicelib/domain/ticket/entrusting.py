"""A ticket in the hands of a company that is liable for it or engaged in its place; see `domain/contractor/case.py`.

case_opened       contract → the case that stands for it
assigned          to the company's contact, worker or third party, who has taken it on already with its letter
taken_away        it is the house's again: by its own rules; `gated`: at its desk, until a third party is engaged
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.making import Made
from chalicelib.domain.record.roles import company_of
from chalicelib.domain.ticket.ticket import State, Ticket
from chalicelib.domain.ticket.trade import GATED, HOUSE


def note_case(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    facts = {"contract": command.data["contract"], "case": command.data["case"]}
    return [] if ticket.cases.get(facts["contract"]) == facts["case"] else [("case_opened", facts)]


def entrust(ticket: Ticket, command: Command, at: datetime, policy: Policy) -> Made:
    """To `person` of `team`, or back to the house where none is named; nothing where it is there already."""
    team, person = str(command.data.get("team", "")), str(command.data.get("person", ""))
    if (ticket.team, ticket.holder) == (team, person) or (not person and not company_of(ticket.team)):
        return []
    resumed: Made = [("resumed", {"quiet": True})] if ticket.state is State.WAITING else []
    if not person:
        cause = GATED if command.data.get("cause") == GATED else HOUSE
        return [*resumed, ("taken_away", {"person": ticket.holder, "cause": cause})]
    return [*resumed, ("assigned", {"team": team, "person": person, "rule": "case"}), ("acknowledged", {})]
