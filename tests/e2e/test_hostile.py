"""Whatever bytes reach whatever POST route, the answer is 2xx, 303 or 4xx: the same routes, without a network."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote_from_bytes

import pytest
from chalice.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import app
from chalicelib.adapters import ids, objects
from chalicelib.services.access import access
from chalicelib.services.ticket import frontdesk
from chalicelib.store import grants
from chalicelib.web.contractor.forms import READERS as COMPANY_MOVES
from chalicelib.web.office.forms import READERS as OFFICE_MOVES
from chalicelib.web.owner.forms import READERS as OWNER_MOVES
from chalicelib.web.staff.forms import READERS as STAFF_MOVES
from tests.services.contractor import scene
from tests.world import STAFF, World

FORM = "application/x-www-form-urlencoded"
FIELDS = (
    *("mark", "place", "kind", "reporter", "category", "component", "words", "name", "phone", "email", "preferred"),
    *("consent", "seen", "when", "photos", "key", "window", "day", "slot", "from", "to", "w", "how", "reason", "done"),
    *(
        "signature",
        "satisfied",
        "fixed",
        "person",
        "into",
        "where",
        "answer",
        "find",
        "do",
        "code",
        "number",
        "until",
        "of",
    ),
    *("speed", "attitude", "quality", "overall", "entered", "priority", "channel", "speaks", "seal", "desk", "until"),
    *("company", "item_1", "quantity_1", "quoter_1", "quoted_1", "price", "upheld", "letter", "waybill", "contents"),
    *("invoice", "route", "cases", "came", "witness", "last", "upload", "purpose", "result", "tickets", "ticket"),
)
KNOWN = [b"repair", b"complaint", b"owner", b"yes", b"1", b"U1", b"A1", b"water_leak", b"take", b"find", b"suggest"]
KNOWN += [b"2026-03-03", b"09-10", b"14-16", b"23:59", b"proposed", b"parts", b"phone", b"999999999999999999999"]
KNOWN += [b"T1", b"T1/membrane", b"ladder", b"4.5", b"1E+999999", b"-1", b"0001-01-01", b"9999-12-31", b"00:00"]
KNOWN += [b"data:image/png;base64,AAAA", b"2026-03-03T09:00+08:00/2026-03-03T12:00+08:00", b"/", b"//", b"a@b.cc"]
values = st.one_of(st.sampled_from(KNOWN), st.binary(max_size=40), st.text(max_size=30).map(lambda t: t.encode()))
fields = st.dictionaries(st.sampled_from(FIELDS), values, max_size=12)
bodies = st.one_of(
    st.binary(max_size=200),
    fields.map(lambda given: "&".join(f"{k}={quote_from_bytes(v)}" for k, v in given.items()).encode()),
    fields.map(lambda given: b"&".join(k.encode() + b"=" + v for k, v in given.items())),
)


@pytest.fixture(autouse=True)
def _surroundings(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Templates with their texts, and no bucket behind photos."""
    frontdesk.forget()
    monkeypatch.setattr(objects, "presigned_post", lambda *_: {"url": "http://objects", "fields": {}})
    monkeypatch.setattr(objects, "put", lambda *_: None)
    yield
    frontdesk.forget()


def paths(world: World) -> list[str]:
    """Every POST route with links that open it, for every move that it knows and one that it doesn't."""
    ticket = world.report()
    world.pump()
    ticket = world.load(ticket)
    own = access.token(access.own_grant(ticket.id))
    links = {"/o": own}
    kinds = {"/t": access.ticket_grant(ticket.id, ticket.holder, ticket.desk)}
    kinds["/w"] = access.staff_grant(ticket.holder, STAFF[ticket.holder][0], 1)
    scene.settle(world)
    _, case = scene.opened(world)
    scene.do(world, case, "release_notice", "o1")
    links |= {"/k": scene.own_link("C1.k1"), "/b": scene.own_link("o1")}
    desk = next(who for who, (team, *_) in STAFF.items() if team == ticket.desk)
    kinds["/d"] = access.staff_grant(desk, ticket.desk, 1)
    for root, grant in kinds.items():
        links[root] = access.token(grant)
        grants.put(grant, access.hash_of(links[root]))
    found = []
    for path, methods in app.routes.items():
        if "POST" in methods:
            filled = path.replace("{token}", links.get(path[:2], "")).replace("{ticket}", ticket.id)
            known = {"/k": COMPANY_MOVES, "/b": OFFICE_MOVES}.get(path[:2], {*OWNER_MOVES, *STAFF_MOVES})
            moves = {*known, "nothing"} if "{move}" in path else {""}
            named = {"proxy+": "nowhere/at/all", "case": case.partition("#")[2], "batch": "E1-B-2026-0001"}
            named |= {"ending": "pdf", "contract": "H1", "move": "{move}"}
            filled = re.sub(r"{([^}]+)}", lambda found: named.get(found[1], ticket.id), filled)  # noqa: B023
            found += [filled.replace("{move}", move) for move in sorted(moves)]
    return found


@settings(
    max_examples=1000,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_any_bytes_on_any_post_route_are_answered(world: World, data: st.DataObject) -> None:
    if not hasattr(world, "hostile"):
        world.hostile = paths(world)  # type: ignore[attr-defined]
    path = data.draw(st.sampled_from(world.hostile))  # type: ignore[attr-defined]
    body = data.draw(bodies)
    if data.draw(st.booleans()):
        body = b"mark=" + ids.ulid(world.at).encode() + b"&place=U1&consent=1&phone=13800001111&key=0123456789&" + body
    kind = data.draw(st.sampled_from([FORM, FORM, FORM, FORM + "; charset=gbk", "application/json", "text/plain"]))
    with Client(app) as client:
        answer = client.http.post(path, headers={"Content-Type": kind}, body=body)
    assert answer.status_code < 500, path.split("/")[-1]
    assert answer.status_code in (200, 303) or 400 <= answer.status_code < 500
