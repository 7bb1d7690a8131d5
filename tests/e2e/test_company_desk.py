"""A contractor by link, on the deployed system: one who passes the work to a worker, one who keeps silent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from playwright.sync_api import expect

from infra.seed.demo import demo
from tests.e2e.play import Play, jpeg, plain, sign, zh
from tests.e2e.test_own_doors import code_of

PEOPLE: Mapping[tuple[str, str], str] = {
    (str(row["company"]), str(row["code"])): plain(row["phone"]) for row in demo()["company_people"]
}
WORKER = "10000400999"
LEAK = {"category": "water_leak", "component": "bathroom"}


def link_to(play: Play, phone: str, family: str, after: datetime) -> str:
    """The newest link of a family of pages that a phone was sent."""

    def newest() -> str:
        since = after.isoformat()[:19]
        return next(
            (
                address
                for message in play.stack.mailbox()
                if phone in plain(message.to) and message.at >= since
                for address in message.links
                if f"/{family}/" in address
            ),
            "",
        )

    return play.eventually(newest, f"a link /{family}/ to {phone}")


def pdf_of(play: Play, page: Any) -> bytes:
    """The letter as the contact opens it, once it is made."""

    def made() -> bytes:
        page.reload()
        link = page.locator("a[href*='/letter/']").first
        if not link.count():
            return b""
        with play.requests() as ask:
            answer = ask.get(play.stack.url + str(link.get_attribute("href")))
            return bytes(answer.body()) if answer.status == 200 else b""

    return play.eventually(made, "the letter's PDF", 60)


def test_a_willing_contractor_passes_the_work_to_a_worker_who_finishes_and_the_owner_signs(play: Play) -> None:
    began = play.stack.now()
    ticket = play.sent_report("LW-A-1101", "卫生间漏水,滴到楼下", name="演示业主某", **LEAK)
    play.told(ticket, link="/t/")
    play.advance(minutes=62)
    contact = PEOPLE["C-HD", "A1"]
    page = play.open(play.phone(), link_to(play, contact, "k", began))
    expect(page.locator("h1")).to_contain_text("渗漏水")
    expect(page.locator("main")).to_contain_text("维修通知单")
    assert pdf_of(play, page)[:5] == b"%PDF-"
    arrived = page.locator("main", has_text="约定邮箱已接收")
    play.eventually(lambda: page.reload() or arrived.count(), "the letter's arrival by mail on the case's page")
    play.do(page, "acknowledge")
    expect(page.locator(".notice[role=status]")).to_be_visible()
    play.eventually(lambda: page.reload() or page.locator("a[href*='/t/']").count(), "the ticket on the case's page")
    play.tap(page, page.locator("a[href*='/t/']").first)
    expect(page.locator("main")).to_contain_text("滴到楼下")
    assert ticket.phone not in page.content()
    assert "演示业主某" not in page.content()

    # to a worker, by phone
    play.open(page, link_to(play, contact, "k", began))
    delegated = play.stack.now()
    play.do(page, "delegate", person="new", name="演示师傅", phone=WORKER)
    expect(page.locator("main")).to_contain_text("演示师傅")
    worker = play.open(play.phone(), link_to(play, WORKER, "t", delegated))
    assert ticket.phone not in worker.content()
    play.do(worker, "arrive")
    play.do(worker, "complete", photo=[jpeg(worker, "#335577")], words="更换防水层,闭水试验合格")
    owner = play.open(play.phone(), ticket.link)
    play.tap(owner, owner.get_by_role("link", name=zh("Look and sign")))
    sign(owner)
    play.do(owner, "sign_off")
    play.open(page, link_to(play, contact, "k", began))
    expect(page.locator("main")).to_contain_text(re.compile("已结案"))
    assert WORKER not in page.content()


def test_a_silent_contractor_is_called_out_to_the_contact_above_and_looking_is_no_receipt(play: Play) -> None:
    began = play.stack.now()
    ticket = play.sent_report("YS-3-1-1001", "卫生间渗水", name="演示业主某", **LEAK)
    play.told(ticket, link="/t/")
    play.advance(minutes=62)
    page = play.open(play.phone(), link_to(play, PEOPLE["C-MO", "A1"], "k", began))
    expect(page.locator("main")).to_contain_text("查看函件不等于收到")
    after = play.stack.now()
    play.advance(hours=26)
    above = play.open(play.phone(), link_to(play, PEOPLE["C-MO", "A2"], "k", after))
    expect(above.locator(".left--late").first).to_be_visible()
    expect(above.locator("main")).to_contain_text("查看函件不等于收到")
    play.open(above, above.url + "?lang=en")
    play.open(above, above.url.partition("?")[0] + "?lang=zh_CN")
    play.do(above, "refuse", reason="out_of_term", words="已过保修期")
    expect(above.locator("main")).to_contain_text("已过保修期")


def test_who_works_for_a_company_finds_its_desk_by_phone(play: Play) -> None:
    phone = PEOPLE["C-NT", "A1"]
    page = play.open(play.phone(), "/c")
    page.fill("[name=phone]", phone)
    page.locator("button[formaction$='/c/send']").click()
    page.fill("[name=code]", code_of(play, phone))
    page.locator("main form button").first.click()
    page.wait_for_url("**/k/**")
    play.look(page)
    play.open(page, page.url.partition("?")[0] + "?past=1")
    play.open(page, page.url.partition("?")[0] + "?lang=en")
