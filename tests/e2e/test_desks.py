"""The desks above the property's, and what ended."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.play import Play


def test_a_supervisor_sees_what_climbed_and_all_projects_and_finds_it_again_when_it_is_closed(
    play: Play, links: dict[str, str]
) -> None:
    ticket = play.sent_report("YS-1-1-202", "卫生间漏水,楼下天花板在滴水")
    play.work_link(ticket)
    play.advance(hours=3)
    number = re.compile(ticket.number)
    page = play.open(play.desktop(), links["supervisor"])
    expect(page.locator("header .brand")).to_contain_text("地产客服")
    expect(page.locator("#lines")).to_contain_text(number)
    expect(page.locator(".board")).to_contain_text("按项目")
    play.look(page)
    with page.expect_navigation():
        page.get_by_role("link", name="全部未结", exact=True).click()
    expect(page.locator("#lines")).to_contain_text(number)
    with page.expect_navigation():
        page.locator("#lines a", has_text=number).click()
    play.do(page, "cancel", words="重复报事")
    with page.expect_navigation():
        page.locator(".back-link").click()
    expect(page.locator("#lines")).not_to_contain_text(number)
    with page.expect_navigation():
        page.get_by_role("link", name="已结束", exact=True).click()
    expect(page.locator("main")).to_contain_text(number)
    play.look(page)
    phone = play.open(play.phone(), links["supervisor"])
    play.look(phone)
