"""What belongs to a phone, behind the link that its code opens: tickets, and the pages of who works here.

GET  /m/{token}   ?after= goes on with what is older
POST /m/{token}   a room: what was reported of it long ago; answered here, for no address may carry it
"""

from __future__ import annotations

from typing import Any

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid
from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Invalid, Refused
from chalicelib.language import reasons
from chalicelib.services.access import mine
from chalicelib.services.access.access import NoAccess
from chalicelib.services.access.codes import TooOften
from chalicelib.services.access.mine import Mine
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import address, asked, request
from chalicelib.web.kit.pages import lang_of, page


def look(token: str) -> Response:
    after = asked("after")
    return _page(token, mine.of_phone(token, after if is_ulid(after) else "", now()), first=not after)


def room(token: str) -> Response:
    typed = ""
    try:
        typed = forms.read(request()).text("room", 40)
        return _page(token, mine.of_room(token, typed, address(), now()), room=typed)
    except NoAccess:
        raise
    except Refused as refused:
        errors = {"room": reasons.explain(refused, lang_of(request()))}
        status = 429 if isinstance(refused, TooOften) else 400 if isinstance(refused, Invalid) else 409
        return _page(token, mine.of_phone(token, "", now()), room=typed, errors=errors, status=status)


def _page(token: str, found: Mine, *, first: bool = True, room: str = "", status: int = 200, **more: Any) -> Response:
    return page(
        "mine/list.html",
        lang_of(request()),
        status=status,
        found=found,
        here=f"/m/{token}",
        first=first,
        room=room,
        tz=policy_for(NOWHERE).zone,
        errors=more.pop("errors", {}),
    )
