"""Improvement actions: a manager enters one on a figure; whoever does it reports; managers put it off or cancel it.

GET   /g/{token}/act                       ?m= the form, with the figure as it stands
POST  /g/{token}/act                       → 303 to the action
GET   /g/{token}/actions                   all of a scope, the newest first
GET   /g/{token}/action/{action}           one, with its history, and whether its figure moved
POST  /g/{token}/action/{action}/{move}    finish, put_off, cancel, take_up → 303 to the same
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib.adapters.ids import is_ulid, ulid
from chalicelib.adapters.time import now
from chalicelib.domain.measures.action import Action, Before, moves, shown
from chalicelib.domain.measures.action import line as line_of
from chalicelib.domain.measures.measure import MEASURES
from chalicelib.domain.policy.actions import terms_of
from chalicelib.domain.record.errors import Invalid, NotAllowed, Refused
from chalicelib.domain.record.event import Event
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import role_in
from chalicelib.language import measures as figures
from chalicelib.language import times, words
from chalicelib.language.catalogue import catalogue
from chalicelib.services.access.access import NoAccess
from chalicelib.services.measures import improving
from chalicelib.services.measures.managing import Scope
from chalicelib.services.record.numbers import policy_for
from chalicelib.services.ticket import frontdesk
from chalicelib.services.ticket.ended import beside
from chalicelib.store import actions, measures
from chalicelib.store.actions import Item
from chalicelib.web.kit import forms
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import Door
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import NOTHING, Tried, done, key_of, make, said
from chalicelib.web.kit.pages import lang_of, page, see
from chalicelib.web.manager import listing
from chalicelib.web.manager.door import Desk, managed
from chalicelib.web.manager.routes import frame

DONE: Mapping[str, str] = {
    "plan": "Entered. Whoever does it has been told.",
    "finish": "Noted: done. Next month's report shows whether the figure moved.",
    "put_off": "Noted: the last day is another one.",
    "cancel": "Noted: cancelled.",
    "take_up": "Noted: under way again.",
}
DATED = frozenset({"put_off", "take_up"})
SENTENCES: Mapping[str, str] = {
    "planned": "Entered, until %(until)s",
    "put_off": "Put off until %(until)s",
    "taken_up": "Taken up again, until %(until)s",
    "done": "Reported done",
    "cancelled": "Cancelled",
    "warned": "Reminded",
    "breached": "Last day over",
    "escalated": "The manager above was told",
    "reminded": "The manager above was told again",
}


@managed
def form(desk: Desk, tried: Tried = NOTHING) -> Response:
    name = asked("m", 40)
    month = measures.month(desk.scope.id, desk.month)
    known = {one: figure for one, figure in month.figures.items() if figure.row.better} if month else {}
    chosen = known.get(name)
    target = desk.terms.targets.get(name)
    goal = figures.entered(name, int(target * 10_000)) if target is not None else ""
    return page(
        "manager/act.html",
        desk.lang,
        status=tried.status,
        **frame(desk),
        action=desk.address("act", m=name),
        measure=name,
        options=[(one, figures.measure_word(one, desk.lang)) for one in known],
        word=figures.measure_word(name, desk.lang) if chosen else "",
        value=figures.text(chosen, desk.lang) if chosen else "",
        of=f"{chosen.n} / {chosen.d}" if chosen else "",
        unit=figures.unit_word(name, desk.lang),
        goal=goal,
        doers=[
            (one.id, f"{one.name} · {words.role_word(role_in(one.team) or '', desk.lang)}")
            for one in improving.doers(desk.scope.id)
        ],
        soonest=f"{desk.today}",
        latest=f"{desk.today + terms_of(policy_for(desk.scope.place)).longest}",
        key=ulid(desk.at),
        kept=tried.kept,
        errors=tried.wrong(desk.lang),
        banner=tried.overtaken(desk.lang),
    )


@managed
def plan(desk: Desk) -> Response:
    sent = Form({})
    try:
        sent = forms.read(request())
        name = sent.plain("measure", 40) or asked("m", 40)
        month = measures.month(desk.scope.id, desk.month)
        figure = month.figures.get(name) if month else None
        if figure is None or not MEASURES[name].better:
            raise Invalid("measure", "required")
        goal = figures.typed(name, sent.text("goal", 20))
        before = Before(desk.month, figure.n, figure.d, figures.small(figure))
        facts = {"measure": name, "goal": goal, "who": sent.plain("who", 40), "until": sent.plain("until", 10)}
        made = improving.plan(
            desk.grant, desk.scope.place, before, facts, sent.text("words", 2000), desk.at, key_of(sent)
        )
        return see(f"{desk.base}/action/{parts(made.id)[1]}?done={done('plan', desk.at)}")
    except NoAccess:
        raise
    except Refused as refused:
        return form(desk.token, tried=Tried("plan", sent, refused))


@managed
def listed(desk: Desk) -> Response:
    after = asked("after", 26)
    start = {"pk": f"ACTIONED#{desk.scope.id}", "sk": after} if is_ulid(after) else None
    found, more = actions.of_scope(desk.scope.id, start=start)
    month = measures.month(desk.scope.id, desk.month)
    return page(
        "manager/actions.html",
        desk.lang,
        **frame(desk),
        rows=listing.lines(desk, found, {desk.month: month} if month else {}),
        act=desk.address("act"),
        after=desk.address("actions", after=str(more["sk"])) if more else "",
    )


def look(door: Door, tried: Tried = NOTHING) -> Response:
    at, lang = now(), lang_of(request())
    opened = door.open_record()
    one = opened.record
    if not isinstance(one, Action):
        raise NoAccess
    numbers = policy_for(one.place)
    this = f"{at.astimezone(ZoneInfo(numbers.zone)):%Y-%m}"
    after = next((m for m in measures.months(one.scope, this, 2) if m.month > one.before.month), None)
    item = Item(one.id, shown(line_of(one)), one.what)
    manager = opened.grant.kind == "staff"
    desk = Desk(door.token, opened.grant, at, lang, _scope(one), after.month if after else beside(this, -1), this)
    said_done = said(DONE, at)
    return page(
        "manager/action.html",
        lang,
        status=tried.status,
        now=at,
        token=door.token,
        base=door.base,
        home=f"/g/{door.token}" if manager else "",
        one=one,
        line=listing.line(desk, item, after),
        who=frontdesk.names([one.who, one.by], one.place.get("project", "")),
        rows=[
            {"at": event.at, "text": _sentence(event, lang), "words": str(event.said.get("words", ""))}
            for event in reversed(one.events)
            if event.kind in SENTENCES
        ],
        tz=numbers.zone,
        moves=moves(one, opened.actor.role),
        soonest=f"{desk.today}",
        latest=f"{desk.today + terms_of(numbers).longest}",
        key=ulid(at),
        failed=tried.move if tried.fault else "",
        kept=tried.kept,
        errors=tried.wrong(lang),
        banner=tried.overtaken(lang),
        done=said_done,
        said_done=DONE.get(said_done, ""),
    )


def _scope(one: Action) -> Scope:
    return Scope(one.scope, one.place.get("label", ""), one.place)


def _sentence(event: Event, lang: str) -> str:
    until = event.data.get("until")
    facts = {"until": times.letter_day(date.fromisoformat(until), lang) if until else ""}
    return catalogue(lang).gettext(SENTENCES[event.kind]) % facts


def act(door: Door, move: str) -> Response:
    return make(door, move, _reads, look)


def _reads(move: str, form: Form, at: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    if move not in DONE or move == "plan":
        raise NotAllowed("not_allowed", move=move)
    data = {"until": form.plain("until", 10)} if move in DATED else {}
    return data, {"words": form.text("words", 2000)}
