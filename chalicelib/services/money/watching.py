"""What the auditor is shown: made every night from the jobs and pictures of some months, read in one call.

jobs_of     what a case's change adds to what the rules read, in its own transaction
look        goes over companies, staff and months, and keeps what the rules find by scope; may run again
hits        what was found last: in the group, or in a subsidiary
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.contract import Company, CompanyKind
from chalicelib.domain.contractor.words import Engagement, Route
from chalicelib.domain.money import watch
from chalicelib.domain.money.watch import CONTRACTOR, STAFF, THIRD, Engaged, Hit, Party, Seen
from chalicelib.domain.policy.ladder import ladder_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.domain.policy.watch import marks_of
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import TEAMS, company_team
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import dispatch
from chalicelib.store import contracts, places, watched
from chalicelib.store.places import Place
from chalicelib.store.table import Write


def jobs_of(case: Case, numbers: Policy) -> list[Write]:
    """The jobs of a case, as they are after a change that engaged or priced one."""
    zone = ZoneInfo(numbers.zone)
    made = [job for job in (case.job, case.stop) if job]
    return [
        watched.job(_engaged(case, job), case.place.get("subsidiary", ""), f"{job.at.astimezone(zone):%Y-%m}")
        for job in made
    ]


def _engaged(case: Case, job: Engagement) -> Engaged:
    """Named by the event that engaged it: another third party in its place is another job."""
    name = f"{parts(case.id)[1]}#{job.event:06d}"
    stop = job.route is Route.STOP
    return Engaged(name, job.by, case.company, job.company, job.price or 0, job.at, stop, dict(case.tickets))


def look(at: datetime) -> dict[str, int]:
    """Go over what is there and keep what the rules find; how many hits, by scope. May run again."""
    numbers = policy_for(NOWHERE)
    marks, limit = marks_of(numbers), ladder_of(numbers).quote_limit
    months = list(_months(at.astimezone(ZoneInfo(numbers.zone)), marks.months))
    jobs = watched.jobs(months)
    photos = [(_where(one), one) for one in watched.photos(months)]
    projects = places.projects()
    parties = list(_parties(projects))
    counted: dict[str, int] = {}
    for scope in (watched.GROUP, *sorted({project.as_fact()["subsidiary"] for project in projects})):
        every = scope == watched.GROUP
        theirs = [one.engaged for one in jobs if every or one.subsidiary == scope]
        seen = [one for there, one in photos if every or scope in there]
        found = watch.hits(_known(parties, theirs, every), theirs, seen, limit, marks)
        watched.keep(scope, found, at)
        counted[scope] = sum(len(hits) for hits in found.values())
    return counted


def _where(one: Seen) -> frozenset[str]:
    """The subsidiaries that the tickets of a picture are in. A call each."""
    found = set()
    for ticket in one.tickets:
        with suppress(record.NotFound):
            found.add(str(record.load(ticket).place.get("subsidiary", "")))
    return frozenset(found)


def _known(parties: Sequence[Party], jobs: Sequence[Engaged], every: bool) -> list[Party]:
    """A subsidiary's auditor sees what its own jobs have to do with."""
    if every:
        return list(parties)
    there = {name for job in jobs for name in (job.by, job.company, job.third_party)}
    shared = {key for party in parties if party.id in there for key in party.keys}
    return [party for party in parties if party.id in there or party.keys & shared]


def _months(at: datetime, number: int) -> Iterator[str]:
    for back in range(number):
        year, month = divmod(at.year * 12 + at.month - 1 - back, 12)
        yield f"{year:04d}-{month + 1:02d}"


def _parties(projects: Sequence[Place]) -> Iterator[Party]:
    """Everybody who may share something: contractors and third parties with their people, and staff of the house."""
    found: dict[str, Company] = {}
    wanted: set[str] = set()
    for project in projects:
        wanted |= {contract.company for contract in contracts.of_project(project.id).contracts}
        found |= {third.id: third for third in contracts.repairers(project.id)}
    missing = sorted(wanted - found.keys())
    for first in range(0, len(missing), 100):
        found |= contracts.companies(missing[first : first + 100])
    for company in found.values():
        yield Party(_kind(company), company.id, frozenset(_of_company(company)))
    for team in sorted(set(_teams(projects))):
        for staff in dispatch.roster(team):
            if staff.person.active and staff.phone:
                yield Party(STAFF, staff.id, frozenset({("phone", access.hidden("phone", staff.phone))}))


def _kind(company: Company) -> str:
    return THIRD if company.kind is CompanyKind.THIRD_PARTY else CONTRACTOR


def _of_company(company: Company) -> Iterable[tuple[str, str]]:
    for name in contracts.SHARED:
        if value := getattr(company, name):
            yield name, access.hidden(name, value)
    for team in ("contractor", "third_party", "workers"):
        for staff in dispatch.roster(company_team(company.id, team)):
            if staff.person.active and staff.phone:
                yield "phone", access.hidden("phone", staff.phone)


def _teams(projects: Sequence[Place]) -> Iterator[str]:
    """The teams of the house, of whatever is above a project."""
    for project in projects:
        homes = {"project": project.id, "subsidiary": project.as_fact()["subsidiary"], "group": "group"}
        for name, row in TEAMS.items():
            if row.scope in homes and not row.named:
                yield f"{homes[row.scope]}/{name}"


def hits(scope: str) -> tuple[Mapping[str, Sequence[Hit]], str]:
    """What was found last in the group or a subsidiary, by rule, and when ("" never). One call."""
    return watched.found(scope)
