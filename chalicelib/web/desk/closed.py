"""What ended, as the desk reads it.

GET  /d/{token}/closed    ?desk= ?month=2026-03 ?category= ?after=
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlencode

from chalice.app import Response
from markupsafe import Markup

from chalicelib.adapters.time import now
from chalicelib.domain.record.number import spoken
from chalicelib.language import times
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import ended, frontdesk
from chalicelib.web.desk import lines
from chalicelib.web.kit import choices
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.pages import lang_of, page


class Row(NamedTuple):
    href: str
    when: str
    number: str
    place: str
    about: Markup
    state: Markup
    holder: str
    late: bool
    overall: int


def closed(token: str) -> Response:
    lang, at = lang_of(request()), now()
    category = asked("category") if asked("category") in choices.category_names() else ""
    found = ended.closed(token, asked("desk"), asked("month"), category, asked("after"), at)
    tz = policy_for({"project": found.desk.project}).zone
    chosen = {"desk": found.desk.project if len(found.desks) > 1 else "", "month": found.month, "category": category}

    def address(**more: str) -> str:
        return f"/d/{token}/closed?{urlencode({k: v for k, v in {**chosen, **more}.items() if v})}"

    rows = [
        Row(
            f"/d/{token}/{one.id}",
            times.clock_time(fact.counts, tz, lang, at),
            spoken(one.line.number),
            one.line.place.removeprefix(found.desk.name).strip() or one.line.place,
            lines.about(one.line.kind, one.line.category, lang),
            lines.state(one.line.state, one.line.kind, lang),
            found.names.get(fact.holder or one.line.holder, ""),
            any(clock.verdict == "late" for clock in fact.clocks),
            fact.scores.get("overall", 0),
        )
        for fact, one in found.lines
    ]
    return page(
        "desk/closed.html",
        lang,
        now=at,
        token=token,
        whose=frontdesk.whose(found.grant),
        desk=found.desk,
        desks=found.desks,
        month=found.month,
        rows=rows,
        before=address(month=ended.beside(found.month, -1)),
        later=address(month=ended.beside(found.month, 1)) if found.month < found.this_month else "",
        after=address(after=found.after) if found.after else "",
        first=not asked("after"),
        narrowed=bool(category),
        chosen=chosen,
        categories=choices.options("category", choices.category_names(), category, lang),
    )
