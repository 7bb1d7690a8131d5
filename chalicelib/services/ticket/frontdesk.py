"""The front desk: whose desks a link opens, their queue, who could take a ticket, and the desk's moves.

A queue page is two calls, however many tickets are open: the link, and one stretch of the index. Names of staff and
projects are kept for a while.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from chalicelib.adapters.ids import is_ulid
from chalicelib.domain.record.roles import ABOVE, CREWS, DESKS, ROLES, Reach, covers
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services import premises
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.recent import Recent
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import dispatch
from chalicelib.store import people, places, records, tickets
from chalicelib.store.grants import Grant
from chalicelib.store.levels import sort_key
from chalicelib.store.people import Staff
from chalicelib.store.places import Child, Place
from chalicelib.store.table import iso

STAFF_LINK = frozenset({"staff"})
ANY_TRADE = ("", "general", "service")  # whoever is on a crew may take it
NOBODY = frozenset({"system", "reporter"})
PAGE = 25
PAGE_ABOVE = 100  # what climbed is little, and whoever answers for it sees it together
STRETCH = 200  # lines looked at for a filtered page

_projects: Recent[list[Child]] = Recent(seconds=600, most=1)
_names: Recent[str] = Recent(seconds=600, most=2000)
_held: Recent[int] = Recent(seconds=15, most=500)


@dataclass(frozen=True, slots=True)
class Desk:
    """A desk: `id` is its team. A property desk has the name of its `project`; those above have neither."""

    id: str
    project: str
    name: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a queue is narrowed to. `undispatched`: nobody but the desk has it."""

    undispatched: bool = False
    late: bool = False
    state: str = ""
    priority: str = ""
    category: str = ""

    def __bool__(self) -> bool:
        return self.undispatched or self.late or bool(self.state or self.priority or self.category)

    def fits(self, one: Listed, now: str, theirs: Collection[str]) -> bool:
        """`theirs`: the owner's clocks, by which nobody here is late."""
        return (
            (not self.undispatched or needs_dispatch(one))
            and (not self.late or is_late(one, now, theirs))
            and (not self.state or one.line.state == self.state)
            and (not self.priority or one.line.priority == self.priority)
            and (not self.category or one.line.category == self.category)
        )


@dataclass(frozen=True, slots=True)
class Queue:
    """One page of a desk's queue. `after`: where the next page begins. `looked`: the last deadline looked at."""

    grant: Grant
    desk: Desk
    desks: Sequence[Desk]
    lines: Sequence[Listed]
    names: Mapping[str, str]
    after: str = ""
    looked: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a ticket could go to. `held`: what they have open; `shift`: the one that runs, else the next."""

    staff: Staff
    on_duty: bool
    skilled: bool
    declined: bool
    held: int
    shift: tuple[datetime, datetime] | None = None


def is_late(one: Listed, now: str, theirs: Collection[str]) -> bool:
    """Whether a promise of the company is missed; the time that an owner lets pass is the owner's own."""
    return one.by < now and one.line.clock not in theirs


def owners_clocks(project: str) -> Collection[str]:
    """The clocks by which it is the owner's turn."""
    return {name for name, rule in policy_for({"project": project}).clocks.items() if rule.hands == "owner"}


def needs_dispatch(one: Listed) -> bool:
    """Whether the desk has to find somebody for it."""
    return "at_desk" in one.line.flags or not one.line.holder


def home(grant: Grant) -> Mapping[str, str]:
    """The place whose numbers hold on somebody's own pages: the project; for those above one, nowhere in particular."""
    return NOWHERE if access.role_of(grant) in ABOVE else {"project": grant.team.partition("/")[0]}


def projects_of(grant: Grant) -> Sequence[Child]:
    """The projects that a link reaches, by name. Calls only when nothing is kept."""
    home = grant.team.partition("/")[0]
    reach = ROLES[access.role_of(grant)].reach
    projects = _projects.get("", lambda: [c for c in places.children(places.GROUP) if c.kind == "project"])
    if reach is Reach.PROJECT:
        return [p for p in projects if p.id == home] or [Child(home, "project", "")]
    if reach is Reach.SUBSIDIARY:
        return [p for p in projects if _subsidiary(p.id) == home]
    return [] if reach is Reach.NONE else projects


def desks_of(grant: Grant) -> Sequence[Desk]:
    """The property desks that a link reaches, by name. Calls only when nothing is kept."""
    return [Desk(f"{p.id}/desk", p.id, p.name) for p in projects_of(grant)]


def own_desk(grant: Grant, desks: Sequence[Desk]) -> Desk:
    """The desk at which a link's holder sits: the project's, or one above with a list of its own."""
    level = ROLES[access.role_of(grant)].level
    return desks[0] if level == 1 else Desk(grant.team, "", "", level)


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose desk a page is: its level, the project or company (none: the whole group), the person's name."""

    level: int
    scope: str
    name: str


def whose(grant: Grant) -> Whose:
    """Whose desk a link opens. Calls only when nothing is kept."""
    row = ROLES[access.role_of(grant)]
    home = grant.team.partition("/")[0]
    name = next((s.person.name for s in dispatch.roster(grant.team) if s.id == grant.holder), "")
    scope = "" if row.reach in (Reach.GROUP, Reach.NONE) else premises.called(home)
    return Whose(row.level, scope, name)


