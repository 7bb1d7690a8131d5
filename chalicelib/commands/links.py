"""`python -m chalicelib.commands.links`: links of the first active person of each role, as JSON, to look around with.

    {"desk": "<PUBLIC_URL>/d/<token>",
     "work": {"technician": "<PUBLIC_URL>/w/<token>", "desk": …, "supervisor": …, "hotline": …}}

Whoever runs it may read and write the table: it shows no more than they could derive, and puts a grant that is missing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from chalicelib.adapters.settings import settings
from chalicelib.domain.ticket.ticket import Role
from chalicelib.services.access import access
from chalicelib.store import grants, people, places
from chalicelib.store.people import Staff

TEAMS = ("engineering", "building")  # in-house teams of a project, in the order they are looked for
ROLES = (Role.TECHNICIAN, Role.DESK, Role.SUPERVISOR, Role.HOTLINE)


def links() -> dict[str, Any]:
    """The links of the first project that has the person; a role that nobody has is left out."""
    found: dict[Role, str] = {}
    for role, team in _teams():
        if role not in found:
            first = next((s for s in sorted(people.team(team), key=lambda s: s.id) if s.person.active), None)
            if first:
                found[role] = token_of(first)
    front = settings().public_url
    work = {role.value: f"{front}/w/{found[role]}" for role in ROLES if role in found}
    return {"desk": f"{front}/d/{found[Role.DESK]}" if Role.DESK in found else "", "work": work}


def _teams() -> Iterator[tuple[Role, str]]:
    """Every team and desk, project by project."""
    for child in places.children(places.GROUP):
        for name in (*TEAMS, "desk"):
            team = f"{child.id}/{name}"
            yield people.role_in(team), team
        project = places.get(child.id)
        if project:
            yield Role.SUPERVISOR, f"{project.above.get('subsidiary', '')}/desk2"
    yield Role.HOTLINE, "group/hotline"


def token_of(staff: Staff) -> str:
    """The token of a person's own link; its grant is put where there is none."""
    grant = access.staff_grant(staff.id, staff.person.team, staff.link)
    token = access.token(grant)
    if grants.get(access.hash_of(token)) is None:
        grants.put(grant, access.hash_of(token))
    return token


if __name__ == "__main__":
    json.dump(links(), sys.stdout, ensure_ascii=False)
    print()
