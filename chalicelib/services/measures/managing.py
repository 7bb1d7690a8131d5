"""What a manager's link reaches: the scope of the team, and every scope that lies in it. Other scopes are not there.

Places above flats are kept for some minutes: a page asks for none of them by itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.domain.measures.scope import GROUP, scope_of, within
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services import premises
from chalicelib.services.access import access
from chalicelib.services.access.access import NoAccess
from chalicelib.services.recent import Recent
from chalicelib.services.record import record
from chalicelib.services.ticket import dispatch
from chalicelib.store import places
from chalicelib.store.grants import Grant

MONTHLY = "MONTHLY"
_projects: Recent[Sequence[Scope]] = Recent(seconds=600, most=1)


@dataclass(frozen=True, slots=True)
class Scope:
    """A scope and what it is called ("" for the group). `place`: as a record keeps it."""

    id: str
    name: str
    place: Mapping[str, str]

    @property
    def code(self) -> str:
        return self.id.partition("#")[2]


def opened(grant: Grant) -> Grant:
    """A manager's own link, or the one that came with a month's report. Raises NoAccess."""
    theirs = grant.kind == "staff" or (grant.kind == "ticket" and parts(grant.record)[0] == MONTHLY)
    if not theirs or access.role_of(grant) is not Role.MANAGER or not dispatch.is_active(grant.holder, grant.team):
        raise NoAccess
    return grant


def scope(grant: Grant, code: str = "") -> Scope:
    """The scope of a link; `code`: of a project or subsidiary that lies in it. Raises NoAccess."""
    own = scope_of(grant.team)
    code = code or own.partition("#")[2]
    if not code:
        return Scope(GROUP, "", {})
    place = premises.known(code)
    if place is None or place.kind not in ("project", "subsidiary"):
        raise NoAccess
    here = {**place.as_fact(), place.kind: code}
    if not within(own, here):
        raise NoAccess
    return Scope(f"{place.kind}#{code}", place.name, here)


def projects() -> Sequence[Scope]:
    """Every project. Two calls, where they are not kept."""

    def read() -> Sequence[Scope]:
        return [Scope(f"project#{one.id}", one.name, one.as_fact()) for one in places.projects()]

    return _projects.get("", read)


def inside(one: Scope) -> Sequence[Scope]:
    """What a manager chooses from below: subsidiaries of the group, projects of a subsidiary."""
    kind = one.id.partition("#")[0]
    if kind == "project":
        return []
    theirs = [project for project in projects() if within(one.id, project.place)]
    if kind == "subsidiary":
        return theirs
    codes = dict.fromkeys(project.place.get("subsidiary", "") for project in theirs)
    return [Scope(f"subsidiary#{code}", premises.called(code) or code, {}) for code in codes if code]


def projects_in(one: Scope) -> Sequence[Scope]:
    """The projects of a scope, itself where it is one."""
    return [project for project in projects() if within(one.id, project.place)]


def ticket(grant: Grant, ticket_id: str) -> Ticket:
    """A ticket of the scope, to be read. One call. Raises NoAccess."""
    try:
        found = record.load(ticket_id)
    except record.NotFound as none:
        raise NoAccess from none
    if not isinstance(found, Ticket) or found.held or not within(scope_of(grant.team), found.place):
        raise NoAccess
    return found


def forget() -> None:
    """Read them anew."""
    _projects.forget()
