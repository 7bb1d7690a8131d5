"""What belongs to a phone, through the routes: the code, the list, staff's own pages; nothing to anybody else."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters import objects, sms
from chalicelib.adapters.delivery import NotDelivered
from chalicelib.domain.record.phone import compared
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.functions import send
from chalicelib.services.access import access, inviting, mine
from chalicelib.services.record import erasing
from chalicelib.store import people, phones
from chalicelib.store.table import Put
from tests.world import STAFF, World

PHONE, OTHER, UNKNOWN = "19900000001", "19900000002", "19900000009"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch, world: World) -> list[tuple[str, str]]:
    """(phone, text) of every SMS; the queue's consumer is the real one."""
    found: list[tuple[str, str]] = []
    monkeypatch.setattr(sms, "send", lambda to, text: found.append((compared(to), text.text)))
    return found


def post(browser: Client, path: str, **fields: str) -> HTTPResponse:
    return browser.http.post(path, headers=FORM, body=urlencode(fields).encode())


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def deliver(world: World) -> None:
    world.pump_stream()
    world.queue.deliver(send.send)


def code_for(world: World, browser: Client, texts: list[tuple[str, str]], phone: str = PHONE) -> str:
    """The code that a phone got; "" for none."""
    texts.clear()
    assert post(browser, "/c/send", phone=phone).status_code == 200
    deliver(world)
    codes = [re.search(r"\d{8}", said) for to, said in texts if to == phone and "验证码" in said]
    return codes[-1][0] if codes and codes[-1] else ""


def opened(world: World, browser: Client, texts: list[tuple[str, str]], phone: str = PHONE) -> str:
    """Where phone and code lead to."""
    answer = post(browser, "/c", phone=phone, code=code_for(world, browser, texts, phone))
    assert answer.status_code == 303, text(answer)
    return str(answer.headers["Location"])


def registered(world: World, unit: str, phone: str = PHONE, since: str = "") -> None:
    world.table.write(Put(phones.unit_row(access.hidden("phone", phone), unit, "r", since)))


def numbers(page: str) -> list[str]:
    return [n.replace("-", "") for n in re.findall(r'class="num">(\d{4}-\d{4}-\d)', page)]


def closed(world: World, **how: Any) -> Ticket:
    ticket = world.report(**how)
    return world.do(ticket, "cancel", "reporter")


def test_phone_and_code_lead_to_all_that_was_reported_with_the_phone_open_and_closed(
    world: World, browser: Client, texts: list[tuple[str, str]]
) -> None:
    registered(world, "U1")
    done = closed(world, unit="U1", phone=PHONE)
    world.at += timedelta(minutes=1)
    leak = world.report(unit="U1", phone=PHONE)
    gas = world.report("厨房有煤气味", unit="U1", phone=PHONE)
    world.at += timedelta(minutes=1)
    elsewhere = world.report(unit="U2", phone=PHONE)
    world.report(unit="U1", phone=OTHER)
    page = text(browser.http.get(opened(world, browser, texts)))
    assert numbers(page) == [gas.number, elsewhere.number, leak.number, done.number]
    links = re.findall(r'href="(/o/[\w-]{22})"', page)
    assert [browser.http.get(link).status_code for link in links] == [200] * 4


def test_a_phone_that_is_unknown_gets_the_same_answer_and_no_message(
    world: World, browser: Client, texts: list[tuple[str, str]]
) -> None:
    world.report(phone=PHONE)
    known, unknown = (post(browser, "/c/send", phone=phone) for phone in (PHONE, UNKNOWN))
    assert text(known).replace(PHONE, "") == text(unknown).replace(UNKNOWN, "")
    deliver(world)
    assert {to for to, said in texts if "半小时" in said or "30分钟" in said} == {PHONE}


def test_asking_is_bounded_by_phone_and_by_address(world: World, browser: Client) -> None:
    for _ in range(3):
        world.advance(seconds=1)
        assert post(browser, "/c/send", phone=PHONE).status_code == 200
    assert post(browser, "/c/send", phone=PHONE).status_code == 429
    answers = [post(browser, "/c/send", phone=f"1990000{n:04}").status_code for n in range(1000, 1010)]
    assert answers[-1] == 429


@pytest.mark.parametrize("typed", ["", "12", "x", "' or 1=1"])
def test_what_is_no_phone_is_said_at_the_field(world: World, browser: Client, typed: str) -> None:
    answer = post(browser, "/c/send", phone=typed)
    assert answer.status_code == 400
    assert 'id="e-phone"' in text(answer)


def test_a_code_opens_once_and_for_half_an_hour(world: World, browser: Client, texts: list[tuple[str, str]]) -> None:
    world.report(phone=PHONE)
    code = code_for(world, browser, texts)
    assert post(browser, "/c", phone=OTHER, code=code).status_code == 400
    assert post(browser, "/c", phone=PHONE, code=code).status_code == 303
    assert post(browser, "/c", phone=PHONE, code=code).status_code == 400
    world.advance(minutes=1)
    code = code_for(world, browser, texts)
    world.advance(minutes=31)
    assert post(browser, "/c", phone=PHONE, code=code).status_code == 400


