"""Every link on every route for every ticket: nobody sees or moves what isn't theirs.

The routes are read from the app, the moves from the domain: a new one is tried from the day it is there. In `make test`
a part of the matrix, another one of each route, in `make test-deep` all of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest

from app import app
from chalicelib.domain.contractor.lifecycle import MOVES as CASE_MOVES
from chalicelib.domain.record.reference import parts
from chalicelib.domain.ticket.lifecycle import MOVES
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.ticket import dispatch
from tests.attack.scene import Position, Scene, may_open, staged, text_of
from tests.world import world as fresh_world

PART = 7  # in `make test` each seventh, another one for each route
FAMILIES = frozenset("otwdmkbfsqga")
LISTS = (
    "/a/{token}",
    "/m/{token}",
    "/w/{token}",
    "/k/{token}",
    "/b/{token}",
    "/b/{token}/claims",
    "/b/{token}/changes",
    "/b/{token}/company/C1",
    "/b/{token}/contract/H1",
    "/d/{token}",
    "/d/{token}/new",
    "/d/{token}/closed",
    "/d/{token}/signs",
    "/d/{token}/first",
    "/d/{token}/calls",
    "/d/{token}/scores",
    "/w/{token}/scores",
    "/w/{token}/score",
    "/b/{token}/deductions",
    "/k/{token}/deductions",
    "/k/{token}/statement",
    "/k/{token}/statement/pdf",
    "/b/{token}/releases",
    "/b/{token}/retention/H1",
    "/d/{token}/releases",
    "/k/{token}/releases",
)  # of everything that is theirs
DESKS_ALONE = ("people", "claims")  # who works there has no business with them
HOUSES_ALONE = ("/unit",)  # nor has anybody of a company
NAMES = {
    "n": "0",
    "name": "app.css",
    "number": "HY-2026-0001",
    "company": "C1",
    "contract": "H1",
    "change": "01KJP0Y9M0QWGD6621HF2227A5",
    "batch": "E1-B-2026-0001",
    "deduction": "01KJP0Y9M0QWGD6621HF2227A6",
    "sum": "0123456789ab",
    "finding": "01KJP0Y9M0QWGD6621HF2227AB",
    "survey": "01KJP0Y9M0QWGD6621HF2227A7",
    "score": "01KJP0Y9M0QWGD6621HF2227A8",
    "action": "01KJP0Y9M0QWGD6621HF2227B0",
    "ending": "pdf",
    "job": "01KJP0Y9M0QWGD6621HF2227A9",
    "release": "01KJP0Y9M0QWGD6621HF2227AA",
}  # what stands for the other parts of an address
OF_ONE = re.compile("{(ticket|case)}")
PICTURES = ("photo", "paper", "signature", "letter")
AT_TIMES = (
    "draft",
    "parties",
    "company",
    "contract",
    "deductions",
    "statement",
    "pdf",
    "score",
    "releases",
    "retention",
)  # there while a move is open, within a subsidiary, or for some of a family
FORM = {
    "key": "01KJP0Y9M0QWGD6621HF2227A3",
    "words": "还在漏",
    "photos": "01KJP0Y9M0QWGD6621HF2227A4",
    "window": "0",
    "day": "2026-03-03",
    "slot": "14-16",
    "from": "10:00",
    "to": "12:00",
    "reason": "parts",
    "how": "phone",
    "satisfied": "no",
    "fixed": "no",
    "person": "e1",
    "priority": "normal",
    "category": "other",
    "speed": "5",
    "thoroughness": "5",
    "manners": "5",
    "overall": "5",
    "level": "2",
    "until": "2026-03-09",
    "find": "9-9-9999",
    "do": "find",
    "where": "U2",
    "done": "0",
    "department": "engineering",
    "room": "U1",
    "price": "100",
    "invoice": "12345678901234567890",
    "last": "2026-03-04",
}


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with fresh_world() as world, pytest.MonkeyPatch.context() as patches, staged(world, patches) as made:
        yield made


def requests_of(route: str) -> list[tuple[str, str]]:
    """(method, route with its move) of all that a route takes; a part of an address that is new here must be named."""
    unknown = set(re.findall(r"{(\w+)}", route)) - {"token", "ticket", "case", "move", *NAMES}
    assert not unknown, f"{route}: say in NAMES what to put for {unknown}"
    for name, value in NAMES.items():
        route = route.replace(f"{{{name}}}", value)
    named = [*CASE_MOVES, "dispute"] if "{case}" in route else MOVES
    moves = [*named, "nothing"] if "{move}" in route else [""]
    return [(method, route.replace("{move}", move)) for method in sorted(app.routes[_plain(route)]) for move in moves]


def _plain(route: str) -> str:
    for name, value in NAMES.items():
        if route not in app.routes:
            route = re.sub(rf"(?<=/){re.escape(value)}(?=/|$)", f"{{{name}}}", route)
    assert route in app.routes
    return route


ROUTES = [(method, route) for template in sorted(app.routes) for method, route in requests_of(template)]
PRIVATE = [(method, route) for method, route in ROUTES if "{token}" in route]
OPEN = [(method, route) for method, route in ROUTES if "{token}" not in route]


def forbidden(scene: Scene, position: Position, family: str) -> list[tuple[str, str]]:
    """The marks that somebody may not read on pages of a family: (condition, text)."""
    return [
        (condition, mark)
        for condition, marks in scene.marks.items()
        for mark in marks
        if condition == "erased"
        or (position.outside and mark != marks[0])
        or not may_open(position, family, scene.tickets[condition])
    ]


def answers_rightly(scene: Scene, who: str, method: str, route: str, condition: str) -> None:
    position, ticket = scene.positions[who], scene.tickets[condition]
    family = route[1]
    assert family in FAMILIES, f"{route}: whom are these pages for?"
    what = f"{who}: {method} {route} of {condition}"
    case = parts(scene.cases.get(ticket.id, ticket.id))[1]
    address = route.replace("{token}", position.token).replace("{ticket}", ticket.id).replace("{case}", case)
    form = FORM | {"into": scene.tickets["on_site"].number} if method == "POST" else None
    answer = scene.ask(method, address, form)
    said, touched = text_of(answer), scene.back()
    status = answer["statusCode"]
    assert status < 500, what
    leaked = [mark for mark in forbidden(scene, position, family) if mark[1] in said]
    assert not leaked, f"{what}: reads {leaked}"
    if OF_ONE.search(route):
        allowed = may_open(position, family, ticket)
    elif route in LISTS:
        allowed = family in position.opens and (family != "b" or position.reach == "office")
    else:
        allowed = bool(position.ticket) and may_open(position, family, _named(scene, position))
        ticket = _named(scene, position) if allowed else ticket
    allowed = allowed and not (position.outside and route.endswith(HOUSES_ALONE))
    if not allowed:
        assert status == 404 or (status == 303 and method != "POST" and not touched), f"{what}: {status}"
        assert not touched, f"{what}: wrote {touched}"
        assert ticket.number not in said, what
        return
    if method != "POST":
        assert not touched, f"{what}: looking wrote {touched}"
    special = (*DESKS_ALONE, *PICTURES, *AT_TIMES, "{move}", "nothing")
    if method != "POST" and not any(word in route for word in special):
        assert status in (200, 303), f"{what}: {status}"
    if OF_ONE.search(route) or position.ticket:
        others = {f"TICKET#{t.id}" for c, t in scene.tickets.items() if t.id != ticket.id and c != "on_site"}
        assert not touched & others, f"{what}: wrote {touched & others}"


def _named(scene: Scene, position: Position) -> Ticket:
    return next(t for t in scene.tickets.values() if t.id == position.ticket)


def everything(scene: Scene) -> list[tuple[str, str, str, str]]:
    """(who, method, route, condition). Where a link names its ticket, one condition stands for all."""
    return [
        (who, method, route, condition)
        for (method, route), who, condition in product(PRIVATE, scene.positions, scene.tickets)
        if OF_ONE.search(route) or condition == "assigned"
    ]


def test_the_stage_has_every_route_and_every_position(scene: Scene) -> None:
    assert {route[1] for _, route in PRIVATE} == FAMILIES
    assert len(scene.positions) > 25
    for who in ("owner of assigned", "technician of assigned", "technician", "desk", "supervisor", "hotline"):
        position = scene.positions[who]
        ticket = _named(scene, position).id if position.ticket else scene.tickets["assigned"].id
        family = min(position.opens - {"b"})
        address = f"/{family}/{position.token}" + ("" if position.ticket else f"/{ticket}")
        assert scene.ask("GET", address)["statusCode"] == 200, who


def test_nobody_sees_or_moves_what_is_not_theirs(scene: Scene) -> None:
    asked = everything(scene)[::PART]
    assert len({route for _, _, route, _ in asked}) == len({route for _, route in PRIVATE})
    for one in asked:
        answers_rightly(scene, *one)


@pytest.mark.deep
def test_nobody_sees_or_moves_what_is_not_theirs_in_the_whole_matrix(scene: Scene) -> None:
    for one in everything(scene):
        answers_rightly(scene, *one)


@pytest.mark.parametrize(("method", "route"), OPEN)
def test_pages_without_a_link_tell_of_no_ticket(scene: Scene, method: str, route: str) -> None:
    numbers = [ticket.number for ticket in scene.tickets.values()]
    for typed in (*numbers, *(marks[2] for marks in scene.marks.values()), "U1", "A1"):
        fields = ("number", "find", "phone", "place", "p", "code", "mark", "id", "ticket", "q")
        form = dict.fromkeys(fields, typed) if method == "POST" else None
        answer = scene.ask(method, route + ("" if form else f"?p={typed}&q={typed}&in={typed}"), form)
        touched, said = scene.back(), text_of(answer)
        assert answer["statusCode"] < 500
        assert not [mark for marks in scene.marks.values() for mark in marks if mark in said and mark != typed]
        assert not [pk for pk in touched if pk.startswith("TICKET#") and "/again" not in route]


def test_a_wrong_a_foreign_and_a_dead_link_get_one_page(scene: Scene) -> None:
    wrong = scene.ask("GET", f"/o/{'A' * 22}")
    foreign = scene.positions["owner of elsewhere"].token
    dead = [f"/o/{scene.positions['owner of erased'].token}", f"/t/{foreign}", f"/w/{foreign}", f"/d/{foreign}"]
    dead += [f"/t/{scene.positions['technician who left, by the message'].token}", f"/w/{'-' * 22}"]
    for address in dead:
        answer = scene.ask("GET", address)
        assert (answer["statusCode"], answer["body"]) == (404, wrong["body"]), address


def test_a_door_that_is_left_open_is_seen(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    who, method, route = "technician who left, by the message", "GET", "/t/{token}"
    answers_rightly(scene, who, method, route, "assigned")
    monkeypatch.setattr(dispatch, "is_active", lambda person, team="": True)
    with pytest.raises(AssertionError, match=who):
        answers_rightly(scene, who, method, route, "assigned")
