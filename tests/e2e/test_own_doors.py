"""The owner's doors: an emergency, all reports by phone and code, what the device remembers; staff's own page."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.e2e.play import Play, plain, staff_phone

CODE = re.compile(r"(?<!\d)(\d{8})(?!\d)")


def code_of(play: Play, phone: str, seen: int = 0) -> str:
    """The code that a phone was sent last."""
    found = play.eventually(
        lambda: [m for m in play.stack.mailbox() if plain(m.to) == phone and "30分钟" in m.text][seen:],
        "the code",
    )
    match = CODE.search(found[0].text)
    assert match
    return match[1]


def test_an_emergency_says_what_to_do_whom_to_call_and_by_when(play: Play) -> None:
    owner = play.phone()
    ticket = play.report(owner, "YS-3-2-1001", "厨房有煤气味")
    first = owner.locator("#emergency")
    expect(first.locator("li").first).to_contain_text("打开门窗")
    expect(first.locator("a[href='tel:119']")).to_be_visible()
    expect(first.locator("time")).to_have_count(2)
    assert play.told(ticket, ticket.phone).text.partition("】")[2].startswith("开窗")


def test_everything_reported_is_found_by_phone_and_code_and_on_the_device(play: Play) -> None:
    owner, phone = play.phone(), "10099997001"
    first = play.report(owner, "YS-3-2-1002", "卫生间漏水", phone=phone)
    second = play.sent_report("YS-3-2-1002", "入户门锁坏了", phone=phone)
    play.open(owner, "/")
    play.look(owner)
    expect(owner.locator("[data-mine-list] li")).to_have_count(1)
    expect(owner.locator("[data-mine-list]")).to_contain_text(first.number)
    play.open(owner, "/report?p=YS-3-2-901")  # looked at, and not reported from
    play.open(owner, "/report")
    expect(owner.locator("[data-again] li")).to_have_text(["云杉苑 3号楼 2单元 1002"])

    play.open(owner, "/c")
    owner.fill("[name=phone]", phone)
    owner.locator("button[formaction$='/c/send']").click()
    expect(owner.locator("[name=phone]")).to_have_value(phone)
    play.look(owner)
    owner.fill("[name=code]", code_of(play, phone))
    with owner.expect_navigation(url="**/m/**"):
        owner.keyboard.press("Enter")
    play.look(owner)
    for ticket in (first, second):
        expect(owner.locator("main")).to_contain_text(ticket.number)
    owner.locator("ul.mine a").first.click()
    owner.wait_for_url("**/o/**")

    play.open(owner, "/")
    owner.locator("[data-forget-all]").click()
    play.open(owner, "/")
    expect(owner.locator("[data-mine-list]")).to_be_hidden()


def test_staff_come_to_their_own_page_by_phone_and_back_from_a_ticket(play: Play) -> None:
    page, phone = play.phone(), staff_phone("YS-D1")
    play.open(page, "/c")
    page.fill("[name=phone]", phone)
    page.locator("button[formaction$='/c/send']").click()
    page.fill("[name=code]", code_of(play, phone))
    with page.expect_navigation(url=re.compile("/[dw]/")):
        page.keyboard.press("Enter")
    mine = page.url
    play.open(page, "/o/" + "A" * 22)
    expect(page.locator("a[data-home]")).to_have_text("我的工单")
    page.locator("a[data-home]").click()
    page.wait_for_url(mine)


def test_the_owners_page_lives_and_stays_without_signal(play: Play) -> None:
    owner = play.phone()
    ticket = play.report(owner, "YS-3-2-901", "卫生间漏水", phone="10099997002")
    play.open(owner, ticket.link)
    link = play.work_link(ticket)[0]
    owner.evaluate("document.title = 'the same page'")
    work = play.open(play.phone(), link)
    play.do(work, "acknowledge")
    owner.evaluate("Object.defineProperty(document, 'hidden', {value: false, configurable: true})")
    play.eventually(lambda: owner.evaluate("Date.now()") and _looked(owner), "the page looks again", 30)
    assert owner.title() == "the same page", "nothing was loaded anew"

    owner.wait_for_function("navigator.serviceWorker.ready.then(function () { return true; })")
    play.open(owner, ticket.link)
    play.open(owner, ticket.link)
    owner.context.set_offline(True)
    owner.reload()
    expect(owner.locator("main")).to_contain_text(ticket.number)
    expect(owner.locator("#stale")).to_be_visible()
    owner.context.set_offline(False)


def _looked(owner: Page) -> bool:
    owner.evaluate("window.dispatchEvent(new Event('online'))")
    return "已接单" in owner.locator(".now-state").inner_text()


def test_a_fault_that_is_back_is_reported_again_with_what_is_known(play: Play) -> None:
    owner = play.phone()
    ticket = play.report(owner, "YS-3-2-902", "卫生间漏水", phone="10099997003", name="王示例")
    play.open(owner, ticket.link)
    owner.locator("details:has(form[action$='/cancel']) summary").click()
    play.do(owner, "cancel")
    owner.locator("a[href*='again=']").click()
    expect(owner.locator("[name=phone]")).to_have_value("10099997003")
    expect(owner.locator("[name=category]")).to_have_value("water_leak")
    owner.fill("[name=words]", "又漏了")
    owner.locator("[name=consent]").check(force=True)
    with owner.expect_navigation(url="**/o/**"):
        owner.locator("#send").click()
    expect(owner.locator("main")).not_to_contain_text(ticket.number)
