"""The auditor's pages: each check with its findings and tickets, an explanation and its undoing; whose it is not."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.domain.money.watch import Engaged, Hit
from chalicelib.domain.record.reference import parts
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.contractor import contacts, office
from chalicelib.services.measures import gaming
from chalicelib.services.money import watching
from chalicelib.store import contracts, grants, originals, watched
from chalicelib.store.table import Put
from infra.seed.lives import GAMES
from tests.services.contractor import scene
from tests.services.measures.test_gaming import MORNING, stated
from tests.services.money import owed
from tests.web import links
from tests.world import World, forget

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def here(world: World) -> Iterator[World]:
    for kept in (office, contacts):
        kept.forget()
    yield owed.settle(world)
    contacts.forget()


@pytest.fixture
def room(here: World) -> str:
    """The auditor's own link."""
    here.employ("a1", "group/audit")
    grant = access.staff_grant("a1", "group/audit", 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return f"/a/{access.token(grant)}"


def plain(answer: HTTPResponse) -> str:
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body.decode()))


def post(browser: Client, path: str, **fields: Any) -> HTTPResponse:
    sent = {"key": secrets.token_hex(13), **fields}
    return browser.http.post(path, headers=FORM, body=urlencode(sent).encode())


def findings(browser: Client, room: str, show: str = "") -> list[str]:
    """Those of pictures, as the page lists them."""
    body = browser.http.get(room + show).body.decode()
    section = next((part for part in body.split("<section") if part.startswith(' aria-labelledby="c-photo"')), "")
    return re.findall(rf'href="({room}/finding/[0-9A-Z]{{26}})"', section)


