"""Deductions on the pages of the warranty office and of the contractor: from the invoice to the decided objection."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters import archive, objects
from chalicelib.domain.record.reference import parts
from chalicelib.services.contractor import office
from chalicelib.services.money import packing
from tests.services.contractor import scene
from tests.services.money import owed
from tests.services.money.owed import act, gathered, invoiced, noticed, of_case, packed, uploaded
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def here(world: World) -> World:
    office.forget()
    return owed.settle(world)


@pytest.fixture
def case(here: World) -> str:
    return invoiced(here)


def at(case: str, who: str) -> str:
    front = "k" if who.startswith("C1") else "b"
    return f"/{front}/{scene.own_link(who)}/deduction/{parts(of_case(case).id)[1]}"


def send(browser: Client, path: str, move: str, **fields: Any) -> HTTPResponse:
    sent = {"key": secrets.token_hex(13), **fields}
    return browser.http.post(f"{path}/{move}", headers=FORM, body=urlencode(sent, doseq=True).encode())


def shown(browser: Client, path: str) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == 200, path
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body.decode()))


def offered(browser: Client, path: str) -> str:
    """What the page's form says yes to."""
    found = re.search(r'/approve".*?name="of" value="([0-9]+)"', browser.http.get(path).body.decode(), re.DOTALL)
    assert found
    return found[1]


def test_the_office_follows_a_deduction_from_its_gate_to_its_approval_by_the_pages_alone(
    here: World, browser: Client, case: str
) -> None:
    page = at(case, "o2")
    listed = shown(browser, page.partition("/deduction/")[0] + "/deductions")
    assert "证据收集中" in listed
    assert "防水工程公司" in listed
    seen = shown(browser, page)
    assert "关口B" in seen
    assert "尚无付款凭证" in seen
    assert send(browser, page, "check_scope").status_code == 303
    assert send(browser, page, "measure", item_1="membrane", quantity_1="4.5").status_code == 303
    assert send(browser, at(case, "o3"), "measure", item_1="membrane", quantity_1="4.5").status_code == 303
    invoice = {"number": owed.INVOICE, "total": "540.00", "allocated": "540", "type": "special"}
    wrong = send(browser, page, "check_invoice", **invoice, buyer_tax="91310000MA1FL0XX0B")
    assert wrong.status_code == 400
    assert owed.INVOICE in wrong.body.decode()
    right = {**invoice, "buyer_tax": "91310000MA1FL0XX0A", "upload": uploaded(here, case)}
    assert send(browser, page, "check_invoice", **right).status_code == 303
    early = send(browser, page, "propose")
    assert early.status_code == 409
    paid = {"fen": "540.00", "on": here.at.date().isoformat(), "voucher": "记-12", "upload": uploaded(here, case)}
    assert send(browser, page, "pay_third", **paid).status_code == 303
    here.pump()
    seen = shown(browser, page)
    assert "人民币陆佰玖拾肆元整" in seen
    assert "防水卷材 120.00/m² × 4.5" in seen
    assert send(browser, at(case, "o1"), "approve").status_code == 403
    assert send(browser, page, "approve", of=offered(browser, page)).status_code == 303
    assert "E1-K-2026-0001" in shown(browser, page)
    assert send(browser, page, "release_deduction_notice").status_code == 303
    assert of_case(case).state == "noticed"


def test_the_waybill_of_a_notice_is_photographed_or_sent_as_a_file_from_its_page(
    here: World, browser: Client, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "presigned_post", lambda *args, **more: {"url": "https://s3", "fields": {}})
    gathered(here, case)
    act(here, case, "approve", "o2")
    act(here, case, "release_deduction_notice", "o2")
    one = of_case(case)
    assert one.letter is not None
    page = at(case, "o2")
    seen = browser.http.get(page).body.decode()
    assert f'data-ticket="{one.id.partition("#")[2]}"' in seen
    assert "/static/office-case.js" in seen, "what sends photos and files"
    asked = {"letter": one.letter.number, "type": "application/ofd", "for": "prove_delivery"}
    assert send(browser, page, "scan", **asked).status_code == 200
    assert send(browser, page, "scan", **(asked | {"for": "seal"})).status_code == 400


def test_an_old_page_approves_no_other_amount_than_it_showed(here: World, browser: Client, case: str) -> None:
    gathered(here, case)
    page = at(case, "o2")
    old = offered(browser, page)
    assert send(browser, at(case, "o3"), "reject", words="有超出范围的工作").status_code == 303
    assert send(browser, at(case, "o3"), "check_scope", beyond="100.00", words="另做了保护层").status_code == 303
    assert send(browser, at(case, "o3"), "propose").status_code == 303
    stale = send(browser, page, "approve", of=old)
    assert stale.status_code == 409
    assert "已" in re.sub(r"<[^>]+>", " ", stale.body.decode())
    assert send(browser, page, "approve").status_code == 409
    assert of_case(case).state == "proposed"
    assert send(browser, page, "approve", of=offered(browser, page)).status_code == 303


def test_an_old_page_writes_off_no_other_amount_than_it_showed(here: World, browser: Client, case: str) -> None:
    noticed(here, case)
    act(here, case, "agree", "C1.k1", total=of_case(case).total)
    page = at(case, "o3")
    for fen in ("1.00", "600.00"):
        assert send(browser, at(case, "o2"), "ask_write_off", fen=fen, words="责任单位已破产").status_code == 303
        asked = of_case(case).last("write_off_asked")
        assert asked is not None
        if fen == "1.00":
            old = asked.version
            assert send(browser, page, "refuse_write_off", words="另行申请").status_code == 303
    assert send(browser, page, "write_off", of=old).status_code == 409
    assert of_case(case).written_off == 0
    assert send(browser, page, "write_off", of=asked.version).status_code == 303
    assert of_case(case).written_off == 60_000


