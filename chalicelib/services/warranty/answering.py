"""Who in the developer's own house answers for what no contractor does: the matrix's department and person, by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.domain.ticket.liability import DEVELOPER, UNDECIDED, bears
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.recent import Recent
from chalicelib.services.ticket import departments
from chalicelib.store import people

_names: Recent[str] = Recent(seconds=600, most=1000)


@dataclass(frozen=True, slots=True)
class Answering:
    """A department by its name; `person`: the name of who answers in person, "" for whoever is there."""

    department: str
    person: str


def of_ticket(ticket: Ticket) -> Answering | None:
    """Whose it is, where the developer bears it or nothing is decided yet. No call while the names are kept."""
    if not (bears(ticket, DEVELOPER) or bears(ticket, UNDECIDED)):
        return None
    return named(ticket.verdict.get("answers", ()), ticket.place.get("project", ""))


def named(answers: Sequence[str], project: str) -> Answering | None:
    """(department, person) in names; None where the project has no such department. One call each, if not kept."""
    if not answers or not (found := departments.named(answers[0], project)):
        return None
    return Answering(found.name, _names.get(answers[1], lambda: _name(answers[1])) if answers[1] else "")


def _name(person: str) -> str:
    """Nothing for who works here no more."""
    staff = people.get(person)
    return staff.person.name if staff and staff.person.active else ""


def forget() -> None:
    """Read the names anew."""
    _names.forget()
