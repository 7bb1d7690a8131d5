"""Who is liable, on pages: a sentence for the owner, all of it for staff; findings, quotes, access through forms."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters import ids, objects, originals
from chalicelib.domain.contractor.contract import MatrixRow
from chalicelib.domain.ticket.lifecycle import moves
from chalicelib.domain.ticket.ticket import Role, Ticket
from chalicelib.services.access import access
from chalicelib.store import grants
from chalicelib.web.owner import forms as owner_forms
from chalicelib.web.staff import forms as staff_forms
from tests.domain.samples import SIGNED
from tests.promised import CONTRACT, OTHER, entrust, promise
from tests.services.contractor.test_sealing import SCAN
from tests.web.forms import answered
from tests.world import STAFF, World, forget

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHOTO = "01KJP0Y9M0QWGD6621HF2227A3"
OWNERS = {"cause": "misuse", "who_1": "owner", "part_1": "100", "photos": PHOTO, "words": "业主自行改动"}
HALF = {"cause": "waterproof_layer", "who_1": "contractor:C1", "part_1": "70", "who_2": "developer", "part_2": "30"}


def get(browser: Client, path: str) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == 200, path
    return str(answer.body.decode())


def send(browser: Client, path: str, move: str, **fields: Any) -> HTTPResponse:
    sent = {"key": secrets.token_hex(13), **answered(browser, path, move), **fields}
    return browser.http.post(f"{path}/{move}", headers=FORM, body=urlencode(sent, doseq=True).encode())


def own(ticket: Ticket) -> str:
    return f"/o/{access.token(access.own_grant(ticket.id))}"


def staff(who: str, team: str = "") -> str:
    grant = access.staff_grant(who, team or STAFF[who][0], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return f"/w/{access.token(grant)}"


@pytest.fixture
def ticket(world: World) -> Ticket:
    """A leak in a flat under contract, with somebody on site."""
    promise(world, CONTRACT)
    made = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    for move in ("acknowledge", "arrive"):
        world.do(made, move)
    return world.load(made)


def page_of(ticket: Ticket) -> str:
    return f"{staff(ticket.holder)}/{ticket.id}"


def test_the_owner_reads_one_sentence_and_staff_all_of_it(ticket: Ticket, browser: Client) -> None:
    seen = get(browser, own(ticket))
    assert seen.count("按日期在保修期内（至 2028-06-30），免费维修；以查勘结论为准。") == 1
    assert "HT-01" not in seen
    shown = get(browser, page_of(ticket))
    for part in ("建一公司 HT-01", "合同 HT-01 第 8.1 条：2023-06-30 起至 2028-06-30 止", "在保", "初步判定"):
        assert part in shown, part
    english = get(browser, page_of(ticket) + "?lang=en")
    assert "Contract HT-01, clause 8.1: from 2023-06-30 until 2028-06-30" in english


def test_what_is_found_on_site_is_on_both_pages(world: World, ticket: Ticket, browser: Client) -> None:
    form = re.search(r'<form[^>]*id="m-find".*?</form>', get(browser, page_of(ticket)), re.S)
    assert form
    assert "防水层失效" in form[0]
    assert "接线错误" not in form[0]
    assert 'value="contractor:C1" selected' in form[0]  # as the dates have it
    assert "data-needed" in form[0]
    answer = send(browser, page_of(ticket), "find", **HALF, photos=PHOTO, words="管根开裂")
    assert answer.status_code == 303
    assert world.load(ticket).finding["shares"] == [["contractor", 70, "C1"], ["developer", 30, ""]]
    assert "责任单位（建一公司 HT-01） 70 %" in get(browser, page_of(ticket))
    seen = get(browser, own(ticket))
    assert "经查勘，此次维修不向您收费。" in seen
    assert "管根开裂" not in seen
    assert seen.count("/photo/") == 2  # the photo of the cause: link and picture


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"part_1": "60"}, "比例合计为 90 %，应为 100 %。"),
        ({"part_1": "x"}, "比例应为 1 至 100 的整数。"),
        ({"part_1": ""}, "比例应为 1 至 100 的整数。"),
        ({"who_2": "contractor:C1"}, "同一责任方重复。"),
        ({"cause": ""}, "请选择原因。"),
        ({"photos": ""}, "请拍摄原因照片。"),
        ({"who_1": "fund"}, "专项维修资金用于共用部位，不用于户内。"),
    ],
)
def test_what_is_wrong_with_a_finding_stands_at_its_field_and_what_was_typed_stays(
    world: World, ticket: Ticket, browser: Client, wrong: dict[str, str], said: str
) -> None:
    answer = send(browser, page_of(ticket), "find", **{**HALF, "photos": PHOTO, "words": "管根开裂", **wrong})
    assert answer.status_code == 400
    page = answer.body.decode()
    assert said in page
    assert "管根开裂" in page
    assert world.load(ticket).finding == {}


def test_a_quote_is_read_signed_and_answered_by_link(world: World, ticket: Ticket, browser: Client) -> None:
    send(browser, page_of(ticket), "find", **OWNERS)
    assert "不属于保修范围" in get(browser, own(ticket))
    desk = f"{staff('d1')}/{ticket.id}"
    lines = {"item_1": "角阀", "price_1": "120.00", "item_2": "人工", "quantity_2": "1.5", "price_2": "80"}
    assert send(browser, desk, "quote", **lines, words="含辅料").status_code == 303
    assert world.load(ticket).quote["lines"] == [[1000, 12000, 12000], [1500, 8000, 12000]]
    assert "240.00元" in get(browser, own(ticket))
    paper = get(browser, own(ticket) + "/price")
    for part in ("角阀", "人工", "1.5", "80.00元", "240.00元", "含辅料"):
        assert part in paper, part
    unsigned = send(browser, own(ticket), "accept_quote")
    assert unsigned.status_code == 400
    assert "请在框内" in unsigned.body.decode() or "签名" in unsigned.body.decode()
    assert send(browser, own(ticket), "accept_quote", signature=SIGNED).status_code == 303
    assert world.load(ticket).quote["state"] == "accepted"
    assert "您已接受此报价。" in get(browser, own(ticket) + "/price")
    assert "已接受" in get(browser, desk)


def test_without_a_quote_its_page_leads_back(ticket: Ticket, browser: Client) -> None:
    answer = browser.http.get(own(ticket) + "/price")
    assert (answer.status_code, answer.headers["Location"]) == (303, own(ticket))


@pytest.mark.parametrize(
    ("field", "text"), [("price_1", "x"), ("price_1", "1.234"), ("quantity_1", "1e9"), ("price_1", "NaN")]
)
def test_a_price_that_is_none_is_refused_at_the_form(
    world: World, ticket: Ticket, browser: Client, field: str, text: str
) -> None:
    send(browser, page_of(ticket), "find", **OWNERS)
    lines = {"item_1": "角阀", "price_1": "120.00", field: text}
    answer = send(browser, f"{staff('d1')}/{ticket.id}", "quote", **lines)
    assert answer.status_code == 400
    assert "数量和单价应为数字" in answer.body.decode()
    assert world.load(ticket).quote == {}


def test_the_owner_disputes_and_the_office_enters_the_appraisal(world: World, ticket: Ticket, browser: Client) -> None:
    send(browser, page_of(ticket), "find", **OWNERS)
    assert send(browser, own(ticket), "dispute_finding").status_code == 400  # says nothing
    assert send(browser, own(ticket), "dispute_finding", words="不是我改的").status_code == 303
    assert "查勘结论正在鉴定，在此之前不向您收费。" in get(browser, own(ticket))
    office = f"{staff('o1', 'S1/office')}/{ticket.id}"
    assert "有异议，待鉴定。" in get(browser, office)
    changed = {"upheld": "no", "who_1": "contractor:C1", "part_1": "100", "photos": PHOTO, "words": "市检测中心"}
    assert send(browser, office, "appraise", **changed).status_code == 303
    assert world.load(ticket).finding["shares"] == [["contractor", 100, "C1"]]
    assert "变更查勘结论" in get(browser, own(ticket))


def test_an_appraisal_s_document_is_a_file_that_is_kept_with_the_ticket_and_everybody_there_can_read(
    world: World, ticket: Ticket, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "presigned_post", lambda *args, **more: {"url": "https://s3", "fields": {}})
    monkeypatch.setattr(originals, "presigned_get", lambda key: f"https://objects.invalid/{key}")
    send(browser, page_of(ticket), "find", **OWNERS)
    office = f"{staff('o1', 'S1/office')}/{ticket.id}"
    assert send(browser, office, "scan", type="application/pdf").status_code == 404, "nothing is in dispute"
    send(browser, own(ticket), "dispute_finding", words="不是我改的")
    assert f'data-scan="{office}/scan"' in get(browser, office)
    assert send(browser, page_of(ticket), "scan", type="application/pdf").status_code == 404, "not theirs to enter"
    assert send(browser, office, "scan", type="application/pdf").status_code == 200
    upheld = {"upheld": "yes", "words": "市检测中心"}
    for forged in ({}, {"key": "originals/x/y.pdf", "sha256": "f" * 64}, {"upload": ids.ulid(world.at)}):
        assert send(browser, office, "appraise", **upheld, **forged).status_code == 400
    upload = ids.ulid(world.at)
    world.pictures.stored[f"scans/{ticket.id}/{upload}"] = SCAN
    assert send(browser, office, "appraise", **upheld, upload=upload).status_code == 303
    digest = hashlib.sha256(SCAN).hexdigest()
    key = f"originals/{ticket.id}/{digest}.pdf"
    assert world.pictures.stored[key] == SCAN
    for page in (office, own(ticket), page_of(ticket), f"{staff('d1').replace('/w/', '/d/')}/{ticket.id}"):
        assert f"{page}/paper/{digest}" in get(browser, page), page
        assert browser.http.get(f"{page}/paper/{digest}").headers["Location"].endswith(key)
        assert browser.http.get(f"{page}/paper/{'f' * 64}").status_code == 404


def test_the_office_decides_between_two_contracts(world: World, browser: Client) -> None:
    promise(world, CONTRACT, OTHER)
    made = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    assert "是否在保修期内正在核实" not in get(browser, own(made))  # his own term runs, whoever pays
    office = f"{staff('o1', 'S1/office')}/{made.id}"
    page = get(browser, office)
    assert "有多份合同约定：HT-01、HT-02" in page or "有多份合同约定：HT-01, HT-02" in page
    assert send(browser, office, "decide_liability", payer="contractor:C2").status_code == 400
    answer = send(browser, office, "decide_liability", payer="contractor:C2", words="施工图为准")
    assert answer.status_code == 303
    assert world.load(made).decision == {"payer": "contractor", "contract": "C2"}
    assert "保修办判定：责任单位" in get(browser, office)


def test_the_owner_answers_whether_the_contractor_may_come_in(world: World, ticket: Ticket, browser: Client) -> None:
    assert send(browser, own(ticket), "note_access").status_code == 400
    refused = send(browser, own(ticket), "note_access", what="refused", reason="no_reason")
    assert refused.status_code == 303
    assert "业主无理由拒绝责任单位入户，费用由开发商承担。" in get(browser, page_of(ticket))
    assert send(browser, own(ticket), "note_access", what="given").status_code == 303
    assert "费用由开发商承担" not in get(browser, page_of(ticket))


def test_exactly_the_open_moves_have_a_form_whatever_is_liable(world: World, ticket: Ticket, browser: Client) -> None:
    office = f"{staff('o1', 'S1/office')}/{ticket.id}"
    send(browser, page_of(ticket), "find", **{**HALF, "who_2": "owner", "photos": PHOTO, "words": "x"})
    send(browser, f"{staff('d1')}/{ticket.id}", "quote", item_1="角阀", price_1="1")
    now = world.load(ticket)
    both = get(browser, own(ticket)) + get(browser, own(ticket) + "/price")
    shown = set(re.findall(r'action="/o/[\w-]{22}/(\w+)"', both))
    assert shown == set(moves(now, Role.OWNER)) & set(owner_forms.READERS) - {"climb"}
    for path, role in ((page_of(now), Role.TECHNICIAN), (office, Role.OFFICE)):
        page = get(browser, path)
        offered = set(re.findall(rf'action="{path}/(\w+)"', page)) | set(re.findall(r'formaction="[^"]*/(\w+)"', page))
        assert offered == set(moves(now, role)) & set(staff_forms.READERS) - {"assign"}, role


def test_what_is_the_developers_or_undecided_names_the_department_and_the_person(
    ticket: Ticket, browser: Client, world: World
) -> None:
    """Of the row that names the part most exactly and holds on the day; where a contractor bears it, nobody's."""
    world.employ("m1", "P1/desk")
    rows = [
        MatrixRow("P1", "", "", "property_engineering", date(2019, 1, 1)),
        MatrixRow("P1", "", "", "property_engineering", date(2099, 1, 1), "x9"),
    ]
    entrust(world, *rows, MatrixRow("P1", "water_leak/bathroom", "", "engineering", date(2024, 1, 1), "m1"))
    assert "责任部门" not in get(browser, page_of(ticket))
    undecided = world.report("墙面开裂", category="walls_floors", component="wall")
    bathroom = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    for move in ("acknowledge", "arrive"):
        world.do(bathroom, move)
    seen = get(browser, page_of(world.load(undecided)))
    assert "责任部门：物业工程部" in seen
    path = page_of(world.load(bathroom))
    assert "责任部门" not in get(browser, path)
    found = {"cause": "design", "who_1": "developer", "part_1": "100", "photos": PHOTO, "words": "设计如此"}
    assert send(browser, path, "find", **found).status_code == 303
    assert "责任部门：工程部 · m1" in get(browser, path)
    world.employ("m1", "P1/desk", active=False)
    forget()
    left = get(browser, path)
    assert "责任部门：工程部" in left
    assert "m1" not in left