def reaches(grant: Grant, place: Place) -> bool:
    """Whether the link's holder may see who lives at a place."""
    return covers(grant.team, place.as_fact())


def queue(token: str, project: str, wanted: Wanted, after: str, at: datetime) -> Queue:
    """A page of the queue of one of the link's desks, by deadline; above the property desks, of what climbed there.

    Raises NoAccess.
    """
    grant = opening.open_staff(token, DESKS)
    desks = desks_of(grant)
    desk = next((d for d in desks if d.project == project), own_desk(grant, desks))
    now = iso(at)
    page = PAGE if desk.level == 1 else PAGE_ABOVE
    limit = page + 1 if not wanted or wanted == Wanted(late=True) else STRETCH
    rows, more = tickets.queue(desk.id, limit=limit, start=start_of(desk, after))
    lines = listed(rows)
    theirs = owners_clocks(desk.project) if wanted.late else ()
    fitting = [one for one in lines if wanted.fits(one, now, theirs)] if wanted else lines
    shown = fitting[:page]
    if len(fitting) > page:
        last: Listed | None = shown[-1]
    elif more and lines and not (wanted.late and not lines[-1].pinned and lines[-1].by >= now):
        last = lines[-1]
    else:
        last = None
    return Queue(
        grant,
        desk,
        desks,
        shown,
        names((one.line.holder for one in shown), desk.project),
        mark_of(last) if last else "",
        lines[-1].by if lines and wanted and not lines[-1].pinned else "",
    )


def names(ids: Iterable[str], project: str) -> Mapping[str, str]:
    """The names of staff, from the project's rosters; whoever is on none of them is read once and kept."""
    wanted = {i for i in ids if i and i not in NOBODY}
    if not wanted:
        return {}
    known = {s.id: s.person.name for team in dispatch.teams(project) for s in dispatch.roster(team)}
    strangers = sorted(wanted - known.keys())
    for i in strangers:
        if (name := _names.peek(i)) is not None:
            known[i] = name
    missing = [i for i in strangers if i not in known][:100]
    if missing:
        found = people.several(missing)
        for i in missing:
            known[i] = _names.put(i, found[i].person.name if i in found else "")
    return {i: known.get(i, "") for i in wanted}


def candidates(ticket: Ticket, at: datetime) -> Sequence[Candidate]:
    """Who could take a ticket, whoever fits best first: has the trade, is on duty or will be soonest, has least to do.

    Those who declined it come last, the desk's own people after the crews. One count a person.
    """
    project = ticket.place.get("project", "")
    category = policy_for(ticket.place).categories.get(ticket.category)
    trade = category.trade if category else ""
    found = [
        Candidate(
            staff=s,
            on_duty=s.person.on_duty(at),
            skilled=trade in s.person.skills or (trade in ANY_TRADE and team.rpartition("/")[2] in CREWS),
            declined=s.id in ticket.declined_by,
            held=_held.get(s.id, partial(tickets.count_held_by, s.id)),
            shift=s.person.shift(at),
        )
        for team in dispatch.teams(project, work=ticket.is_work)
        for s in dispatch.roster(team)
        if s.person.active
    ]
    return sorted(found, key=lambda c: (c.declined, not c.skilled, *_when(c, at), c.held, c.staff.id))


def _when(candidate: Candidate, at: datetime) -> tuple[bool, float]:
    """On duty first, then whoever's shift begins soonest, last who has none."""
    if candidate.on_duty:
        return False, 0
    return True, (candidate.shift[0] - at).total_seconds() if candidate.shift else float("inf")


def open_ticket(token: str, ticket_id: str) -> opening.Opened:
    """A ticket, for whoever is on one of its desks. Two calls. Raises NoAccess."""
    opened = opening.open_ticket(token, STAFF_LINK, ticket_id)
    if opened.actor.role not in DESKS:
        raise NoAccess
    return opened


def move(
    token: str,
    ticket_id: str,
    name: str,
    at: datetime,
    *,
    data: Mapping[str, Any],
    said: Mapping[str, Any],
    key: str = "",
) -> Ticket:
    """Make a desk's move; the ticket afterwards. Three calls. Raises NoAccess, and what the move raises."""
    moved: Ticket = opening.move(
        token, STAFF_LINK, name, at, reference=ticket_id, data=data, said=said, key=key, roles=DESKS
    )
    return moved


def mark_of(last: Listed) -> str:
    """Where a page ended: what `start_of` goes on from."""
    return f"{last.spot}~{last.id}"


def start_of(desk: Desk, after: str) -> dict[str, str] | None:
    """The index key a page goes on from; None (the beginning) for anything that is no such mark."""
    by, _, ticket = after.partition("~")
    if not records.SPOT.fullmatch(by) or not is_ulid(ticket):
        return None
    sk = sort_key(desk.level if desk.level > 1 else 0)
    return {"pk": records.key(ticket), "sk": sk, "qk": f"DESK#{desk.id}", "by": by}


def _subsidiary(project: str) -> str:
    place = premises.known(project)
    return place.as_fact().get("subsidiary", "") if place else ""


def forget() -> None:
    """Read everything anew."""
    for kept in (_projects, _names, _held):
        kept.forget()
    premises.forget()
