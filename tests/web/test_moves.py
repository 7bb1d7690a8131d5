"""One path for every form of every page family: a race that was lost, a key used twice, letters that can't be read."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote_from_bytes, urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters.ids import ulid
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.access import access
from chalicelib.services.record import record
from chalicelib.store import grants
from infra.build.catalogue import compile_all
from tests.domain.samples import SIGNED
from tests.web.forms import answered
from tests.world import STAFF, World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
WORDS = "厨房也有水，请带梯子"


@pytest.fixture(autouse=True, scope="module")
def _compiled() -> None:
    compile_all()


def link(grant: Any) -> str:
    token = access.token(grant)
    grants.put(grant, access.hash_of(token))
    return token


def doors(ticket: Ticket) -> dict[str, str]:
    """The ticket's page behind each sort of link."""
    worker = ticket.holder
    return {
        "own": f"/o/{access.token(access.own_grant(ticket.id))}",
        "one": f"/t/{link(access.ticket_grant(ticket.id, worker, ticket.desk))}",
        "held": f"/w/{link(access.staff_grant(worker, STAFF[worker][0], 1))}/{ticket.id}",
        "at_desk": f"/d/{link(access.staff_grant('d1', 'P1/desk', 1))}/{ticket.id}",
        "above": f"/d/{link(access.staff_grant('s1', 'S1/desk2', 1))}/{ticket.id}",
    }


def given(world: World, *moves: str, **more: Any) -> Ticket:
    ticket = world.report("卫生间漏水", **more)
    world.pump()
    for move in moves:
        world.do(ticket, move)
    world.pump()
    return world.load(ticket)


def post(browser: Client, path: str, body: bytes | None = None, **fields: Any) -> HTTPResponse:
    sent = body if body is not None else urlencode(fields, doseq=True).encode()
    return browser.http.post(path, headers=FORM, body=sent)


