"""Four stars and one question, by the link of whoever was drawn. Looking at it changes nothing.

GET  /s/{token}           the stars; once they are given, thanks
POST /s/{token}/{move}    answer, or decline → 303 to the page
"""

from __future__ import annotations

from collections.abc import Mapping

from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.measures.survey import SCORES, Survey, moves
from chalicelib.domain.record.roles import Role
from chalicelib.services.access.access import NoAccess
from chalicelib.web.kit import stars
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.moves import NOTHING, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page, root

DONE: Mapping[str, str] = {
    "answer": "Thank you. Your answer is with us.",
    "decline": "Noted. You are not asked again for this.",
}


def look(door: Door, tried: Tried = NOTHING) -> Response:
    at, lang = now(), lang_of(request())
    one = door.open_record().record
    if not isinstance(one, Survey):
        raise NoAccess
    done = said(DONE, at)
    return page(
        "owner/survey.html",
        lang,
        status=tried.status,
        now=at,
        place=one.place.get("label", ""),
        state=one.state.value,
        moves=moves(one, Role.OWNER),
        base=f"{root()}{door.base}",
        key=ulid(at),
        scores=SCORES,
        kept=tried.kept,
        errors=tried.wrong(lang),
        banner=tried.overtaken(lang),
        done=done,
        said_done=DONE.get(done, ""),
    )


def act(door: Door, move: str) -> Response:
    return make(door, move, lambda name, form, at: stars.read(name, form, DONE), look)
