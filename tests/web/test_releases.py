"""A retention on its pages: applied for, countersigned by two sides, paid by finance; stops and warnings are seen."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters.ids import ulid
from chalicelib.domain.contractor.contract import Contract
from chalicelib.domain.money.release import State
from chalicelib.domain.record.reference import parts
from chalicelib.services.contractor import contacts, office
from chalicelib.services.money import retentions
from chalicelib.store import people
from tests.services.contractor import scene
from tests.services.money import kept, owed
from tests.services.money.kept import HELD, NAME, do, load
from tests.services.money.owed import invoiced, noticed, of_case
from tests.web import links
from tests.web.test_finance import Desk
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
ID = parts(NAME)[1]
COLUMNS = "合同编号,截止日期,累计扣留,累计扣款,累计返还,未付工程款,保函余额"


@pytest.fixture
def contract(world: World) -> Contract:
    for kept_for_a_while in (office, contacts):
        kept_for_a_while.forget()
    owed.settle(world)
    made = kept.settle(world, clauses=(owed.CLAUSE,))
    kept.stated(world, made)
    world.pump()
    return made


def own(who: str) -> str:
    return links.staff(who) if who == "d1" else scene.own_link(who)


def at(who: str) -> str:
    front = {"C": "k", "d": "d"}.get(who[0], "b")
    return f"/{front}/{own(who)}/release/{ID}"


def body(browser: Client, path: str) -> str:
    retentions.forget()
    answer = browser.http.get(path)
    assert answer.status_code == 200, path
    return answer.body.decode()


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text))


def shown(browser: Client, path: str) -> str:
    return plain(body(browser, path))


def form_of(page: str, move: str) -> str:
    found = re.search(rf'<form method="post" action="[^"]*/{move}">(.*?)</form>', page, re.DOTALL)
    assert found, move
    return found[1]


def offers(page: str, move: str) -> bool:
    return f'/{move}"' in page


def send(browser: Client, path: str, move: str, **fields: Any) -> HTTPResponse:
    """As the page that is there now would send it."""
    page = browser.http.get(path).body.decode()
    of = re.search(r'name="of" value="(\d+)"', form_of(page, move)) if offers(page, move) else None
    sent = {"key": secrets.token_hex(13), **({"of": of[1]} if of else {}), **fields}
    return browser.http.post(f"{path}/{move}", headers=FORM, body=urlencode(sent, doseq=True).encode())


def photo(world: World) -> str:
    return ulid(world.at)


def test_from_application_to_payment_by_the_pages_alone_each_side_by_its_own(
    world: World, browser: Client, contract: Contract
) -> None:
    theirs = at("C1.k1")
    assert re.search(r'<table class="queue money"><tbody>.*?30,000\.00', body(browser, theirs)), (
        "aligned as amounts are"
    )
    assert "30,000.00 元" in shown(browser, theirs.partition("/release/")[0] + "/releases")
    assert '<ol class="timeline history">' in body(browser, theirs), "newest first, without numbers from 1"
    assert send(browser, theirs, "apply", fen="30000").status_code == 303
    assert send(browser, theirs, "apply", fen="30000").status_code == 409
    office_page, desk_page = at("o1"), at("d1")
    for page in (office_page, desk_page):
        assert "已申请" in shown(browser, page.partition("/release/")[0] + "/releases")
    assert send(browser, desk_page, "verify", fen="30000").status_code == 303
    assert "物业客服 30,000.00 保修办" in shown(browser, office_page)
    assert send(browser, office_page, "verify", fen="30000.00").status_code == 303
    assert load().state is State.VERIFIED
    assert not offers(body(browser, office_page), "pay"), "who countersigned does not pay"
    desk = Desk(world, browser).sign_in()
    assert "HT-2021-007" in desk.shown("/releases")
    seen = desk.get(f"/release/{ID}").body.decode()
    assert "叁万元整" in plain(seen)
    of = re.search(r'name="of" value="(\d+)"', form_of(seen, "pay"))
    assert of
    paid = {"of": of[1], "on": world.at.date().isoformat(), "voucher": "记-12"}
    without = desk.post(f"/release/{ID}/pay", **paid)
    assert without.status_code == 400
    assert "照片" in plain(without.body.decode())
    answer = desk.post(f"/release/{ID}/pay", **paid, photos=photo(world))
    assert answer.status_code == 303
    assert "付款已登记" in plain(
        desk.browser.http.get(answer.headers["Location"], headers={"Cookie": desk.cookie}).body.decode()
    )
    assert load().state is State.CLOSED
    assert "记-12" in shown(browser, theirs)


def test_the_contractor_sees_the_state_and_nothing_of_what_defects_may_cost_nor_of_names(
    world: World, browser: Client, contract: Contract
) -> None:
    scene.opened(world)
    do(world, "apply", "C1.k1", fen=HELD)
    do(world, "verify", "o1", fen=HELD, said={"words": "同意"})
    seen = shown(browser, at("C1.k1"))
    assert "一方已会签" in seen
    assert "预计约需" not in seen
    assert "预计约需" in shown(browser, at("o2"))
    assert "3%" not in seen
    assert "o1" not in seen.split()


def test_a_contact_without_authority_reads_it_and_can_not_apply(
    world: World, browser: Client, contract: Contract
) -> None:
    page = body(browser, at("C1.k3"))
    assert "只有合同指定的授权联系人" in page
    assert not offers(page, "apply")
    assert send(browser, at("C1.k3"), "apply", fen="1").status_code == 403


def test_before_defect_liability_is_over_the_page_says_from_which_day(world: World, browser: Client) -> None:
    office.forget()
    owed.settle(world)
    kept.stated(world, kept.settle(world), liability_ends="2026-03-02")
    page = body(browser, at("C1.k1"))
    assert not offers(page, "apply")
    assert "2026年3月3日起可申请返还" in plain(page)


def test_the_contractors_own_reminder_is_offered_once_nobody_answered_in_time(
    world: World, browser: Client, contract: Contract
) -> None:
    do(world, "apply", "C1.k1", fen=HELD)
    early = body(browser, at("C1.k1"))
    assert not offers(early, "press")
    assert "您可发出催告" in early
    world.advance(days=15)
    assert send(browser, at("C1.k1"), "press").status_code == 303
    seen = shown(browser, at("o1"))
    assert "答复施工单位催告" in seen
    assert send(browser, at("o1"), "refuse", words="仍有渗漏未修").status_code == 303
    assert "仍有渗漏未修" in shown(browser, at("C1.k1"))


def test_an_old_page_decides_nothing_about_a_new_application(world: World, browser: Client, contract: Contract) -> None:
    do(world, "apply", "C1.k1", fen=HELD)
    old = re.search(r'name="of" value="(\d+)"', form_of(body(browser, at("o1")), "verify"))
    assert old
    do(world, "withdraw", "C1.k1")
    do(world, "apply", "C1.k1", fen=1_000)
    for move, more in (("verify", {"fen": "10.00"}), ("refuse", {"words": "金额不对"})):
        stale = send(browser, at("o1"), move, of=old[1], **more)
        assert stale.status_code == 409
        assert "已" in plain(stale.body.decode())
    assert load().state is State.APPLIED
    without = send(browser, at("o1"), "verify", of="", fen="10.00")
    assert without.status_code == 409


def test_a_stop_is_seen_on_the_release_and_on_the_deductions_page_until_another_person_lifts_it(
    world: World, browser: Client, contract: Contract
) -> None:
    case = invoiced(world)
    noticed(world, case)
    deduction = f"/b/{scene.own_link('o2')}/deduction/{parts(of_case(case).id)[1]}"
    assert "法院协助执行" not in shown(browser, deduction)
    bare = send(browser, at("o1"), "stop", ground="freeze", words="执行裁定")
    assert bare.status_code == 400
    assert send(browser, at("o1"), "stop", ground="freeze", words="执行裁定", photos=photo(world)).status_code == 303
    mine = body(browser, at("o1"))
    assert not offers(mine, "lift")
    assert "须由登记人以外的人解除" in mine
    for who in ("o2", "d1", "C1.k1"):
        assert "法院协助执行" in shown(browser, at(who)), who
    assert "执行裁定" not in shown(browser, at("C1.k1"))
    assert "法院协助执行" in shown(browser, deduction)
    owing = f"/k/{scene.own_link('C1.k1')}/deduction/{parts(of_case(case).id)[1]}"
    assert f"/release/{ID}" in body(browser, owing)
    link = re.search(r'href="(/b/[^"]*/retention/[^"]*)"', body(browser, deduction))
    assert link
    assert browser.http.get(link[1]).headers["Location"].endswith(f"/release/{ID}")
    assert "法院协助执行" in shown(browser, at("o1").partition("/release/")[0] + "/releases")
    desk = Desk(world, browser).sign_in()
    assert "法院协助执行" in desk.shown("/releases")
    standing = load().stops[0]
    lifted = desk.post(f"/release/{ID}/lift", of=standing.version, words="解除冻结裁定", photos=photo(world))
    assert lifted.status_code == 303
    assert "法院协助执行" not in shown(browser, deduction)


def test_nothing_is_offered_to_be_paid_while_a_stop_stands_and_its_clock_says_so(
    world: World, browser: Client, contract: Contract
) -> None:
    do(world, "apply", "C1.k1", fen=HELD)
    do(world, "verify", "o1", fen=HELD)
    do(world, "verify", "d1", fen=HELD)
    do(world, "stop", "o1", ground="factored", waived=True)
    page = body(browser, at("o2"))
    assert not offers(page, "pay")
    assert "止付期间暂停计时" in page
    assert "已向受让方放弃抵销" in page


def test_open_defects_above_what_is_left_and_what_the_law_does_not_have_are_warned_of(
    world: World, browser: Client
) -> None:
    for kept_for_a_while in (office, contacts):
        kept_for_a_while.forget()
    owed.settle(world)
    made = kept.settle(world, retention_rate=500, defect_liability_months=36)
    kept.stated(world, made, deducted=HELD - 100)
    scene.opened(world)
    do(world, "apply", "C1.k1", fen=100)
    page = body(browser, at("o1"))
    for warning in ("质保金比例高于3%", "缺陷责任期超过2年"):
        assert warning in page
    assert "未修缺陷预计费用超过剩余质保金" in form_of(page, "verify")
    assert "5%" in page


def test_a_contract_that_nobody_stated_anything_of_is_put_on_file_and_can_be_stopped(
    world: World, browser: Client
) -> None:
    office.forget()
    owed.settle(world)
    kept.settle(world)
    token = scene.own_link("o1")
    page = body(browser, f"/b/{token}/contract/{scene.CONTRACT}")
    assert f"/retention/{scene.CONTRACT}" in page
    asked = browser.http.get(f"/b/{token}/retention/{scene.CONTRACT}")
    assert asked.status_code == 200
    begun = browser.http.post(f"/b/{token}/retention/{scene.CONTRACT}", headers=FORM, body=b"")
    assert begun.status_code == 303
    assert "财务尚未提供余额" in shown(browser, begun.headers["Location"])
    assert send(browser, at("o1"), "stop", ground="freeze", words="函", photos=photo(world)).status_code == 303


def test_finance_puts_a_contract_of_its_own_on_file_by_its_number_and_stops_it(world: World, browser: Client) -> None:
    office.forget()
    owed.settle(world)
    kept.settle(world, entity="E2")
    desk = Desk(world, browser).sign_in()
    assert desk.post("/releases", contract="HT-2021-007").status_code == 400, "it is another entity's"
    kept.settle(world)
    wrong = desk.post("/releases", contract="HT-0")
    assert wrong.status_code == 400
    assert 'value="HT-0"' in wrong.body.decode()
    assert "没有此编号或代码的合同" in plain(wrong.body.decode())
    assert desk.post("/releases", contract="").status_code == 400
    begun = desk.post("/releases", contract="HT-2021-007")
    assert begun.status_code == 303
    path = begun.headers["Location"].partition("?")[0]
    assert path.endswith(f"/release/{ID}")
    again = desk.post("/releases", contract=scene.CONTRACT)
    assert again.headers["Location"].partition("?")[0] == path
    assert [event.kind for event in load().events] == ["opened"]
    stopped = desk.post(f"/release/{ID}/stop", ground="freeze", words="函", photos=photo(world))
    assert stopped.status_code == 303
    assert retentions.blocked(scene.CONTRACT) == "freeze"


def test_an_end_that_is_not_on_file_is_read_again_by_the_office(world: World, browser: Client) -> None:
    office.forget()
    owed.settle(world)
    kept.stated(world, kept.settle(world), liability_ends="")
    assert "未登记" not in shown(browser, at("o1")), "the page counts them as they are on file"
    assert send(browser, at("o1"), "date").status_code == 303
    assert load().liability_ends is not None
    assert not offers(body(browser, at("o1")), "date")


def test_balances_come_by_file_at_finances_desk_and_rows_at_fault_are_named(
    world: World, browser: Client, contract: Contract
) -> None:
    desk = Desk(world, browser).sign_in()
    for rows, fault in (
        ("HT-2021-007,2026-03-01,1000,,,,\nHT-2021-007,什么,1000,,,,", "第 3 行"),
        ("HT-2021-007,2026-03-02,1000,,,,\nHT-9,2026-03-01,1000,,,,", "第 3 行"),
        ("HT-2021-007,2026-02-27,1000,,,,", "第 2 行"),
    ):
        wrong = desk.post("/releases", rows=f"{COLUMNS}\n{rows}")
        assert wrong.status_code == 400
        assert fault in plain(wrong.body.decode())
    rows = f"{COLUMNS}\nHT-2021-007,2026-03-02,31000,500,,2000,"
    checked = desk.post("/releases", rows=rows)
    assert checked.status_code == 200
    assert "1条余额核对无误" in plain(checked.body.decode()).replace(" ", "")
    assert load().balance.held == HELD  # type: ignore[union-attr]
    content = re.search(r'name="content" value="([^"]+)"', checked.body.decode())
    assert content
    assert desk.post("/releases", content=content[1], name="b.csv", book="yes").status_code == 303
    assert load().left == 3_050_000
    assert "30,500.00" in desk.shown("/releases")


def sent_links(world: World) -> list[str]:
    text = " ".join(str(one) for one in world.provider.sent)
    return re.findall(r"/([bkf]/[A-Za-z0-9_-]{22})", text)


def test_each_message_leads_its_reader_to_the_page_where_it_is_their_turn(
    world: World, browser: Client, contract: Contract
) -> None:
    world.sends = world.send_really
    do(world, "apply", "C1.k1", fen=HELD)
    world.pump()
    office_links = sent_links(world)
    assert {link[0] for link in office_links} == {"b"}
    for link in office_links:
        page = browser.http.get(f"/{link}")
        assert page.status_code == 303
        assert page.headers["Location"].endswith(f"/{link}/release/{ID}")
        assert offers(body(browser, page.headers["Location"]), "verify")
    do(world, "verify", "o1", fen=HELD)
    do(world, "verify", "d1", fen=HELD)
    world.pump()
    theirs = [link for link in sent_links(world) if link[0] == "k"]
    assert "已核实待支付" in shown(browser, browser.http.get(f"/{theirs[-1]}").headers["Location"])


def test_finance_gets_to_what_it_has_to_pay_by_its_message_and_to_nothing_else_by_it(
    world: World, browser: Client, contract: Contract
) -> None:
    world.sends = world.send_really
    do(world, "apply", "C1.k1", fen=HELD)
    do(world, "verify", "o1", fen=HELD)
    do(world, "verify", "d1", fen=HELD)
    world.pump()
    [link] = {link for link in sent_links(world) if link[0] == "f"}
    assert browser.http.get(f"/{link}").headers["Location"].endswith(f"/{link}/release/{ID}")
    assert browser.http.get(f"/{link}/release/{ID}").status_code == 401, "a link alone opens nothing of the desk"
    desk = Desk(world, browser)
    desk.base = f"/{link}"
    desk.sign_in()
    seen = desk.get(f"/release/{ID}").body.decode()
    assert offers(seen, "pay")
    assert "/batches" not in seen
    for path in ("/batches", "/periods", "/releases"):
        assert desk.get(path).headers["Location"].endswith(f"/release/{ID}"), path
    assert desk.get(f"/release/{'0' * 26}").status_code == 404


def test_nobody_else_sees_a_retention(world: World, browser: Client, contract: Contract) -> None:
    for who, front in (("T1.t1", "k"), ("f1", "b"), ("f1", "k"), ("C1.k1", "b"), ("o1", "k"), ("o1", "d"), ("d1", "b")):
        answer = browser.http.get(f"/{front}/{own(who)}/release/{ID}")
        allowed = (who, front) == ("d1", "b")
        assert answer.status_code == (200 if allowed else 404), (who, front)
    elsewhere = links.staff("d9")
    assert browser.http.get(f"/d/{elsewhere}/release/{ID}").status_code == 404
    assert "HT-2021-007" not in shown(browser, f"/d/{elsewhere}/releases")
    assert people.get("d9") is not None
