"""The completion sheet through the routes: one paper for the owner and for staff, with all that it has to prove."""

from __future__ import annotations

import re
from datetime import timedelta
from html import unescape
from urllib.parse import urlencode

from chalice.test import Client

from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.store import grants
from tests.web.links import own, staff
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
FLOOD = "Flood test 24–48 h agreed or done"


def seen(browser: Client, path: str) -> str:
    answer = browser.http.get(f"{path}?lang=zh_CN")
    assert answer.status_code == 200, path
    article = re.search(r"<article.*?</article>", answer.body.decode(), re.S)
    assert article
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", article[0])))


def finished(world: World) -> Ticket:
    """Refused once, then done again: of the flood test the technician says why it does not apply."""
    ticket = world.report("卫生间漏水")
    world.pump()
    for again in (False, True):
        world.do(ticket, "acknowledge")
        world.at += timedelta(hours=1)
        world.do(ticket, "arrive")
        if not again:
            world.do(ticket, "propose_plan", until=(world.at + timedelta(days=2)).isoformat())
            world.do(ticket, "agree_plan", "reporter")
            world.do(ticket, "complete")
            world.do(ticket, "refuse", "reporter", {"words": "还在滴水"})
    said = {"words": "更换接口", "photos": ["after"], "why": {FLOOD: "明管更换"}}
    return world.do(ticket, "complete", said=said, done=["Source found"])


def test_the_sheet_says_company_project_dates_promises_checklist_rounds_and_plan(world: World, browser: Client) -> None:
    ticket = finished(world)
    page = seen(browser, f"{own(ticket)}/sheet")
    for part in (
        "S1公司",
        "P1苑",
        "2026年3月2日 周一 09:00",
        "最初承诺",
        "约定方案",
        "返修 1 次",
        "业主未签字",
        "还在滴水",
        "更换接口",
        "已完成",
        "未做",
        "不适用 （明管更换）",
        "尚未签字",
    ):
        assert part in page, part
    assert not re.search("今天|昨天|明天", page)
    every = re.findall(r"(\d{4}年)?\d+月\d+日", page)
    assert every
    assert all(every), "a date without its year"


def test_staff_see_the_same_sheet_by_each_of_their_links(world: World, browser: Client) -> None:
    ticket = finished(world)
    world.do(ticket, "sign_off", "reporter")
    one = access.ticket_grant(ticket.id, "b1", ticket.desk)
    grants.put(one, access.hash_of(access.token(one)))
    holder = world.load(ticket).holder
    for path in (f"/d/{staff('d1')}/{ticket.id}", f"/w/{staff(holder)}/{ticket.id}"):
        page = browser.http.get(path).body.decode()
        assert f'href="{path}/sheet"' in page
        assert "更换接口" in seen(browser, f"{path}/sheet")
        assert "测试 （业主）" in seen(browser, f"{path}/sheet")


def test_who_may_not_see_the_ticket_sees_no_sheet(world: World, browser: Client) -> None:
    ticket = finished(world)
    for path in (f"/d/{staff('d9')}/{ticket.id}/sheet", f"/o/{staff('d1')}/sheet", "/t/0123456789012345678901/sheet"):
        assert browser.http.get(path).status_code == 404


def test_a_check_names_the_role_that_made_it_and_is_no_signature(world: World, browser: Client) -> None:
    ticket = finished(world)
    world.at += timedelta(days=8)
    world.do(ticket, "check", "s1", {"words": "已到场核验"})
    page = seen(browser, f"{own(ticket)}/sheet")
    assert "主管核验（非业主签字）" in page
    assert "地产客服" in page
    assert "已到场核验" in page
    assert "业主签字" not in page.replace("非业主签字", "")


def test_completing_without_what_is_needed_is_refused_at_the_checklist_and_a_reason_lets_it_pass(
    world: World, browser: Client
) -> None:
    ticket = world.report("卫生间漏水")
    world.pump()
    world.do(ticket, "acknowledge")
    world.do(ticket, "arrive")
    path = f"/w/{staff(world.load(ticket).holder)}/{ticket.id}"
    photo = "01KJP0Y9M03XZQZMTTYVP2SN4V"

    def send(**fields: str) -> tuple[int, str]:
        body = urlencode({"checklist": "1", "words": "好了", "photos": photo, "done": "Source found", **fields})
        answer = browser.http.post(f"{path}/complete", headers=FORM, body=body.encode())
        return answer.status_code, answer.body.decode()

    status, page = send(key="a")
    assert (status, world.load(ticket).state) == (400, "on_site")
    assert "写明不适用的原因" in page
    assert re.search(r'value="Source found" checked', page), "what was ticked stays ticked"
    status, page = send(key="b", **{f"na:{FLOOD}": "明管更换"})
    assert (status, world.load(ticket).state) == (303, "completed")


def test_the_button_to_print_is_there_for_the_script_to_show(world: World, browser: Client) -> None:
    ticket = finished(world)
    for path in (f"{own(ticket)}/sheet", f"/d/{staff('d1')}/{ticket.id}/sheet"):
        page = browser.http.get(path).body.decode()
        assert re.search(r"<p [^>]*data-print hidden>", page)
        assert re.search(r"/static/(print|sheet-page)\.js", page)
