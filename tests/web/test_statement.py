"""The contractor's statement on its page: by its own link, in both languages, as PDF; nobody else's."""

from __future__ import annotations

import re

import pytest
from chalice.test import Client

from chalicelib.adapters import archive
from chalicelib.services.contractor import office
from tests.services.contractor import scene
from tests.services.money import owed
from tests.services.money.owed import act, invoiced, noticed, of_case
from tests.typeset import press, use_faces
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def case(world: World) -> str:
    office.forget()
    use_faces()
    case = invoiced(owed.settle(world))
    noticed(world, case)
    press(world)
    return case


def path(who: str) -> str:
    return f"/k/{scene.own_link(who)}/statement"


def shown(browser: Client, address: str) -> str:
    answer = browser.http.get(address)
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.body.decode()))


def test_it_says_what_was_put_to_the_company_and_what_became_of_it(world: World, browser: Client, case: str) -> None:
    page = path("C1.k1")
    assert "694.00" in shown(browser, page)
    act(world, case, "dispute", "C1.k1", ground="amount", fen=10_000)
    act(world, case, "decide_dispute", "o4", upheld_fen=10_000)
    act(
        world, case, "recover", "f1", fen=20_000, source="retention", voucher="1", posted="2026-03-03", period="2026-03"
    )
    text = shown(browser, page)
    number = of_case(case).number
    for said in (
        number,
        "扣款对账单",
        "防水工程公司",
        "提出异议 100.00",
        "异议已裁定 -100.00",
        "质量保证金 -200.00",
        "394.00",
    ):
        assert said in text, said
    english = shown(browser, f"{page}?lang=en")
    for said in (number, "Statement of deductions", "You objected 100.00", "Retention -200.00", "394.00"):
        assert said in english, said


def test_a_company_that_owes_nothing_is_told_so(world: World, browser: Client) -> None:
    owed.settle(world)
    assert "贵司没有扣款" in shown(browser, path("C1.k3"))


def test_it_is_made_a_pdf_on_demand_and_can_be_left_meanwhile(
    world: World, browser: Client, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://files.example/{key}")
    page = path("C1.k1")
    early = browser.http.get(f"{page}/pdf")
    assert (early.status_code, early.headers["Location"]) == (303, page)
    asked = browser.http.post(page, headers=FORM, body=b"")
    assert (asked.status_code, asked.headers["Location"]) == (303, f"{page}?making=1")
    assert "PDF生成中" in shown(browser, f"{page}?making=1")
    press(world)
    assert "打开PDF" in shown(browser, f"{page}?making=1")
    answer = browser.http.get(f"{page}/pdf")
    assert answer.headers["Location"].startswith("https://files.example/statements/C1/")
    world.queue.is_down = True
    down = browser.http.post(page, headers=FORM, body=b"")
    assert (down.status_code, "请稍后再试" in down.body.decode()) == (503, True)


@pytest.mark.parametrize("who", ["T1.t1", "o1", "f1", "b1"])
def test_nobody_but_a_contractors_contact_has_one(world: World, browser: Client, case: str, who: str) -> None:
    for address in (path(who), f"{path(who)}/pdf"):
        assert browser.http.get(address).status_code == 404, address
    assert browser.http.post(path(who), headers=FORM, body=b"").status_code == 404
