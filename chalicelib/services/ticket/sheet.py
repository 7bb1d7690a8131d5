"""The completion sheet of a ticket: its evidence, and the names of the company and the project that answer for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.ticket.evidence import Evidence, evidence
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.recent import Recent
from chalicelib.services.record.numbers import policy_of
from chalicelib.store import places

_names: Recent[str] = Recent(seconds=600, most=1000)


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
    company, project = (_name(ticket.place.get(kind, "")) for kind in ("subsidiary", "project"))
    return Sheet(evidence(ticket, numbers, at), company, project, numbers.zone)


def _name(place_id: str) -> str:
    def read() -> str:
        place = places.get(place_id)
        return place.name if place else ""

    return _names.get(place_id, read) if place_id else ""


def forget() -> None:
    """Read the names anew."""
    _names.forget()
