"""A letter from its draft to its delivery: the office's words, its PDF, the sealed scan, the proof that it arrived."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.adapters import ids, objects
from chalicelib.domain.contractor.case import Case
from chalicelib.domain.contractor.letter import LetterKind
from chalicelib.domain.record.errors import IllegalMove, Invalid, NotAllowed
from chalicelib.services.contractor import drafting, papers, pressing, sealing, writing
from chalicelib.store import letters
from chalicelib.store import table as tables
from tests.bench.crowd import Counted
from tests.services.contractor import scene
from tests.services.contractor.scene import case_of, do
from tests.services.money.test_proofs import OFD
from tests.typeset import use_faces
from tests.world import World

SCAN = b"%PDF-1.4 scanned with its seal\n%%EOF\n"
WAYBILL = "EE123456785CN"


@pytest.fixture
def here(world: World) -> World:
    use_faces()
    return scene.settle(world)


@pytest.fixture
def case(here: World) -> str:
    """A case whose notice is released and made."""
    _, reference = scene.opened(here)
    do(here, reference, "release_notice", "o1")
    pressing.make(number(reference), here.at)
    return reference


def number(case: str) -> str:
    return case_of(case).letters[-1].number


def uploaded(world: World, case: str, content: bytes = SCAN) -> str:
    upload = ids.ulid(world.at)
    world.pictures.stored[f"scans/{number(case)}/{upload}"] = content
    return upload


def seal(world: World, case: str, content: bytes = SCAN, by: str = "o1", key: str = "", **more: Any) -> Case:
    data = {"letter": number(case), "upload": uploaded(world, case, content)} | more
    return do(world, case, "seal", by, {}, key, **data)


def test_the_pdf_of_a_released_notice_is_on_its_case(case: str) -> None:
    [made] = [event for event in case_of(case).events if event.kind == "letter_made"]
    kept = letters.get(number(case))
    assert kept is not None
    assert kept.pdf is not None
    assert made.data["sha256"] == case_of(case).letters[-1].made == kept.pdf.hash


def test_the_office_reads_a_letter_before_it_goes_and_adds_its_words(here: World) -> None:
    _, reference = scene.opened(here)
    shown = drafting.draft(case_of(reference), LetterKind.NOTICE, here.at, "请走东门，找𠮷工。")
    assert shown.lacks == ()
    assert shown.rare == ("𠮷",)
    assert shown.said["title"] == "维修通知单"
    assert shown.said["added"] == ["请走东门，找𠮷工。"]
    assert letters.last(scene.ENTITY, 2026) == 0, "a draft takes no number"
    do(here, reference, "edit_letter", "o1", {"words": "请走东门。"}, kind="notice")
    do(here, reference, "release_notice", "o1", {})
    content = letters.content(number(reference))
    assert content is not None
    assert content.body["said"]["added"] == ["请走东门。"]


def test_a_draft_is_one_call_for_each_ticket_and_for_whoever_stands_on_it_one_in_a_minute(here: World) -> None:
    _, reference = scene.opened(here)
    case, counted = case_of(reference), Counted(here.table)
    tables.use(counted)
    for calls in (2, 1):
        counted.calls = 0
        shown = drafting.draft(case, LetterKind.NOTICE, here.at)
        assert (shown.lacks, counted.calls) == ((), calls)
    counted.calls = 0
    writing.letter_of(case, LetterKind.NOTICE, here.at)
    assert counted.calls == 2, "what goes is read anew"


def test_a_draft_of_what_can_not_go_yet_says_what_it_lacks(here: World) -> None:
    _, reference = scene.opened(here)
    lacks = drafting.draft(case_of(reference), LetterKind.THIRD_PARTY_NOTICE, here.at).lacks
    assert {"work", "cause"} <= set(lacks)


@pytest.mark.parametrize("move", ["edit_letter", "release_notice"])
def test_nobodys_mobile_stands_in_a_letter(here: World, move: str) -> None:
    _, reference = scene.opened(here)
    with pytest.raises(Invalid) as refused:
        do(here, reference, move, "o1", {"words": "找王工 13800000000"}, kind="notice")
    assert refused.value.reason == "no_phones"
    assert letters.last(scene.ENTITY, 2026) == 0


def test_the_scan_of_the_sealed_paper_is_kept_for_good_under_its_hash(here: World, case: str) -> None:
    one = seal(here, case)
    digest = hashlib.sha256(SCAN).hexdigest()
    key = f"sealed/{scene.ENTITY}/2026/{number(case)}/{digest}.pdf"
    assert here.pictures.stored[key] == SCAN
    assert one.events[-1].kind == "letter_sealed"
    assert one.events[-1].data == {"letter": number(case), "how": "scan", "sha256": digest, "key": key}
    assert one.letters[-1].sealed == digest
    kept = letters.get(number(case))
    assert kept is not None
    assert [(file.how, file.hash) for file in kept.files][1:] == [("scan", digest)]


def test_the_pages_own_word_for_a_hash_is_never_taken(here: World, case: str) -> None:
    one = seal(here, case, sha256="00" * 32, key_="letters/other.pdf", how="e_seal")
    assert one.events[-1].data["sha256"] == hashlib.sha256(SCAN).hexdigest()
    assert one.events[-1].data["how"] == "scan"


def test_a_scan_sent_twice_is_one(here: World, case: str) -> None:
    same = {"letter": number(case), "upload": uploaded(here, case)}
    first = do(here, case, "seal", "o1", {}, "once", **same)
    again = do(here, case, "seal", "o1", {}, "once", **same)
    third = seal(here, case)
    assert first.version == again.version == third.version


def test_a_better_scan_stands_beside_the_first(here: World, case: str) -> None:
    seal(here, case)
    here.at += timedelta(minutes=1)
    one = seal(here, case, b"\xff\xd8\xff a photo of it")
    kept = letters.get(number(case))
    assert kept is not None
    assert [file.how for file in kept.files] == ["pdf", "scan", "scan"]
    assert one.letters[-1].sealed == kept.files[-1].hash
    assert kept.files[-1].key.endswith(".jpg")


@pytest.mark.parametrize(
    "content", [b"", b"MZ program", b"%PDF-1.7 cut off", b"<html>", b"\xff\xd8\xff" + b"x" * (20 * 2**20)]
)
def test_what_is_no_scan_is_refused_and_kept_nowhere(here: World, case: str, content: bytes) -> None:
    before = dict(here.pictures.stored)
    with pytest.raises(Invalid) as refused:
        seal(here, case, content)
    assert (refused.value.field, refused.value.reason) == ("scan", "scan_form")
    assert {key for key in here.pictures.stored.keys() - before.keys() if not key.startswith("scans/")} == set()


def test_the_letter_as_it_was_made_is_no_sealed_one(here: World, case: str) -> None:
    kept = letters.get(number(case))
    assert kept is not None
    assert kept.pdf is not None
    with pytest.raises(Invalid) as refused:
        seal(here, case, here.pictures.stored[kept.pdf.key])
    assert refused.value.reason == "not_sealed"


def test_an_upload_that_is_not_there_is_asked_for(here: World, case: str) -> None:
    for upload in ("", "../../letters", ids.ulid(here.at)):
        with pytest.raises(Invalid) as refused:
            do(here, case, "seal", "o1", {}, letter=number(case), upload=upload)
        assert (refused.value.field, refused.value.reason) == ("scan", "required")


def test_nobody_but_the_office_seals_and_nothing_of_theirs_is_kept(here: World, case: str) -> None:
    before = {key for key in here.pictures.stored if key.startswith("sealed/")}
    with pytest.raises(NotAllowed):
        seal(here, case, by="C1.k1")
    assert {key for key in here.pictures.stored if key.startswith("sealed/")} == before


def test_a_letter_is_sealed_once_it_is_made(here: World) -> None:
    _, reference = scene.opened(here)
    do(here, reference, "release_notice", "o1")
    with pytest.raises(IllegalMove):
        seal(here, reference)


def test_a_scan_is_uploaded_to_a_room_of_its_own(here: World, case: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(objects, "presigned_post", lambda *args, **more: asked.append((args, more)) or {"fields": {}})
    answer = sealing.ask_upload(number(case), "application/pdf", here.at)
    assert asked == [((f"{number(case)}/{answer['id']}", "application/pdf", 20 * 2**20), {"room": "scans/"})]
    for wrong in (("nonsense", "application/pdf"), (number(case), "text/html")):
        with pytest.raises(Invalid):
            sealing.ask_upload(*wrong, here.at)


# delivery


def prove(world: World, case: str, said: dict[str, Any] | None = None, **data: Any) -> Case:
    facts = {"letter": number(case), "how": "ems_signed", "at": world.at.isoformat()}
    facts |= {"waybill": WAYBILL, "contents": f"函件 {number(case)}"} | data
    return do(world, case, "prove_delivery", "o1", scene.SCAN if said is None else said, **facts)


def test_a_waybill_that_names_the_letter_proves_its_delivery(here: World, case: str) -> None:
    here.advance(hours=5)
    arrived = here.at - timedelta(hours=2)
    one = prove(here, case, at=arrived.isoformat())
    assert one.letters[-1].delivered_at == arrived
    assert one.events[-1].data["waybill"] == WAYBILL or any(
        e.data.get("waybill") == WAYBILL for e in one.events if e.kind == "letter_delivered"
    )


@pytest.mark.parametrize(("content", "ending"), [(SCAN, "pdf"), (OFD, "ofd")])
def test_a_waybill_that_is_a_file_is_kept_for_good_and_stands_with_its_letter(
    here: World, case: str, content: bytes, ending: str
) -> None:
    forged = {"sha256": "f" * 64, "key": "proofs/E2/2026/E2-2026-0001/ffff.pdf"}
    one = prove(here, case, {}, upload=uploaded(here, case, content), **forged)
    digest = hashlib.sha256(content).hexdigest()
    key = f"proofs/{scene.ENTITY}/2026/{number(case)}/{digest}.{ending}"
    assert here.pictures.stored[key] == content
    [arrived] = [event for event in one.events if event.kind == "letter_delivered"]
    assert (arrived.data["sha256"], arrived.data["key"]) == (digest, key)
    [paper] = papers.papers(one)
    assert [(sheet.how, sheet.key) for sheet in paper.sheets][1:] == [("waybill", key)]
    assert paper.best == paper.sheets[0], "what is read and mailed is the letter"


@pytest.mark.parametrize(
    "content", [b"\xff\xd8\xff a picture", b"MZ a program", b"%PDF-1.7 cut off", b"<?xml version='1.0'?>"]
)
def test_what_is_no_paper_proves_no_delivery_and_is_not_kept(here: World, case: str, content: bytes) -> None:
    before = dict(here.pictures.stored)
    with pytest.raises(Invalid) as refused:
        prove(here, case, {}, upload=uploaded(here, case, content))
    assert (refused.value.field, refused.value.reason) == ("photos", "paper_form")
    assert not [key for key in here.pictures.stored.keys() - before.keys() if not key.startswith("scans/")]


def test_without_photos_and_file_a_page_s_word_for_a_file_proves_nothing(here: World, case: str) -> None:
    for forged in ({"key": "proofs/x.pdf", "sha256": "f" * 64}, {"upload": ids.ulid(here.at)}, {"upload": "../x"}):
        with pytest.raises(Invalid):
            prove(here, case, {}, **forged)


def test_a_waybill_may_be_an_ofd_which_browsers_know_nothing_of(
    here: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(objects, "presigned_post", lambda *args, **more: {"fields": {}})
    for kind in ("application/ofd", "application/octet-stream", "application/pdf"):
        assert ids.is_ulid(sealing.ask_upload(number(case), kind, here.at, "prove_delivery")["id"])
    for kind in ("image/jpeg", "application/xml"):
        with pytest.raises(Invalid):
            sealing.ask_upload(number(case), kind, here.at, "prove_delivery")
    with pytest.raises(Invalid):
        sealing.ask_upload(number(case), "application/octet-stream", here.at)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"contents": "维修通知单"}, "contents"),
        ({"contents": "E1-2026-0099"}, "contents"),
        ({"waybill": "EE123456784CN"}, "waybill"),
        ({"how": "pigeon"}, "how"),
        ({"how": "ems_returned"}, "how"),
        ({"at": "2020-01-01T00:00:00+08:00"}, "at"),
    ],
)
def test_what_proves_nothing_is_refused(here: World, case: str, data: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        prove(here, case, **data)
    assert refused.value.field == field
    assert case_of(case).letters[-1].delivered_at is None


@pytest.mark.parametrize("how", ["ems_signed", "ems_refused", "email"])
def test_what_people_say_of_a_delivery_needs_a_picture_of_it(here: World, case: str, how: str) -> None:
    with pytest.raises(Invalid) as refused:
        prove(here, case, {}, how=how)
    assert refused.value.reason == "scan_needed"
    assert prove(here, case, how=how).letters[-1].how == how
