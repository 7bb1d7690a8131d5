"""Letters as the table keeps them, on the deployed table and its twin alike: numbers without gap or twin."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count
from typing import Any

import pytest

from chalicelib.domain.contractor.letter import Content, canonical, hash_of, number_of
from chalicelib.store import letters, records
from chalicelib.store.letters import File, Kept
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import Conflict, use
from tests.domain.contractor.letters import AT
from tests.store.tables import deployed

_fresh = count(1)


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, Any]]:
    with deployed() as table:
        yield {"memory": MemoryTable(), "dynamo": table}


@pytest.fixture(params=["memory", "dynamo"])
def table(request: pytest.FixtureRequest, tables: dict[str, Any]) -> Iterator[Any]:
    use(tables[request.param])
    yield tables[request.param]
    use(None)


@pytest.fixture
def entity() -> str:
    return f"E{next(_fresh)}"


def content(words: str = "维修通知单") -> Content:
    text = canonical({"said": words})
    return Content(text, hash_of(text))


def release(table: Any, entity: str, before: int, words: str = "维修通知单", year: int = 2026) -> str:
    table.transact(letters.written(entity, year, before, "CASE#1", "notice", content(words), AT))
    return number_of(entity, year, before + 1)


def test_numbers_go_up_by_one_by_entity_and_year(table: Any, entity: str) -> None:
    assert letters.last(entity, 2026) == 0
    assert release(table, entity, 0) == f"{entity}-2026-0001"
    assert release(table, entity, letters.last(entity, 2026)) == f"{entity}-2026-0002"
    assert letters.last(entity, 2026) == 2
    assert letters.last(entity, 2027) == 0
    assert letters.last(f"{entity}x", 2026) == 0


def test_of_two_that_saw_the_same_number_one_gets_the_next_and_the_other_nothing(table: Any, entity: str) -> None:
    release(table, entity, 0, "first")
    with pytest.raises(Conflict):
        release(table, entity, 0, "second")
    kept = letters.content(f"{entity}-2026-0001")
    assert kept == content("first")
    assert letters.last(entity, 2026) == 1


def test_a_counter_that_lags_behind_gives_no_number_twice(table: Any, entity: str) -> None:
    """A table that was restored may have the letter and an older counter."""
    release(table, entity, 0)
    release(table, entity, 1)
    with pytest.raises(Conflict):
        table.transact(letters.written(entity, 2026, 1, "CASE#2", "notice", content(), AT)[1:])


def test_the_content_is_kept_whole_however_long_it_is(table: Any, entity: str) -> None:
    long = "漏水" * 100_000
    number = release(table, entity, 0, long)
    assert letters.content(number) == content(long)


def test_a_letter_that_is_not_there_is_none(table: Any, entity: str) -> None:
    assert letters.get(f"{entity}-2026-0001") is None
    assert letters.content(f"{entity}-2026-0001") is None


def due(number: str) -> list[tuple[str, str]]:
    shard = int(records.shard(number).partition("#")[2])
    found = records.due_until(shard, AT + timedelta(days=1), limit=1000)[0]
    return [key for key in found if key[0] == f"LETTER#{number}"]


def test_it_is_due_until_nothing_is_owed_it_any_more(table: Any, entity: str) -> None:
    number = release(table, entity, 0)
    kept = letters.get(number)
    assert kept == Kept(number, "CASE#1", "notice", AT, content().hash, "released", due=kept.due if kept else "")
    assert due(number) == [(f"LETTER#{number}", "LETTER")]
    letters.again(number, AT + timedelta(days=2))
    assert due(number) == []
    pdf = File("pdf", "ab" * 32, "letters/x.pdf", AT)
    letters.made(number, pdf, ["U+20BB7"])
    letters.again(number, AT)
    assert due(number) == [(f"LETTER#{number}", "LETTER")], "it may have to be sent on"
    kept = letters.get(number)
    assert kept is not None
    assert (kept.state, kept.pdf, kept.rare) == ("made", pdf, ("U+20BB7",))
    letters.settled(kept)
    letters.again(number, AT)
    assert due(number) == []


def test_what_came_since_it_was_looked_at_is_not_lost(table: Any, entity: str) -> None:
    number = release(table, entity, 0)
    seen = letters.get(number)
    assert seen is not None
    table.write(letters.due_soon(number, AT + timedelta(hours=1)))
    letters.settled(seen)
    assert due(number) == [(f"LETTER#{number}", "LETTER")]
    again = letters.get(number)
    assert again is not None
    letters.settled(again)
    assert due(number) == []
    table.write(letters.due_soon(number, AT))
    assert due(number) == [(f"LETTER#{number}", "LETTER")]


def test_the_first_pdf_stays(table: Any, entity: str) -> None:
    number = release(table, entity, 0)
    first = File("pdf", "ab" * 32, "letters/first.pdf", AT)
    letters.made(number, first, [])
    letters.made(number, File("pdf", "cd" * 32, "letters/second.pdf", AT), [])
    kept = letters.get(number)
    assert kept is not None
    assert kept.files == (first,)


def test_sealed_files_stand_behind_the_pdf_in_the_order_of_time(table: Any, entity: str) -> None:
    number = release(table, entity, 0)
    late = File("scan", "11" * 32, "scans/late", AT + timedelta(days=2))
    early = File("e_seal", "22" * 32, "scans/early", AT + timedelta(days=1))
    for file in (late, early, late):
        table.write(letters.sealed_as(number, file))
    assert [file.how for file in letters.get(number).files] == ["e_seal", "scan"]  # type: ignore[union-attr]
    pdf = File("pdf", "ab" * 32, "letters/x.pdf", AT)
    letters.made(number, pdf, [])
    assert letters.get(number).files == (pdf, early, late)  # type: ignore[union-attr]