def text(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


FAMILIES = ("own", "one", "held", "at_desk")


@pytest.mark.parametrize("family", FAMILIES)
def test_a_form_that_lost_a_race_keeps_its_words(browser: Client, world: World, family: str) -> None:
    ticket = given(world)
    page = doors(ticket)[family]
    world.do(ticket, "cancel", "d2")
    answer = post(browser, f"{page}/note", key=ulid(world.at), words=WORDS)
    if family in ("one", "held"):  # whoever it was taken from: the link may be dead, the words are not lost
        assert answer.status_code in (404, 409)
    else:
        assert answer.status_code == 409
    assert WORDS in text(answer)
    assert "noted" not in world.kinds(ticket)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_form_on_a_ticket_that_others_keep_writing_keeps_its_words(
    browser: Client, world: World, family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = doors(given(world))[family]

    def busy(*_: Any, **__: Any) -> None:
        raise record.Busy

    monkeypatch.setattr(record, "perform", busy)
    answer = post(browser, f"{page}/note", key=ulid(world.at), words=WORDS)
    assert answer.status_code == 409
    assert WORDS in text(answer)
    assert 'role="alert"' in text(answer)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_link_that_died_under_a_form_shows_what_was_typed(browser: Client, world: World, family: str) -> None:
    page = doors(given(world))[family]
    token = page.split("/")[2]
    grants.revoke(access.hash_of(token))
    answer = post(browser, f"{page}/note", key=ulid(world.at), words=WORDS + "<b>")
    assert answer.status_code == 404
    assert WORDS + "&lt;b&gt;" in text(answer)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_move_that_is_not_theirs_is_refused_on_their_page(browser: Client, world: World, family: str) -> None:
    page = doors(given(world))[family]
    for move in ("route", "nonsense", "breach"):
        answer = post(browser, f"{page}/{move}", key=ulid(world.at), words=WORDS)
        assert answer.status_code == 403
        assert WORDS in text(answer)


# keys


@pytest.mark.parametrize("family", FAMILIES)
def test_a_key_that_is_used_for_another_content_is_refused_and_nothing_lost(
    browser: Client, world: World, family: str
) -> None:
    ticket = given(world)
    page, key = doors(ticket)[family], ulid(world.at)
    assert post(browser, f"{page}/note", key=key, words="第一条").status_code == 303
    assert post(browser, f"{page}/note", key=key, words="第一条").status_code == 303
    answer = post(browser, f"{page}/note", key=key, words=WORDS)
    assert answer.status_code == 409
    assert WORDS in text(answer)
    assert key not in text(answer), "what is sent again from this page has a key of its own"
    assert world.kinds(ticket).count("noted") == 1


def test_a_note_and_a_cancel_under_one_key_are_not_one_move(browser: Client, world: World) -> None:
    ticket = given(world)
    page, key = doors(ticket)["own"], ulid(world.at)
    assert post(browser, f"{page}/note", key=key, words="第一条").status_code == 303
    answer = post(browser, f"{page}/cancel", key=key, words=WORDS)
    assert (answer.status_code, WORDS in text(answer)) == (409, True)
    assert world.load(ticket).is_open


def test_every_form_of_a_page_has_a_key_of_its_own(browser: Client, world: World) -> None:
    import re

    for page in doors(given(world)).values():
        keys = re.findall(
            r'name="key" value="([^"]+)"',
            re.sub(r"<template.*?</template>", "", text(browser.http.get(page)), flags=re.S),
        )
        assert len(keys) == len(set(keys)) > 1


# what was not seen


def test_the_owner_does_not_get_a_window_that_was_swapped(browser: Client, world: World) -> None:
    at = world.at
    windows = [[(at + timedelta(hours=h)).isoformat(), (at + timedelta(hours=h + 2)).isoformat()] for h in (2, 5, 8)]
    ticket = world.do(given(world), "acknowledge", windows=windows[:2])
    page = doors(ticket)["own"]
    world.do(ticket, "offer_windows", windows=windows[1:])
    seen = "/".join(windows[0])
    for window in (seen, "0"):
        answer = post(browser, f"{page}/choose_window", key=ulid(at), window=window)
        assert answer.status_code == 409
        assert "/".join(windows[2]).replace("+", "&#43;") in text(answer) or "/".join(windows[2]) in text(answer)
    assert world.load(ticket).window is None
    assert post(browser, f"{page}/choose_window", key=ulid(at), window="/".join(windows[1])).status_code == 303


CONSENTS: dict[str, tuple[str, tuple[str, ...], dict[str, Any]]] = {
    "sign_off": ("own", ("acknowledge", "arrive", "complete"), {"signature": SIGNED}),
    "refuse": ("own", ("acknowledge", "arrive", "complete"), {"words": WORDS}),
    "check": ("above", ("acknowledge", "arrive", "complete"), {"words": WORDS}),
    "follow_up": ("at_desk", ("acknowledge", "arrive", "complete"), {"fixed": "yes", "words": WORDS}),
}


@pytest.mark.parametrize("move", CONSENTS)
def test_what_was_finished_anew_meanwhile_is_not_signed_unseen(browser: Client, world: World, move: str) -> None:
    family, moves, fields = CONSENTS[move]
    ticket = given(world, *moves)
    page = doors(ticket)[family]
    seen = answered(browser, page, move)
    assert seen, "the page names what it shows"
    world.do(ticket, "refuse", "reporter", said={"words": "还在漏"})
    for again in moves:
        world.do(ticket, again)
    before = world.kinds(ticket)
    for of in (seen, {}):
        answer = post(browser, f"{page}/{move}", key=ulid(world.at), **fields, **of)
        assert answer.status_code == 409
        assert fields.get("words", "") in text(answer)
    assert world.kinds(ticket) == before
    now = answered(browser, page, move)
    assert post(browser, f"{page}/{move}", key=ulid(world.at), **fields, **now).status_code == 303


def test_a_plan_that_was_changed_meanwhile_is_not_agreed_to_unseen(browser: Client, world: World) -> None:
    ticket = given(world, "acknowledge", "arrive")
    until = [(world.at + timedelta(days=n)).isoformat() for n in (3, 9)]
    world.do(ticket, "propose_plan", until=until[0])
    page = doors(ticket)["own"]
    seen = answered(browser, page, "agree_plan")
    world.do(ticket, "propose_plan", until=until[1])
    assert post(browser, f"{page}/agree_plan", key=ulid(world.at), **seen).status_code == 409
    assert world.load(ticket).plan is None
    now = answered(browser, page, "agree_plan")
    assert post(browser, f"{page}/agree_plan", key=ulid(world.at), **now).status_code == 303


def test_the_owners_time_that_was_changed_meanwhile_is_not_accepted_unseen(browser: Client, world: World) -> None:
    ticket = given(world, "acknowledge")
    windows = [
        [(world.at + timedelta(hours=h)).isoformat(), (world.at + timedelta(hours=h + 2)).isoformat()] for h in (3, 6)
    ]
    world.do(ticket, "propose_window", "reporter", window=windows[0])
    for family in ("one", "held", "at_desk"):
        page = doors(world.load(ticket))[family]
        seen = answered(browser, page, "set_window")
        world.do(ticket, "propose_window", "reporter", window=windows[1])
        answer = post(browser, f"{page}/set_window", key=ulid(world.at), window="proposed", **seen)
        assert answer.status_code == 409, family
    assert world.load(ticket).window is None
    now = answered(browser, page, "set_window")
    assert post(browser, f"{page}/set_window", key=ulid(world.at), window="proposed", **now).status_code == 303


def test_of_two_who_assign_at_once_the_second_is_told(browser: Client, world: World) -> None:
    ticket = given(world)
    page = doors(ticket)["at_desk"]
    both = answered(browser, page, "assign")
    assert post(browser, f"{page}/assign", key=ulid(world.at), person="b2", **both).status_code == 303
    for of in (both, {}):
        answer = post(browser, f"{page}/assign", key=ulid(world.at), person="e1", words=WORDS, **of)
        assert answer.status_code == 409
        assert WORDS in text(answer)
    assert world.load(ticket).holder == "b2"


def test_a_page_of_before_is_asked_to_look_again_and_never_breaks(browser: Client, world: World) -> None:
    ticket = given(world, "acknowledge", "arrive", "complete")
    for family, move in (("own", "refuse"), ("at_desk", "follow_up"), ("above", "check")):
        for of in ("", "x", "-1", "9" * 40, "1.5", "\uff11"):
            answer = post(browser, f"{doors(ticket)[family]}/{move}", of=of, words=WORDS, fixed="no")
            assert answer.status_code == 409
            assert WORDS in text(answer)


# letters

GBK = WORDS.encode("gbk")


@pytest.mark.parametrize("raw", [GBK, b"\xff\xfe", b"\xe6\xbc", "漏".encode("utf-16"), b"\xed\xa0\x80"])
@pytest.mark.parametrize("quoted", [True, False])
@pytest.mark.parametrize("family", FAMILIES)
def test_letters_that_can_not_be_read_are_refused_not_swallowed(
    browser: Client, world: World, family: str, raw: bytes, quoted: bool
) -> None:
    ticket = given(world)
    body = b"key=0123456789&words=" + (quote_from_bytes(raw).encode() if quoted else raw)
    answer = post(browser, f"{doors(ticket)[family]}/note", body)
    assert answer.status_code == 400
    assert "文字无法识别" in text(answer)
    assert "noted" not in world.kinds(ticket)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded; charset=GBK", "text/plain", "application/json"])
def test_a_body_that_says_it_is_something_else_is_refused(browser: Client, world: World, kind: str) -> None:
    ticket = given(world)
    body = b"key=0123456789&words=x"
    answer = browser.http.post(f"{doors(ticket)['own']}/note", headers={"Content-Type": kind}, body=body)
    assert answer.status_code == 400
    assert "noted" not in world.kinds(ticket)


def test_a_report_in_gbk_is_refused_and_makes_no_ticket(browser: Client, world: World) -> None:
    body = (
        b"mark=" + ulid(world.at).encode() + b"&place=U1&kind=repair&reporter=owner&consent=1&phone=13800001111&words="
    )
    answer = post(browser, "/report", body + quote_from_bytes(GBK).encode())
    assert answer.status_code == 400
    assert "文字无法识别" in text(answer)
    assert not [pk for pk in world.table.parts if pk.startswith("TICKET#")]
