"""Owners whom a desk calls back: its list, and a call with what came of it.

GET  /d/{token}/calls                   who is to be called, by deadline; those who say that something is not right
GET  /d/{token}/call/{survey}           whom to call, and the stars to note; what is still not right
POST /d/{token}/call/{survey}/{move}    reached, not_reached, refused, settle → 303 to the list
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.measures.survey import SCORES, Survey, moves
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import DESKS, Role
from chalicelib.language import surveys as wording
from chalicelib.language.deadlines import deadline
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.measures import surveying
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.store import surveys
from chalicelib.web.kit import stars
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page, root

DONE: Mapping[str, str] = {
    "reached": "Noted: reached, with the stars.",
    "not_reached": "Noted: nobody answered.",
    "refused": "Noted: would rather not answer.",
    "settle": "Noted: seen to.",
}


def calls(token: str) -> Response:
    lang, at = lang_of(request()), now()
    grant = opening.open_staff(token, DESKS)
    tz = policy_for(frontdesk.home(grant)).zone
    found, more = surveying.calls(grant.team)
    project = grant.team.partition("/")[0] if access.role_of(grant) is Role.DESK else ""
    month = f"{at.astimezone(ZoneInfo(tz)):%Y-%m}"
    done = said(DONE, at)
    return page(
        "desk/calls.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(grant),
        rows=[_line(one, token, lang, at, tz) for one in found],
        more=bool(more),
        asked=surveys.counts(project, month) if project else None,
        done=done,
        said_done=DONE.get(done, ""),
    )


def _line(one: surveying.Call, token: str, lang: str, at: datetime, tz: str) -> dict[str, Any]:
    by = deadline(one.by, at, tz, lang) if one.by else None
    return {
        "href": f"/d/{token}/call/{parts(one.id)[1]}",
        "place": one.line.place,
        "stage": one.line.stage,
        "state": wording.state_word(one.line.state, lang),
        "tries": one.line.tries,
        "verified": one.line.verified,
        "late": bool(by and by.late),
        "left": by.left if by else "",
        "when": by.when if by else "",
    }


def call(door: Door, tried: Tried = NOTHING) -> Response:
    at, lang = now(), lang_of(request())
    opened = door.open_record()
    one = opened.record
    if not isinstance(one, Survey):
        raise NoAccess
    answered = next((e for e in reversed(one.events) if e.kind == "answered"), None)
    return page(
        "desk/call.html",
        lang,
        status=tried.status,
        now=at,
        token=door.token,
        whose=frontdesk.whose(opened.grant),
        place=one.place.get("label", ""),
        state=wording.state_word(one.state.value, lang),
        stage=one.stage,
        verified=one.verified,
        tries=one.tries,
        contact=surveying.contact(one) if one.is_open else None,
        wrote=str(answered.said.get("words", "")) if answered else "",
        stars=one.scores,
        open=one.is_open,
        moves=moves(one, opened.actor.role),
        base=f"{root()}{door.base}",
        key=ulid(at),
        scores=SCORES,
        failed=tried.move if tried.fault else "",
        kept=tried.kept,
        errors=tried.wrong(lang),
        banner=tried.overtaken(lang),
    )


def act(door: Door, move: str) -> Response:
    home = f"/d/{door.token}/calls"
    return make(door, move, lambda name, form, at: stars.read(name, form, DONE), call, then=home)
