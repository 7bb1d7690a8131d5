"""What is still to be done before a project's owners can report: one list, for the console and for the desk's page.

step         what is missing                                        set aside
no_building  no place but the project itself                        no
no_level     a level of the ladder without a phone or anybody       no
no_crew      nobody repairs                                         no
no_trade     trades of the categories that nobody of the crews has  yes
nights       hours of the week in which nobody is at a level        yes
crew_nights  the same, of the crews together                        yes
unreachable  people with neither a mobile phone nor an e-mail       yes
no_contracts no contract: nobody is held to anything                yes
no_entity    entities of its contracts that are not on file         no
no_company   contracts whose company is not on file                 no
no_contact   companies of which nobody reachable may get a letter   yes
no_office    contracts, and nobody in the warranty office           yes
links        people whose own page was never sent to them           yes
signs        signs to print and put up                              yes
addresses    the form's address, to be handed out                   yes

What somebody set aside comes back when what it is about changes: another person, other hours, one more building.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.adapters.settings import settings
from chalicelib.domain.contractor.contract import Company, Duty
from chalicelib.domain.record.phone import is_sent_to
from chalicelib.domain.record.roles import CREWS, ROLES, company_team, department, desk_of, office_of
from chalicelib.domain.register.cover import Gap, gaps
from chalicelib.services.access import inviting
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import dispatch
from chalicelib.services.ticket.frontdesk import ANY_TRADE
from chalicelib.store import beginnings, contracts, places
from chalicelib.store.people import Staff
from chalicelib.store.places import GROUP, Place
from chalicelib.store.table import compact

MUST = frozenset({"no_building", "no_level", "no_crew", "no_entity", "no_company"})
GROUPS = "group"  # home of the hotline
AT_ONCE = 100
LINKS_AT_ONCE = 60  # three calls each, while somebody waits
LEVELS = tuple(sorted({row.level for row in ROLES.values() if row.level}))


@dataclass(frozen=True, slots=True)
class Todo:
    """A step that is not done. `facts`: ids, numbers, names and hours that it is about; see `language/first_day.py`.

    `home`: whose it is, where it is set aside.
    """

    step: str
    home: str
    facts: Mapping[str, object] = field(default_factory=dict)

    @property
    def may_wait(self) -> bool:
        """Whether somebody may say that it is as it should be."""
        return self.step not in MUST

    @property
    def mark(self) -> str:
        """Names what it is about: other facts, another mark."""
        facts = {name: fact for name, fact in self.facts.items() if name != "gaps"}
        said = compact([self.step, facts, [_hours(gap) for gap in _gaps(self.facts)]])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Begun:
    """What is still to be done, and which steps somebody set aside."""

    todo: Sequence[Todo]
    aside: Sequence[Todo]


def of_project(project: Place) -> Begun:
    """A project's list. Three queries, its companies and entities; the rosters, which are at most a minute old."""
    done = beginnings.read(project.id)
    buildings = sum(child.kind == "building" for child in places.children(project.id))
    found = [] if buildings else [Todo("no_building", project.id)]
    found += [*_levels(project), *_crews(project), *_people(project.id, _teams(project), done.sent)]
    found += _contracts(project)
    if buildings:
        found.append(Todo("signs", project.id, {"buildings": buildings}))
    front = settings().public_url
    found.append(Todo("addresses", project.id, {"form": f"{front}/", "codes": f"{front}/c"}))
    return _parted(found, done.aside)


def of_desk(home: str) -> Begun:
    """The list of a company's desk, or of the group's hotline: its people."""
    done = beginnings.read(home)
    level = LEVELS[-1] if home == GROUPS else LEVELS[-2]
    return _parted(list(_people(home, [desk_of(level, {"subsidiary": home})], done.sent)), done.aside)


def homes() -> list[str]:
    """Every project, then every company that has one, then the group."""
    projects = [c.id for c in places.children(GROUP) if c.kind == "project"]
    above: dict[str, None] = {}
    for first in range(0, len(projects), AT_ONCE):
        found = places.several(projects[first : first + AT_ONCE]).values()
        above |= dict.fromkeys(sorted(place.above.get("subsidiary", "") for place in found))
    return [*projects, *filter(None, above), GROUPS] if projects else []


def of(home: str) -> Begun:
    """The list of a home, whichever kind it is."""
    place = None if home == GROUPS else places.get(home)
    return of_project(place) if place is not None and place.kind == "project" else of_desk(home)


def put_aside(home: str, step: str, mark: str, by: str, at: datetime) -> bool:
    """Somebody says that a step is done as it stands; False where it stands otherwise now, or can't wait."""
    todo = next((t for t in of(home).todo if t.step == step and t.mark == mark and t.may_wait), None)
    if todo is None:
        return False
    beginnings.put_aside(home, key_of(todo), mark, by, at)
    return True


