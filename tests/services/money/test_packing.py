"""The evidence pack: made once when a deduction is firm, read back, cut off anywhere; nothing is sealed without it."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from PIL import Image

from chalicelib.adapters import press as press_queue
from chalicelib.domain.money.deduction import Deduction
from chalicelib.domain.money.pack import MOST_BYTES, pack_of
from chalicelib.domain.record.errors import IllegalMove
from chalicelib.domain.record.event import Actor, Event
from chalicelib.domain.record.roles import Role
from chalicelib.functions import letter
from chalicelib.services.money import contents, making, packing, periods, sealing
from chalicelib.services.record import record
from tests.model.crashes import CUT, Scissors
from tests.services.contractor.scene import case_of
from tests.services.money.owed import ORIGINAL, act, invoiced, noticed, of_case, settle, uploaded
from tests.typeset import press, use_faces
from tests.world import World

SEALER = Actor("f2", Role.FINANCE)
SIGNED = timedelta(days=30)


@pytest.fixture
def case(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    """A case whose deduction is noticed, its letters set; photos lie where their records are."""
    use_faces()
    monkeypatch.setattr(packing, "key_of", lambda below, photo: f"photos/{below}{photo}")
    case = invoiced(settle(world))
    noticed(world, case)
    press(world)
    return case


def firm(world: World, case: str) -> Deduction:
    return act(world, case, "agree", "C1.k1", total=of_case(case).total)


def packed(world: World, case: str) -> Deduction:
    firm(world, case)
    press(world)
    return of_case(case)


def photos(world: World, case: str, one: Deduction, content: bytes | None = None) -> int:
    """A picture for every photo of the pack; how many."""
    now = case_of(case)
    shots = pack_of(one, now, [record.load(ticket) for ticket in now.tickets]).shots
    for n, shot in enumerate(shots):
        world.pictures.stored[f"photos/{shot.records[0]}{shot.upload}"] = content or picture(n)
    return len(shots)


def picture(seed: int, size: tuple[int, int] = (1600, 1200)) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, (seed * 20 % 255, 90, 120)).save(made, "JPEG")
    return made.getvalue()


def pdf_of(world: World, one: Deduction) -> bytes:
    packed = one.last("evidence_packed")
    assert packed is not None
    return world.pictures.stored[str(packed.data["key"])]


def read(pdf: bytes) -> str:
    """All that stands in it, without any white space."""
    document = pypdfium2.PdfDocument(pdf)
    return "".join("".join(page.get_textpage().get_text_range().split()) for page in document)


def test_what_is_firm_has_a_pack_that_says_what_was_on_record(world: World, case: str) -> None:
    photos(world, case, firm(world, case))
    press(world)
    one = of_case(case)
    pdf = pdf_of(world, one)
    assert one.evidence == hashlib.sha256(pdf).hexdigest()
    assert one.last("evidence_packed").data == {  # type: ignore[union-attr]
        "hash": one.evidence,
        "key": f"evidence/E1/{one.id.partition('#')[2]}/{one.evidence}.pdf",
        "size": len(pdf),
    }
    text = read(pdf)
    for chapter in (
        "函件与送达",
        "勘查与责任份额",
        "时限说明",
        "验收",
        "发票与付款",
        "金额计算",
        "现场照片",
        "附件清单",
    ):
        assert text.count(chapter) >= 2, f"{chapter} stands among the contents and over its chapter"
    said = (
        one.number,
        "694.00",
        "EE123456785CN",
        "25310000000000000017",
        "120.00/m²×4.5×100%",
        "HT-2021-007",
        "防水工程保修五年",
    )
    assert [fact for fact in said if fact not in text] == []
    files = pack_of(one, case_of(case), []).files
    assert [file.kind for file in files] == ["letter", "letter", "letter", "invoice", "payment"]
    assert [file.letter for file in files if file.sha256 not in text] == []
    assert "如有异议" in text, "the letters' own pages can be read"


def test_a_waybill_that_came_as_a_file_is_bound_into_the_pack_with_its_hash(world: World) -> None:
    use_faces()
    case = invoiced(settle(world))
    noticed(world, case, waybill=True)
    press(world)
    one = packed(world, case)
    [file] = [file for file in pack_of(one, case_of(case), []).files if file.kind == "waybill"]
    assert one.letter is not None
    assert (file.letter, world.pictures.stored[file.key]) == (one.letter.number, ORIGINAL)
    text = read(pdf_of(world, one))
    assert file.sha256 in text
    assert "函件运单" in text


def test_an_appraisal_s_document_is_bound_into_the_pack_and_left_out_of_one_that_is_to_be_erased(
    world: World, case: str
) -> None:
    now = case_of(case)
    ticket = world.load(now.ticket)
    digest = hashlib.sha256(ORIGINAL).hexdigest()
    facts = {"result": "upheld", "photos": 0, "sha256": digest, "key": f"originals/{ticket.id}/{digest}.pdf"}
    appraised = Event("appraised", world.at, "o3", Role.OFFICE, facts)
    shown = replace(ticket, events=(*ticket.events, appraised))
    one = firm(world, case)
    [file] = [file for file in pack_of(one, now, [shown]).files if file.kind == "appraisal"]
    assert (file.sha256, file.key) == (digest, facts["key"])
    world.pictures.stored[file.key] = ORIGINAL
    assert packing._paper(file).content == ORIGINAL
    assert packing._paper(file).title == "鉴定文件"
    held = replace(now, held=True)
    assert not [file for file in pack_of(one, held, [shown]).files if file.kind == "appraisal"]


def test_it_names_no_owner_and_nobody_else(world: World, case: str) -> None:
    text = read(pdf_of(world, packed(world, case)))
    ticket = record.load(next(iter(case_of(case).tickets)))
    private = [ticket.said("reported")[name] for name in ("name", "phone") if ticket.said("reported").get(name)]
    assert [one for one in (*private, "1990000") if str(one) in text] == []


def test_an_objection_is_quoted_with_its_decision_file_and_photos_but_not_the_owner(world: World, case: str) -> None:
    ticket = record.load(next(iter(case_of(case).tickets)))
    owner = ticket.said("reported")["name"]
    said = {"words": f"飘窗由业主{owner}自行改动，电话13900001234", "photos": ["/q"]}
    upload = uploaded(world, case, ORIGINAL + b"objection")
    act(world, case, "dispute", "C1.k1", said, ground="amount", fen=10_000, upload=upload)
    act(world, case, "decide_dispute", "o4", {"words": "经复核，扣除封窗处。"}, upheld_fen=10_000)
    press(world)
    text = read(pdf_of(world, of_case(case)))
    for quoted in ("飘窗由业主", "自行改动", "经复核，扣除封窗处。", "责任单位异议材料", "异议成立、冲减", "594.00"):
        assert quoted in text, quoted
    assert owner not in text
    assert "13900001234" not in text


def test_the_same_records_give_the_same_bytes_whatever_came_afterwards(world: World, case: str) -> None:
    one = packed(world, case)
    before = pdf_of(world, one)
    world.at += timedelta(days=2)
    act(world, case, "reverse", "o4", fen=10_000)
    assert packing.bound(of_case(case)) == before
    assert packing.make(one.id, world.at) == packing.KNOWN


@pytest.mark.parametrize("point", range(8))
def test_wherever_it_is_cut_off_there_is_one_pack_and_nothing_due(world: World, case: str, point: int) -> None:
    one = firm(world, case)
    world.queue.pressed.clear()
    scissors = Scissors(world, lambda _: None)
    with scissors.cutting((point, CUT)):
        packing.make(one.id, world.at)
    if scissors.cut_at and of_case(case).unproved:
        world.at += timedelta(minutes=5)
        world.sweep()
        assert world.queue.pressed == [one.id]
    press(world)
    noted = [event for event in of_case(case).events if event.kind == "evidence_packed"]
    assert len(noted) == 1
    kept = [key for key in world.pictures.stored if key.startswith("evidence/")]
    assert kept == [noted[0].data["key"]]
    world.at += timedelta(minutes=10)
    world.sweep()
    assert world.queue.pressed == []


def test_a_queue_that_is_down_is_asked_again_by_the_sweep(
    world: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(wanted: Mapping[str, str]) -> None:
        raise press_queue.NotQueued("down")

    with monkeypatch.context() as without:
        without.setattr(press_queue, "ask", down)
        one = firm(world, case)
    assert world.queue.pressed == []
    world.at += timedelta(minutes=5)
    world.sweep()
    assert world.queue.pressed == [one.id]


def test_what_the_sweep_never_saw_is_asked_for_at_night(world: World, case: str) -> None:
    one = firm(world, case)
    world.queue.pressed.clear()
    world.at += timedelta(hours=12)
    world.reconcile()
    assert one.id in world.queue.pressed


def tried(name: str, number: int) -> None:
    """The queue has a pack made for the nth time, and it fails."""
    entry = {
        "messageId": "m",
        "body": json.dumps({"pack": name}),
        "attributes": {"ApproximateReceiveCount": f"{number}"},
    }
    assert letter.letter({"Records": [entry]}, None) == {"batchItemFailures": [{"itemIdentifier": "m"}]}


def swept(world: World, **later: int) -> list[str]:
    """What a sweep asks of the press some time later."""
    world.queue.pressed.clear()
    world.at += timedelta(**later)
    world.sweep()
    return list(world.queue.pressed)


def test_a_pack_that_cannot_be_made_is_asked_for_no_more_once_the_queue_has_given_it_up(
    world: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = firm(world, case)
    with monkeypatch.context() as broken:
        broken.setattr(packing.binding, "bind", None)
        tried(one.id, letter.LAST_TRY - 1)
        assert swept(world, minutes=5) == [one.id], "it is still being tried"
        for _ in range(2):
            tried(one.id, letter.LAST_TRY)
        world.pump()
        assert [event.kind for event in of_case(case).events].count("evidence_failed") == 1
        assert swept(world, minutes=5) == swept(world, minutes=30) == []
        with pytest.raises(IllegalMove):
            act(world, case, "pack_again", "o2", key="k") and act(world, case, "pack_again", "o3", key="l")
        assert swept(world, minutes=5) == [one.id], "the office has it made again"
        tried(one.id, letter.LAST_TRY)
    assert swept(world, minutes=5) == []
    world.at += timedelta(hours=12)
    world.reconcile()
    assert one.id in world.queue.pressed, "every night it is tried once"
    press(world)
    made = of_case(case)
    assert (made.unproved, made.unpacked) == (False, False)
    packing.give_up(one.id, world.at)
    assert of_case(case).version == made.version, "the last try of an entry that comes late gives nothing up"


def test_a_pack_whose_last_try_ends_the_process_is_given_up_as_well(
    world: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = firm(world, case)

    def killed(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as broken:
        broken.setattr(packing.binding, "bind", killed)
        with pytest.raises(SystemExit):
            tried(one.id, letter.LAST_TRY)
    assert of_case(case).unpacked
    assert swept(world, minutes=5) == []


def test_a_pack_that_its_last_try_makes_is_made(world: World, case: str) -> None:
    one = firm(world, case)
    with pytest.raises(AssertionError):
        tried(one.id, letter.LAST_TRY)  # it does not fail
    made = of_case(case)
    assert (made.unproved, made.unpacked, bool(made.evidence)) == (False, False, True)


def test_nothing_is_sealed_without_its_pack_and_says_so(world: World, case: str) -> None:
    period = f"{world.at:%Y-%m}"
    periods.open_one("E1", period, SEALER, world.at)
    firm(world, case)
    with pytest.raises(IllegalMove, match="evidence_missing"):
        sealing.seal("E1", SEALER, world.at, period=period, key="k")
    press(world)
    one = of_case(case)
    batch = making.go_on(sealing.seal("E1", SEALER, world.at, period=period, key="l").id, world.at)
    assert [entry.evidence for entry in contents.of(batch)] == [one.evidence]
    stored = {file.name: world.pictures.stored[file.key] for file in batch.files}
    manifest: Mapping[str, Any] = json.loads(stored[f"{batch.number}.json"])
    assert manifest["evidence"] == {one.number: one.evidence}
    assert one.evidence.encode() in stored[f"{batch.number}-deductions.csv"]


def test_large_photos_are_shrunk_until_it_fits_and_a_broken_one_leaves_its_place(world: World, case: str) -> None:
    noise = io.BytesIO()
    Image.effect_noise((3000, 2250), 90).convert("RGB").save(noise, "JPEG", quality=90)
    one = firm(world, case)
    count = photos(world, case, one, noise.getvalue())
    assert count * len(noise.getvalue()) > 3 * MOST_BYTES
    first = next(key for key in world.pictures.stored if key.startswith("photos/"))
    world.pictures.stored[first] = b"\xff\xd8\xff broken"
    pdf = packing.bound(one)
    assert len(pdf) <= MOST_BYTES
    assert "此照片无法显示" in read(pdf)


def test_photos_that_there_is_no_room_for_are_named_by_their_hashes(
    world: World, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = firm(world, case)
    count = photos(world, case, one)
    now = case_of(case)
    shots = pack_of(one, now, [record.load(ticket) for ticket in now.tickets]).shots
    keys = [f"photos/{shot.records[0]}{shot.upload}" for shot in shots]
    sums = [hashlib.sha256(world.pictures.stored[key]).hexdigest() for key in keys]
    assert {*sums[2:]} - {*sums[:2]}, "some stand in the table alone"
    monkeypatch.setattr(packing, "MOST_PHOTOS", 2)
    text = read(packing.bound(one))
    assert f"另有{count - 2}张照片存于案件记录" in text
    assert {text.count(sum_) - sums.count(sum_) for sum_ in sums} == {0}
    del world.pictures.stored[keys[-1]]
    text = read(packing.bound(one))
    assert text.count(sums[-1]) == sum(
        sum_ == sums[-1] and key != keys[-1] for sum_, key in zip(sums, keys, strict=True)
    )
    assert f"另有{count - 2}张照片存于案件记录" in text
    assert "此照片无法显示" in text


def test_nobody_is_shown_photos_of_a_case_that_is_to_be_erased(world: World, case: str) -> None:
    one = firm(world, case)
    now = case_of(case)
    tickets = [record.load(ticket) for ticket in now.tickets]
    assert pack_of(one, now, tickets).shots
    now.held = True
    assert not pack_of(one, now, tickets).shots
