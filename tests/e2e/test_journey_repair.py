"""The main job, on a phone: from a leaking bathroom to a closed ticket."""

from __future__ import annotations

import re
from typing import Any

import requests
from playwright.sync_api import expect

from tests.e2e.play import WAIT, Play, has_position, jpeg, like, sign, zh

UNIT = "YS-3-2-1001"


def test_a_leak_goes_from_the_form_to_a_signed_rated_followed_up_and_closed_ticket(
    play: Play, links: dict[str, str]
) -> None:
    owner = play.phone()

    # the place, step by step
    play.open(owner, "/")
    play.tap(owner, owner.get_by_role("link", name=zh("Report something")))
    play.tap(owner, owner.get_by_role("link", name="云杉苑", exact=True))
    for name in ("3号楼", "2单元", "1001"):
        play.tap(owner, owner.locator("main ul").get_by_role("link", name=name, exact=True).first)
    expect(owner).to_have_url(f"{play.stack.url}/report?p={UNIT}")

    # the report
    photo = jpeg(owner)
    assert has_position(photo)
    ticket = play.report(owner, UNIT, "卫生间漏水,天花板一直在滴", name="演示业主甲", photos=[photo])
    expect(owner.locator("main .next").first).to_contain_text(re.compile(r"\d\d:\d\d"))
    assert owner.locator("#link").input_value() == ticket.link
    told = play.told(ticket, ticket.phone)
    assert told.links == [ticket.link]

    # the technician
    work, technician = play.work_link(ticket)
    page = play.open(play.phone(), work)
    expect(page.locator(f"a[href='tel:{ticket.phone}']")).to_be_visible()
    expect(page.locator("main")).to_contain_text("卫生间漏水")
    play.do(page, "contact")
    play.do(page, "acknowledge")
    play.do(page, "offer_windows", w=[1, 2])

    # the owner chooses from the message
    asked = play.eventually(
        lambda: [
            m
            for m in play.messages(ticket, ticket.phone)
            if zh("Please choose when we may come") in m.text or "选" in m.text
        ],
        "the question when to come",
    )[0]
    play.open(owner, asked.links[0])
    play.do(owner, "choose_window", window=1)
    expect(owner.locator("h1")).to_contain_text(like("%(who)s comes %(when)s"))
    chosen = play.eventually(lambda: [m for m in play.messages(ticket, technician) if "约" in m.text or "选" in m.text])
    play.open(page, chosen[0].links[0])

    # at work
    play.do(page, "arrive")
    play.do(page, "tick_checklist", stays=True, done=[0, 1])
    play.do(page, "note", words="上层排水管接口松动")
    after = jpeg(page, "#335577")
    play.do(page, "complete", photo=[after], words="更换接口,闭水试验合格")

    # the owner signs with a finger, and rates
    expect_told(play, ticket, ticket.phone, 3)
    play.open(owner, ticket.link)
    play.tap(owner, owner.get_by_role("link", name=zh("Look and sign")))
    expect(owner.locator(".sheet")).to_contain_text("闭水试验合格")
    sign(owner)
    play.do(owner, "sign_off")
    names = owner.locator("form[action$='/rate'] fieldset.stars input").evaluate_all(
        "all => [...new Set(all.map(e => e.name))]"
    )
    assert sorted(names) == ["manners", "overall", "speed", "thoroughness"]
    play.do(owner, "rate", **dict.fromkeys(names, "5"), words="很满意")

    # what is shown is clean
    for of in (owner, page):
        play.open(of, of.url.partition("?")[0])
    shown = owner.locator("img[src*='/photo/']").evaluate_all("all => all.map(e => e.src)")
    assert len(shown) >= 2
    for address in shown:
        kept = play.eventually(lambda address=address: stored(address), f"{address} to be checked")
        assert kept[:2] == b"\xff\xd8"
        assert not has_position(kept)

    # the desk follows up
    desk = play.desktop()
    play.open(desk, links["YS-D1"])
    play.tap(desk, desk.get_by_role("link", name=ticket.number))
    play.do(desk, "follow_up", fixed="yes")
    play.open(owner, ticket.link)
    expect(owner.locator("main")).to_contain_text(zh("Closed. Thank you"))
    play.eventually(lambda: [m for m in play.messages(ticket, ticket.phone) if "办结" in m.text], "that it is closed")
    play.open(owner, ticket.link + "/sheet")
    expect(owner.locator("svg.signature")).to_be_visible()
    # nothing is left to do for the technician
    gone = play.open(page, work)
    assert gone.locator("form[data-move]").count() == 0


def expect_told(play: Play, ticket: Any, to: str, at_least: int) -> None:
    play.eventually(lambda: len(play.messages(ticket, to)) >= at_least, f"{at_least} messages to the owner", WAIT)


def stored(address: str) -> bytes | None:
    """The photo behind an address of a page, when it has been checked."""
    answer = requests.get(address, timeout=10)
    return None if "svg" in answer.headers["Content-Type"] else answer.content
