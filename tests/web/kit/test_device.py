"""A rating knows whether it comes from a phone of staff, or from the same phone as others; nothing of whose it is."""

from __future__ import annotations

import re

from chalice.test import Client, HTTPResponse

from chalicelib.adapters.ids import ulid
from chalicelib.domain.measures.facts import fact_of
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.record.numbers import policy_of
from tests.web import links
from tests.web.browsing import FORM
from tests.web.test_owner import STARS, completed
from tests.world import World


class Phone:
    """A browser that keeps the mark it is given."""

    def __init__(self, browser: Client) -> None:
        self.browser, self.cookie = browser, ""

    def get(self, path: str) -> HTTPResponse:
        answer = self.browser.http.get(path, headers={"Cookie": self.cookie} if self.cookie else {})
        self.cookie = str(answer.headers.get("Set-Cookie", self.cookie)).partition(";")[0]
        return answer

    def rate(self, ticket: Ticket, key: str) -> HTTPResponse:
        sent = "&".join(f"{name}={value}" for name, value in {**STARS, "key": key}.items())
        headers = {**FORM, **({"Cookie": self.cookie} if self.cookie else {})}
        return self.browser.http.post(f"{links.own(ticket)}/rate", headers=headers, body=sent.encode())


def device(world: World, ticket: Ticket) -> str:
    after = world.load(ticket)
    return fact_of(after, policy_of(after), "closed").device


def test_stars_of_one_phone_carry_one_mark_and_of_another_another(browser: Client, world: World) -> None:
    one, two, three = (completed(world) for _ in range(3))
    phone, other = Phone(browser), Phone(browser)
    for its, ticket in ((phone, one), (phone, two), (other, three)):
        its.get(links.own(ticket))
        assert its.rate(ticket, ulid(world.at)).status_code == 303
    marks = [device(world, ticket) for ticket in (one, two, three)]
    assert marks[0] == marks[1] != marks[2]
    assert all(re.fullmatch(r"o[A-Za-z0-9_-]{8}", mark) for mark in marks)
    assert phone.cookie.partition("=")[2] not in str(world.load(one).events)


def test_a_phone_on_which_staff_pages_were_opened_is_a_staff_device(browser: Client, world: World) -> None:
    ticket, phone = completed(world), Phone(browser)
    phone.get(links.own(ticket))
    before = phone.cookie
    phone.get(f"/w/{links.staff('e1')}")
    assert phone.cookie == f"{before}.s"
    phone.get(links.own(ticket))
    phone.rate(ticket, ulid(world.at))
    assert device(world, ticket).startswith("s")


def test_without_the_mark_a_rating_is_as_good_and_what_is_no_mark_is_none(browser: Client, world: World) -> None:
    for cookie in ("", "d=short", "d=<script>alert(1)</script>", f"d={'x' * 17}"):
        ticket, phone = completed(world), Phone(browser)
        phone.cookie = cookie
        assert phone.rate(ticket, ulid(world.at)).status_code == 303
        assert (world.load(ticket).rated, device(world, ticket)) == (True, "")


def test_sent_again_from_a_device_that_is_marked_by_then_it_is_the_same_rating(browser: Client, world: World) -> None:
    ticket, phone, key = completed(world), Phone(browser), ulid(world.at)
    assert phone.rate(ticket, key).status_code == 303
    phone.get(f"/w/{links.staff('e1')}")
    assert phone.rate(ticket, key).status_code == 303
    assert [event.kind for event in world.load(ticket).events].count("rated") == 1


def test_the_mark_is_of_this_site_alone_ends_and_is_set_by_pages_that_open(browser: Client, world: World) -> None:
    ticket = completed(world)
    said = browser.http.get(links.own(ticket)).headers["Set-Cookie"]
    assert re.fullmatch(r"d=[\w-]{16}; Path=/[^;]*; Max-Age=15552000; SameSite=Lax; HttpOnly(; Secure)?", said)
    for path in (f"/w/{'x' * 22}", "/", "/report", links.own(world.report("漏水"))):
        assert "Set-Cookie" not in browser.http.get(path).headers


def test_the_page_says_what_the_mark_is_for(browser: Client, world: World) -> None:
    assert "随机标记只用来判断评价" in browser.http.get(links.own(completed(world))).body.decode()
