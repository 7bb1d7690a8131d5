"""The warranty office on the deployed stack: a contractor keeps silent, and a third party repairs at its cost."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import urljoin

import pypdfium2
import requests
from playwright.sync_api import Page, expect

from chalicelib.language.cases import outcome_word
from infra.seed import contracts
from tests.e2e.play import CHINA, Play, jpeg, plain

WAYBILL = b"%PDF-1.7 a waybill as the carrier sent it\n%%EOF\n"
PERSON: Mapping[str, Any] = next(
    row for row in contracts.sheets()["company_people"] if (row["company"], row["code"]) == ("T-FS", "A1")
)


def fresh(play: Play, page: Page, wanted: str) -> bool:
    """Whether the page shows something, looked at anew."""
    page.reload()
    return page.locator(wanted).count() > 0


def posted(play: Play, desk: Page) -> None:
    """The last letter arrives by post, with a waybill that names it: a file, which can be read with the letter then."""
    number = desk.locator("form[action$='/prove_delivery'] [name=letter]").first.get_attribute("value")
    here = play.stack.now().astimezone(CHINA)
    when = {"day": here.date().isoformat(), "from_": f"{here:%H:%M}"}
    named = {"how": "ems_signed", "waybill": "EE123456785CN", "contents": f"{number} 函件"}
    play.do(desk, "prove_delivery", **when, **named, paper=WAYBILL)
    href = desk.locator(f"a[href*='{hashlib.sha256(WAYBILL).hexdigest()}']").first.get_attribute("href")
    assert requests.get(urljoin(desk.url, href), timeout=20).content == WAYBILL


def sends(play: Play, desk: Page, kind: str) -> None:
    """A letter is read, and sent."""
    play.tap(desk, desk.locator(f"a[href$='/draft?kind={kind}']"))
    play.do(desk, f"release_{kind}")


def test_a_leak_whose_contractor_keeps_silent_is_repaired_by_a_third_party_through_gate_a(
    play: Play, links: dict[str, str]
) -> None:
    ticket = play.sent_report("YS-3-1-801", "卫生间天花板漏水", category="water_leak", component="bathroom")
    work, _ = play.work_link(ticket)
    technician = play.open(play.phone(), work)
    for move in ("contact", "acknowledge", "arrive"):
        play.do(technician, move)
    found = {"cause": "waterproof_layer", "who_1": "contractor:YS-FS", "part_1": "100", "words": "管根开裂"}
    play.do(technician, "find", **found, photo=[jpeg(technician)])

    # the office reads the notice and sends it
    first, second = (links[code].replace("/w/", "/b/") for code in ("BJ-O1", "BJ-O2"))
    desk = play.open(play.desktop(), first)
    play.tap(desk, desk.get_by_role("link", name=ticket.number).first)
    case = desk.url.partition("?")[0]
    expect(desk.locator(".gate").first).to_contain_text("1/6")
    sends(play, desk, "notice")
    play.eventually(lambda: fresh(play, desk, "a[href*='/letter/']"), "the notice's file")
    address = desk.locator("a[href*='/letter/']").first.get_attribute("href")
    assert address
    letter = requests.get(urljoin(desk.url, address), timeout=20)
    document = pypdfium2.PdfDocument(letter.content)
    text = re.sub(r"\s", "", "".join(one.get_textpage().get_text_bounded() for one in document))
    document.close()
    assert "维修通知单" in text
    assert ticket.number in text
    arrived = ".letter:first-of-type .state--done"
    play.eventually(lambda: fresh(play, desk, arrived), "that the agreed address took the notice")

    # silence, the reminder, silence
    play.advance(days=9)
    play.morning()
    play.eventually(lambda: fresh(play, desk, "a[href$='/draft?kind=reminder']"), "that the reminder is due")
    sends(play, desk, "reminder")
    posted(play, desk)
    play.do(desk, "call", purpose="deadline", result="no_answer", words="拨打公司电话,无人接听")
    assert desk.locator("form[action$='/pass_gate']").count() == 0
    play.advance(days=6)
    play.morning()
    play.eventually(lambda: fresh(play, desk, "form[action$='/pass_gate']"), "that gate A can be passed")
    expect(desk.locator(".gate").first).to_contain_text("6/6")
    play.do(desk, "pass_gate")

    # a third party for its framework price
    play.tap(desk, desk.locator("a[href$='/parties']"))
    engaged = play.stack.now() - timedelta(minutes=1)
    play.do(desk, "engage", company="T-FS", item_1="T-FS/FS-01", quantity_1="4.5")
    day = (play.stack.now().astimezone(CHINA) + timedelta(days=1)).date().isoformat()
    play.do(desk, "appoint", day=day, from_="09:00", last=day, to="12:00")
    sends(play, desk, "third_party_notice")
    told = play.told(ticket, plain(PERSON["phone"]), link="/k/", after=engaged)
    repairer = play.open(play.phone(), next(one for one in told.links if "/k/" in one))
    play.eventually(lambda: fresh(play, repairer, "a[href*='/t/']"), "the ticket on the job's page")
    play.tap(repairer, repairer.locator("a[href*='/t/']").first)
    play.do(repairer, "arrive")
    play.do(repairer, "complete", photo=[jpeg(repairer, "#335577")], words="重做防水,闭水试验合格")

    # accepted by somebody else, with photos; the invoice ends it
    play.eventually(lambda: fresh(play, desk, "form[action$='/accept']"), "that it is done")
    other = play.open(play.desktop(), case.replace(first.rpartition("/")[2], second.rpartition("/")[2]))
    play.do(other, "accept", photo=[jpeg(other, "#88aa55")], words="现场查看,不再渗漏")
    play.open(desk, case)
    play.do(desk, "invoice", invoice="24317000000123456789")
    expect(desk.locator("main")).to_contain_text(outcome_word("third_party", "zh_CN"))
    play.open(desk, f"{first}/company/C-MO")
    play.open(desk, f"{first}/contract/YS-FS")
    for page in ("", "?show=others", "/claims", "/changes"):
        play.open(desk, first + page)
