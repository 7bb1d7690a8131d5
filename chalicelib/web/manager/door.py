"""Who comes to the figures: a manager by their own link, or by that of a month's report; ?of= a scope inside theirs."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.measures.scope import scope_of
from chalicelib.domain.policy.measures import Terms, terms_of
from chalicelib.domain.policy.policy import Policy
from chalicelib.services.access import access
from chalicelib.services.measures import managing
from chalicelib.services.measures.managing import Scope
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket.ended import beside
from chalicelib.store.grants import Grant
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.pages import lang_of

MONTH = re.compile(r"20\d\d-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True, slots=True)
class Desk:
    """A manager at a scope and month. `chosen`: the scope is not the link's own."""

    token: str
    grant: Grant
    at: datetime
    lang: str
    scope: Scope
    month: str
    this_month: str

    @property
    def numbers(self) -> Policy:
        return policy_for(NOWHERE)

    @property
    def terms(self) -> Terms:
        return terms_of(self.numbers)

    @property
    def today(self) -> date:
        """The day there."""
        return self.at.astimezone(ZoneInfo(self.numbers.zone)).date()

    @property
    def base(self) -> str:
        return f"/g/{self.token}"

    @property
    def own(self) -> bool:
        return self.scope.id == scope_of(self.grant.team)

    def address(self, page: str = "", **more: str) -> str:
        """A page of this scope and month."""
        here = {"of": "" if self.own else self.scope.code, "month": self.month} | more
        query = urlencode({name: value for name, value in here.items() if value})
        return f"{self.base}{'/' if page else ''}{page}" + (f"?{query}" if query else "")


def managed(view: Callable[..., Response]) -> Callable[..., Response]:
    """A page for a manager of the scope that the address names. Raises NoAccess."""

    @functools.wraps(view)
    def at_desk(token: str, **more: Any) -> Response:
        return view(desk(token), **more)

    return at_desk


def desk(token: str, grant: Grant | None = None) -> Desk:
    """One call, once places are kept; none where the link was read already. Raises NoAccess."""
    at = now()
    grant = managing.opened(grant or access.open_link(token))
    scope = managing.scope(grant, asked("of", 40))
    this = f"{at.astimezone(ZoneInfo(policy_for(NOWHERE).zone)):%Y-%m}"
    month = asked("month", 7)
    month = month if MONTH.fullmatch(month) and month <= this else beside(this, -1)
    return Desk(token, grant, at, lang_of(request()), scope, month, this)


def year_to(month: str) -> list[str]:
    """A month and the twelve before it, the newest first."""
    return [beside(month, -n) for n in range(13)]
