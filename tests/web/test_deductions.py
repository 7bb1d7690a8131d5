"""Deductions on the pages of the warranty office and of the contractor: from the invoice to the decided objection."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.domain.record.reference import parts
from chalicelib.services.contractor import office
from tests.services.contractor import scene
from tests.services.money import owed
from tests.services.money.owed import invoiced, noticed, of_case, uploaded
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
    assert send(browser, page, "approve").status_code == 303
    assert "E1-K-2026-0001" in shown(browser, page)
    assert send(browser, page, "release_deduction_notice").status_code == 303
    assert of_case(case).state == "noticed"


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


def test_nobody_else_sees_a_deduction(here: World, browser: Client, case: str) -> None:
    noticed(here, case)
    name = parts(of_case(case).id)[1]
    for who, front in (("T1.t1", "k"), ("f1", "b"), ("f1", "k"), ("C1.k1", "b"), ("o1", "k")):
        assert browser.http.get(f"/{front}/{scene.own_link(who)}/deduction/{name}").status_code == 404, who
