"""Who pays: found on site without signal, read by the owner, quoted, signed; and what the fault damaged is claimed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.e2e.play import Play, jpeg, sign, zh

UNIT = "LW-A-1002"


def test_an_owner_is_quoted_what_was_found_in_a_cellar_to_be_his_and_signs(play: Play, links: dict[str, str]) -> None:
    ticket = play.sent_report(UNIT, "厨房水槽下水堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    play.do(page, "acknowledge")
    play.do(page, "arrive")
    photo = jpeg(page)
    page.context.set_offline(True)
    play.do(page, "find", stays=True, cause="misuse", who_1="owner", part_1="100", photo=[photo], words="管道内有抹布")
    expect(page.locator("#outbox .kept")).to_contain_text(
        zh("Kept on this phone, will be sent as soon as there is signal")
    )
    page.context.set_offline(False)
    play.eventually(lambda: "found" in play.kinds(ticket.number), "the finding is there")
    assert play.kinds(ticket.number).count("found") == 1

    owner = play.open(play.phone(), ticket.link)
    expect(owner.locator("main")).to_contain_text("不属于保修范围")
    desk = play.open(play.desktop(), f"{links['LW-D1']}/{play.ticket_id(ticket.number)}")
    play.do(desk, "quote", item_1="疏通下水管", price_1="180.00", item_2="更换S弯", quantity_2="1", price_2="65.50")
    told = play.told(ticket, ticket.phone, link="/o/")
    owner = play.open(owner, told.links[0])
    play.tap(owner, owner.get_by_role("link", name=zh("Look and decide")))
    expect(owner.locator("main")).to_contain_text("245.50元")
    sign(owner)
    with owner.expect_navigation(url=re.compile("done=accept_quote")):
        owner.locator("#sign button.main").click()
    play.look(owner)
    play.eventually(lambda: "quote_accepted" in play.kinds(ticket.number), "the quote is accepted")

    play.tap(owner, owner.locator("a[href$='/claims']"))
    play.fill(owner.locator("form[action$='/claim']"), "words", "橱柜底板泡坏")
    play.fill(owner.locator("form[action$='/claim']"), "amount", "300")
    with owner.expect_navigation(url=re.compile("done=claim")):
        owner.locator("form[action$='/claim'] button.main").click()
    play.look(owner)
    expect(owner.locator("main")).to_contain_text("申请赔付：300.00元")
    play.eventually(lambda: "compensation_claimed" in play.kinds(ticket.number), "the ticket heard of it")
