"""The desk of a company: what a contractor's contact, a worker, a third party see by their links, and may send."""

from __future__ import annotations

import re
import secrets
from typing import Any
from urllib.parse import urlencode

import pytest
from chalice.test import Client, HTTPResponse

from chalicelib.adapters import archive, objects
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.contractor.words import State
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM, Actor
from chalicelib.domain.record.roles import Role, role_in
from chalicelib.domain.ticket.ticket import State as TicketState
from chalicelib.services.access import access, codes
from chalicelib.services.contractor import desk
from chalicelib.services.contractor.writing import letter_of
from chalicelib.services.record import record
from chalicelib.services.ticket import photos
from chalicelib.store import grants, holds
from chalicelib.store import table as tables
from chalicelib.store.table import Put
from tests.services.contractor import scene
from tests.services.contractor.scene import arrives, case_of, do, find, opened, own_link
from tests.web.test_desk import Counted
from tests.world import World

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NAME, PHONE, MARK = "欧阳某某", "13812340007", "卫生间漏水暗号甲"
PHOTO = "01KJP0Y9M0QWGD6621HF2227A3"


@pytest.fixture
def here(world: World, browser: Client) -> World:
    desk.forget()
    return scene.settle(world)


def get(browser: Client, path: str, status: int = 200) -> str:
    answer = browser.http.get(path)
    assert answer.status_code == status, (path, answer.status_code)
    return str(answer.body.decode())


def send(browser: Client, path: str, move: str, **fields: Any) -> HTTPResponse:
    sent = {"key": secrets.token_hex(13), **fields}
    return browser.http.post(f"{path}/{move}", headers=FORM, body=urlencode(sent, doseq=True).encode())


def told(answer: HTTPResponse) -> str:
    return str(answer.body.decode())


def leak(world: World) -> str:
    """A case whose notice has gone; its reference."""
    _, case = opened(world, words=MARK, name=NAME, phone=PHONE)
    do(world, case, "release_notice", "o1")
    return case


def page_of(case: str, who: str = "C1.k1") -> str:
    return f"/k/{own_link(who)}/{case.partition('#')[2]}"


def test_a_contact_finds_the_letter_confirms_it_and_takes_the_work_on(here: World, browser: Client) -> None:
    case = leak(here)
    listed = get(browser, f"/k/{own_link('C1.k1')}")
    assert "新来件，请答复" in listed
    assert f'href="{page_of(case)}"' in listed
    shown = get(browser, page_of(case))
    for part in (MARK, "E1-2026-0001", "维修通知单", "防水工程保修五年。", "HT-2021-007", "尚未确认", "确认收到"):
        assert part in shown, part
    answer = send(browser, page_of(case), "confirm")
    assert (answer.status_code, case_of(case).letters[0].how) == (303, "button")
    assert "已确认收到" in get(browser, answer.headers["Location"])
    assert send(browser, page_of(case), "acknowledge").status_code == 303
    here.pump()
    assert case_of(case).state is State.ACKNOWLEDGED
    ticket = case_of(case).ticket
    assert f'href="/w/{own_link("C1.k1")}/{ticket}"' in get(browser, page_of(case))
    assert "预约" in get(browser, f"/w/{own_link('C1.k1')}/{ticket}")


def test_a_case_whose_letter_has_not_gone_is_nobodys_outside(here: World, browser: Client) -> None:
    _, case = opened(here)
    assert case.partition("#")[2] not in get(browser, f"/k/{own_link('C1.k1')}")
    get(browser, page_of(case), 404)


def test_a_contact_without_authority_reads_it_and_can_confirm_nothing(here: World, browser: Client) -> None:
    case = leak(here)
    shown = get(browser, page_of(case, "C1.k3"))
    assert "只有合同授权的联系人" in shown
    assert 'id="m-confirm"' not in shown
    assert 'id="m-refuse"' not in shown
    assert send(browser, page_of(case, "C1.k3"), "confirm").status_code == 403
    assert case_of(case).undelivered


