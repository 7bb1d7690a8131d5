"""`python -m chalicelib.commands.links`: links of the first active person of each role, as JSON, to look around with.

    {"desk": "<PUBLIC_URL>/d/<token>",
     "work": {"technician": "<PUBLIC_URL>/w/<token>", "supervisor": "<PUBLIC_URL>/d/<token>", …}}  where each begins

Whoever runs it may read and write the table: it shows no more than they could derive, and puts a grant that is missing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.adapters.settings import settings
from chalicelib.commands import by_operator
from chalicelib.domain.record.roles import ROLES, TEAMS, Role, company_team
from chalicelib.services.access import access
from chalicelib.store import contracts, grants, people, places
from chalicelib.store.people import Staff


def links() -> dict[str, Any]:
    """The links of the first project that has the person; a role that nobody has is left out."""
    found: dict[Role, str] = {}
    for role, team in _teams():
        if role not in found:
            first = next((s for s in sorted(people.team(team), key=lambda s: s.id) if s.person.active), None)
            if first:
                found[role] = token_of(first)
    front = settings().public_url
    work = {role.value: f"{front}{row.home}{found[role]}" for role, row in ROLES.items() if role in found}
    return {"desk": f"{front}/d/{found[Role.DESK]}" if Role.DESK in found else "", "work": work}


def _teams() -> Iterator[tuple[Role, str]]:
    """Every team and desk, project by project; those of the group last."""
    for child in places.children(places.GROUP):
        project = places.get(child.id)
        here = project.as_fact() if project else {}
        yield from ((row.role, f"{here[row.scope]}/{name}") for name, row in TEAMS.items() if row.scope in here)
        yield from ((TEAMS[name].role, company_team(company, name)) for company, name in _companies(child.id))
    yield from ((row.role, f"{row.scope}/{name}") for name, row in TEAMS.items() if row.scope == "group")


def _companies(project: str) -> Iterator[tuple[str, str]]:
    """(company, team) of who has a contract in a project, and of who repairs there in a contractor's place."""
    for contract in contracts.of_project(project).contracts:
        yield from ((contract.company, name) for name in ("contractor", "workers"))
    for company in contracts.repairers(project):
        yield company.id, "third_party"


def token_of(staff: Staff) -> str:
    """The token of a person's own link; its grant is put where there is none."""
    grant = access.staff_grant(staff.id, staff.person.team, staff.link)
    token = access.token(grant)
    if grants.get(access.hash_of(token)) is None:
        grants.put(grant, access.hash_of(token))
    return token


def main(_: Sequence[str]) -> int:
    json.dump(links(), sys.stdout, ensure_ascii=False)
    print()
    return 0


if __name__ == "__main__":
    raise SystemExit(by_operator(main))
