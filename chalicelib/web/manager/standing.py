"""A subsidiary's score of a month, for its management; all of them by rank, and the bonus sheet, for the group's.

GET  /g/{token}/standing         ?month=2026-03, the last one without; ?of=S1 one of them with its points and tickets
GET  /g/{token}/standing/file    303 to the heads' bonus sheet of a month that is final
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib.adapters import archive
from chalicelib.adapters.time import now
from chalicelib.domain.measures.subsidiary import Standing, tenths_text
from chalicelib.domain.record.roles import TEAMS
from chalicelib.language import standings as wording
from chalicelib.services.access import opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.measures import standing
from chalicelib.services.recent import Recent
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket.ended import beside
from chalicelib.store import standings
from chalicelib.store.grants import Grant
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import MANAGERS
from chalicelib.web.kit.pages import headers, lang_of, page
from chalicelib.web.manager.door import MONTH

_names: Recent[tuple[tuple[str, str], ...]] = Recent(seconds=600, most=1)


def look(token: str) -> Response:
    lang, at = lang_of(request()), now()
    grant = opening.open_staff(token, MANAGERS)
    names, month = dict(_theirs(grant)), _month(at)
    found = standings.of_month(names, month)
    every = sorted(found, key=lambda one: (not one.rank, one.rank, one.subsidiary))
    of = asked("of") if asked("of") in names else next(iter(names)) if len(names) == 1 else ""
    chosen = next((one for one in every if one.subsidiary == of), None)
    return page(
        "manager/standing.html",
        lang,
        now=at,
        base=f"/g/{token}",
        month=month,
        before=beside(month, -1),
        name=names.get(of, ""),
        rows=[] if of else [_line(one, names[one.subsidiary], lang) for one in every],
        one=_line(chosen, names[chosen.subsidiary], lang) if chosen else None,
        points=_points(chosen, lang) if chosen else [],
        among=len(names) > 1,
        sheet=bool(_all(grant) and asked("of") not in names and standings.sheet(month)),
    )


def file(token: str) -> Response:
    """Raises NoAccess, NotFound."""
    grant = opening.open_staff(token, MANAGERS)
    month = _month(now())
    key = standings.sheet(month) if _all(grant) else ""
    if not key:
        raise NotFound
    carried = {**headers(), "Location": archive.presigned_file(key, f"standing-{month}.xlsx")}
    return Response("", status_code=303, headers=carried)


def _all(grant: Grant) -> bool:
    return TEAMS[grant.team.partition("/")[2]].scope == "group"


def _theirs(grant: Grant) -> Sequence[tuple[str, str]]:
    """(id, name) of the subsidiaries whose scores a link shows: its own, or all. Raises NoAccess for a project's."""
    home, _, team = grant.team.partition("/")
    every = _names.get("", lambda: tuple(standing.subsidiaries()))
    if _all(grant):
        return every
    if TEAMS[team].scope != "subsidiary":
        raise NoAccess
    return [(code, name) for code, name in every if code == home]


def _month(at: datetime) -> str:
    """The month that is asked for, else the last one that is over."""
    if MONTH.fullmatch(asked("month")):
        return asked("month")
    return beside(f"{at.astimezone(ZoneInfo(policy_for(NOWHERE).zone)):%Y-%m}", -1)


def _line(one: Standing, name: str, lang: str) -> dict[str, Any]:
    return {
        "of": one.subsidiary,
        "name": name,
        "plan": tenths_text(one.plan),
        "total": tenths_text(one.total),
        "rank": one.rank,
        "among": one.among,
        "factor": one.factor,
        "rewards": [wording.consequence(reward, lang) for reward in one.rewards],
        "penalties": [wording.consequence(penalty, lang) for penalty in one.penalties],
    }


def _points(one: Standing, lang: str) -> list[dict[str, Any]]:
    """Each point with its figure and target, and the tickets behind it: (id, number)."""
    numbers = standing.numbered(one)
    return [
        {
            "rule": wording.rule(point.of, lang),
            "given": tenths_text(point.tenths, signed=True),
            "took": point.tenths < 0,
            "n": point.n,
            "d": point.d,
            "target": _percent(point.target),
            "tickets": [(ticket, numbers[ticket]) for ticket in point.tickets],
        }
        for point in one.points
    ]


def _percent(target: str) -> str:
    n, _, d = target.partition("/")
    return f"{int(n) * 100 // int(d or 1)}%" if target else ""