def test_looking_is_no_receipt_and_the_pdf_is_an_address_for_some_minutes(
    here: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://letters.invalid/{key}?{name}")
    case = leak(here)
    number = case_of(case).letters[0].number
    assert browser.http.get(f"{page_of(case)}/letter/{number}").status_code == 404, "not made yet"
    assert "PDF 正在生成" in get(browser, page_of(case))
    record.perform(
        Command("note_made", SYSTEM, {"letter": number, "sha256": "ab" * 32, "key": "letters/x.pdf"}), case, here.at
    )
    answer = browser.http.get(f"{page_of(case)}/letter/{number}")
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"https://letters.invalid/letters/x.pdf?{number}.pdf"
    assert f'/letter/{number}?sum={"ab" * 32}"' in get(browser, page_of(case))
    assert case_of(case).undelivered
    for other in ("E1-2026-0002", "x", "E1-2026-0001.pdf"):
        assert browser.http.get(f"{page_of(case)}/letter/{other}").status_code == 404


def test_a_refusal_needs_a_reason_and_words_and_what_was_typed_stays(here: World, browser: Client) -> None:
    case = leak(here)
    again = send(browser, page_of(case), "refuse", reason="misuse")
    assert again.status_code == 400
    assert re.search(r'value="misuse" required checked', told(again))
    assert case_of(case).state is State.NOTICED
    assert send(browser, page_of(case), "refuse", reason="misuse", words="业主拆改了防水层").status_code == 303
    assert (case_of(case).state, case_of(case).reason) == (State.REFUSED, "misuse")
    shown = get(browser, page_of(case))
    assert "业主使用或改动不当" in shown
    assert "业主拆改了防水层" in shown
    do(here, case, "answer_refusal", "o1", {"words": "防水层未见拆改"}, upheld=False)
    assert "防水层未见拆改" in get(browser, page_of(case))


def test_a_worker_gets_the_ticket_by_phone_and_loses_it_when_taken_back(here: World, browser: Client) -> None:
    case = leak(here)
    send(browser, page_of(case), "acknowledge")
    here.pump()
    for name, phone, field in (("", "13900000009", "name"), ("张工", "12", "phone")):
        again = send(browser, page_of(case), "delegate", name=name, phone=phone)
        assert again.status_code == 400
        assert f'id="e-delegate-{field}"' in told(again)
    assert send(browser, page_of(case), "delegate", name="张工", phone="139 0000 0009").status_code == 303
    here.pump()
    (worker,) = case_of(case).workers
    held = here.load(case_of(case).ticket)
    assert (held.team, held.holder) == ("C1/workers", worker)
    assert [m.template for m in here.told(held.id) if m.to == worker] == ["assigned"]
    own = own_link(worker)
    assert held.id in get(browser, f"/k/{own}"), "a worker's desk is the list of their work"
    assert 'id="m-arrive"' in get(browser, f"/w/{own}/{held.id}")
    get(browser, f"/k/{own}/{case.partition('#')[2]}", 404)
    assert "张工" in get(browser, page_of(case))
    assert send(browser, page_of(case), "take_back", person=worker).status_code == 303
    here.pump()
    get(browser, f"/k/{own}", 404)
    get(browser, f"/w/{own}/{held.id}", 404)
    assert here.load(held.id).holder == "C1.k1"


def test_the_joint_inspection_is_agreed_by_link(here: World, browser: Client) -> None:
    case = leak(here)
    assert send(browser, page_of(case), "propose_inspection", day="2026-03-03", **{"from": "10:00"}).status_code == 303
    assert case_of(case).proposer == "contractor"
    assert 'id="m-agree_inspection"' not in get(browser, page_of(case))
    do(here, case, "propose_inspection", "o1", start="2026-03-03T15:00:00+08:00")
    assert 'id="m-agree_inspection"' in get(browser, page_of(case))
    assert send(browser, page_of(case), "agree_inspection").status_code == 303
    assert "15:00" in get(browser, page_of(case))
    assert case_of(case).inspection is not None


def test_the_link_of_a_message_opens_its_case_and_no_other(here: World, browser: Client) -> None:
    case = leak(here)
    grant = access.ticket_grant(case, "C1.k1", "C1/contractor")
    grants.put(grant, access.hash_of(access.token(grant)))
    answer = browser.http.get(f"/k/{access.token(grant)}")
    assert (answer.status_code, answer.headers["Location"]) == (
        303,
        f"/k/{access.token(grant)}/{case.partition('#')[2]}",
    )
    assert "确认收到" in get(browser, answer.headers["Location"])
    assert send(browser, answer.headers["Location"], "confirm").status_code == 303
    _, other = opened(here, unit="U2")
    do(here, other, "release_notice", "o1")
    get(browser, f"/k/{access.token(grant)}/{other.partition('#')[2]}", 404)
    assert send(browser, f"/k/{access.token(grant)}/{other.partition('#')[2]}", "confirm").status_code == 404
    assert case_of(other).undelivered


def engaged(world: World) -> str:
    """A case whose third party is engaged, without a price yet."""
    case = leak(world)
    find(world, case)
    arrives(world, case)
    world.advance(days=9)
    do(world, case, "release_reminder", "o1")
    arrives(world, case)
    do(world, case, "call", "o1", purpose="deadline", result="no_answer")
    world.advance(days=4)
    do(world, case, "pass_gate", "o1")
    do(world, case, "engage", "o1", company="T1")
    return case


def test_a_third_party_quotes_appoints_repairs_and_sends_its_invoice(here: World, browser: Client) -> None:
    case = engaged(here)
    mine = page_of(case, "T1.t1")
    assert case.partition("#")[2] in get(browser, f"/k/{own_link('T1.t1')}")
    shown = get(browser, mine)
    assert "已委托第三方维修" in shown
    assert "E1-2026-0001" not in shown, "the contractor's letters are not its business"
    again = send(browser, mine, "quote", price="abc")
    assert (again.status_code, 'id="e-quote-price"' in told(again)) == (400, True)
    assert send(browser, mine, "quote", price="1,200.50").status_code == 303
    job = case_of(case).job
    assert job is not None
    assert job.quoted == 120_050
    do(here, case, "agree_price", "o1", price=120_050, basis="quote")
    fields = {"day": "2026-03-20", "from": "09:00", "last": "2026-03-20", "to": "17:00"}
    assert send(browser, mine, "appoint", **fields).status_code == 303
    here.pump()
    ticket = case_of(case).ticket
    assert f'href="/w/{own_link("T1.t1")}/{ticket}"' in get(browser, mine)
    assert 'id="m-arrive"' in get(browser, f"/w/{own_link('T1.t1')}/{ticket}")
    get(browser, page_of(case, "C1.k1"))


def all_pages(browser: Client, who: str, ticket: str) -> dict[str, str]:
    """Every page that somebody of a company can reach from their own link, or knows the address of."""
    own, found = own_link(who), {}
    ahead = [f"/k/{own}", f"/w/{own}", f"/k/{own}?past=1", f"/w/{own}/{ticket}"]
    while ahead:
        path = ahead.pop()
        if path in found:
            continue
        answer = browser.http.get(path)
        if answer.status_code == 200:
            found[path] = told(answer)
            ahead += [one for one in re.findall(r'href="(/[kw]/[^"]+)"', found[path]) if "lang=" not in one]
        else:
            assert answer.status_code == 303, path
    return found


@pytest.mark.parametrize("who", ["C1.k1", "C1.k3", "worker", "T1.t1"])
def test_nobody_of_a_company_reads_the_owners_name_or_number_anywhere(here: World, browser: Client, who: str) -> None:
    said = f"{MARK}，请打 138-1234-0007，{NAME}"
    _, case = opened(here, words=said, name=NAME, phone=PHONE)
    do(here, case, "release_notice", "o1")
    if who == "T1.t1":
        arrives(here, case)
        find(here, case)
        here.advance(days=9)
        do(here, case, "release_reminder", "o1")
        arrives(here, case)
        do(here, case, "call", "o1", purpose="deadline", result="reached")
        here.advance(days=4)
        do(here, case, "pass_gate", "o1")
        do(here, case, "engage", "o1", company="T1", items=[["membrane", 1000]])
    else:
        send(browser, page_of(case), "acknowledge")
        here.pump()
    if who == "worker":
        send(browser, page_of(case), "delegate", name="张工", phone="13900000009")
        here.pump()
        (who,) = case_of(case).workers
    ticket = case_of(case).ticket
    here.do(ticket, "note", "d1", {"words": f"{NAME}说下午在家，{PHONE}"})
    held = here.load(ticket)
    role = role_in(held.team)
    assert role is not None
    reads_no_owner(here, browser, who, ticket)
    for move in ("arrive", "complete"):
        words = {"words": f"{NAME}在场", "photos": ["/after"]}
        record.perform(Command(move, Actor(held.holder, role), here.ticked(ticket, move), words), ticket, here.at)
    reads_no_owner(here, browser, who, ticket)
    get(browser, f"/w/{own_link(who)}/{ticket}/unit", 404)


def reads_no_owner(world: World, browser: Client, who: str, ticket: str) -> None:
    pages = all_pages(browser, who, ticket)
    assert any(MARK in page for page in pages.values())
    for path, page in pages.items():
        assert NAME not in page, path
        assert not re.search(r"138[-\s]?1234[-\s]?0007", page), path
    assert any("138****0007" in page for page in pages.values())
    assert ("sheet" in "".join(pages)) == (world.load(ticket).state is TicketState.COMPLETED)


def test_a_letter_for_many_lists_its_tickets_and_shows_what_is_wrong_in_each(here: World, browser: Client) -> None:
    first, case = opened(here, words="一户漏水")
    other, second = opened(here, words="二户漏水", unit="U2")
    do(here, case, "join", "o1", cases=[second])
    do(here, case, "release_notice", "o1")
    shown = get(browser, page_of(case))
    assert "一户漏水" in shown
    assert "二户漏水" not in shown
    link = f"{page_of(case)}?of={other.id}"
    assert f'href="{link}"' in shown
    assert "二户漏水" in get(browser, link)
    send(browser, page_of(case), "acknowledge")
    here.pump()
    assert (
        send(browser, page_of(case), "delegate", name="张工", phone="13900000009", tickets=other.id).status_code == 303
    )
    here.pump()
    assert [here.load(one).team for one in (first.id, other.id)] == ["C1/contractor", "C1/workers"]


def test_the_list_goes_by_what_the_company_itself_owes(here: World, browser: Client) -> None:
    """The office's own clocks (the joint inspection) are earlier, and say nothing here."""
    taken = leak(here)
    send(browser, page_of(taken), "acknowledge")
    here.pump()
    late = leak_at(here, "U2")
    here.advance(hours=25)
    listed = get(browser, f"/k/{own_link('C1.k1')}")
    assert listed.index(late.partition("#")[2]) < listed.index(taken.partition("#")[2])
    assert "3月9日 周一 23:59 前" in listed
    assert "确认收到函件" in listed
    assert "逾期" in listed


def leak_at(world: World, unit: str) -> str:
    _, case = opened(world, unit=unit)
    do(world, case, "release_notice", "o1")
    return case


def test_what_has_ended_says_how_well_the_company_kept_its_word(here: World, browser: Client) -> None:
    case = leak(here)
    send(browser, page_of(case), "acknowledge")
    here.pump()
    ticket = case_of(case).ticket
    for move in ("arrive", "complete", "acknowledge", "arrive", "complete"):
        words = {"words": "修好了", "photos": ["/after"]}
        by = Actor("C1.k1", Role.CONTRACTOR)
        record.perform(Command(move, by, here.ticked(ticket, move), words), ticket, here.at)
        if move == "complete" and case_of(case).failures == 0:
            here.pump()
            here.do(ticket, "refuse", "reporter", {"words": "还在漏"})
            here.pump()
    here.do(ticket, "sign_off", "reporter")
    here.pump()
    assert case_of(case).outcome == "cured"
    shown = get(browser, f"/k/{own_link('C1.k1')}?past=1")
    assert case.partition("#")[2] in shown
    assert re.findall(r'<dd class="num">(\d)</dd>', shown) == ["1", "1", "1"]
    assert case.partition("#")[2] not in get(browser, f"/k/{own_link('C1.k1')}")


@pytest.mark.parametrize("many", [0, 400])
def test_a_page_of_a_company_costs_the_same_calls_however_much_is_open(
    here: World, browser: Client, many: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = leak(here)
    send(browser, page_of(case), "acknowledge")
    here.pump()
    head = here.table.get(case, "HEAD")
    assert head is not None
    for n in range(many):
        here.table.write(Put({**head, "pk": f"{case[:-4]}{n:04}", "id": f"{case[:-4]}{n:04}"}))
    own, counted = own_link("C1.k1"), Counted(here.table)
    monkeypatch.setattr(tables, "_table", counted)
    for path, most in ((f"/k/{own}", 2), (page_of(case), 3), (f"/k/{own}?past=1", 3)):
        get(browser, path)  # people and contracts are kept from here on
        counted.calls = 0
        shown = get(browser, path)
        assert counted.calls <= most, path
        assert shown.count("<li><a") <= 26, path
    pages = re.findall(r'rel="next" href="([^"]+)"', get(browser, f"/k/{own}"))
    assert len(pages) == bool(many)
    if pages:
        first = re.findall(r'<li><a href="([^"]+)"', get(browser, f"/k/{own}"))
        further = re.findall(r'<li><a href="([^"]+)"', get(browser, pages[0]))
        assert len(further) == 25
        assert not {*first} & {*further}


def test_photos_of_the_inspection_are_seen_by_the_contractor_and_by_nobody_else_outside(
    here: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "exists", lambda key: True)
    monkeypatch.setattr(objects, "presigned_get", lambda key: f"https://objects.invalid/{key}")
    case = engaged(here)
    do(here, case, "agree_price", "o1", price=120_000, basis="framework")
    do(here, case, "note", "T1.t1", {"words": "看过现场"})
    found = re.findall(r'/photo/(1\d\d\d)"', get(browser, page_of(case)))
    assert found == [], "nothing was inspected together"
    _, other = opened(here, unit="U2")
    do(here, other, "release_notice", "o1")
    do(here, other, "hold_inspection", "o1", {"photos": [f"/{PHOTO}"], "witness": "见证人"}, came=["office"])
    (number,) = {*re.findall(r'/photo/(1\d\d\d)"', get(browser, page_of(other)))}
    shown = browser.http.get(f"{page_of(other)}/photo/{number}")
    assert shown.headers["Location"].endswith(f"{other.partition('#')[2]}/{PHOTO}"), "the office sends it there"
    monkeypatch.setattr(objects, "exists", lambda key: case_of(other).ticket in key)
    photos._is_clean.cache_clear()
    shown = browser.http.get(f"{page_of(other)}/photo/{number}")
    assert shown.headers["Location"].endswith(f"{case_of(other).ticket}/{PHOTO}"), "and a company there"
    for wrong in ("1000", "1002", "0", "99", "x"):
        assert browser.http.get(f"{page_of(other)}/photo/{wrong}").status_code == 404
    assert browser.http.get(f"{page_of(case, 'T1.t1')}/photo/1000").status_code == 404, "the scan of a waybill"


def test_a_worker_is_chosen_or_typed_and_never_both(here: World, browser: Client) -> None:
    case = leak(here)
    send(browser, page_of(case), "acknowledge")
    here.pump()
    send(browser, page_of(case), "delegate", name="张工", phone="13900000009")
    here.pump()
    (worker,) = case_of(case).workers
    send(browser, page_of(case), "take_back", person=worker)
    here.pump()
    send(browser, page_of(case), "delegate", name="李工", phone="13900000008")
    here.pump()
    (other,) = case_of(case).workers
    both = send(browser, page_of(case), "delegate", person=other, name="张工", phone="13900000009")
    assert both.status_code == 400
    assert "请二选一" in told(both)
    assert send(browser, page_of(case), "delegate", person="e1").status_code == 400
    assert case_of(case).workers == {other}


def test_where_an_sms_carries_no_link_its_code_opens_the_case(here: World, browser: Client) -> None:
    case = leak(here)
    grant = access.ticket_grant(case, "C1.k1", "C1/contractor")
    grants.put(grant, access.hash_of(access.token(grant)))
    codes.keep("19900002222", "12345678", grant, here.at)
    body = urlencode({"phone": "19900002222", "code": "12345678"}).encode()
    answer = browser.http.post("/c", headers=FORM, body=body)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/k/{access.token(grant)}")
    assert "确认收到" in get(browser, browser.http.get(answer.headers["Location"]).headers["Location"])


def test_the_link_of_a_case_makes_no_move_on_a_tickets_address(here: World, browser: Client) -> None:
    case = leak(here)
    grant = access.ticket_grant(case, "C1.k1", "C1/contractor")
    grants.put(grant, access.hash_of(access.token(grant)))
    assert send(browser, f"/t/{access.token(grant)}", "note", words="说明").status_code == 404
    assert case_of(case).last("noted") is None


def test_what_erasure_holds_back_stands_on_no_page_of_its_case_but_the_offices(here: World, browser: Client) -> None:
    case = leak(here)
    do(here, case, "hold_inspection", "o1", {"words": MARK, "photos": [f"/{PHOTO}"], "witness": "见证人"}, came=[])
    reference = page_of(case)
    first = get(browser, reference)
    assert MARK in first
    (photo,) = {*re.findall(r'/k/[^"]*/photo/1\d\d\d', first)}
    inside, above = (f"/b/{own_link(*who)}/{case.partition('#')[2]}" for who in (("o1",), ("s1", "S1/desk2")))
    assert MARK in get(browser, above)
    ticket = case_of(case).ticket
    holds.hold(ticket, None, here.at)
    holds.hide(case)
    for page in (reference, above):
        shown = get(browser, page)
        assert MARK not in shown
        assert "/photo/" not in shown
    assert browser.http.get(photo).status_code == 404
    assert browser.http.get(f"{above}/photo/0").status_code == 404
    assert MARK in get(browser, inside)
    assert letter_of(case_of(case), LetterKind.NOTICE, here.at).photos == ()
