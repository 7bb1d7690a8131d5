"""Who pays: found on site without signal, read by the owner, quoted, signed; and what the fault damaged is claimed."""

from __future__ import annotations

import hashlib
import re
from urllib.parse import urljoin

import requests
from playwright.sync_api import Page, expect

from tests.e2e.play import Play, jpeg, sign, zh

UNIT, OTHER = "LW-A-1002", "LW-A-704"
APPRAISAL, VOUCHER = (b"%%PDF-1.7 %b\n%%%%EOF\n" % what for what in (b"an appraisal", b"a transfer"))


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


def read(page: Page, content: bytes) -> None:
    """A file that the page links is the one that was sent."""
    href = page.locator(f"a[href*='{hashlib.sha256(content).hexdigest()}']").first.get_attribute("href")
    assert requests.get(urljoin(page.url, href), timeout=20).content == content


def test_an_appraisal_and_a_payment_are_proved_by_files_that_the_owner_can_read(
    play: Play, links: dict[str, str]
) -> None:
    ticket = play.sent_report(OTHER, "厨房水槽下水堵了")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link)
    play.do(page, "acknowledge")
    play.do(page, "arrive")
    play.do(page, "find", cause="misuse", who_1="owner", part_1="100", photo=[jpeg(page)], words="管道内有抹布")
    owner = play.open(play.phone(), ticket.link)
    play.do(owner, "dispute_finding", words="不是我们放的")
    first, second = (
        f"{links[code].replace('/b/', '/w/')}/{play.ticket_id(ticket.number)}" for code in ("HD-O1", "HD-O2")
    )
    office = play.open(play.desktop(), first)
    play.do(office, "appraise", upheld="no", who_1="developer", part_1="100", words="检测所：施工遗留", paper=APPRAISAL)
    read(office, APPRAISAL)
    read(play.open(owner, ticket.link), APPRAISAL)

    play.open(owner, f"{ticket.link}/claims")
    play.do(owner, "claim", words="橱柜底板泡坏", amount="300")
    play.open(office, f"{first}/claims")
    play.do(office, "offer", words="按市价", amount="280")
    play.open(owner, f"{ticket.link}/claims")
    sign(owner)
    with owner.expect_navigation(url=re.compile("done=agree")):
        owner.locator("#sign button.main").click()
    payer = play.open(play.desktop(), f"{second}/claims")
    play.do(payer, "approve")
    play.do(payer, "pay", paper=VOUCHER)
    read(payer, VOUCHER)
    read(play.open(owner, f"{ticket.link}/claims"), VOUCHER)
