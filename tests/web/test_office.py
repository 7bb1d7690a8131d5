"""The warranty office's desk: what waits, a case with its gate, letters before they go, third parties."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters import archive
from chalicelib.domain.contractor.words import State
from chalicelib.services.access import access
from chalicelib.services.contractor import office
from chalicelib.store import grants
from tests.services.contractor import scene
from tests.services.contractor.scene import case_of, do, find, opened
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
PHOTO = "01KJP0Y9M0QWGD6621HF2227A3"


@pytest.fixture
def here(world: World) -> World:
    office.forget()
    return scene.settle(world)


def link(who: str = "o1") -> str:
    grant = access.staff_grant(who, scene.TEAMS[who], 1)
    grants.put(grant, access.hash_of(access.token(grant)))
    return f"/b/{access.token(grant)}"


def get(browser: Client, path: str) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == 200, path
    return str(answer.body.decode())


def at(case: str, who: str = "o1") -> str:
    return f"{link(who)}/{case.partition('#')[2]}"


def send(browser: Client, path: str, move: str, **fields: Any) -> HTTPResponse:
    sent = {"key": secrets.token_hex(13), **fields}
    return browser.http.post(f"{path}/{move}", headers=FORM, body=urlencode(sent, doseq=True).encode())


def shown(browser: Client, path: str) -> str:
    """The text of a page, without tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", get(browser, path)))


def test_what_waits_for_the_office_stands_there_by_deadline_and_what_waits_for_others_beside_it(
    here: World, browser: Client
) -> None:
    _, case = opened(here)
    seen = shown(browser, link())
    assert "发出维修通知单" in seen
    assert "防水工程公司" in seen
    assert "没有待责任单位" in shown(browser, f"{link()}?show=others")
    do(here, case, "release_notice", "o1")
    find(here, case)
    assert "防水工程公司" not in shown(browser, link())
    assert "防水工程公司" in shown(browser, f"{link()}?show=others")


def test_the_gate_s_conditions_stand_on_the_case_from_the_first_day(here: World, browser: Client) -> None:
    _, case = opened(here)
    seen = shown(browser, at(case))
    assert "关口A" in seen
    assert "0/6" in seen
    assert "至少需" in seen
    do(here, case, "release_notice", "o1")
    find(here, case)
    assert "1/6" in shown(browser, at(case))


def test_a_letter_is_read_and_worded_before_it_goes(here: World, browser: Client) -> None:
    _, case = opened(here)
    page = get(browser, f"{at(case)}/draft?kind=notice")
    assert "维修通知单" in page
    assert "防水工程保修五年" in page
    refused = send(browser, at(case), "edit_letter", kind="notice", words="找王工 13800000000")
    assert refused.status_code == 400
    assert "13800000000" in refused.body.decode()
    assert send(browser, at(case), "edit_letter", kind="notice", words="请走东门。").status_code == 303
    assert "请走东门。" in get(browser, f"{at(case)}/draft?kind=notice")
    answer = send(browser, at(case), "release_notice", kind="notice")
    assert answer.status_code == 303
    assert case_of(case).state is State.NOTICED
    assert "E1-2026-0001" in shown(browser, at(case))


def test_a_silent_contractor_is_followed_to_the_third_party_s_acceptance_by_the_desk_alone(
    here: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://objects.invalid/{key}")
    ticket, case = opened(here)
    page = at(case)
    send(browser, page, "release_notice", kind="notice")
    here.pump()
    find(here, case)
    number = case_of(case).letters[-1].number
    arrived = {"letter": number, "how": "ems_signed", "day": "2026-03-02", "from": "09:00", "waybill": "EE123456785CN"}
    wrong = send(browser, page, "prove_delivery", **arrived, contents="函件", photos=PHOTO)
    assert wrong.status_code == 400
    assert 'value="EE123456785CN"' in wrong.body.decode()
    assert send(browser, page, "prove_delivery", **arrived, contents=f"{number} 函件", photos=PHOTO).status_code == 303
    here.pump()
    here.advance(days=9)
    assert case_of(case).cause == "missed"
    assert "催告函" in shown(browser, page)
    assert send(browser, page, "release_reminder", kind="reminder").status_code == 303
    here.pump()
    scene.arrives(here, case)
    called = {"purpose": "deadline", "result": "no_answer"}
    assert send(browser, page, "call", **called).status_code == 400
    assert send(browser, page, "call", **called, words="打给公司，无人接").status_code == 303
    here.advance(days=4)
    assert "6/6" in shown(browser, page)
    assert send(browser, page, "pass_gate", route="ladder").status_code == 303
    assert "第三方维修公司" in shown(browser, f"{page}/parties")
    assert send(browser, page, "engage", company="T1", item_1="T1/none", quantity_1="1").status_code == 400
    assert send(browser, page, "engage", company="T1", item_1="T1/membrane", quantity_1="4.5").status_code == 303
    here.pump()
    one = case_of(case)
    assert one.job is not None
    assert one.job.price == 54_000
    soon = {"day": "2026-03-18", "from": "09:00", "last": "2026-03-18", "to": "12:00"}
    assert send(browser, page, "appoint", **soon).status_code == 303
    assert send(browser, page, "release_third_party_notice", kind="third_party_notice").status_code == 303
    here.pump()
    scene.repair(here, ticket.id)
    assert case_of(case).state is State.DONE
    mine = send(browser, page, "accept", photos=PHOTO)
    assert mine.status_code == 403
    assert "其他人" in mine.body.decode()
    assert send(browser, at(case, "o2"), "accept", photos=PHOTO, words="已修好").status_code == 303
    here.pump()
    assert send(browser, page, "invoice", invoice="2" * 20).status_code == 303
    assert case_of(case).state is State.CLOSED
    assert "第三方已修复" in shown(browser, page)


def test_nothing_of_an_office_opens_by_a_contractor_s_link_or_for_another_subsidiary(
    here: World, browser: Client
) -> None:
    _, case = opened(here)
    for who in ("C1.k1", "T1.t1"):
        assert browser.http.get(link(who)).status_code == 404
        assert browser.http.get(at(case, who)).status_code == 404
        assert send(browser, at(case, who), "note", words="x").status_code == 404
