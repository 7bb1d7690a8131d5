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
from tests.services.contractor.scene import arrives, case_of, do, find, opened, repair
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
    parties = shown(browser, f"{page}/parties")
    assert "第三方维修公司" in parties
    assert "e-items" not in parties, "a field without a fault refers to none"
    assert "built-in" not in parties
    refused = send(browser, page, "engage", company="T1", item_1="T1/none", quantity_1="1")
    assert refused.status_code == 400
    assert 'id="e-items"' in refused.body.decode()
    assert send(browser, page, "engage", company="T1", item_1="T1/membrane", quantity_1="4.5").status_code == 303
    here.pump()
    one = case_of(case)
    assert one.job is not None
    assert one.job.price == 54_000
    soon = {"day": "2026-03-18", "from": "09:00", "last": "2026-03-18", "to": "12:00"}
    assert send(browser, page, "appoint", **soon).status_code == 303
    assert send(browser, page, "release_third_party_notice", kind="third_party_notice").status_code == 303
    here.pump()
    assert "核对并发出" not in shown(browser, page), "one invitation for each appointment"
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


def test_a_company_s_file_says_what_is_open_with_it_and_what_it_costs(here: World, browser: Client) -> None:
    _, case = opened(here)
    opened(here, unit="U2")
    seen = shown(browser, f"{link()}/company/C1")
    assert re.search(r"未结 2 ", seen) or "2" in seen
    assert "HT-2021-007" in seen
    do(here, case, "release_from", "o1", reason="withdrawn")
    assert "已撤回" in shown(browser, f"{link()}/company/C1?past=1")
    assert "防水卷材" in shown(browser, f"{link()}/company/T1")
    assert browser.http.get(f"{link()}/company/C9").status_code == 404
    assert browser.http.get(f"{link('C1.k1')}/company/C1").status_code == 404


def test_a_contract_says_its_clauses_and_who_signed_it(here: World, browser: Client) -> None:
    seen = shown(browser, f"{link()}/contract/H1")
    for part in ("HT-2021-007", "分包", "防水工程保修五年。", "60个月", "项目公司", "较急 12 小时", "较急 7 天"):
        assert part in seen, part
    assert browser.http.get(f"{link()}/contract/H9").status_code == 404


def test_a_change_is_confirmed_by_a_second_person_from_a_day_on(here: World, browser: Client) -> None:
    from dataclasses import replace

    from chalicelib.services.contractor import amending
    from chalicelib.store import contracts

    stored = contracts.contract("H1")
    assert stored is not None
    held = amending.Held(contracts={"H1": replace(stored, clauses=(replace(scene.CLAUSE, cap=100_000),))})
    [change] = amending.propose(held, lambda: scene.actor("o1"), here.at)
    assert "HT-2021-007" in shown(browser, f"{link()}/changes")
    page = f"{link('o2')}/change/{change.partition('#')[2]}"
    assert "1,000.00元" in shown(browser, page)
    assert send(browser, page.replace(link("o2"), link("o1")), "confirm", since="2026-03-05").status_code == 403
    assert send(browser, page, "confirm", since="2026-03-01").status_code == 400
    assert send(browser, page, "confirm", since="2026-03-05").status_code == 303
    assert "2026-03-05" in shown(browser, page)
    assert send(browser, page, "confirm", since="2026-03-05").status_code == 409


def test_like_defects_are_offered_and_stand_under_one_letter(here: World, browser: Client) -> None:
    _, case = opened(here)
    _, other = opened(here, unit="U2")
    page = get(browser, at(case))
    assert "同类问题" in page
    assert other.partition("#")[2] in page
    assert send(browser, at(case), "join", cases=other.partition("#")[2]).status_code == 303
    assert len(case_of(case).tickets) == 2
    assert not case_of(other).is_open


def test_the_office_s_own_work_is_its_desk(here: World, browser: Client) -> None:
    answer = browser.http.get(link().replace("/b/", "/w/"))
    assert (answer.status_code, answer.headers["Location"]) == (303, link())


def test_a_message_s_link_opens_its_case_alone(here: World, browser: Client) -> None:
    _, case = opened(here)
    _, other = opened(here, unit="U2")
    grant = access.ticket_grant(case, "o1", "S1/office")
    grants.put(grant, access.hash_of(access.token(grant)))
    token = access.token(grant)
    answer = browser.http.get(f"/b/{token}")
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/b/{token}/{case.partition('#')[2]}")
    assert "返回列表" not in get(browser, f"/b/{token}/{case.partition('#')[2]}")
    assert browser.http.get(f"/b/{token}/{other.partition('#')[2]}").status_code == 404


