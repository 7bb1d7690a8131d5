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
    page = play.open(play.desktop(), links["BJ-S1"].replace("/w/", "/d/"))
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
    phone = play.open(play.phone(), links["BJ-S1"].replace("/w/", "/d/"))
    play.look(phone)


def test_a_flat_is_found_by_one_typed_line_on_the_form_and_its_floor_at_the_desk(
    play: Play, links: dict[str, str]
) -> None:
    phone = play.open(play.phone(), "/report")
    project = phone.locator("#places a").first.inner_text()
    phone.fill("[name=q]", f"{project} 1-1-202")
    with phone.expect_navigation(url=re.compile(r"p=")):
        phone.keyboard.press("Enter")
    expect(phone.locator("#report")).to_be_visible()
    phone.go_back()
    phone.locator("#places a").first.click()
    phone.fill("[name=q]", "1-1")
    with phone.expect_navigation(url=re.compile(r"in=")):
        phone.keyboard.press("Enter")
    expect(phone.locator(".floor").first).to_be_visible()
    play.look(phone)
    page = play.open(play.desktop(), f"{links['YS-D1']}/unit?place=YS-1-1-202")
    expect(page.locator(".terms")).to_contain_text("防水")
    play.look(page)
    play.look(play.open(play.phone(), f"{links['YS-D1']}/unit?place=YS-1-1-202"))
    page = play.open(page, f"{links['YS-D1']}/new")
    page.fill("[name=find]", "1栋1单元2楼")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("#f-place")).to_contain_text("202")
    play.look(page)
