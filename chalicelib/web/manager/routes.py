"""The figures of a scope, as its managers read them.

GET /g/{token}                     ?of= ?month=   the screen: six figures, their year, where promises broke
GET /g/{token}/tickets             ?m= ?p= ?after=   the tickets behind a number; above a project, its projects first
GET /g/{token}/words               what owners wrote with their stars, without names and numbers
GET /g/{token}/ticket/{ticket}     a ticket, without who lives there

The screen is three calls, however long the history: the link, the year with what the month looks like, the actions.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from chalice.app import Response
from markupsafe import Markup

from chalicelib.domain.measures.figures import Figure
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.record.number import spoken
from chalicelib.domain.record.reference import parts
from chalicelib.domain.ticket.heading import listed
from chalicelib.language import measures as wording
from chalicelib.language import times, words
from chalicelib.language.deadlines import deadline
from chalicelib.language.money import figures
from chalicelib.services.access import access
from chalicelib.services.measures import managing, reading
from chalicelib.services.recent import Recent
from chalicelib.services.record.numbers import policy_of
from chalicelib.services.record.record import NotFound
from chalicelib.services.ticket.ended import beside
from chalicelib.store import actions, measures, portraits, tickets
from chalicelib.web.kit.asked import asked
from chalicelib.web.kit.pages import page, render, see
from chalicelib.web.manager import listing, view
from chalicelib.web.manager.door import Desk, desk, managed, year_to

PAGE = 25
ACTIONS = 6
MARK = "~" * 22  # stands for the link's token in what is drawn for every manager of a scope
BETWEEN = "<!--actions-->"
Drawn = tuple[str, str]
_drawn: Recent[Drawn] = Recent(seconds=math.inf, most=128)  # by what it is drawn of


def frame(desk: Desk) -> dict[str, Any]:
    """What every page of a manager needs."""
    return {
        "now": desk.at,
        "token": desk.token,
        "base": desk.base,
        "home": desk.address(),
        "scope": desk.scope,
        "own": desk.own,
        "month": desk.month,
        "earlier": desk.address(month=beside(desk.month, -1)),
        "later": desk.address(month=beside(desk.month, 1)) if desk.month < desk.this_month else "",
    }


def home(token: str) -> Response:
    """The screen of a scope; the link of a message about one action opens that."""
    grant = access.open_link(token)
    if parts(grant.record)[0] == "ACTION" and grant.record:
        return see(f"/g/{token}/action/{parts(grant.record)[1]}")
    return screen(desk(token, grant))


def screen(desk: Desk) -> Response:
    raw = portraits.rows(desk.scope.id, year_to(desk.month))
    acts, more = actions.of_scope(desk.scope.id, limit=ACTIONS)
    own = next((row for row in raw if row.sk == desk.month and row.pk.startswith("MEASURE#")), None)
    now = portraits.month_of(own) if own and acts else None
    above, below = _drawn_of(desk, raw)
    return page(
        "manager/screen.html",
        desk.lang,
        **frame(desk),
        above=Markup(above.replace(MARK, desk.token)),
        below=Markup(below.replace(MARK, desk.token)),
        actions=listing.lines(desk, acts, {desk.month: now} if now else {}),
        all_actions=desk.address("actions") if more else "",
        inside=[(one.name, desk.address(of=one.code)) for one in managing.inside(desk.scope)],
        up=desk.address(of="") if not desk.own else "",
    )


def _drawn_of(desk: Desk, raw: tuple[portraits.Raw, ...]) -> Drawn:
    """What stands above and below the actions, as equal rows made it before: figures change once a night."""
    running = desk.month == desk.this_month
    key = (raw, desk.lang, desk.scope.id, desk.scope.name, desk.own, desk.month, running, desk.numbers.measures)
    return _drawn.get(key, lambda: _draw(replace(desk, token=MARK), portraits.screen_of(raw), running))


def _draw(desk: Desk, found: portraits.Screen, running: bool) -> Drawn:
    months = {one.month: one for one in found.months}
    now = months.get(desk.month)
    six = view.tiles(desk, months)
    drawn = render(
        "manager/drawn.html",
        desk.lang,
        **frame(desk),
        tiles=six,
        others=view.others(desk, now, six),
        final=times.date_of(measures.final_at(now), desk.numbers.zone, desk.lang) if now and now.final else "",
        running=running,
        moved=bool(now and now.first),
        why=len(now.why) if now else 0,
        any=bool(now),
        least=desk.terms.least,
        broken=view.broken(found.portrait, found.names, desk.lang),
        stretches=view.STRETCH_WORDS,
        worst=view.worst(found.portrait, found.names, desk),
        contractors=view.contractors(found.portrait, found.names),
        wrote=len(found.portrait.words),
        words_at=desk.address("words"),
    )
    above, _, below = drawn.partition(BETWEEN)
    return above, below


@managed
def behind(desk: Desk) -> Response:
    """The tickets behind a number."""
    name, code = asked("m", 40), asked("p", 40)
    if name not in MEASURES:
        raise NotFound
    theirs = managing.projects_in(desk.scope)
    project = next((one for one in theirs if one.code == code), theirs[0] if len(theirs) == 1 else None)
    known: dict[str, Any] = {"measure": name, "word": wording.measure_word(name, desk.lang)}
    known["act"] = desk.address("act", m=name)
    if project is None:
        found = measures.month_of([one.id for one in theirs], desk.month)
        rows = [
            _project(desk, one.name, one.code, found[one.id].figures.get(name), name)
            for one in theirs
            if one.id in found
        ]
        return page("manager/projects.html", desk.lang, **frame(desk), **known, rows=sorted(rows, key=_worst_first))
    money = name in reading.MONEY
    look: Callable[..., Sequence[Any]] = reading.money_behind if money else reading.tickets_behind
    all_of = look(project.code, desk.month, name)
    first = max(int(after), 0) if (after := asked("after", 6)).isdecimal() else 0
    shown = all_of[first : first + PAGE]
    heads = {one.id: one.line for one in listed(tickets.several([one.ticket for one in shown if one.ticket]))}
    row = partial(_money, name) if money else _row
    rows = [row(desk, one, heads.get(one.ticket)) for one in shown]
    more = {"m": name, "p": code}
    return page(
        "manager/tickets.html",
        desk.lang,
        **frame(desk),
        **known,
        project=project.name,
        back=desk.address("tickets", m=name) if len(theirs) > 1 else "",
        rows=rows,
        count=len(all_of),
        first=first + 1,
        last=first + len(shown),
        previous=desk.address("tickets", **more, after=str(first - PAGE)) if first else "",
        following=desk.address("tickets", **more, after=str(first + PAGE)) if first + PAGE < len(all_of) else "",
    )


def _project(desk: Desk, name: str, code: str, one: Figure | None, measure: str) -> dict[str, Any]:
    met = one.met(desk.terms) if one else None
    return {
        "name": name,
        "href": desk.address("tickets", m=measure, p=code) if one else "",
        "value": wording.text(one, desk.lang) if one else "–",
        "n": one.n if one else 0,
        "d": one.d if one else 0,
        "state": "" if met is None else "kept" if met else "missed",
        "bad": _badness(one) if one else -1.0,
    }


def _badness(one: Figure) -> float:
    """Order alone, never shown."""
    return -float(one.value) if one.row.better != "down" else float(one.value)


def _worst_first(row: Mapping[str, Any]) -> tuple[bool, float, str]:
    return row["value"] == "–", -row["bad"], row["name"]


def _named(desk: Desk, ticket: str, category: str, at: datetime, line: Any) -> dict[str, Any]:
    """Which ticket a row is of; `line`: of its head, None where it has none."""
    return {
        "href": f"{desk.base}/ticket/{ticket}" if line else "",
        "number": spoken(line.number) if line else ticket[-6:],
        "place": line.place if line else "",
        "about": words.category_word(category, desk.lang),
        "when": times.clock_time(at, desk.numbers.zone, desk.lang, desk.at),
    }


def _money(measure: str, desk: Desk, one: reading.Money, line: Any) -> dict[str, Any]:
    """A row with its amount; of what is recovered, of how much."""
    said = [one.n, one.d] if measure == "recovery" else [one.n]
    return {
        **_named(desk, one.ticket, one.category, one.at, line),
        "span": " / ".join(f"¥{figures(fen)}" for fen in said),
    }


def _row(desk: Desk, one: reading.Behind, line: Any) -> dict[str, Any]:
    fact = one.fact
    late = [run for run in fact.clocks if run.verdict == "late"]
    return {
        **_named(desk, fact.ticket, fact.category, fact.counts, line),
        "span": wording.value_text("resolution_time", one.seconds, desk.lang) if one.seconds is not None else "",
        "good": bool(one.n),
        "share": one.seconds is None,
        "late": [words.clock_word(run.name, desk.lang) for run in late],
        "stars": fact.scores.get("overall", 0),
        "rounds": fact.rounds,
    }


@managed
def wrote(desk: Desk) -> Response:
    """What owners wrote with their stars."""
    found = portraits.screen(desk.scope.id, [desk.month])
    return page(
        "manager/words.html",
        desk.lang,
        **frame(desk),
        rows=listing.written(desk, found.portrait.words),
        asked_for=len(found.portrait.words),
    )


@managed
def ticket(desk: Desk, ticket: str) -> Response:
    """A ticket as its managers see it: what was promised and done, nobody's name or number."""
    one = managing.ticket(desk.grant, ticket)
    numbers = policy_of(one)
    return page(
        "manager/ticket.html",
        desk.lang,
        **frame(desk),
        t=one,
        tz=numbers.zone,
        clocks=listing.clocks(one, numbers, desk),
        rows=listing.told(one, numbers, desk),
        deadline=deadline,
    )