def take_back(home: str, step: str, mark: str, by: str, at: datetime) -> bool:
    """The same the other way round."""
    todo = next((t for t in of(home).aside if t.step == step and t.mark == mark), None)
    if todo is None:
        return False
    beginnings.put_aside(home, key_of(todo), "", by, at)
    return True


def send_links(home: str, at: datetime) -> int:
    """Send people of a home their own page who were never sent it; to how many. Who is left stays on the list."""
    todo = next((t for t in (*of(home).todo, *of(home).aside) if t.step == "links"), None)
    people = todo.facts["people"] if todo else []
    assert isinstance(people, list)
    return sum(inviting.invite(person, at) for person in people[:LINKS_AT_ONCE])


def key_of(todo: Todo) -> str:
    """What it is kept under: there are several of a step where it is of several levels."""
    level = todo.facts.get("level", "")
    return f"{todo.step}.{level}" if level else todo.step


def _parted(found: Sequence[Todo], aside: Mapping[str, str]) -> Begun:
    waiting = [todo for todo in found if todo.may_wait and aside.get(key_of(todo)) == todo.mark]
    return Begun([todo for todo in found if todo not in waiting], waiting)


def _levels(project: Place) -> Iterator[Todo]:
    phones = {level: phone for level, _, phone in places.ladder(project)}
    for level in LEVELS:
        people = _active(desk_of(level, project.as_fact()))
        if not phones.get(level) or not people:
            yield Todo("no_level", project.id, {"level": level, "phone": bool(phones.get(level))})
        elif alone := gaps(s.person.duty for s in people):
            yield Todo("nights", project.id, {"level": level, "gaps": alone})


def _crews(project: Place) -> Iterator[Todo]:
    crews = [s for team in CREWS for s in _active(f"{project.id}/{team}")]
    if not crews:
        yield Todo("no_crew", project.id)
        return
    have = {skill for s in crews for skill in s.person.skills}
    wanted = {category.trade for category in policy_for(project.as_fact()).categories.values()}
    if missing := sorted(wanted - have - set(ANY_TRADE)):
        yield Todo("no_trade", project.id, {"trades": missing})
    if alone := gaps(s.person.duty for s in crews):
        yield Todo("crew_nights", project.id, {"gaps": alone})


def _contracts(project: Place) -> Iterator[Todo]:
    """What letters to contractors would lack."""
    signed = contracts.of_project(project.id).contracts
    if not signed:
        yield Todo("no_contracts", project.id)
        return
    known = contracts.companies({one.company for one in signed})
    if lacking := sorted({one.entity for one in signed if contracts.entity(one.entity) is None}):
        yield Todo("no_entity", project.id, {"names": lacking})
    if unknown := sorted(one.number for one in signed if one.company not in known):
        yield Todo("no_company", project.id, {"names": unknown})
    held = [known[one.company] for one in signed if one.company in known and not one.bought_out]
    if silent := sorted({company.name for company in held if not _receives(company)}):
        yield Todo("no_contact", project.id, {"names": silent})
    if not _active(office_of(project.as_fact())):
        yield Todo("no_office", project.id)


def _receives(company: Company) -> bool:
    """Whether a letter reaches anybody of a company who may receive it."""
    named = {contact.id for contact in company.contacts if contact.duty is Duty.AUTHORISED}
    return any(s.id in named and _reachable(s) for s in _active(company_team(company.id, "contractor")))


def _people(home: str, teams: Sequence[str], sent: Mapping[str, str]) -> Iterator[Todo]:
    people = sorted((s for team in teams for s in _active(team)), key=lambda s: s.id)
    without = [s for s in people if not _reachable(s)]
    if without:
        yield Todo("unreachable", home, {"names": [s.person.name for s in without]})
    unsent = [s.id for s in people if _reachable(s) and sent.get(s.id) != str(s.link)]
    if unsent:
        yield Todo("links", home, {"people": unsent})


def _teams(project: Place) -> list[str]:
    """Every team of a project."""
    departments = [department(project.id, code) for code, _ in places.departments(project)]
    return [desk_of(LEVELS[0], project.as_fact()), *(f"{project.id}/{team}" for team in CREWS), *departments]


def _active(team: str) -> list[Staff]:
    return [s for s in dispatch.roster(team) if s.person.active]


def _reachable(staff: Staff) -> bool:
    return bool(staff.email) or is_sent_to(staff.phone)


def _gaps(facts: Mapping[str, object]) -> Sequence[Gap]:
    found = facts.get("gaps", [])
    assert isinstance(found, list)
    return found


def _hours(gap: Gap) -> list[object]:
    return [list(gap.days), gap.start, gap.end]
