"""Signing in to finance's desk, and out.

POST /f/{token}/code     a code goes to the address that the list names
POST /f/{token}/enter    the code → 303 to the desk, with a session of twelve hours
POST /f/{token}/leave    the session ends
"""

from __future__ import annotations

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.record.errors import Refused
from chalicelib.language import reasons
from chalicelib.services.access import session
from chalicelib.services.access.codes import TooOften
from chalicelib.web.finance.door import carried, cookie, link_of, sign_in
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.pages import lang_of, see


def ask(token: str) -> Response:
    link, lang = link_of(token), lang_of(request())
    try:
        session.ask(link, now())
    except TooOften as refused:
        return sign_in(token, link, lang, asked=True, wrong=reasons.explain(refused, lang), status=429)
    return sign_in(token, link, lang, asked=True, status=200)


def enter(token: str) -> Response:
    link, lang = link_of(token), lang_of(request())
    try:
        found = session.enter(link, forms.read(request()).text("code", 40), now())
    except Refused as refused:
        status = 429 if isinstance(refused, TooOften) else 400
        return sign_in(token, link, lang, asked=True, wrong=reasons.explain(refused, lang), status=status)
    answer = see(f"/f/{token}")
    answer.headers["Set-Cookie"] = cookie(token, found, int(session.LASTS.total_seconds()))
    return answer


def leave(token: str) -> Response:
    link_of(token)
    session.leave(carried(), now())
    answer = see(f"/f/{token}")
    answer.headers["Set-Cookie"] = cookie(token, "", 0)
    return answer
