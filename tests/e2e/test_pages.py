"""Every other page, at both widths: usable by anybody, none wider than the phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.play import Play, zh


def test_the_look_at_a_page_sees_what_is_wrong_with_it(play: Play) -> None:
    page = play.phone()
    page.goto(play.stack.url + "/health")
    page.evaluate(
        """() => { document.title = ''; const e = document.createElement('main'); document.body.append(e);
        e.innerHTML = '<img src="/static/icon.svg"><a class="btn main" href="/">x</a><p>grey</p>';
        e.append('w'.repeat(400) + ' %(who)s'); document.querySelector('p').style.color = '#444';
        document.querySelector('p').style.backgroundColor = 'light-dark(#fff, #222)';
        document.documentElement.style.colorScheme = 'light dark' }"""
    )
    play.look(page)
    found, play.looks.faults = "\n".join(play.looks.faults), []
    for fault in (
        "image-alt",
        "document-title",
        "too wide",
        "lower than 44 px",
        "dark: color-contrast",
        "says %(who)s",
    ):
        assert fault in found


@pytest.mark.parametrize(
    "address",
    ["/", "/report", "/report?q=xyz", "/c", "/again", "/again?done=sent", "/passed-on", "/l", "/l/HY-2026-0001"],
)
def test_a_public_page_is_usable_at_both_widths(play: Play, address: str) -> None:
    play.open(play.phone(), address)
    play.open(play.phone(), address + ("&" if "?" in address else "?") + "lang=en")


def test_a_page_that_opens_nothing_offers_a_new_link_that_goes_to_the_reporter(play: Play) -> None:
    ticket = play.sent_report("LW-A-901", "厨房灯不亮")
    play.told(ticket, ticket.phone)
    had = len(play.messages(ticket, ticket.phone))
    page = play.open(play.phone(), "/o/" + "A" * 22)
    play.tap(page, page.get_by_role("link", name=zh("Send me a new link")))
    page.fill("[name=number]", ticket.number)
    with page.expect_navigation(url=re.compile(r"/again\?done=sent")):
        page.locator("main form button").first.click()
    play.look(page)
    play.eventually(lambda: len(play.messages(ticket, ticket.phone)) > had, "the new link")
    newest = play.told(ticket, ticket.phone, link="/o/")
    assert play.fetched(newest.links[0])[0] == 200


def test_my_work_lists_filters_and_opens_what_somebody_holds(play: Play, links: dict[str, str]) -> None:
    ticket = play.sent_report("FL-1-1-201", "玄关灯坏了,没电")
    _, phone = play.work_link(ticket)
    holder = play.code_of(phone)
    page = play.open(play.phone(), links[holder])
    play.tap(page, page.locator(f"a[href$='/{play.ticket_id(ticket.number)}']"))
    expect(page.locator("main")).to_contain_text(ticket.number)
    play.do(page, "acknowledge")
    play.open(page, links[holder] + "?priority=emergency&late=1")
    expect(page.locator(f"a[href$='/{play.ticket_id(ticket.number)}']")).to_have_count(0)
    play.open(page, links[holder] + "?lang=en")


@pytest.mark.parametrize("code", ["FL-D1", "BJ-S1", "H2"])
def test_a_desk_of_each_level_has_its_queue_its_work_and_its_entry_page(
    play: Play, links: dict[str, str], code: str
) -> None:
    token = links[code].rpartition("/")[2]
    page = play.desktop()
    for address in (f"/d/{token}", f"/d/{token}?show=late", f"/d/{token}/new", f"/w/{token}"):
        play.open(page, address)
    play.open(page, f"/d/{token}?lang=en")


def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(play: Play) -> None:
    page = play.open(play.phone(), "/report?p=FL-1-1-301")
    page.fill("[name=words]", "窗台渗水")
    page.fill("[name=phone]", "12")
    with page.expect_navigation():
        page.locator("#send").click()
    play.look(page)
    expect(page.locator("#e-phone, #e-consent").first).to_be_visible()
    expect(page.locator("[name=words]")).to_have_value("窗台渗水")
    expect(page.locator("[name=phone]")).to_have_value("12")


def test_why_is_it_late_is_usable_for_staff_desk_and_owner(play: Play, links: dict[str, str]) -> None:
    ticket = play.sent_report("FL-1-1-401", "书房插座没电")
    link, _ = play.work_link(ticket)
    page = play.open(play.phone(), link + "/late")
    play.open(page, ticket.link + "/late")
    play.open(play.desktop(), f"{links['FL-D1']}/{play.ticket_id(ticket.number)}/late")
    for lang in ("zh_CN", "en"):
        play.open(page, link + f"/late?all=1&lang={lang}")
        play.unfold(page)


def test_a_draft_keeps_the_words_but_not_what_they_once_meant(play: Play) -> None:
    page = play.open(play.phone(), "/report?p=YS-1-1-502")
    category = page.locator("[name=category]")
    page.fill("[name=words]", "厨房有燃气味")
    page.locator("[name=words]").blur()
    expect(category).to_have_value("gas_smell")
    page.locator("[name=name]").fill("演示")
    page.wait_for_function("() => (localStorage.getItem('baoxiu:draft') || '').includes('演示')")
    page.reload()
    expect(page.locator("[name=words]")).to_have_value("厨房有燃气味")
    page.fill("[name=words]", "入户门的锁芯坏了")
    page.locator("[name=words]").blur()
    expect(category).not_to_have_value("gas_smell")
