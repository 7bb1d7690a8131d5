"""What a person holds or answers for, by deadline: one page at a time, at the same cost however much it is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.policy.clocks import ClockRule
from chalicelib.domain.record.roles import STAFF, Role
from chalicelib.domain.ticket.heading import WAIT, Line, Listed, listed
from chalicelib.domain.ticket.trade import time_of
from chalicelib.services.access import access, opening
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.store import records, tickets
from chalicelib.store.grants import Grant
from chalicelib.store.levels import sort_key

PAGE = 25
STRETCH = (
    100  # entries looked at for one page of a filtered list: enough to be useful, few enough to cost the same always
)
CURSOR = re.compile(rf"({records.SPOT.pattern})~([0-9A-Z]{{26}})([23]?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list. `by`: its next deadline; None where no clock runs that its holder could still keep."""

    id: str
    by: datetime | None
    line: Line
    pinned: bool = False

    def late(self, at: datetime) -> bool:
        return self.by is not None and self.by < at

    @property
    def group(self) -> str:
        """Whether it climbed to whoever looks, is to be done or paused; an emergency stays on top.

        What waits for the owner is not in the list.
        """
        if self.line.rung:
            return "climbed"
        return "paused" if self.line.state == "waiting" and not self.pinned else "todo"


@dataclass(frozen=True, slots=True)
class Filters:
    state: str = ""
    priority: str = ""
    category: str = ""
    late: bool = False

    def __bool__(self) -> bool:
        return bool(self.state or self.priority or self.category or self.late)

    def fit(self, item: Item, at: datetime) -> bool:
        line = item.line
        return (
            (not self.state or line.state == self.state)
            and (not self.priority or line.priority == self.priority)
            and (not self.category or line.category == self.category)
            and (not self.late or item.late(at))
        )


@dataclass(frozen=True, slots=True)
class Work:
    """One page of what a person holds. `looked`: how many were looked at; `more`: where to go on, "" at the end."""

    grant: Grant
    role: Role
    items: list[Item]
    looked: int
    more: str


def mine(token: str, filters: Filters, after: str, at: datetime) -> Work:
    """A page of the work behind a person's link. Two calls, whatever the person holds. Raises NoAccess."""
    return of(opening.open_staff(token, STAFF), filters, after, at)


def of(grant: Grant, filters: Filters, after: str, at: datetime) -> Work:
    """A page of the work of a link's holder. One call."""
    limit = STRETCH if filters else PAGE
    rows, _ = tickets.held_by(grant.holder, limit=limit + 1, start=_start(after, grant.holder))
    lines = listed(rows)
    shown = lines[:limit]
    more = f"{shown[-1].spot}~{shown[-1].id}{shown[-1].line.rung or ''}" if len(lines) > limit else ""
    clocks = policy_for(frontdesk.home(grant)).clocks
    items = [item for item in (_item(one, clocks) for one in shown) if filters.fit(item, at)]
    return Work(grant, access.role_of(grant), items, len(shown), more)


def _start(after: str, holder: str) -> dict[str, str] | None:
    match = CURSOR.fullmatch(after)
    if not match:
        return None
    return {"pk": records.key(match[2]), "sk": sort_key(int(match[3] or 0)), "hk": f"HOLDER#{holder}", "by": match[1]}


def _item(one: Listed, clocks: Mapping[str, ClockRule]) -> Item:
    """A line as its holder sees it: what runs in the owner's hands or the desk's has no deadline here.

    Who answers for it at a level sees every deadline.
    """
    rule = clocks.get(one.line.clock)
    theirs = one.line.clock == WAIT or (rule is not None and (rule.hands == "holder" or bool(one.line.rung)))
    runs = one.by != records.NEVER and theirs
    return Item(one.id, time_of(one.by) if runs else None, one.line, one.pinned)
