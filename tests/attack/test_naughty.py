"""Naughty strings through every field of every form: never a fault, never unescaped, nothing of it in a header.

The forms are read from the pages themselves, so that a new one is tried from the day it is shown. In `make test` a part
of all pairs of field and string, and one string in every field; in `make test-deep` all pairs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import quote_from_bytes, urlsplit

import pytest

from app import app
from chalicelib.adapters import ids
from tests.attack.scene import Scene, staged, text_of
from tests.bench.web import Context, event
from tests.world import world as fresh_world

PART = 17  # in `make test` each seventeenth pair
NOTHING = b"NaN"  # and in every field this: short enough for any, and no number, day, name of anything
PRODUCT = "62615533"  # 7919 × 7907: a template that was evaluated shows it
RAW = (  # what must never stand in a page as it was typed
    *("<script>alert", "<img src=x", "<svg/onload", "</textarea><script", "<!ENTITY", "<?php", PRODUCT),
    *('href="javascript:', "href='javascript:", 'href="//evil', 'href="https://evil', 'src="//evil'),
)
EVIL = ("x-evil", "evil.example", "alert(", "\u202e", "\x1b")  # what no header may carry
STRINGS: tuple[bytes, ...] = (
    b'"><script>alert(1)</script>',
    b"'\"><img src=x onerror=alert(1)>",
    b"</textarea><script>alert(2)</script>",
    b"</title><svg/onload=alert(3)>",
    b"<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>",
    b"{{7919*7907}}{% import os %}",
    b"${7919*7907}#{7919*7907}<%= 7919*7907 %>",
    b"%(name)s %s %d {number} {0} {by.__class__}",
    b"' OR '1'='1'; DROP TABLE baoxiu; --",
    b"=cmd|'/C calc'!A0",
    b"@SUM(1+1)*cmd",
    b"x\r\nX-Evil: 1\r\n\r\n<script>alert(4)</script>",
    b"x%0d%0aX-Evil: 1",
    b"\x00\x01\x07\x08\x1b[31m\x7f",
    "\u0085\u2028\u2029\ufeff\u00ad".encode(),
    "\u202e\u2066evil\u2069\u200f".encode(),
    "\u202e".encode(),
    "长".encode() * 5000,
    b"a" * 120_000,
    b"\xed\xa0\x80\xed\xb0\x80",
    "主卧漏水".encode("gbk"),
    b"\xc0\xaf\xff\xfe\xf8\x88",
    "👨‍👩‍👧‍👦𠮷\U0002ebf1".encode(),
    ("Z" + "\u0323\u0310" * 60).encode(),
    b"javascript:alert(5)",
    b"//evil.example/",
    b"https://evil.example/\\@x",
    b"../../../../etc/passwd%00.png",
    b'{"a": [1, null]}',
    b"__proto__",
    b"NaN",
    b"1e999",
    b"1E+999999",
    b"-1",
    b"9" * 40,
    "１２３，４５６".encode(),
    b"2026-02-30",
    b"0000-00-00",
    b"24:61",
    b" ",
    b"",
    b"\x1a\x1a%%%",
)
PAGES = ("/", "/report?p=U1", "/report?p=A1", "/c", "/again", "/l")
USUAL = {
    "words": "还在漏",
    "phone": "13812340099",
    "name": "测试",
    "kind": "repair",
    "consent": "1",
    "place": "U1",
    "day": "2026-03-03",
    "slot": "14-16",
    "from": "10:00",
    "to": "12:00",
    "until": "2026-03-09",
    "category": "other",
    "reason": "parts",
    "person": "e1",
    "priority": "urgent",
    "satisfied": "no",
    "fixed": "no",
    "how": "phone",
    "find": "U1",
    "where": "U2",
    "number": "123456789",
    "code": "123456",
    "email": "a@example.invalid",
    "photos": "01KJP0Y9M0QWGD6621HF2227A4",
    "overall": "5",
    "speed": "5",
    "thoroughness": "5",
    "manners": "5",
    "company": "T1",
    "item_1": "T1/membrane",
    "quantity_1": "10",
    "cause": "waterproof_layer",
    "who_1": "developer:",
    "part_1": "100",
}


@dataclass
class Form:
    """A form of a page. `fields`: name → the value that it came with."""

    page: str
    method: str
    action: str
    fields: dict[str, str] = field(default_factory=dict)


class Reader(HTMLParser):
    """The forms of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.page = page
        self.found: list[Form] = []
        self.inside: Form | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = has.get("action", "") or urlsplit(self.page).path
            self.inside = Form(self.page, has.get("method", "get").upper(), action)
            self.found.append(self.inside)
        elif tag in ("input", "textarea", "select", "button") and self.inside and has.get("name"):
            self.inside.fields.setdefault(has["name"], has.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = None


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with fresh_world() as world, pytest.MonkeyPatch.context() as patches, staged(world, patches) as made:
        yield made


@pytest.fixture(scope="module")
def found(scene: Scene) -> list[Form]:
    """Every form that anybody is shown, once for each set of its fields."""
    known: dict[tuple[str, ...], Form] = {}
    for page in pages(scene):
        answer = scene.ask("GET", page)
        assert answer["statusCode"] == 200, page
        reader = Reader(page)
        reader.feed(answer["body"])
        for form in reader.found:
            known.setdefault((_route(scene, form.action), form.method, *sorted(form.fields)), form)
    return list(known.values())


def pages(scene: Scene) -> Iterator[str]:
    yield from PAGES
    for condition in ("assigned", "on_site", "completed", "closed", "climbed", "complaint"):
        ticket = scene.tickets[condition]
        own = scene.positions[f"owner of {condition}"].token
        yield from (f"/o/{own}", f"/o/{own}/sheet" if condition in ("completed", "closed") else f"/o/{own}/late")
        for who in ("desk", "supervisor", "hotline"):
            yield f"/d/{scene.positions[who].token}/{ticket.id}"
        yield f"/w/{scene.positions['desk'].token}/{ticket.id}"
    yield f"/d/{scene.positions['desk'].token}/{scene.tickets['assigned'].id}/people"
    for condition in ("assigned", "climbed"):
        yield f"/t/{scene.positions[f'technician of {condition}'].token}"
    for name in ("desk", "supervisor", "technician"):
        yield f"/w/{scene.positions[name].token}"
    desk = scene.positions["desk"].token
    yield from (f"/d/{desk}", f"/d/{desk}/new", f"/d/{desk}/new?place=U1")
    office, company, third = (scene.positions[name].token for name in ("office", "contractor", "third party"))
    yield from (f"/b/{office}", f"/b/{office}/claims", f"/b/{office}/changes", f"/b/{office}/company/C1")
    yield from (f"/k/{company}", f"/k/{third}", "/l")
    for condition, letter in (("contracted", "reminder"), ("engaged", "third_party_notice")):
        case = _case(scene, scene.tickets[condition].id)
        yield from (f"/b/{office}/{case}", f"/b/{office}/{case}/draft?kind={letter}")
        yield from (f"/k/{company}/{case}", f"/w/{office}/{scene.tickets[condition].id}")
    yield f"/b/{office}/{_case(scene, scene.tickets['contracted'].id)}/parties?stop=1"
    yield from (f"/k/{third}/{case}", f"/t/{scene.positions['third party by the message'].token}")


def _case(scene: Scene, ticket: str) -> str:
    """The case of a ticket, as it stands in addresses."""
    return scene.cases[ticket].partition("#")[2]


def _route(scene: Scene, action: str) -> str:
    for position in scene.positions.values():
        action = action.replace(position.token, "{token}")
    return re.sub(r"/[0-9A-Z]{26}\b", "/{ticket}", urlsplit(action).path)


def sent(scene: Scene, form: Form, name: str, string: bytes) -> dict[str, Any]:
    """The answer to a form that is filled in as usual, but for one field."""
    values = {n: (v or USUAL.get(n, "")).encode() for n, v in form.fields.items()} | {name: string}
    for mark in ("key", "mark"):
        if mark in values and mark != name:
            values[mark] = ids.ulid(scene.world.at).encode()
    body = "&".join(f"{n}={quote_from_bytes(v, safe='')}" for n, v in values.items())
    path = urlsplit(form.action).path
    if form.method == "GET":
        return _plain(scene, path, {n: v.decode("utf-8", "replace") for n, v in values.items()})
    asked = event(app, "POST", path, [])
    asked["body"] = body
    asked["requestContext"]["identity"]["sourceIp"] = "2001:db8::1"
    return dict(app(asked, Context()))


def _plain(scene: Scene, path: str, query: Mapping[str, str]) -> dict[str, Any]:
    asked = event(app, "GET", path)
    asked["queryStringParameters"] = dict(query)
    asked["multiValueQueryStringParameters"] = {n: [v] for n, v in query.items()}
    return dict(app(asked, Context()))


def is_clean(answer: Mapping[str, Any], what: str) -> None:
    """No fault; what was typed stands nowhere as it was, and in no header."""
    assert answer["statusCode"] < 500, what
    body = str(answer.get("body", ""))
    assert not [raw for raw in RAW if raw in body], what
    headers = text_of(answer | {"body": ""}).encode().decode("unicode_escape").lower()
    assert not [evil for evil in EVIL if evil in headers], f"{what}: in a header"
    assert "\r" not in str(answer.get("headers")), what


def looked_at(scene: Scene, form: Form, what: str) -> None:
    """Every page that shows what was sent."""
    position = next((p for p in scene.positions.values() if p.token in form.action), None)
    held = re.search(r"/([0-9A-Z]{26})\b", form.action)
    ticket = held[1] if held else position.ticket if position else ""
    own = next((p.token for n, p in scene.positions.items() if p.ticket == ticket and n.startswith("owner")), "")
    desk, office = scene.positions["desk"].token, scene.positions["office"].token
    shown = [f"/d/{desk}"]
    if case := next((t for t in scene.cases if ticket and ticket in (t, _case(scene, t))), ""):
        ticket, at = case, _case(scene, case)
        shown += [f"/b/{office}", f"/b/{office}/{at}", f"/k/{scene.positions['contractor'].token}/{at}"]
        shown += [f"/b/{office}/{at}/draft?kind={letter}" for letter in ("reminder", "third_party_notice")]
    if ticket:
        shown += [f"/d/{desk}/{ticket}", f"/w/{desk}/{ticket}", f"/d/{desk}/{ticket}/late"]
        shown += [f"/o/{own}", f"/o/{own}/sheet", f"/o/{own}/late"] if own else []
    for page in shown:
        answer = scene.ask("GET", page)
        assert answer["statusCode"] in (200, 303, 404), f"{what}, then {page}"
        is_clean(answer, f"{what}, then {page}")


def tried(scene: Scene, form: Form, name: str, string: bytes) -> None:
    what = f"{form.method} {_route(scene, form.action)} {name}={string[:40]!r}"
    answer = sent(scene, form, name, string)
    is_clean(answer, what)
    if scene.written and any(pk.startswith(("TICKET#", "CASE#")) for pk, _ in scene.written):
        looked_at(scene, form, what)
    scene.back()


def everything(found: list[Form]) -> list[tuple[Form, str, bytes]]:
    return [(form, name, string) for form in found for name in form.fields for string in STRINGS]


def test_the_pages_have_forms_and_sent_as_usual_they_are_taken(scene: Scene, found: list[Form]) -> None:
    routes = {_route(scene, form.action) for form in found}
    assert {"/report", "/c", "/again", "/d/{token}", "/d/{token}/new", "/o/{token}/note"} <= routes
    assert {f"/b/{{token}}/{{ticket}}/{move}" for move in ("call", "edit_letter", "stop_damage", "appoint")} <= routes
    assert {f"/k/{{token}}/{{ticket}}/{move}" for move in ("refuse", "delegate", "dispute", "appoint")} <= routes
    assert "/l" in routes
    assert sum(route.startswith("/t/") for route in routes) >= 3
    note = next(form for form in found if _route(scene, form.action) == "/o/{token}/note")
    assert sent(scene, note, "words", "还在漏".encode())["statusCode"] == 303
    assert scene.back() == {f"TICKET#{t.id}" for t in scene.tickets.values() if f"{t.id}" in str(scene.tickets)} & {
        f"TICKET#{p.ticket}" for p in scene.positions.values() if p.token in note.action
    }


def test_whatever_is_typed_into_a_field_is_answered_and_never_shown_raw(scene: Scene, found: list[Form]) -> None:
    asked = everything(found)[::PART]
    asked += [(form, name, NOTHING) for form in found for name in form.fields]
    assert {string for _, _, string in asked} == set(STRINGS)
    for one in asked:
        tried(scene, *one)


@pytest.mark.deep
def test_whatever_is_typed_into_any_field_is_answered_and_never_shown_raw(scene: Scene, found: list[Form]) -> None:
    for one in everything(found):
        tried(scene, *one)


QUERIES = (
    "lang",
    "done",
    "after",
    "state",
    "priority",
    "category",
    "show",
    "desk",
    "part",
    "place",
    "who",
    "p",
    "q",
    "in",
    "sum",
    "number",
)


@pytest.mark.parametrize("string", STRINGS, ids=lambda s: repr(s[:16]))
def test_whatever_stands_in_an_address_is_answered(scene: Scene, string: bytes) -> None:
    typed = string.decode("utf-8", "replace")[:2000]
    for page in dict.fromkeys(urlsplit(page).path for page in pages(scene)):
        answer = _plain(scene, page, dict.fromkeys(QUERIES, typed))
        is_clean(answer, f"GET {_route(scene, page)}?…={string[:40]!r}")
    assert not {pk for pk in scene.back() if pk.startswith("TICKET#")}


@pytest.mark.parametrize("string", STRINGS, ids=lambda s: repr(s[:16]))
def test_whatever_stands_in_a_part_of_an_address_is_answered(scene: Scene, string: bytes) -> None:
    typed = string.decode("utf-8", "replace").replace("/", "")[:2000] or "x"
    desk = scene.positions["desk"].token
    for route, methods in app.routes.items():
        for token in (typed, desk) if "{" in route and methods else ():
            asked = event(app, next(iter(methods)), re.sub(r"{\w+}", "x", route))
            names = re.findall(r"{(\w+)}", route)
            asked |= {"resource": route, "pathParameters": dict.fromkeys(names, typed), "body": ""}
            if "token" in names:
                asked["pathParameters"]["token"] = token
            asked["requestContext"] |= {"resourcePath": route, "identity": {"sourceIp": "2001:db8:2::1"}}
            asked["headers"]["content-type"] = "application/x-www-form-urlencoded"
            is_clean(dict(app(asked, Context())), f"{route} with {string[:40]!r}")
    scene.back()
