"""A person's score: one page for the person, colleagues, the developer desk and the employer's management.

GET  /w/{token}/score                     one's own last quarter; ?q=2026Q1 another, ?q=2026 a year
GET  /{w,d,g}/{token}/scores              whose quarter is not final yet; ?project= where a link reaches several
GET  /{w,d,g}/{token}/score/{score}       one; so does /q/{token}, the link of a message
POST …/{move}                             rate, check, take, publish, object, answer → 303

The person and the management see points and tickets; colleagues and the developer desk only what they are asked for.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from chalice.app import Response

from chalicelib.adapters.ids import ulid
from chalicelib.adapters.time import now
from chalicelib.domain.measures.period import before, is_year, quarter_before
from chalicelib.domain.measures.score import COMPUTED, PARTS, shown
from chalicelib.domain.measures.scoring import SEEN, Score, State, moves
from chalicelib.domain.policy.scores import Terms, terms_of
from chalicelib.domain.record.errors import NotAllowed
from chalicelib.domain.record.reference import parts
from chalicelib.domain.record.roles import Role
from chalicelib.language import scores as wording
from chalicelib.language.catalogue import word
from chalicelib.language.deadlines import deadline
from chalicelib.services.access import access, opening
from chalicelib.services.access.access import NoAccess
from chalicelib.services.measures import scoring
from chalicelib.services.record import record
from chalicelib.services.record.numbers import policy_for, policy_of
from chalicelib.services.ticket import dispatch
from chalicelib.store.grants import Grant
from chalicelib.web.kit.asked import asked, request
from chalicelib.web.kit.doors import CREW, MANAGERS, SCORERS, Door
from chalicelib.web.kit.forms import Form
from chalicelib.web.kit.moves import NOTHING, Read, Tried, make, said
from chalicelib.web.kit.pages import lang_of, page, root

HOMES = {Role.TECHNICIAN: "w", Role.SUPERVISOR: "d", Role.MANAGER: "g"}
QUARTER = re.compile(r"20[0-9]{2}(Q[1-4])?")
DONE: Mapping[str, str] = {
    "rate": "Noted. Only the mean is shown, no names.",
    "check": "The check is noted.",
    "take": "The suggestions are noted.",
    "publish": "Published. The person has been told, and may object.",
    "object": "Your objection is with the management. You hear from them.",
    "answer": "Answered. The figures are final.",
}


def colleagues(token: str) -> Response:
    return _list(opening.open_staff(token, CREW), token)


def served_with(token: str) -> Response:
    return _list(opening.open_staff(token, SCORERS), token)


def managed(token: str) -> Response:
    return _list(opening.open_staff(token, MANAGERS), token)


def _list(grant: Grant, token: str) -> Response:
    """Whose quarter is not final yet: for colleagues and the developer desk, who can still be said a word on."""
    lang, at, role = lang_of(request()), now(), access.role_of(grant)
    projects = scoring.projects_of(grant)
    project = next((p for p, _ in projects if p == asked("project")), projects[0][0] if projects else "")
    found = scoring.come_to(grant, scoring.open_at(project)[0]) if project else ()
    if role is Role.TECHNICIAN:
        found = [one for one in found if one.line.team == grant.team and one.line.person != grant.holder]
    if role is not Role.MANAGER:
        found = [one for one in found if one.line.state == State.GATHERING and not is_year(one.line.quarter)]
    base = f"/{HOMES[role]}/{token}"
    done = said(DONE, at)
    return page(
        "kit/scores.html",
        lang,
        now=at,
        base=base,
        role=role.value,
        above=role is Role.MANAGER and not grant.team.endswith("/manager"),
        projects=projects,
        project=project,
        rows=[_line(one, base, lang, at) for one in found],
        done=done,
        said_done=DONE.get(done, ""),
    )


def _line(one: scoring.Listed, base: str, lang: str, at: datetime) -> dict[str, Any]:
    by = deadline(one.by, at, policy_for({"project": one.line.team.partition("/")[0]}).zone, lang) if one.by else None
    return {
        "href": f"{base}/score/{parts(one.id)[1]}",
        "name": _name(one.line.person, one.line.team),
        "quarter": wording.quarter_text(one.line.quarter, lang),
        "state": wording.state_word(one.line.state, lang),
        "late": bool(by and by.late),
        "left": f"{by.left} · {by.when}" if by else "",
    }


def _name(person: str, team: str) -> str:
    return next((s.person.name for s in dispatch.roster(team) if s.id == person), person)


def mine(token: str) -> Response:
    """One's own quarter."""
    at = now()
    grant = opening.open_staff(token, CREW)
    zone = policy_for({"project": grant.team.partition("/")[0]}).zone
    quarter = asked("q") if QUARTER.fullmatch(asked("q")) else quarter_before(at.astimezone(ZoneInfo(zone)).date())
    name = scoring.named(grant.holder, quarter)
    try:
        one: Score | None = record.load(name)
    except record.NotFound:
        one = None
    door = Door(token, f"/w/{token}/score/{parts(name)[1]}", frozenset({"staff"}), name, CREW)
    return _page(door, one, Role.TECHNICIAN, grant.holder, NOTHING, quarter)


def look(door: Door, tried: Tried = NOTHING) -> Response:
    opened = door.open_record()
    one = opened.record
    if not isinstance(one, Score):
        raise NoAccess
    return _page(door, one, opened.actor.role, opened.actor.id, tried, one.quarter)


