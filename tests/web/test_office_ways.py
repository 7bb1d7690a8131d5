"""Ways beside the ladder, by pages alone: stop of damage, refusal, a batch of twelve, a seal and its waybill."""

from __future__ import annotations

import hashlib
from datetime import timedelta

import pytest
from chalice.test import Client

from chalicelib.adapters import archive, ids, objects
from chalicelib.domain.contractor.words import State
from chalicelib.services.contractor import desk, office, pressing
from tests.services.contractor import scene
from tests.services.contractor.scene import case_of, opened
from tests.services.contractor.test_sealing import SCAN
from tests.services.contractor.test_ways import burst
from tests.typeset import use_faces
from tests.web.test_company_desk import page_of
from tests.web.test_office import PHOTO, at, get, send, shown
from tests.world import World

STOP = {"company": "T1", "item_1": "T1/membrane", "quantity_1": "1", "words": "先关总阀并临时封堵"}


@pytest.fixture
def here(world: World, browser: Client) -> World:
    office.forget()
    desk.forget()
    return scene.settle(world)


def by_page(browser: Client, world: World, page: str, move: str, **fields: object) -> None:
    answer = send(browser, page, move, **fields)
    assert answer.status_code == 303, (move, answer.status_code, answer.body.decode()[:2000])
    world.pump()


def stopped(world: World, browser: Client) -> tuple[str, str]:
    """A burst pipe whose damage a third party stops after the contractor did not answer: (ticket, case)."""
    ticket, case = burst(world)
    page = at(case)
    by_page(browser, world, page, "release_notice", kind="notice")
    assert send(browser, page, "stop_damage", **STOP).status_code == 409, "the contractor is called first"
    by_page(browser, world, page, "call", purpose="stop", result="no_answer", words="打两次无人接")
    by_page(browser, world, page, "stop_damage", **STOP)
    assert world.load(ticket).team == "T1/third_party"
    return ticket, case


def test_a_burst_pipe_is_stopped_confirmed_in_writing_within_two_days_and_goes_back_to_the_contractor(
    here: World, browser: Client
) -> None:
    ticket, case = stopped(here, browser)
    by_page(browser, here, page_of(case, "T1.t1"), "finish_stop", words="已止水", photos=PHOTO)
    here.advance(hours=47)
    by_page(browser, here, at(case), "confirm_in_writing", words="已书面告知抢修内容与费用")
    one = case_of(case)
    assert not one.unconfirmed
    assert ("confirm" in {e.data.get("clock") for e in one.events if e.kind == "breached"}) is False
    assert here.load(ticket).team != "T1/third_party"
    by_page(browser, here, page_of(case), "acknowledge")
    assert here.load(ticket).team == "C1/contractor"


def test_a_stop_of_damage_that_nobody_confirms_in_two_days_is_told_to_the_office(here: World, browser: Client) -> None:
    _, case = stopped(here, browser)
    here.advance(hours=49)
    late = [e for e in case_of(case).events if e.kind == "breached" and e.data["clock"] == "confirm"]
    assert len(late) == 1
    assert late[0].at - next(e.at for e in case_of(case).events if e.kind == "engaged") >= timedelta(hours=48)
    climbed = [e for e in case_of(case).events if e.kind == "escalated" and e.data["clock"] == "confirm"]
    assert [(e.data["level"], e.data["person"]) for e in climbed] == [(2, "o1")]
    assert ("o1", "case_climbed") in {(m.to, m.template) for m in here.told(case)}
    assert "书面" in shown(browser, at(case))


@pytest.mark.parametrize("upheld", ["yes", "no"])
def test_a_refusal_is_answered_by_the_office_either_way(here: World, browser: Client, upheld: str) -> None:
    ticket, case = opened(here)
    by_page(browser, here, at(case), "release_notice", kind="notice")
    by_page(browser, here, page_of(case), "refuse", reason="misuse", words="业主拆改了防水层")
    assert "业主拆改了防水层" in shown(browser, at(case))
    assert send(browser, at(case), "answer_refusal", upheld=upheld).status_code == 400, "an answer has its reasons"
    by_page(browser, here, at(case), "answer_refusal", upheld=upheld, words="经现场核查")
    one = case_of(case)
    assert (one.is_open, one.state) == ((False, State.DROPPED) if upheld == "yes" else (True, State.NOTICED))
    assert "经现场核查" in shown(browser, page_of(case))
    if upheld == "no":
        by_page(browser, here, page_of(case), "acknowledge")
        assert here.load(ticket).team == "C1/contractor"
    else:
        assert here.load(ticket).is_open


