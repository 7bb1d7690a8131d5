"""A follow-up's outcomes on the desk's page, the question after a low rating on the owner's, and who fits a ticket."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pytest
from chalice.test import Client

from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.store import grants
from tests.web.test_desk import FORM, get, link, text
from tests.world import World


@pytest.fixture
def done(world: World) -> Ticket:
    ticket = world.report("卫生间漏水")
    world.pump()
    for move in ("contact", "acknowledge", "arrive", "complete"):
        world.do(ticket, move)
    return world.load(ticket)


def send(browser: Client, base: str, move: str, **fields: str) -> int:
    of = re.search(r'name="of" value="(\d+)"', text(get(browser, base)))
    body = urlencode(({"of": of[1]} if of else {}) | fields).encode()
    return int(browser.http.post(f"{base}/{move}", headers=FORM, body=body).status_code)


def test_the_desk_says_how_the_follow_up_ended_and_sees_when_it_was_tried(
    world: World, browser: Client, done: Ticket
) -> None:
    base = f"{link('d1')}/{done.id}"
    page = text(get(browser, base))
    for word in ("已修好", "没修好", "未联系上", "拒绝回访"):
        assert word in page
    assert send(browser, base, "follow_up", fixed="not_reached") == 303
    assert send(browser, base, "follow_up", fixed="not_reached") == 400
    page = text(get(browser, base))
    assert "已尝试" in page
    assert "今天 09:00" in page
    assert send(browser, base, "follow_up", fixed="refused") == 303
    assert world.load(done).followed_up
    assert "回访：拒绝回访" in text(get(browser, base))


def test_a_low_rating_asks_the_owner_one_question_once(world: World, browser: Client, done: Ticket) -> None:
    grant = access.own_grant(done.id)
    token = access.token(grant)
    grants.put(grant, access.hash_of(token))
    base = f"/o/{token}"
    assert send(browser, base, "rate", overall="2", speed="5", thoroughness="5", manners="5") == 303
    assert "哪里没做好" in text(get(browser, base))
    assert send(browser, base, "say_why", words="") == 400
    assert send(browser, base, "say_why", words="地板没有擦干净") == 303
    assert "哪里没做好" not in text(get(browser, base))
    assert "地板没有擦干净" in text(get(browser, f"{link('d1')}/{done.id}"))


def test_the_picker_says_team_trade_load_and_shift_with_whoever_fits_first(world: World, browser: Client) -> None:
    ticket = world.report("马桶堵了")
    page = text(get(browser, f"{link('d1')}/{ticket.id}/people"))
    assert page.index("最合适") < page.index("物业客服")
    first = page[page.index('name="person"') : page.index("最合适")]
    for word in ("工程班", "给排水", "在办 0 单", "在岗至 今天 20:00"):
        assert word in first, word
