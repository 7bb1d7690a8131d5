"""An owner's compensation on its page: one for the owner, the desks and the office; nobody else sees it."""

from __future__ import annotations

import hashlib
import re
from typing import Any

import pytest
from chalice.test import Client

from chalicelib.adapters import ids, objects, originals
from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.ticket import photos
from chalicelib.services.warranty import compensating
from tests.domain.samples import SIGNED
from tests.promised import CONTRACT, promise
from tests.services.contractor.test_sealing import SCAN
from tests.services.money.test_proofs import OFD
from tests.web.test_liable import PHOTO, get, own, send, staff
from tests.world import World

WORDS = "地板泡坏，两间"


@pytest.fixture
def ticket(world: World) -> Ticket:
    promise(world, CONTRACT)
    made = world.report("卫生间漏水", category="water_leak", component="bathroom")
    world.pump()
    return world.load(made)


def office(ticket: Ticket, who: str = "o1") -> str:
    return f"{staff(who, 'S1/office')}/{ticket.id}/claims"


def newest(ticket: Ticket) -> Any:
    return compensating.of(ticket)[0]


def test_a_claim_goes_through_its_pages_to_the_payment(world: World, ticket: Ticket, browser: Client) -> None:
    theirs = own(ticket) + "/claims"
    assert "故障造成了财物损失？" in get(browser, own(ticket))
    sent = send(browser, theirs, "claim", words=WORDS, amount="3,000.50", photos=PHOTO)
    assert (sent.status_code, sent.headers["Location"].partition("?")[0]) == (303, theirs)
    world.pump()
    assert "申请赔付：3,000.50元" in get(browser, theirs)
    assert WORDS in get(browser, office(ticket))
    assert send(browser, office(ticket), "offer", words="按市价", amount="2000").status_code == 303
    page = get(browser, theirs)
    assert "2,000.00元" in page
    assert "如不方便" in page.partition('id="otherwise"')[2]  # for whoever can't sign with a finger
    shown = re.search(r'name="of" value="(\d+)"', page)
    assert shown
    assert send(browser, theirs, "agree", of=shown[1]).status_code == 400  # not signed
    assert send(browser, theirs, "agree", of=shown[1], signature=SIGNED).status_code == 303
    assert "须由保修办其他人审批" in get(browser, office(ticket))
    assert send(browser, office(ticket), "approve").status_code == 403
    assert send(browser, office(ticket, "o2"), "approve").status_code == 303
    wrong = send(browser, office(ticket, "o2"), "pay", on="2026-03-02")
    assert wrong.status_code == 400
    assert "请添加支付凭证。" in wrong.body.decode()
    assert send(browser, office(ticket, "o2"), "pay", on="2026-03-02", photos=PHOTO).status_code == 303
    assert "2026-03-02 已支付：2,000.00元" in get(browser, theirs)
    world.pump()
    assert "赔付</a>" in re.sub(r"\s", "", get(browser, own(ticket)))


