"""Where an SMS may carry no link: a fixed page, phone and code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Playwright, expect

from infra.local.run import load
from infra.local.stack import Stack
from tests.e2e.looks import Looks
from tests.e2e.play import OWNERS, Play, plain, zh

CODE = re.compile(r"(?<!\d)(\d{8})(?!\d)")


@pytest.fixture(scope="module")
def coded(tmp_path_factory: pytest.TempPathFactory, out: Path) -> Iterator[Stack]:
    """The same template, deployed for carriers that refuse links."""
    with Stack.start(tmp_path_factory.mktemp("coded"), out=out, parameters={"SmsForm": "code"}) as made:
        load(made)
        yield made


def test_a_ticket_is_opened_on_both_sides_with_phone_and_code(
    coded: Stack, browser: Browser, playwright: Playwright, looks: Looks
) -> None:
    play = Play(coded, browser, playwright.devices["iPhone 13"], looks, "198.51.100.77")
    ticket = play.sent_report("YS-3-2-1001", "卫生间漏水")
    told = play.told(ticket, ticket.phone)
    assert not any("/o/" in address for address in told.links), "no link that differs from one message to the next"
    assert len(told.text) <= 70
    assert "/c" in told.text
    assert "渗漏水" in told.text
    code = CODE.search(told.text)
    assert code

    owner = play.open(play.phone(), "/c")
    owner.fill("[name=phone]", ticket.phone)
    owner.fill("[name=code]", "000000" if code[1] != "000000" else "111111")
    with owner.expect_navigation():
        owner.locator("main form button").first.click()
    play.look(owner)
    expect(owner.locator("[name=phone]")).to_have_value(ticket.phone)
    owner.fill("[name=code]", code[1])
    with owner.expect_navigation(url="**/o/**"):
        owner.locator("main form button").first.click()
    expect(owner.locator("main")).to_contain_text(ticket.number)
    assert play.post("/c", phone=ticket.phone, code=code[1])[0] == 400, "a code opens once"

    work = play.eventually(
        lambda: [m for m in play.messages(ticket) if plain(m.to) != ticket.phone and CODE.search(m.text)],
        "the technician's code",
    )[0]
    assert "渗漏水" in work.text
    technician = play.open(play.phone(), "/c")
    found = CODE.search(work.text)
    assert found
    technician.fill("[name=phone]", plain(work.to))
    technician.fill("[name=code]", found[1])
    with technician.expect_navigation(url="**/t/**"):
        technician.locator("main form button").first.click()
    play.do(technician, "contact")
    play.do(technician, "acknowledge")
    expect(technician.locator("main")).to_contain_text(zh("I have arrived"))

    statuses = [play.post("/c", phone=plain(OWNERS["YS-1-1-101"]["phone"]), code=f"{n:06d}")[0] for n in range(7)]
    assert statuses[0] == 400
    assert statuses[-1] == 429, "tries are limited"
    late = play.sent_report("YS-1-1-202", "客厅灯坏了")
    code = CODE.search(play.told(late, late.phone).text)
    assert code
    play.advance(hours=73)
    status, _, body = play.post("/c", phone=late.phone, code=code[1])
    assert status == 400, "a code is good for three days"
    assert late.number not in body
    play.open(play.phone(), "/_mailbox")
    assert play.broken == []
    faults, looks.faults = looks.faults, []
    assert faults == []
    play.close()
