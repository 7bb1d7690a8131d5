"""The front desk: a caller's report in seconds, an answer on the spot, a queue that keeps itself fresh, keys."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.play import NUMBER, OWNERS, Play, plain, zh


def test_a_caller_is_found_and_the_report_is_registered_with_the_words_alone(play: Play, links: dict[str, str]) -> None:
    page = play.open(play.desktop(), links["YS-D1"])
    with page.expect_navigation():
        page.keyboard.press("n")
    expect(page.locator("[name=find]")).to_be_focused()
    page.keyboard.type("1-1-202")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    owner = OWNERS["YS-1-1-202"]
    expect(page.locator("[name=phone]")).to_have_value(re.compile(plain(owner["phone"])[-4:]))
    page.fill("[name=words]", "厨房水龙头滴水")
    expect(page.locator("#suggested")).not_to_be_empty()
    with page.expect_navigation(url=re.compile("done=taken")):
        page.locator("button[value=take]").click()
    play.look(page)
    number = NUMBER.search(page.inner_text("main"))
    assert number
    assert play.told(number[0], plain(owner["phone"]), link="/o/")
    assert play.work_link(number[0])


def test_a_callers_name_finds_the_unit_and_two_reports_of_one_caller_are_merged_where_both_can_be_followed(
    play: Play, links: dict[str, str]
) -> None:
    owner = OWNERS["YS-1-1-402"]
    page = play.open(play.desktop(), links["YS-D1"])
    page.keyboard.press("/")
    expect(page.locator("[name=find]")).to_be_focused()
    page.keyboard.type(owner["name"])
    with page.expect_navigation(url=re.compile("place=YS-1-1-402")):
        page.keyboard.press("Enter")
    play.look(page)
    expect(page.locator("[name=name]")).to_have_value(owner["name"])
    first, second = (play.sent_report("YS-1-1-402", words) for words in ("马桶漏水", "卫生间地面积水"))
    play.told(first)
    play.open(page, f"{links['YS-D1']}/{play.ticket_id(second.number)}")
    page.locator("details:has(form[action$='/merge']) summary").click()
    page.locator("[name=survives][value=other]").check(force=True)
    before = play.stack.now()
    play.do(page, "merge", into=first.number)
    told = play.told(second, plain(owner["phone"]), link="/o/", after=before)
    followed = play.open(play.phone(), next(a for a in told.links if "/o/" in a))
    expect(followed.locator("main")).to_contain_text(first.number)
    play.told(first, plain(owner["phone"]), link="/o/", after=before)


def test_an_enquiry_answered_on_the_spot_is_closed_at_once_and_counted(play: Play, links: dict[str, str]) -> None:
    page = play.open(play.desktop(), links["YS-D2"])
    play.open(page, links["YS-D2"] + "/new?place=YS-1-1-301")
    page.locator("[name=kind][value=enquiry]").check(force=True)
    page.fill("[name=words]", "地暖什么时候开始供暖?")
    page.fill("[name=answer]", "十一月十五日开始。")
    page.locator("[name=channel][value=counter]").check(force=True)
    with page.expect_navigation(url=re.compile("done=answered")):
        page.locator("button[value=take]").click()
    play.look(page)
    expect(page.locator("[role=status]").first).to_contain_text(zh("Registered, answered and closed."))
    number = NUMBER.search(page.inner_text("main"))
    assert number
    play.open(page, links["YS-D2"])
    expect(page.locator("main")).not_to_contain_text(number[0])
    kinds = play.kinds(number[0])
    assert kinds[0] == "reported"
    assert kinds[-1] == "closed", "it counts as answered and closed"
    assert "enquiry" in str(play.parts(number[0]))


def test_the_queue_shows_a_new_ticket_by_itself_and_keeps_the_place_of_the_eyes(
    play: Play, links: dict[str, str]
) -> None:
    page = play.desktop()
    page.clock.install()
    play.open(page, links["YS-D1"])
    ticket = play.sent_report("YS-1-1-401", "卧室灯不亮")
    play.work_link(ticket)
    expect(page.locator("#lines")).not_to_contain_text(ticket.number)
    page.clock.fast_forward(21_000)
    expect(page.locator("#lines")).to_contain_text(ticket.number)


def test_the_queue_is_worked_by_keys(play: Play, links: dict[str, str]) -> None:
    first, second = (play.sent_report(f"YS-2-1-{room}", "阳台门锁坏了") for room in (201, 301))
    for ticket in (first, second):
        play.told(ticket)
    page = play.open(play.desktop(), links["YS-D1"])
    numbers = page.locator(".q-number a")
    page.keyboard.press("j")
    expect(numbers.nth(0)).to_be_focused()
    page.keyboard.press("j")
    expect(numbers.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(numbers.nth(0)).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#find")).to_be_focused()
    expect(page.locator("[name=find]")).to_be_focused()
    page.keyboard.type(second.number)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text(second.number)
    play.look(page)
    play.open(page, links["YS-D1"])
    page.keyboard.press("j")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()


def test_the_desk_gives_a_ticket_to_somebody_else(play: Play, links: dict[str, str]) -> None:
    ticket = play.sent_report("YS-2-1-501", "客厅空调不制冷")
    link, _ = play.work_link(ticket)
    before = play.stack.now()
    desk = play.open(play.desktop(), links["YS-D1"])
    play.tap(desk, desk.get_by_role("link", name=ticket.number))
    play.tap(desk, desk.locator("a[href$='/people']").first)
    chosen = desk.locator("[name=person]").first.get_attribute("value")
    assert chosen
    play.do(desk, "assign", person=chosen, words="业主下午在家")
    assert play.is_passed_on(link), "whoever had it is off it at once"
    link, _ = play.work_link(ticket, after=before)
    page = play.open(play.phone(), link)
    expect(page.locator("main")).to_contain_text("业主下午在家")
