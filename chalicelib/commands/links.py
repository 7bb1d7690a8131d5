"""`python -m chalicelib.commands.links`: a link for each role, of somebody who has something to do; to look around.

    {"desk": "<PUBLIC_URL>/d/<token>",
     "work": {"technician": "<PUBLIC_URL>/w/<token>", "supervisor": "<PUBLIC_URL>/d/<token>", …},  where each begins
     "manager": {"group": "<PUBLIC_URL>/g/<token>", "subsidiary": …, "project": …}}

Whoever runs it may read and write the table: it shows no more than they could derive, and puts a grant that is missing.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from typing import Any

from chalicelib.adapters.settings import settings
from chalicelib.commands import by_operator
from chalicelib.domain.record.roles import ROLES, TEAMS, Role, company_of, company_team
from chalicelib.services.access import access
from chalicelib.services.contractor import listing
from chalicelib.services.money import sealing
from chalicelib.store import contracts, grants, people, places, tickets
from chalicelib.store.people import Staff


def links() -> dict[str, Any]:
    """As JSON has it. Of the first who has something to do; where nobody of a role has, of the first who is active."""
    found: dict[Role, Staff] = {}
    busy: set[Role] = set()
    for role, team in _teams():
        if role in busy:
            continue
        for staff in sorted((s for s in people.team(team) if s.person.active), key=lambda s: s.id):
            found.setdefault(role, staff)
            if _has_work(role, staff):
                found[role] = staff
                busy.add(role)
                break
    front = settings().public_url
    work = {role.value: f"{front}{row.home}{token_of(found[role])}" for role, row in ROLES.items() if role in found}
    return {"desk": work.get(Role.DESK.value, ""), "work": work, "manager": managers()}


def managers() -> dict[str, str]:
    """A manager's link of each level: of the first project and subsidiary that have one, and of the group."""
    found: dict[str, str] = {}
    for role, team in _teams():
        scope = TEAMS[team.rpartition("/")[2]].scope
        if role is Role.MANAGER and scope not in found:
            staff = next(iter(sorted((s for s in people.team(team) if s.person.active), key=lambda s: s.id)), None)
            if staff:
                found[scope] = f"{settings().public_url}{ROLES[role].home}{token_of(staff)}"
    return found


def _has_work(role: Role, staff: Staff) -> bool:
    """Whether anything stands in the list that the link opens. One call, two of finance's."""
    company = company_of(staff.person.team)
    entity = staff.person.team.partition("/")[0]
    if role is Role.CONTRACTOR:
        return bool(listing.of_company(company, limit=1)[0])
    if role is Role.THIRD_PARTY:
        return bool(listing.engaged(company, limit=1)[0])
    if role is Role.FINANCE:
        return bool(sealing.preview(entity, limit=1).lines or sealing.batches(entity, limit=1)[0])
    if role is Role.OFFICE:
        return bool(listing.at_office(staff.person.team, limit=1)[0])
    entries, _ = tickets.queue(staff.person.team, limit=1) if ROLES[role].level else tickets.held_by(staff.id, limit=1)
    return bool(entries)


def _teams() -> Iterator[tuple[Role, str]]:
    """Every team and desk, project by project; those of the group last."""
    for child in places.children(places.GROUP):
        project = places.get(child.id)
        here = project.as_fact() if project else {}
        yield from ((row.role, f"{here[row.scope]}/{name}") for name, row in TEAMS.items() if row.scope in here)
        yield from ((TEAMS[name].role, company_team(company, name)) for company, name in _companies(child.id))
        entities = sorted({contract.entity for contract in contracts.of_project(child.id).contracts})
        yield from ((Role.FINANCE, f"{entity}/finance") for entity in entities)
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
