"""One repair from end to end: what is promised, changed, missed and signed is said once, and the same to both sides."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.play import Play, jpeg, plain, sign, zh


def test_what_changes_is_told_to_both_sides_and_what_is_over_says_what_follows(
    play: Play, links: dict[str, str]
) -> None:
    ticket = play.sent_report("LW-A-1101", "卧室插座松动")
    link, technician = play.work_link(ticket)
    own = play.ticket_id(ticket.number)
    page = play.open(play.phone(), link)
    play.do(page, "contact")
    had = len(play.messages(ticket, ticket.phone))
    play.do(page, "acknowledge")
    play.eventually(lambda: len(play.messages(ticket, ticket.phone)) > had, "the owner hears that somebody has it")

    owner = play.open(play.phone(), ticket.link)
    by = re.search(r"在(\S+ (\d\d:\d\d)) 前上门", owner.inner_text("main"))
    assert by, "the arrival that is promised"
    assert f"{by[2]}前上门" in play.messages(ticket, ticket.phone)[0].text, "the same in the SMS"
    for address in (link, f"{ticket.link}/late?all=1", f"{link}/late?all=1"):
        play.open(page, address)
        expect(page.locator("main")).to_contain_text(by[1])
    play.open(page, link)

    desk = play.open(play.desktop(), f"{links['LW-D1']}/{own}")
    play.do(desk, "set_priority", priority="urgent")
    before = play.stack.now()
    play.do(desk, "set_priority", priority="normal", words="已断电，无安全隐患")
    told = play.eventually(
        lambda: [m for m in play.messages(ticket, ticket.phone, after=before) if "一般" in m.text], "a lower priority"
    )
    assert len(told) == 1, "one event, one message"
    play.eventually(
        lambda: [m for m in play.messages(ticket, after=before) if plain(m.to) == technician and "一般" in m.text],
        "who has it hears it too",
    )
    play.open(owner, ticket.link)
    expect(owner.locator("main")).to_contain_text("已断电，无安全隐患")

    play.open(page, link)
    play.do(page, "arrive")
    play.do(page, "complete", photo=[jpeg(page)], words="已紧固")
    play.open(owner, ticket.link + "/sheet")
    sheet = owner.locator(".sheet")
    for said in ("维修服务确认单", ticket.number, "澜湾花园", "已测试回路", "已紧固"):
        expect(sheet).to_contain_text(said)
    assert re.search(r"20\d\d年\d+月\d+日", sheet.inner_text()), "dates have their year"
    play.open(desk, f"{links['LW-D1']}/{own}/sheet")
    expect(desk.locator(".sheet")).to_contain_text("已紧固")

    play.advance(days=7, hours=2)
    play.open(owner, ticket.link)
    expect(owner.locator("main")).to_contain_text("验收期已过")
    assert "逾期" not in owner.locator("h1").inner_text(), "the owner's time is not the company's lateness"
    play.open(owner, ticket.link + "/sheet")
    sign(owner)
    play.do(owner, "sign_off")
    play.open(owner, ticket.link + "/late")
    play.open(desk, f"{links['LW-D1']}/{own}/late")
    expect(desk.locator("main")).to_contain_text("回访")


def test_who_lost_it_reads_so_and_why_it_is_late_begins_with_whose_turn_it_was(
    play: Play, links: dict[str, str]
) -> None:
    ticket = play.sent_report("YS-3-1-701", "厨房插座没电")
    link, first = play.work_link(ticket)
    play.advance(minutes=31)
    play.eventually(lambda: play.is_passed_on(link) or None, "somebody else has it")
    page = play.open(play.desktop(), f"{links['YS-D1']}/{play.ticket_id(ticket.number)}")
    has_it = (
        page.locator("section", has_text=zh("Held by")).first.locator("a[href^='tel:']").get_attribute("href") or ""
    )
    holder = plain(has_it.removeprefix("tel:"))
    assert holder != first
    assert play.told(ticket, to=holder, link="/t/").links[0] != link, "who has it now is told, by a link of their own"
    assert page.locator(".clocks .left:not(.left--late)").count(), "a moment is ahead"
    play.open(page, page.url + "/late")
    expect(page.locator("main")).to_contain_text("还没有")
    play.advance(hours=5)
    owner = play.open(play.phone(), ticket.link)
    expect(owner.locator("#late")).to_be_visible()
    play.open(owner, ticket.link + "/late")
    expect(owner.locator("main")).to_contain_text("还没有接单")