@pytest.mark.parametrize(("content", "ending"), [(SCAN, "pdf"), (OFD, "ofd")])
def test_a_payment_is_proved_by_a_file_that_is_kept_and_both_sides_can_read(
    world: World, ticket: Ticket, browser: Client, monkeypatch: pytest.MonkeyPatch, content: bytes, ending: str
) -> None:
    monkeypatch.setattr(objects, "presigned_post", lambda *args, **more: {"url": "https://s3", "fields": {}})
    monkeypatch.setattr(originals, "presigned_get", lambda key: f"https://objects.invalid/{key}")
    theirs = own(ticket) + "/claims"
    send(browser, theirs, "claim", words=WORDS)
    kind = {"type": "application/octet-stream"}
    assert send(browser, office(ticket, "o2"), "scan", **kind).status_code == 404, "nothing is to be paid yet"
    send(browser, office(ticket), "offer", words="按市价", amount="2000")
    shown = re.search(r'name="of" value="(\d+)"', get(browser, theirs))
    assert shown
    send(browser, theirs, "agree", of=shown[1], signature=SIGNED)
    send(browser, office(ticket, "o2"), "approve")
    payer = office(ticket, "o2")
    assert f'data-scan="{payer}/scan"' in get(browser, payer)
    assert send(browser, payer, "scan", **kind).status_code == 200
    assert send(browser, payer, "scan", type="text/html").status_code == 400
    upload = ids.ulid(world.at)
    world.pictures.stored[f"scans/{ticket.id}/{upload}"] = b"MZ a program"
    paid = {"on": "2026-03-02", "upload": upload}
    refused = send(browser, payer, "pay", **paid)
    assert (refused.status_code, "该文件不是 PDF 或 OFD" in refused.body.decode()) == (400, True)
    world.pictures.stored[f"scans/{ticket.id}/{upload}"] = content
    assert send(browser, payer, "pay", **paid).status_code == 303
    digest = hashlib.sha256(content).hexdigest()
    key = f"originals/{ticket.id}/{digest}.{ending}"
    assert world.pictures.stored[key] == content
    for page in (theirs, payer):
        assert f"{page}/0.{digest}" in get(browser, page)
        assert browser.http.get(f"{page}/0.{digest}").headers["Location"].endswith(key)
        assert browser.http.get(f"{page}/0.{'f' * 64}").status_code == 404


def test_who_works_there_sees_nothing_of_it(world: World, ticket: Ticket, browser: Client) -> None:
    send(browser, own(ticket) + "/claims", "claim", words=WORDS)
    path = f"{staff(ticket.holder)}/{ticket.id}"
    assert browser.http.get(f"{path}/claims").status_code == 404
    assert browser.http.get(f"{path}/claims/0.0").status_code == 404
    assert send(browser, f"{path}/claims", "offer", words="x", amount="1").status_code == 404
    assert "/claims" not in get(browser, path)
    assert newest(ticket).state == "claimed"


def test_the_desk_may_claim_for_the_owner_and_only_that(world: World, ticket: Ticket, browser: Client) -> None:
    path = f"{staff('d1')}/{ticket.id}/claims"
    assert send(browser, path, "claim", words=WORDS).status_code == 303
    assert newest(ticket).events[0].by == "d1"
    assert send(browser, path, "offer", words="x", amount="1").status_code == 403
    assert not re.findall(r'action="[^"]*/claims/\w+"', get(browser, path))


@pytest.mark.parametrize("amount", ["x", "-1", "1.001", "NaN", "1e99", "∞"])
def test_an_amount_that_is_none_is_refused_at_its_field(ticket: Ticket, browser: Client, amount: str) -> None:
    answer = send(browser, own(ticket) + "/claims", "claim", words=WORDS, amount=amount)
    assert answer.status_code == 400
    page = answer.body.decode()
    assert "请填写金额（元），如 120.00。" in page
    assert WORDS in page
    assert compensating.of(ticket) == []


def test_a_photo_of_a_claim_is_shown_by_its_number_there(
    ticket: Ticket, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photos, "show", lambda ticket, photo: None)
    theirs = own(ticket) + "/claims"
    send(browser, theirs, "claim", words=WORDS, photos=PHOTO)
    assert f"{theirs}/0.0" in get(browser, theirs)
    assert browser.http.get(f"{theirs}/0.0").status_code == 303
    assert browser.http.get(f"{theirs}/offer").headers["Location"] == theirs
    for other in ("0.1", "1.0", "0.x", "-1.0", "٣.0"):
        assert browser.http.get(f"{theirs}/{other}").status_code == 404, other


def test_nothing_can_be_claimed_of_what_was_cancelled(world: World, ticket: Ticket, browser: Client) -> None:
    world.do(ticket, "cancel", "d1")
    assert "此工单没有赔付申请。" in get(browser, own(ticket) + "/claims")
    assert send(browser, own(ticket) + "/claims", "claim", words=WORDS).status_code == 409