def test_the_list_opens_for_a_day(world: World, browser: Client, texts: list[tuple[str, str]]) -> None:
    world.report(phone=PHONE)
    path = opened(world, browser, texts)
    assert path.startswith("/m/")
    world.at += timedelta(hours=23)
    assert browser.http.get(path).status_code == 200
    world.at += timedelta(hours=2)
    assert browser.http.get(path).status_code == 404


def test_what_is_older_than_the_registration_needs_the_room(
    world: World, browser: Client, texts: list[tuple[str, str]]
) -> None:
    before = closed(world, unit="U1", phone=PHONE)
    world.at += timedelta(days=30)
    registered(world, "U1", since=world.at.isoformat())
    after = world.report(unit="U1", phone=PHONE)
    path = opened(world, browser, texts)
    assert numbers(text(browser.http.get(path))) == [after.number]
    assert before.number not in numbers(text(post(browser, path, room="U9")))
    assert set(numbers(text(post(browser, path, room="ｕ1")))) == {before.number, after.number}


def test_a_number_that_is_registered_nowhere_shows_what_is_recent_alone(
    world: World, browser: Client, texts: list[tuple[str, str]]
) -> None:
    old = closed(world, unit="U1", phone=PHONE)
    world.at += mine.RESTS + timedelta(hours=1)
    new = world.report(unit="U2", phone=PHONE)
    assert numbers(text(browser.http.get(opened(world, browser, texts)))) == [new.number]
    assert old.number != new.number


def test_rooms_are_not_tried_for_ever(world: World, browser: Client, texts: list[tuple[str, str]]) -> None:
    world.report(phone=PHONE)
    path = opened(world, browser, texts)
    assert [post(browser, path, room=str(n)).status_code for n in range(6)] == [200] * 5 + [429]
    assert post(browser, path, room="").status_code == 400


def test_staff_come_to_their_own_page(world: World, browser: Client, texts: list[tuple[str, str]]) -> None:
    world.table.write(Put(phones.staff_row(access.hidden("phone", PHONE), "d1")))
    page = opened(world, browser, texts)
    assert page == mine.page_of(_staff("d1"))
    assert page.startswith("/d/")
    assert browser.http.get(page).status_code == 200
    world.report(phone=PHONE)
    world.advance(minutes=1)
    both = text(browser.http.get(opened(world, browser, texts)))
    assert f'href="{page}"' in both
    world.employ("d1", "P1/desk", active=False)
    assert f'href="{page}"' not in text(browser.http.get(opened_again(world, browser, texts)))


def opened_again(world: World, browser: Client, texts: list[tuple[str, str]]) -> str:
    world.advance(minutes=1)
    return opened(world, browser, texts)


def _staff(who: str) -> people.Staff:
    found = people.get(who)
    assert found is not None
    assert STAFF[who][0] == found.person.team
    return found


def test_an_erased_ticket_is_in_no_list(
    world: World, browser: Client, texts: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "note_erased", lambda ticket: None)
    monkeypatch.setattr(objects, "forget", lambda key: 0)
    gone, kept = closed(world, unit="U1", phone=PHONE), world.report(unit="U1", phone=PHONE)
    erasing.erase(gone.id, world.at)
    assert numbers(text(browser.http.get(opened(world, browser, texts)))) == [kept.number]


def test_a_message_that_is_delivered_twice_has_the_same_code(
    world: World, browser: Client, texts: list[tuple[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    world.report(phone=PHONE)
    monkeypatch.setattr(inviting.invitations, "done", lambda invitation, state: None)
    post(browser, "/c/send", phone=PHONE)
    world.pump_stream()
    waiting = list(world.queue.waiting)
    world.queue.deliver(send.send)
    world.queue.waiting[:] = waiting
    world.queue.deliver(send.send)
    said = {words for to, words in texts if to == PHONE and "30分钟" in words}
    assert len(said) == 1


def test_an_invitation_carries_the_persons_own_page(
    world: World, browser: Client, texts: list[tuple[str, str]]
) -> None:
    assert inviting.invite("e1", world.at)
    deliver(world)
    assert [said for _, said in texts] == [texts[0][1]]
    assert mine.page_of(_staff("e1")) in texts[0][1]


def test_who_works_here_no_more_is_not_invited(world: World, texts: list[tuple[str, str]]) -> None:
    world.employ("e1", "P1/engineering", active=False)
    inviting.invite("e1", world.at)
    deliver(world)
    assert texts == []


def test_an_index_of_a_phone_says_nothing_of_the_phone(world: World) -> None:
    world.report(phone=PHONE)
    rows = world.table.index("place", f"PHONE#{access.hidden('phone', PHONE)}").rows
    assert len(rows) == 1
    assert PHONE not in str(rows)


def test_a_provider_that_stumbles_holds_the_code_up_not_back(
    world: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def stumbles(to: str, text: sms.Text) -> None:
        raise NotDelivered("down", final=False)

    world.report(phone=PHONE)
    world.pump()
    post(browser, "/c/send", phone=PHONE)
    world.pump_stream()
    monkeypatch.setattr(sms, "send", stumbles)
    assert world.queue.deliver(send.send) == 0
    world.at += timedelta(minutes=5)
    monkeypatch.setattr(sms, "send", lambda to, text: sent.append(text.text))
    assert world.queue.deliver(send.send) == 1
    assert "验证码" in sent[0]
