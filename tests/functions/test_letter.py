"""The function that sets letters: once, with the same bytes wherever it was cut off; what fails comes again alone."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest

from chalicelib.adapters import typesetter
from chalicelib.adapters.log import Lines, logger
from chalicelib.domain.contractor.letter import Letter, Picture
from chalicelib.domain.record.command import Command
from chalicelib.domain.record.event import SYSTEM
from chalicelib.functions.letter import letter
from chalicelib.services.contractor import letters as releasing
from chalicelib.services.contractor import pressing
from chalicelib.services.record import record, registry
from chalicelib.store import letters
from tests.domain.contractor.letters import NOTICE
from tests.model import rounds
from tests.model.crashes import CUT, Scissors
from tests.typeset import use_faces
from tests.world import World

NUMBER = "HY-2026-0001"
WORDS = "卫生间顶部渗水"
PLAIN = replace(NOTICE, photos=())


@pytest.fixture(autouse=True)
def _rounds() -> Iterator[None]:
    use_faces()
    registry.register(rounds.SERVICE)
    yield
    registry.forget("ROUND")


def released(world: World, number: int = 1, content: Letter = PLAIN) -> str:
    """A record with a letter that nobody has made yet; the record's reference."""
    reference = f"ROUND#{number:026d}"
    record.begin(reference, rounds.planned("b1", world.at))
    now = replace(
        content,
        deadline=world.at + timedelta(days=15),
        respond_by=world.at + timedelta(days=1),
        inspect_by=world.at + timedelta(days=2),
    )
    move = Command("letter_released", SYSTEM, key="released")
    releasing.release(reference, lambda _: (now, move), world.at)
    return reference


def batch(*numbers: str) -> dict[str, Any]:
    return {
        "Records": [
            {
                "messageId": f"m{n}",
                "body": json.dumps({"letter": number}),
                "attributes": {"ApproximateReceiveCount": "1"},
            }
            for n, number in enumerate(numbers)
        ]
    }


def made(reference: str) -> list[Any]:
    return [event for event in record.load(reference).events if event.kind == "note_made"]


def test_a_released_letter_is_set_stored_and_noted(world: World) -> None:
    reference = released(world)
    assert letter(batch(NUMBER), None) == {"batchItemFailures": []}
    kept = letters.get(NUMBER)
    assert kept is not None
    assert kept.state == "made"
    assert kept.pdf is not None
    assert kept.pdf.key == f"letters/HY/2026/{NUMBER}/{kept.pdf.hash}.pdf"
    stored = world.pictures.stored[kept.pdf.key]
    assert hashlib.sha256(stored).hexdigest() == kept.pdf.hash
    assert stored.startswith(b"%PDF")
    [event] = made(reference)
    assert event.data == {"letter": NUMBER, "sha256": kept.pdf.hash, "key": kept.pdf.key}


def test_what_the_queue_brings_again_is_made_once(world: World) -> None:
    reference = released(world)
    letter(batch(NUMBER, NUMBER), None)
    letter(batch(NUMBER), None)
    assert len(made(reference)) == 1
    assert len(world.pictures.stored) == 1


@pytest.mark.parametrize("point", range(8))
def test_wherever_it_is_cut_off_there_is_one_pdf_one_note_and_nothing_due(world: World, point: int) -> None:
    reference = released(world)
    scissors = Scissors(world, lambda _: None)
    with scissors.cutting((point, CUT)):
        pressing.make(NUMBER, world.at)
    if scissors.cut_at:
        owed = bool(letters.get(NUMBER).due)  # type: ignore[union-attr]
        world.at += timedelta(minutes=5)
        world.sweep()
        assert world.queue.pressed == [NUMBER] * owed
    letter(batch(NUMBER), None)
    assert len(made(reference)) == 1
    assert len(world.pictures.stored) == 1
    kept = letters.get(NUMBER)
    assert kept is not None
    assert kept.pdf is not None
    assert made(reference)[0].data["sha256"] == kept.pdf.hash
    world.at += timedelta(hours=1)
    before = list(world.queue.pressed)
    world.sweep()
    assert world.queue.pressed == before


def test_only_the_letter_that_failed_comes_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    released(world)
    released(world, 2)
    typeset = typesetter.typeset

    def fails(content: Any, url: str, photos: Any) -> Any:
        if content.body["number"] == NUMBER:
            raise typesetter.Untypeset("no")
        return typeset(content, url, photos)

    monkeypatch.setattr(typesetter, "typeset", fails)
    assert letter(batch(NUMBER, "HY-2026-0002"), None) == {"batchItemFailures": [{"itemIdentifier": "m0"}]}
    assert letters.get("HY-2026-0002").pdf is not None  # type: ignore[union-attr]


def test_a_number_that_nobody_has_is_left_alone(world: World) -> None:
    assert letter(batch("HY-2026-0777", "nonsense"), None) == {"batchItemFailures": []}
    assert letter({"Records": [{"messageId": "m", "body": "{}"}]}, None) == {
        "batchItemFailures": [{"itemIdentifier": "m"}]
    }


def test_a_content_that_was_changed_in_the_table_is_never_set(world: World) -> None:
    released(world)
    row = world.table.parts[f"LETTER#{NUMBER}"]["CONTENT#000"]
    row["body"] = row["body"].replace(NOTICE.to.name, "另一家公司")
    assert letter(batch(NUMBER), None)["batchItemFailures"]
    assert world.pictures.stored == {}


def test_photos_are_shown_and_one_that_was_erased_leaves_its_place(world: World) -> None:
    reference = released(world, content=replace(NOTICE, photos=(Picture("photos/a/1"), Picture("photos/a/2"))))
    world.pictures.stored["photos/a/2"] = b"\x89PNG broken"
    letter(batch(NUMBER), None)
    assert made(reference)[0].data["unshown"] == [1, 2]


def test_letters_that_can_not_be_printed_stay_on_record(world: World) -> None:
    released(world, content=replace(PLAIN, words="转交𠮷工"))
    letter(batch(NUMBER), None)
    assert letters.get(NUMBER).rare == ("U+20BB7",)  # type: ignore[union-attr]


def test_the_log_quotes_nothing_of_a_letter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    text = StringIO()
    listening = logging.StreamHandler(text)
    listening.setFormatter(Lines())
    logger.addHandler(listening)
    try:
        released(world, content=replace(PLAIN, words=WORDS))

        def fails(*_: Any) -> Any:
            raise ValueError(WORDS)

        letter(batch(NUMBER), None)
        released(world, 2)
        monkeypatch.setattr(typesetter, "typeset", fails)
        letter(batch("HY-2026-0002"), None)
    finally:
        logger.removeHandler(listening)
    assert "HY-2026-0002" in text.getvalue()
    assert WORDS not in text.getvalue()
    assert NOTICE.to.name not in text.getvalue()