def _page(door: Door, one: Score | None, role: Role, who: str, tried: Tried, quarter: str) -> Response:
    at, lang = now(), lang_of(request())
    own, manager = bool(one) and one.person == who, role is Role.MANAGER  # type: ignore[union-attr]
    if one and not (own or manager) and (one.of_year or one.state is not State.GATHERING):
        raise NoAccess
    terms = terms_of(policy_of(one)) if one else Terms()
    done = said(DONE, at)
    home = f"/{HOMES[role]}/{door.token}" if door.kinds != frozenset({"ticket"}) else ""
    return page(
        "kit/score.html",
        lang,
        status=tried.status,
        now=at,
        base=f"{root()}{door.base}",
        home=home,
        at=_ticket(home, role),
        one=one,
        own=own,
        full=own or manager,
        name=_name(one.person, one.team) if one and not own else "",
        quarter=wording.quarter_text(quarter, lang),
        before=before(quarter),
        year=str(at.astimezone(ZoneInfo(policy_for(one.place if one else {}).zone)).year - 1),
        of_year=is_year(quarter),
        quarters=_quarters(one, home, own, lang) if one and (own or manager) else [],
        state=wording.state_word(one.state.value, lang) if one else "",
        parts_=_parts(one, terms, lang, own) if one and (own or manager) and not one.of_year else [],
        points=shown(Fraction(one.awarded["points"])) if one and one.awarded else "",
        factor=one.awarded.get("coefficient", "") if one else "",
        on_record=one.awarded.get("record", "") if one else "",
        target=terms.target,
        least=terms.cases,
        most=terms.adjust,
        spoken=_spoken(one, lang) if one and (own or manager) else [],
        sample=_sample(one, home, role) if one and not own and role is not Role.TECHNICIAN else [],
        moves=moves(one, role, who) if one else [],
        key=ulid(at),
        failed=tried.move if tried.fault else "",
        kept=tried.kept,
        errors=tried.wrong(lang),
        banner=tried.overtaken(lang),
        done=done,
        said_done=DONE.get(done, ""),
    )


def _parts(one: Score, terms: Terms, lang: str, own: bool) -> list[dict[str, Any]]:
    """Each part with its weight and mark; what people enter the person sees once it is published."""
    waits = own and one.state not in SEEN
    found = one.parts(terms)
    return [
        {
            "name": wording.part_word(part, lang),
            "weight": terms.weights[part],
            "computed": part in COMPUTED,
            "points": "" if waits and part not in COMPUTED else shown(found[part].points),
            "n": found[part].n,
        }
        for part in PARTS
    ]


def _quarters(one: Score, home: str, own: bool, lang: str) -> list[dict[str, Any]]:
    """Those behind a year; each opens where its reader reaches it."""
    ours = {quarter.quarter for quarter in one.quarters if quarter.project == one.place.get("project")}
    return [
        {
            "name": wording.quarter_text(quarter.quarter, lang),
            "state": wording.state_word(quarter.state, lang),
            "points": shown(Fraction(quarter.points)) if quarter.points else "",
            "n": quarter.n,
            "href": f"{home}/score?q={quarter.quarter}"
            if home and own
            else f"{home}/score/{parts(quarter.id)[1]}"
            if home and quarter.quarter in ours
            else "",
        }
        for quarter in one.quarters
    ]


def _spoken(one: Score, lang: str) -> list[dict[str, Any]]:
    """The explanation, the objection and its answer, in order."""
    told = {"published": "Explanation", "objected": "Objection", "answered": "Answer"}
    return [
        {"at": e.at, "text": word("score", told[e.kind], lang), "words": str(e.said.get("words", ""))}
        for e in reversed(one.events)
        if e.kind in told
    ]


def _sample(one: Score, home: str, role: Role) -> list[dict[str, Any]]:
    category = {row.ticket: row.category for row in one.rows}
    return [
        {
            "ticket": ticket,
            "category": category.get(ticket, ""),
            "points": one.checks.get(ticket),
            "href": f"{_ticket(home, role)}/{ticket}" if home else "",
        }
        for ticket in one.sample
    ]


def _ticket(home: str, role: Role) -> str:
    """Where a ticket opens: the management sees it without names."""
    return f"{home}/ticket" if role is Role.MANAGER else home


def act(door: Door, move: str) -> Response:
    home = f"{door.base.partition('/score/')[0]}/scores"
    then = home if move == "rate" and door.ticket else door.base
    return make(door, move, _read, look, then=then)


def _read(move: str, form: Form, at: datetime) -> Read:
    """Raises Invalid, NotAllowed."""
    if move not in DONE:
        raise NotAllowed("not_allowed", move=move)
    numbers = {"rate": ("stars",), "check": ("points",), "take": ("count",)}
    data: dict[str, Any] = {name: form.number(name) for name in numbers.get(move, ())}
    if move == "check":
        data["ticket"] = form.plain("ticket", 40)
    if move in ("publish", "answer"):
        data["adjust"] = _signed(form.plain("adjust", 6) or "0")
    words = form.text("words")
    return data, {"words": words} if words else {}


def _signed(typed: str) -> int | None:
    return int(typed) if re.fullmatch(r"[+-]?[0-9]{1,3}", typed) else None
