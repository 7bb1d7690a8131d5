"""Who comes to finance's desk: the link of somebody on finance's list, and beside it a session of at most twelve hours.

Without a session every page of the desk is the one that asks for a code. A link without its session opens nothing, and
a session without its link neither. A message's link leads to its one record, and to nothing else of the desk.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib.adapters.settings import settings
from chalicelib.adapters.time import now
from chalicelib.domain.money.ledger import month
from chalicelib.domain.money.release import PREFIX
from chalicelib.domain.record.event import Actor
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.services.access import access, opening, session
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.services.ticket.frontdesk import Whose
from chalicelib.store.grants import Grant
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.pages import html, lang_of, render, root, see

FINANCE = frozenset({Role.FINANCE})
COOKIE = "f"
CARRIED = re.compile(rf"(?:^|;\s*){COOKIE}=([A-Za-z0-9_-]{{22}})(?:;|$)")


@dataclass(frozen=True, slots=True)
class Desk:
    """Somebody of finance who is signed in. `entity`: the legal entity that they work for; the only one they see."""

    token: str
    link: Grant
    at: datetime
    lang: str

    @property
    def entity(self) -> str:
        return self.link.team.partition("/")[0]

    @property
    def this_month(self) -> str:
        """The period that this day lies in."""
        return month(self.at.astimezone(ZoneInfo(policy_for(NOWHERE).zone)).date())

    @property
    def by(self) -> Actor:
        return Actor(self.link.holder, Role.FINANCE, self.link.id)

    @property
    def base(self) -> str:
        return f"/f/{self.token}"

    def whose(self) -> Whose:
        return frontdesk.whose(self.link)


def carried() -> str:
    """The session that the browser carries, "" for none."""
    found = CARRIED.search(request().headers.get("cookie", ""))
    return found[1] if found else ""


def cookie(token: str, session_token: str, seconds: int) -> str:
    """A session as a header sets it: for this link's pages alone, out of reach of scripts and of other sites."""
    secure = "; Secure" if settings().public_url.startswith("https:") else ""
    path = f"{root()}/f/{token}"
    return f"{COOKIE}={session_token}; Path={path}; Max-Age={seconds}; SameSite=Lax; HttpOnly{secure}"


def link_of(token: str) -> Grant:
    """The link of somebody on finance's list, their own or a message's. One call. Raises NoAccess."""
    grant = access.open_link(token)
    if grant.kind == "ticket" and parts(grant.record)[0] == PREFIX:
        opening.staff(replace(grant, kind="staff"), FINANCE)
        return grant
    return opening.staff(grant, FINANCE)


def signed(view: Callable[..., Response]) -> Callable[..., Response]:
    """A page for who is signed in; anybody else with a link sees where to sign in. A message's link leads to its
    record. Raises NoAccess."""
    return _signed(view, lambda link, token: see(f"/f/{token}/release/{parts(link.record)[1]}"))


def signed_for_one(view: Callable[..., Response]) -> Callable[..., Response]:
    """The same for the page of one record, where a message's link leads to. Raises NoAccess."""
    return _signed(view, lambda link, token: None)


def _signed(
    view: Callable[..., Response], elsewhere: Callable[[Grant, str], Response | None]
) -> Callable[..., Response]:
    @functools.wraps(view)
    def opened(token: str, **more: Any) -> Response:
        at, lang = now(), lang_of(request())
        link = link_of(token)
        if link.kind == "ticket" and (other := elsewhere(link, token)):
            return other
        if not session.signed(link, carried(), at):
            return sign_in(token, link, lang)
        return view(Desk(token, link, at, lang), **more)

    return opened


def sign_in(token: str, link: Grant, lang: str, *, asked: bool = False, wrong: str = "", status: int = 401) -> Response:
    """The page that asks for a code."""
    facts = {"token": token, "whose": frontdesk.whose(link), "asked": asked, "wrong": wrong}
    return html(render("finance/sign_in.html", lang, **facts), lang, status)
