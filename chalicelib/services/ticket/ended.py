"""What ended at a desk, month by month, the latest first: from the facts that were written as it ended.

A page is three calls, however many there are: the link, a stretch of the month, the heads of what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.domain.measures.facts import Fact
from chalicelib.domain.record.roles import DESKS
from chalicelib.domain.ticket.heading import Listed, listed
from chalicelib.services.access import opening
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.services.ticket.frontdesk import Desk
from chalicelib.store import facts, tickets
from chalicelib.store.grants import Grant

PAGE = 25
STRETCH = 100  # facts looked at for a page that is narrowed
MARK = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\.[0-9A-Z]{26}\.\d{6}", re.ASCII)
MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)
ENDINGS = frozenset({"closed", "corrected"})


@dataclass(frozen=True, slots=True)
class Ended:
    """A page of a month. `after`: where it goes on, "" at the end."""

    grant: Grant
    desk: Desk
    desks: Sequence[Desk]
    month: str
    this_month: str
    lines: Sequence[tuple[Fact, Listed]]
    names: Mapping[str, str]
    after: str


def closed(token: str, project: str, month: str, category: str, after: str, at: datetime) -> Ended:
    """A page of what ended in a month at one of the link's desks. Raises NoAccess."""
    grant = opening.open_staff(token, DESKS)
    desks = frontdesk.desks_of(grant)
    desk = next((d for d in desks if d.project == project), desks[0] if desks else Desk("", "", ""))
    today = at.astimezone(ZoneInfo(policy_for({"project": desk.project}).zone)).date()
    this = f"{today:%Y-%m}"
    month = month if MONTH.fullmatch(month) and month <= this else this
    limit = STRETCH if category else PAGE
    start = {"pk": f"FACT#{desk.project}#{month}", "sk": after.replace(".", "#")} if MARK.fullmatch(after) else None
    found, more = facts.of_month(desk.project, month, limit=limit, start=start, newest_first=True)
    last: dict[str, Fact] = {}
    for fact in found:
        if fact.why in ENDINGS and (not category or fact.category == category):
            last.setdefault(fact.ticket, fact)
    heads = {one.id: one for one in listed(tickets.several(list(last)))}
    lines = [(fact, heads[ticket]) for ticket, fact in last.items() if ticket in heads]
    names = frontdesk.names((one.line.holder for _, one in lines), desk.project)
    mark = more["sk"].replace("#", ".") if more else ""
    return Ended(grant, desk, desks, month, this, lines, names, mark)


def beside(month: str, step: int) -> str:
    """The month before (-1) or after (1) another."""
    first = date.fromisoformat(f"{month}-01")
    index = first.year * 12 + first.month - 1 + step
    return f"{index // 12:04d}-{index % 12 + 1:02d}"