def test_twelve_like_defects_are_offered_joined_and_written_about_in_one_letter(here: World, browser: Client) -> None:
    (_, first), *others = [opened(here, unit=f"U{n % 4 + 1}") for n in range(12)]
    offered = get(browser, at(first))
    named = [case.partition("#")[2] for _, case in others]
    assert all(one in offered for one in named)
    by_page(browser, here, at(first), "join", cases=named)
    by_page(browser, here, at(first), "release_notice", kind="notice")
    one = case_of(first)
    assert (len(one.tickets), [letter.number for letter in one.letters]) == (12, ["E1-2026-0001"])
    seen = get(browser, page_of(first))
    assert all(ticket in seen for ticket in one.tickets if ticket != one.ticket)


def test_a_letter_is_sealed_by_its_scan_and_arrives_by_its_waybill(
    here: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_faces()
    monkeypatch.setattr(objects, "presigned_post", lambda upload, *a, **k: {"url": "https://s3", "fields": {}})
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://objects.invalid/{key}")
    _, case = opened(here)
    page = at(case)
    by_page(browser, here, page, "release_notice", kind="notice")
    number = case_of(case).letters[-1].number
    pressing.make(number, here.at)
    assert send(browser, page, "scan", letter=number, type="application/pdf").status_code == 200
    upload = ids.ulid(here.at)
    here.pictures.stored[f"scans/{number}/{upload}"] = SCAN
    by_page(browser, here, page, "seal", letter=number, upload=upload)
    digest = hashlib.sha256(SCAN).hexdigest()
    assert case_of(case).letters[-1].sealed == digest
    file = browser.http.get(f"{page_of(case)}/letter/{number}")
    assert (file.status_code, digest in file.headers["Location"]) == (303, True)
    way = {"letter": number, "how": "ems_signed", "day": "2026-03-02", "from": "09:00", "waybill": "EE123456785CN"}
    assert send(browser, page, "prove_delivery", **way, contents=number).status_code == 400, "a scan of the waybill"
    by_page(browser, here, page, "prove_delivery", **way, contents=number, photos=PHOTO)
    assert case_of(case).letters[-1].how == "ems_signed"


def test_a_waybill_that_came_as_a_file_is_entered_by_the_page_and_read_again_there(
    here: World, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_faces()
    monkeypatch.setattr(objects, "presigned_post", lambda upload, *a, **k: {"url": "https://s3", "fields": {}})
    monkeypatch.setattr(archive, "presigned_get", lambda key, name: f"https://objects.invalid/{key}")
    _, case = opened(here)
    page = at(case)
    by_page(browser, here, page, "release_notice", kind="notice")
    number = case_of(case).letters[-1].number
    pressing.make(number, here.at)
    asked = {"letter": number, "type": "application/octet-stream"}
    assert send(browser, page, "scan", **asked).status_code == 400, "a sealed letter is no OFD"
    assert send(browser, page, "scan", **asked, **{"for": "prove_delivery"}).status_code == 200
    assert send(browser, page, "scan", **asked, **{"for": "release_notice"}).status_code == 404
    assert 'data-for="prove_delivery"' in get(browser, page)
    upload = ids.ulid(here.at)
    here.pictures.stored[f"scans/{number}/{upload}"] = SCAN
    way = {"letter": number, "how": "ems_signed", "day": "2026-03-02", "from": "09:00", "waybill": "EE123456785CN"}
    by_page(browser, here, page, "prove_delivery", **way, contents=number, upload=upload)
    digest = hashlib.sha256(SCAN).hexdigest()
    assert case_of(case).letters[-1].how == "ems_signed"
    assert "函件运单" in shown(browser, page)
    file = browser.http.get(f"{page}/letter/{number}?sum={digest}")
    assert (file.status_code, digest in file.headers["Location"]) == (303, True)
    best = browser.http.get(f"{page_of(case)}/letter/{number}")
    assert digest not in best.headers["Location"], "the letter is what is read"
