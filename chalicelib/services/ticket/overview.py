"""What a desk above the property's sees of all its projects: one list of everything, counts by project and category.

Each project costs one query, however many tickets are open there: a count says how many of the first 200 by deadline.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from heapq import merge

from chalicelib.domain.record.roles import DESKS
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.services.access import opening
from chalicelib.services.recent import Recent
from chalicelib.services.ticket import frontdesk
from chalicelib.services.ticket.frontdesk import PAGE_ABOVE, STRETCH, Desk, Queue, Wanted, needs_dispatch
from chalicelib.store import tickets
from chalicelib.store.table import iso

AT_ONCE = 40  # projects that one page looks at
EACH = 50  # lines of each for the common list
KEEP_SECONDS = 20
PLACE = re.compile(r"[0-9]{1,4}", re.ASCII)
_counted: Recent[Sequence[Listed]] = Recent(KEEP_SECONDS, most=200)


@dataclass(slots=True)
class Count:
    """How many are open, late, emergencies, and for the desk to dispatch. `more`: there are others beyond them."""

    open: int = 0
    late: int = 0
    emergencies: int = 0
    undispatched: int = 0
    more: bool = False

    def add(self, one: Listed, now: str, theirs: Collection[str]) -> None:
        self.open += 1
        self.late += frontdesk.is_late(one, now, theirs)
        self.emergencies += one.line.priority == "emergency"
        self.undispatched += needs_dispatch(one)


@dataclass(frozen=True, slots=True)
class Board:
    """Counts of the projects from `first` on; `more`: there are further ones."""

    projects: Sequence[tuple[Desk, Count]]
    categories: Mapping[str, Count] = field(default_factory=dict)
    first: int = 0
    more: bool = False


def board(desks: Sequence[Desk], first: int, at: datetime) -> Board:
    """What is open in each project and of each category; at most some seconds old."""
    now, theirs = iso(at), frontdesk.owners_clocks("")
    projects: list[tuple[Desk, Count]] = []
    categories: dict[str, Count] = {}
    for desk in desks[first : first + AT_ONCE]:
        lines = _counted.get(desk.id, partial(_first_lines, desk.id))
        count = Count(more=len(lines) == STRETCH)
        for one in lines:
            count.add(one, now, theirs)
            categories.setdefault(one.line.category, Count()).add(one, now, theirs)
        projects.append((desk, count))
    most_first = sorted(categories.items(), key=lambda item: (-item[1].open, item[0]))
    return Board(projects, dict(most_first), first, len(desks) > first + AT_ONCE)


def everything(token: str, wanted: Wanted, after: str, at: datetime) -> Queue:
    """What is open in all projects of a link together, page by page. One query a project. Raises NoAccess.

    `after`: where the last page ended, in whichever project, so that each goes on from there; behind an @ the first of
    the projects that are looked at together.
    """
    grant = opening.open_staff(token, DESKS)
    desks = frontdesk.desks_of(grant)
    mark, _, place = after.partition("@")
    first = int(place) if PLACE.fullmatch(place) else 0
    now, theirs = iso(at), frontdesk.owners_clocks("") if wanted.late else ()
    limit = STRETCH if wanted else EACH
    stretches = [
        listed(tickets.queue(desk.id, limit=limit, start=frontdesk.start_of(desk, mark))[0])
        for desk in desks[first : first + AT_ONCE]
    ]
    # where a project was cut there are others: beyond that nothing is in order any more, and the next page begins
    end = min((_order(lines[-1]) for lines in stretches if len(lines) == limit), default=None)
    together = [one for one in merge(*stretches, key=_order) if end is None or _order(one) <= end]
    fitting = [one for one in together if wanted.fits(one, now, theirs)]
    shown = fitting[:PAGE_ABOVE]
    last = shown[-1] if len(fitting) > PAGE_ABOVE else together[-1] if end is not None and together else None
    if last is not None and wanted.late and not last.pinned and last.by >= now:
        last = None  # what comes after is due later still
    more = f"{frontdesk.mark_of(last)}@{first}" if last else ""
    if not more and len(desks) > first + AT_ONCE:
        more = f"@{first + AT_ONCE}"
    names = frontdesk.names((one.line.holder for one in shown), "")
    desk = Desk(grant.team, "", "", frontdesk.own_desk(grant, desks).level)
    return Queue(grant, desk, desks, shown, names, more, last.by if last and not last.pinned else "")


def forget() -> None:
    """Count anew."""
    _counted.forget()


def _first_lines(desk: str) -> Sequence[Listed]:
    return listed(tickets.queue(desk, limit=STRETCH)[0])


def _order(one: Listed) -> tuple[str, str]:
    """As the index has them."""
    return one.spot, one.id