def test_a_pack_that_could_not_be_made_is_made_again_by_the_office_alone(
    here: World, browser: Client, case: str
) -> None:
    noticed(here, case)
    act(here, case, "agree", "C1.k1", total=of_case(case).total)
    page = at(case, "o2")
    assert "证据包制作中" in shown(browser, page)
    assert send(browser, page, "pack_again").status_code == 409
    packing.give_up(of_case(case).id, here.at)
    assert "证据包制作失败" in shown(browser, page)
    theirs = at(case, "C1.k1")
    assert "证据包制作失败" not in shown(browser, theirs)
    assert send(browser, theirs, "pack_again").status_code != 303
    assert send(browser, page, "pack_again").status_code == 303
    assert send(browser, at(case, "o3"), "pack_again").status_code == 409, "its page is old by now"
    assert "证据包制作中" in shown(browser, page)


def test_who_approves_sees_the_event_behind_each_condition_and_its_day(here: World, browser: Client, case: str) -> None:
    gathered(here, case)
    for move in (None, "approve"):
        if move:
            act(here, case, move, "o2")
        body = browser.http.get(at(case, "o3")).body.decode()
        rows = re.findall(r'<li class="is-met">(.*?)</li>', body, re.DOTALL)
        stored = of_case(case).last("proposed")
        assert stored is not None
        assert len(rows) == len(stored.data["conditions"])
        assert sum("<time>" in row for row in rows) == len(rows) - 1, "losses alone have no event of their own"
        said = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", " ".join(rows)))
        for event in ("维修通知单", "发票", "工程量"):
            assert event in said


def test_what_gate_b_will_ask_stands_on_the_case_from_the_first_day_and_then_its_deduction(
    here: World, browser: Client
) -> None:
    _, case = scene.opened(here)
    page = f"/b/{scene.own_link('o1')}/{parts(case)[1]}"
    assert "扣款须具备的条件 0/" in shown(browser, page)
    scene.find(here, case)
    scene.do(here, case, "release_notice", "o1")
    assert "扣款须具备的条件 2/" in shown(browser, page), "finding and notice"
    owing = invoiced(here)
    body = browser.http.get(f"/b/{scene.own_link('o1')}/{parts(owing)[1]}").body.decode()
    assert "扣款须具备的条件" not in body
    assert f"/deduction/{parts(of_case(owing).id)[1]}" in body


def test_the_contractor_confirms_receipt_objects_and_reads_the_decision(
    here: World, browser: Client, case: str
) -> None:
    assert browser.http.get(at(case, "C1.k1")).status_code == 404
    noticed(here, case)
    page = at(case, "C1.k1")
    assert "694.00" in shown(browser, page.partition("/deduction/")[0] + "/deductions")
    seen = shown(browser, page)
    assert "694.00" in seen
    assert "提出异议" in seen
    assert "o2" not in seen
    without = send(browser, page, "dispute", ground="amount")
    assert without.status_code == 400
    objected = send(browser, page, "dispute", ground="amount", words="工程量不对", upload=uploaded(here, case))
    assert objected.status_code == 303
    office_page = at(case, "o4")
    assert "工程量不对" in shown(browser, office_page)
    assert send(browser, at(case, "o2"), "decide_dispute", upheld_fen="694.00", words="核对后支持").status_code == 403
    assert send(browser, office_page, "decide_dispute", upheld_fen="694.00", words="核对后支持").status_code == 303
    assert "核对后支持" in shown(browser, page)
    assert of_case(case).state == "closed"
    assert "已了结" in shown(browser, page.partition("/deduction/")[0] + "/deductions?past=1")


def test_who_is_no_authorised_contact_reads_it_and_can_not_answer(here: World, browser: Client, case: str) -> None:
    noticed(here, case)
    page = at(case, "C1.k3")
    assert "只有合同指定的授权联系人" in shown(browser, page)
    assert send(browser, page, "agree", total="69400").status_code == 403


def test_the_pack_is_opened_by_the_office_and_by_its_contractor_once_it_is_there(
    here: World, browser: Client, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://files.example/{key}")
    noticed(here, case)
    pages = [at(case, who) for who in ("o2", "C1.k1", "C1.k3")]
    assert {browser.http.get(f"{page}/evidence").status_code for page in pages} == {404}
    act(here, case, "agree", "C1.k1", total=69_400)
    assert "证据包制作中" in shown(browser, pages[0])
    packed(here, case)
    for page in pages:
        assert "证据包(PDF) 1.2 MB" in shown(browser, page).replace("\uff08", "(").replace("\uff09", ")")
        answer = browser.http.get(f"{page}/evidence")
        assert (answer.status_code, answer.headers["Location"]) == (
            303,
            f"https://files.example/evidence/E1/{'e' * 64}.pdf",
        )
    name = parts(of_case(case).id)[1]
    for who, front in (("T1.t1", "k"), ("f1", "b"), ("C1.k1", "b"), ("o1", "k")):
        assert browser.http.get(f"/{front}/{scene.own_link(who)}/deduction/{name}/evidence").status_code == 404, who


def test_nobody_else_sees_a_deduction(here: World, browser: Client, case: str) -> None:
    noticed(here, case)
    name = parts(of_case(case).id)[1]
    for who, front in (("T1.t1", "k"), ("f1", "b"), ("f1", "k"), ("C1.k1", "b"), ("o1", "k")):
        assert browser.http.get(f"/{front}/{scene.own_link(who)}/deduction/{name}").status_code == 404, who
