"""Changes of companies and contracts that wait for a second person.

GET   /b/{token}/changes               what waits
GET   /b/{token}/change/{change}       what was and what is to be, field by field
POST  /b/{token}/change/{change}/{move}    confirm from a day on, or reject
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chalice.app import Response

from chalicelib.adapters.time import now
from chalicelib.domain.contractor.amendment import MOST_WORDS, Amendment
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.domain.record.reference import parts
from chalicelib.language import words
from chalicelib.language.amendments import difference_words, part_word
from chalicelib.services.access.access import NoAccess
from chalicelib.services.contractor import contacts
from chalicelib.services.contractor import office as desk
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.web.kit.asked import request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import NOTHING, Read, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page
from chalicelib.web.office.framing import frame
from chalicelib.web.staff.view import Clocks

DONE: Mapping[str, str] = {
    "confirm": "Confirmed. It holds from its day on, and the old contacts have been told.",
    "reject": "Rejected. Everything stays as it was.",
}


def waiting(token: str) -> Response:
    lang, at = lang_of(request()), now()
    grant, found, names = desk.changes(token)
    return page(
        "office/changes.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(grant),
        rows=[
            (
                f"/b/{token}/change/{parts(one.id)[1]}",
                _about(one.subject, one.of, names),
                words.listed((part_word(part, lang) for part in one.parts), lang),
                one.state == "confirmed",
            )
            for one in found
        ],
    )


def _about(subject: str, of: str, names: Mapping[str, str]) -> str:
    if subject == "company":
        return names.get(of, of)
    contract = desk.contract_named(of)
    return contract.number if contract else of


def look(door: Door, tried: Tried = NOTHING) -> Response:
    """A change as it is now; after an answer that was refused, with why."""
    lang, at = lang_of(request()), now()
    opened = door.open_record()
    one = opened.record
    if not isinstance(one, Amendment):
        raise NoAccess
    tz = policy_for(one.place).zone
    clocks = Clocks(lang, at, tz)
    done = said(DONE, at)
    first = one.events[0]
    return page(
        "office/change.html",
        lang,
        **frame(door, opened, tried, at),
        one=one,
        about=_about(one.subject, one.of, contacts.names([one.of]) if one.subject == "company" else {}),
        company=(one.company, contacts.names([one.company])[one.company]),
        proposed=clocks.when(first.at),
        by=_who(first.by, one),
        rows=[difference_words(difference, lang) for difference in one.differences()],
        mine=one.by == opened.actor.id,
        today=at.astimezone(clocks.zone).date().isoformat(),
        wrong_move=tried.move,
        wrong=tried.wrong(lang),
        kept=tried.kept,
        overtaken=tried.overtaken(lang),
        done=done,
        said_done=DONE.get(done, ""),
    )


def _who(by: str, one: Amendment) -> str:
    """Who entered it: somebody here by name, whoever ran a command as the command named them."""
    if by.startswith("operator:"):
        return by.partition(":")[2]
    return frontdesk.names([by], one.place.get("project", "")).get(by, by)


def act(door: Door, move: str) -> Response:
    return make(door, move, _read, look)


def _read(move: str, form: Form, at: datetime) -> Read:
    data: dict[str, Any] = {}
    if move == "confirm":
        if since := form.plain("since", 20):
            data["since"] = since
        return data, {}
    if move == "reject":
        text = form.text("words", MOST_WORDS)
        return data, ({"words": text} if text else {})
    raise NotAllowed("not_allowed", move=move)
