"""A ticket in the hands of a company that is liable for it or engaged in its place; see `domain/contractor/case.py`.

case_opened       contract → the case that stands for it
assigned          to the company's contact, worker or third party, who has taken it on already with its letter
taken_away        it is the house's again: by its own rules; `gated`: at its desk, until a third party is engaged
"""

from __future__ import annotations

from datetime import datetime

from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.roles import company_of
from chalicelib.domain.ticket.making import Made
from chalicelib.domain.ticket.ticket import State, Ticket
from chalicelib.domain.ticket.trade import GATED, HOUSE


def note_case(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    facts = {"contract": c.data["contract"], "case": c.data["case"]}
    return [] if t.cases.get(facts["contract"]) == facts["case"] else [("case_opened", facts)]


def entrust(t: Ticket, c: Command, at: datetime, p: Policy) -> Made:
    """To `person` of `team`, or back to the house where none is named; nothing where it is there already."""
    team, person = str(c.data.get("team", "")), str(c.data.get("person", ""))
    if (t.team, t.holder) == (team, person) or (not person and not company_of(t.team)):
        return []
    resumed: Made = [("resumed", {"quiet": True})] if t.state is State.WAITING else []
    if not person:
        cause = GATED if c.data.get("cause") == GATED else HOUSE
        return [*resumed, ("taken_away", {"person": t.holder, "cause": cause})]
    return [*resumed, ("assigned", {"team": team, "person": person, "rule": "case"}), ("acknowledged", {})]