def seen(browser: Client, path: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', browser.http.get(path).body.decode())
    assert found
    return found[1]


def shares(what: str, value: str) -> None:
    for name in ("C1", "T1"):
        company = contracts.company(name)
        assert company
        for row in contracts.put_company(replace(company, **{what: value})):
            watched.table().write(Put(row))
    forget()


def engaged(world: World, ticket: Ticket, count: int, **more: Any) -> None:
    """Jobs of one clerk and one third party, as cases write them."""
    for n in range(count):
        facts: dict[str, Any] = {"fen": 40_000, "at": world.at - timedelta(days=n), **more}
        tickets = {ticket.id: ticket.number}
        job = Engaged(
            f"{n}#{secrets.token_hex(4)}", "o1", "C1", "T1", facts.pop("fen"), facts.pop("at"), tickets=tickets
        )
        world.table.write(watched.job(replace(job, **facts), "S1", f"{world.at:%Y-%m}"))


def looked(world: World, browser: Client, room: str, title: str) -> str:
    """The page after the night's look shows a check; the path of its finding, which names its ticket."""
    watching.look(world.at)
    text = plain(browser.http.get(room))
    assert title in text.partition("无待查看事项")[0]
    body = browser.http.get(room).body.decode()
    section = next(part for part in body.split("<section") if title in part)
    found = re.search(rf'href="({room}/finding/[0-9A-Z]{{26}})"', section)
    assert found
    return found[1]


@pytest.mark.parametrize(
    ("what", "value", "word"),
    [
        ("phone", "13900001111", "电话"),
        ("account", "6222000011112222", "银行账号"),
        ("tax_number", "91310000MA1FL0XX0X", "税号"),
    ],
)
def test_shared_phone_account_and_tax_number(
    here: World, browser: Client, room: str, what: str, value: str, word: str
) -> None:
    if what == "phone":
        here.employ("o8", "S1/office")
        for who, team in (("o8", "S1/office"), ("C1.k9", "C1/contractor")):
            _phone(here, who, team, value)
    else:
        shares(what, value)
    found = looked(here, browser, room, "资料雷同")
    page = plain(browser.http.get(found))
    assert f"相同项：{word}" in plain(browser.http.get(room))
    assert value not in page


def _phone(world: World, who: str, team: str, phone: str) -> None:
    from chalicelib.domain.ticket.routing import Person
    from chalicelib.store import people
    from chalicelib.store.people import Staff
    from tests.world import ALL_HOURS

    for row in people.rows_of(Staff(Person(who, who, team, frozenset(), ALL_HOURS), phone, "")):
        world.table.write(Put(row))
    forget()


@pytest.mark.parametrize(
    ("title", "count", "more"),
    [
        ("委托集中", 6, {}),
        ("拆分金额", 4, {"fen": 2_900_000}),
        ("紧急止损频次", 4, {"stop": True}),
    ],
)
def test_what_one_clerk_does_too_often_stands_with_its_ticket_which_can_be_read(
    here: World, browser: Client, room: str, title: str, count: int, more: dict[str, Any]
) -> None:
    ticket = here.load(here.report())
    engaged(here, ticket, count, **more)
    found = looked(here, browser, room, title)
    body = browser.http.get(found).body.decode()
    assert f"{room}/ticket/{ticket.id}" in body
    page = plain(browser.http.get(f"{room}/ticket/{ticket.id}"))
    assert "仅供查阅" in page
    said = ticket.said("reported")
    for personal in (said.get("phone"), said.get("name"), said.get("words")):
        assert not personal or personal not in page
    assert "<form" not in browser.http.get(f"{room}/ticket/{ticket.id}").body.decode()


def test_a_third_party_that_one_pays_more_than_others(here: World, browser: Client, room: str) -> None:
    ticket = here.load(here.report())
    engaged(here, ticket, 2, fen=90_000)
    engaged(here, ticket, 2, fen=30_000, by="o2")
    looked(here, browser, room, "价格偏高")


def two_photos(world: World) -> list[Ticket]:
    both = [world.load(world.report()), world.load(world.report(unit="U2"))]
    for ticket in both:
        originals.note(ticket.id, ticket.number, "u" * 26, "o" * 64, "p" * 64, world.at)
    return both


def test_a_photo_twice_is_explained_undone_and_stands_again_when_more_comes(
    here: World, browser: Client, room: str
) -> None:
    both = two_photos(here)
    found = looked(here, browser, room, "照片重复")
    for ticket in both:
        assert f"{room}/ticket/{ticket.id}" in browser.http.get(found).body.decode()
    old = seen(browser, found)
    assert post(browser, f"{found}/explain", seen=old).status_code == 400
    assert post(browser, f"{found}/explain", seen=old, words="同一处公共区域，两户各报一次").status_code == 303
    assert findings(browser, room) == []
    assert findings(browser, room, "?show=all") == [found]
    assert "同一处公共区域" in plain(browser.http.get(found))
    third = here.load(here.report(unit="U3"))
    originals.note(third.id, third.number, "v" * 26, "o" * 64, "p" * 64, here.at)
    watching.look(here.at)
    assert findings(browser, room) == [found]
    assert "说明后又有新增" in plain(browser.http.get(found))
    assert post(browser, f"{found}/explain", seen=old, words="旧页面").status_code == 409, "it showed two tickets"
    assert post(browser, f"{found}/explain", seen=seen(browser, found), words="三户").status_code == 303
    assert findings(browser, room) == []
    assert post(browser, f"{found}/reopen").status_code == 303
    assert findings(browser, room) == [found]
    text = plain(browser.http.get(found))
    assert "重新打开" in text
    assert "三户" in text


def test_what_a_check_finds_no_more_keeps_its_explanation_and_opens_no_ticket(
    here: World, browser: Client, room: str
) -> None:
    both = two_photos(here)
    found = looked(here, browser, room, "照片重复")
    old = seen(browser, found)
    assert post(browser, f"{found}/explain", seen=old, words="同一处公共区域").status_code == 303
    watched.keep("group", {"photo": []}, here.at)
    assert findings(browser, room) == []
    assert findings(browser, room, "?show=all") == [found]
    assert "不再查出" in plain(browser.http.get(f"{room}?show=all"))
    page = plain(browser.http.get(found))
    assert "同一处公共区域" in page
    assert "提交说明" not in page
    assert browser.http.get(f"{room}/ticket/{both[0].id}").status_code == 404
    assert post(browser, f"{found}/reopen").status_code == 303
    assert findings(browser, room) == [], "nothing is there to be looked at"
    late = post(browser, f"{found}/explain", seen=old, words="晚到的页面")
    assert late.status_code == 409
    assert "晚到的页面" in late.body.decode(), "what was typed is not lost"
    watching.look(here.at)
    assert findings(browser, room) == [found], "found again, it stands again"
    assert f"{room}/ticket/{both[0].id}" in browser.http.get(found).body.decode()


def test_a_check_that_was_added_later_stands_on_the_page_too(here: World, browser: Client, room: str) -> None:
    ticket = here.load(here.report())
    figures: dict[str, int | str] = {"n": 9, "of": 10, "others": 1, "others_of": 90}
    watched.keep("group", {"quick": [Hit("quick", ("e1",), figures, {ticket.id: ticket.number})]}, here.at)
    text = plain(browser.http.get(room))
    assert "秒联系" in text
    assert "10 单中 9 单，同类 90 单中 1 单" in text
    watched.keep("group", {"brand_new": [Hit("brand_new", ("e1",), {}, {})]}, here.at)
    assert "brand_new" in plain(browser.http.get(room))


def test_a_case_of_such_a_ticket_is_read_and_nothing_that_no_finding_names(
    here: World, browser: Client, room: str
) -> None:
    ticket, case = scene.opened(here)
    other = here.load(here.report(unit="U2"))
    name = parts(case)[1]
    assert browser.http.get(f"{room}/case/{name}").status_code == 404
    one = here.load(ticket)
    watched.keep("group", {"photo": [Hit("photo", (), {"tickets": 2}, {one.id: one.number})]}, here.at)
    assert "防水工程公司" in plain(browser.http.get(f"{room}/case/{name}"))
    assert f"{room}/case/{name}" in browser.http.get(f"{room}/ticket/{one.id}").body.decode()
    assert browser.http.get(f"{room}/ticket/{other.id}").status_code == 404
    assert browser.http.get(f"{room}/finding/{'0' * 26}").status_code == 404


def test_nobody_else_has_the_auditors_pages_and_the_auditor_nobody_elses(
    here: World, browser: Client, room: str
) -> None:
    two_photos(here)
    watching.look(here.at)
    [found] = findings(browser, room)
    for who in ("o1", "f1", "C1.k1", "T1.t1"):
        token = scene.own_link(who)
        for path in ("", found.removeprefix(room)):
            assert browser.http.get(f"/a/{token}{path}").status_code == 404, who
        assert post(browser, f"/a/{token}{found.removeprefix(room)}/explain", words="x").status_code == 404, who
    assert browser.http.get(f"/a/{links.staff('d1')}").status_code == 404
    token = room.removeprefix("/a/")
    for front in ("w", "d", "b", "k", "f", "g"):
        assert browser.http.get(f"/{front}/{token}").status_code == 404, front


def test_an_auditor_finds_the_team_that_games_its_figures_and_reads_the_tickets(room: str, browser: Client) -> None:
    stated()
    gaming.look(MORNING)
    seen_there = plain(browser.http.get(room))
    body = browser.http.get(room).body.decode()
    sections = {part.split('"')[0]: part for part in body.split('aria-labelledby="c-')[1:]}
    for sign in ("quick", "lowered", "waited", "unphotographed", "device"):
        assert sign in sections, sign
        found = dict.fromkeys(re.findall(rf'href="({room}/finding/[0-9A-Z]{{26}})"', sections[sign]))
        shown = [plain(browser.http.get(finding)) for finding in found]
        assert any(GAMES in text for text in shown), (sign, shown)
    assert "YS/engineering" not in seen_there, "an honest team stands nowhere"


def test_a_team_that_stands_out_is_called_by_its_project_and_its_work(room: str, browser: Client, here: World) -> None:
    watched.keep(
        "group",
        {"quick": [Hit("quick", ("P1/engineering",), {"n": 9, "of": 10, "others": 1, "others_of": 10}, {"T": "1"})]},
        here.at,
    )
    shown = plain(browser.http.get(room))
    assert "P1苑 · 工程班" in shown
    assert "P1/engineering" not in shown
