"""The pages for who has no link at hand, through the routes."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.services.access import access, codes
from chalicelib.web.kit.moves import done
from tests.world import World

PHONE = "19900000001"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def post(browser: Client, path: str, **fields: str) -> HTTPResponse:
    return browser.http.post(path, headers=FORM, body=urlencode(fields).encode())


def sent_code(world: World) -> str:
    """A ticket whose reporter has a code; the path of its page."""
    ticket = world.report(phone=PHONE)
    grant = access.own_grant(ticket.id)
    codes.keep(PHONE, "123456", grant, world.at)
    return f"/o/{access.token(grant)}"


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def test_phone_and_code_lead_to_the_page(world: World, browser: Client) -> None:
    page = sent_code(world)
    assert "手机号" in text(browser.http.get("/c"))
    answer = post(browser, "/c", phone="199 0000 0001", code="123456")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)


@pytest.mark.parametrize(
    ("phone", "code"), [("１９９ ００００ ０００１", "１２３４５６"), ("+86 (0)199-0000-0001", "123\u00a0456")]
)
def test_phone_and_code_are_read_however_they_are_typed(world: World, browser: Client, phone: str, code: str) -> None:
    page = sent_code(world)
    assert post(browser, "/c", phone=phone, code=code).headers["Location"] == page


def test_a_wrong_code_says_so_at_the_field_and_keeps_the_phone(world: World, browser: Client) -> None:
    sent_code(world)
    answer = post(browser, "/c", phone=PHONE, code="654321")
    assert answer.status_code == 400
    assert 'id="e-code"' in text(answer)
    assert f'value="{PHONE}"' in text(answer)
    assert "654321" not in text(answer)


def test_too_many_tries_are_429_even_with_the_right_code(world: World, browser: Client) -> None:
    sent_code(world)
    for number in range(5):
        assert post(browser, "/c", phone=PHONE, code=f"00000{number}").status_code == 400
    assert post(browser, "/c", phone=PHONE, code="123456").status_code == 429


def test_asking_for_a_link_gives_one_answer_for_every_number(world: World, browser: Client) -> None:
    ticket = world.report()
    for number in (ticket.number, "48392175" + _check("48392175")):
        answer = post(browser, "/again", number=number)
        assert (answer.status_code, answer.headers["Location"]) == (303, f"/again?done={done('sent', world.at)}")
    assert "如果该工单存在" in text(browser.http.get(answer.headers["Location"]))
    assert "link_asked" in world.kinds(ticket)


def test_a_number_with_a_slip_is_shown_again(world: World, browser: Client) -> None:
    answer = post(browser, "/again", number="4839-2175-0")
    assert answer.status_code == 400
    assert "4839-2175-0" in text(answer)
    assert "工单号不对" in text(answer)


def test_looking_at_the_pages_changes_nothing(world: World, browser: Client) -> None:
    sent_code(world)
    before = {pk: dict(part) for pk, part in world.table.parts.items()}
    for path in ("/c", "/again", "/again?done=sent", "/c?phone=19900000001&code=123456"):
        for _ in range(2):
            assert browser.http.get(path).status_code == 200
    assert {pk: dict(part) for pk, part in world.table.parts.items()} == before


@pytest.mark.parametrize("body", [b"", b"\xff\xfe=\x00", b"phone=%00%ff&code=%F0%9F%92%A9", b"number=" + b"9" * 9000])
@pytest.mark.parametrize("path", ["/c", "/again"])
def test_any_bytes_get_an_answer(world: World, browser: Client, path: str, body: bytes) -> None:
    assert browser.http.post(path, headers=FORM, body=body).status_code == 400


def test_the_page_is_in_english_on_request(world: World, browser: Client) -> None:
    answer: Any = browser.http.get("/c?lang=en")
    assert "Eight digits from the message" in text(answer)
    assert "lang=en" in answer.headers["Set-Cookie"]


def _check(digits: str) -> str:
    from chalicelib.domain.record.number import check_digit

    return check_digit(digits)
