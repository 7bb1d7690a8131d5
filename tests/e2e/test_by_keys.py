"""The day's main moves by keys alone, without the pages' scripts, and a repair with them too."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.e2e.keys import Keys
from tests.e2e.play import CHINA, NUMBER, OWNERS, Play, Reported, plain, zh
from tests.e2e.test_company_desk import LEAK, PEOPLE, link_to

REPAIRED, TAKEN, LEAK_AT = {True: "FL-1-1-501", False: "FL-1-1-502"}, "FL-1-1-601", "LW-A-802"


def reported(play: Play, unit: str, words: str, *, scripts: bool) -> tuple[Reported, Keys]:
    """A report by keys: (ticket, the owner on the page that follows)."""
    owner = Keys.phone(play, f"/report?p={unit}", scripts=scripts)
    phone = plain(OWNERS[unit]["phone"])
    owner.write("words", words)
    owner.write("phone", phone)
    owner.tick(owner.page.locator("[name=consent]"))
    owner.press(owner.page.locator("#send"), "/o/")
    number = NUMBER.search(owner.page.inner_text("main"))
    assert number
    return Reported(number[0], owner.page.url.partition("?")[0], phone), owner


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_repair_is_reported_agreed_done_checked_and_rated(play: Play, links: dict[str, str], scripts: bool) -> None:
    ticket, owner = reported(play, REPAIRED[scripts], "跳闸停电了", scripts=scripts)
    link, _ = play.work_link(ticket)
    technician = Keys.phone(play, link, scripts=scripts)
    technician.tick(technician.page.locator("[name=contacted]"))
    technician.send("acknowledge")
    technician.tick(technician.page.locator("[name=w]").nth(1))
    technician.send("offer_windows")

    play.open(owner.page, ticket.link)
    owner.choose("window", owner.page.locator("[name=window]").first.get_attribute("value") or "")
    owner.send("choose_window")
    expect(owner.page.locator("h1")).to_contain_text(re.compile(r"\d\d:\d\d"))

    play.open(technician.page, link)
    technician.send("arrive")
    for entry in technician.page.locator("[name=done]").all():
        technician.tick(entry)
    technician.write("words", "更换空开", "complete")
    technician.send("complete")

    # no finger draws by keys: who can't sign reads what is done instead
    play.open(owner.page, ticket.link)
    owner.press(owner.page.get_by_role("link", name=zh("Look and sign")), "/sheet")
    expect(owner.page.locator("#otherwise a[href^='tel:']")).to_be_visible()
    supervisor = Keys.phone(play, f"{links['BJ-S1']}/{play.ticket_id(ticket.number)}", scripts=scripts)
    supervisor.unfold("check")
    supervisor.write("words", "业主无法手写签名，现场查看合格", "check")
    supervisor.send("check")
    play.open(owner.page, ticket.link)
    for score in ("speed", "manners", "thoroughness", "overall"):
        owner.choose(score, "4")
    owner.send("rate")
    expect(owner.page.locator("main")).to_contain_text("★★★★☆")


def test_without_scripts_a_caller_is_taken_down_and_the_work_given_to_somebody(
    play: Play, links: dict[str, str]
) -> None:
    desk = Keys.desk(play, links["FL-D1"], scripts=False)
    desk.press(desk.page.locator("#new"), "/new")
    desk.write("find", TAKEN.removeprefix("FL-"))
    desk.press(desk.page.locator("button[value=find]"))
    desk.write("words", "书房插座没电")
    desk.press(desk.page.locator("button[value=take]"), "done=taken")
    number = NUMBER.search(desk.page.inner_text("main"))
    assert number
    first, _ = play.work_link(number[0])
    play.open(desk.page, f"{links['FL-D1']}/{play.ticket_id(number[0])}")
    before = play.stack.now()
    desk.press(desk.page.locator("a[href$='/people']"), "/people")
    desk.choose("person", desk.page.locator("[name=person]").first.get_attribute("value") or "")
    desk.write("words", "请带万用表", "assign")
    desk.send("assign")
    link, _ = play.work_link(number[0], after=before)
    assert play.is_passed_on(first)
    assert "请带万用表" in play.fetched(link)[1]


def test_without_scripts_a_leak_is_written_to_its_contractor_who_takes_it_on_and_agrees_a_time(
    play: Play, links: dict[str, str]
) -> None:
    began = play.stack.now()
    ticket = play.sent_report(LEAK_AT, "卫生间漏水", **LEAK)
    office = Keys.desk(play, links["HD-O1"].replace("/w/", "/b/"), scripts=False)
    line = office.page.get_by_role("link", name=ticket.number)
    play.eventually(lambda: office.page.reload() and line.count(), "the case is on the office's desk")
    office.press(line)
    case = office.page.url
    office.press(office.page.locator("a[href$='/draft?kind=notice']"), "/draft")
    office.send("release_notice")

    company = Keys.phone(play, link_to(play, PEOPLE["C-HD", "A1"], "k", began), scripts=False)
    company.send("acknowledge")
    company.unfold("propose_inspection")
    company.day("day", (play.stack.now().astimezone(CHINA) + timedelta(days=2)).date().isoformat())
    company.send("propose_inspection")
    play.open(office.page, case)
    office.unfold("agree_inspection")
    office.send("agree_inspection")
    play.open(company.page, company.page.url.partition("?")[0])
    expect(company.page.locator(".facts")).to_contain_text("09:00")
    assert play.post(f"{ticket.link}/cancel", key=f"cancel-{ticket.digits}")[0] == 303  # nothing of it comes later
