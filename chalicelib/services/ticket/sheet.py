"""The completion sheet of a ticket: its evidence, and the names of the company and the project that answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.ticket.evidence import Evidence, evidence
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services import premises
from chalicelib.services.record.numbers import policy_of


@dataclass(frozen=True, slots=True)
class Sheet:
    """`company`: the subsidiary's name; `zone`: the place's."""

    evidence: Evidence
    company: str
    project: str
    zone: str


def sheet(ticket: Ticket, at: datetime) -> Sheet:
    """The sheet as it stands. No call where the names are kept, else one each."""
    numbers = policy_of(ticket)
    company, project = (premises.called(ticket.place.get(kind, "")) for kind in ("subsidiary", "project"))
    return Sheet(evidence(ticket, numbers, at), company, project, numbers.zone)