def test_long_lists_go_on_where_they_ended(here: World, browser: Client) -> None:
    for n in range(30):
        opened(here, unit=f"U{n % 4 + 1}")
    first = get(browser, link())
    numbers = re.findall(r'class="num" href="([^"]+)"', first)
    assert len(numbers) == 25
    more = re.search(r'rel="next" href="([^"]+)"', first)
    assert more
    second = get(browser, more[1].replace("&amp;", "&"))
    rest = re.findall(r'class="num" href="([^"]+)"', second)
    assert len({*numbers, *rest}) == 30
    assert 'rel="next"' not in second


def test_a_page_asks_the_table_for_the_same_however_much_is_open(
    here: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def costs(path: str) -> int:
        get(browser, path)  # rosters and names are kept from here on
        asked.clear()
        get(browser, path)
        return len(asked)

    for name in ("get", "query", "index", "batch", "count"):
        real = getattr(here.table, name)
        monkeypatch.setattr(
            here.table, name, lambda *a, _n=name, _real=real, **more: asked.append(_n) or _real(*a, **more)
        )
    _, case = opened(here)
    pages = (link(), f"{link()}?show=others", at(case), f"{link()}/company/C1", f"{link()}/contract/H1")
    pages += (f"{link()}/changes", f"{link()}/claims")
    few = {path: costs(path) for path in pages}
    assert max(few.values()) <= 3, few
    for n in range(40):
        opened(here, unit=f"U{n % 4 + 1}")
    assert {path: costs(path) for path in pages} == few


def test_no_word_of_the_owner_stands_on_a_case_and_no_stranger_s_script_in_its_words(
    here: World, browser: Client
) -> None:
    _, case = opened(here, words="我家漏水，电话 13911112222", name="钱先生", phone="13911112222")
    do(here, case, "release_notice", "o1")
    do(here, case, "refuse", "C1.k1", {"words": "<script>alert(1)</script>"}, reason="misuse", authorised=True)
    page = get(browser, at(case))
    assert "13911112222" not in page
    assert "钱先生" not in page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_the_same_form_sent_twice_counts_once(here: World, browser: Client) -> None:
    _, case = opened(here)
    for _ in range(2):
        assert send(browser, at(case), "note", words="已联系", key="0123456789abcdef").status_code == 303
    assert [event.kind for event in case_of(case).events].count("noted") == 1


def test_a_ticket_leads_to_its_case_for_who_looks_after_it_and_nobody_else(here: World, browser: Client) -> None:
    ticket, case = opened(here)
    for who, team, base, leads in (
        ("o1", "S1/office", "w", True),
        ("d1", "P1/desk", "d", True),
        (ticket.holder, "P1/building", "w", False),
    ):
        grant = access.staff_grant(who, team, 1)
        grants.put(grant, access.hash_of(access.token(grant)))
        token = access.token(grant)
        page = get(browser, f"/{base}/{token}/{ticket.id}")
        address = f"/b/{token}/{case.partition('#')[2]}"
        assert (address in page) is leads, who
        assert browser.http.get(address).status_code == (200 if leads else 404)


def test_a_third_party_s_file_says_what_it_does_how_it_did_and_who_engaged_it(here: World, browser: Client) -> None:
    page = f"{link()}/company/T1"
    assert "尚无已结束的委托" in shown(browser, page)
    case = engaged_over(here)
    seen = shown(browser, page)
    for part in ("委托次数 1", "按框架价 1", "验收 1", "占全部委托次数 100 %", "540.00元", "o1 1 0 (0 %)"):
        assert part in seen, part
    assert "目前没有在办委托" in seen
    other = engaged_for(here, "U2")
    assert f'/{other.partition("#")[2]}"' in get(browser, page)
    do(here, other, "disengage", "o1")
    seen = shown(browser, page)
    assert "委托次数 2" in seen
    assert "中途放弃 1" in seen
    assert f'/{other.partition("#")[2]}"' not in get(browser, page)
    assert not case_of(case).is_open


def engaged_for(world: World, unit: str) -> str:
    """A case that a third party is engaged for; its reference."""
    _, case = opened(world, unit=unit)
    find(world, case)
    do(world, case, "release_notice", "o1")
    arrives(world, case)
    world.advance(days=9)
    do(world, case, "release_reminder", "o1")
    arrives(world, case)
    do(world, case, "call", "o1", purpose="deadline", result="no_answer")
    world.advance(days=4)
    do(world, case, "pass_gate", "o1")
    do(world, case, "engage", "o1", company="T1", items=[["membrane", 4500]])
    return case


def engaged_over(world: World) -> str:
    """One whose job is done, accepted and invoiced."""
    case = engaged_for(world, "U1")
    ticket = case_of(case).ticket
    repair(world, ticket)
    world.do(ticket, "sign_off", "reporter")
    do(world, case, "invoice", "T1.t1", invoice="2" * 20)
    return case
