"""Each day that ended has its file, of exactly its facts, written again only when they changed, cut off or not."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy
import pandas
import pytest

from chalicelib.adapters import dayfiles
from chalicelib.domain.measures.facts import Fact
from chalicelib.functions import archive as function
from chalicelib.services.measures import archiving
from chalicelib.store import archived, facts
from tests.services.measures.test_stating import closed, stated
from tests.world import STAFF, World

FIRST = "facts/day=2026-03-02/project=P1/facts.parquet"


class Cut(Exception):
    pass


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[bytes]]:
    """Key → each content that was written there."""
    kept: dict[str, list[bytes]] = {}
    monkeypatch.setattr(dayfiles, "keep", lambda key, content: kept.setdefault(key, []).append(content))
    return kept


def table(content: bytes) -> pandas.DataFrame:
    return pandas.read_parquet(io.BytesIO(content))


def leaves(value: Any) -> Iterator[Any]:
    """Every single value below."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list | numpy.ndarray):
        for one in value:
            yield from leaves(one)
    else:
        yield value


def fact(world: World) -> Fact:
    return stated(closed(world))[-1]


def another(one: Fact, at: datetime, ticket: str, project: str = "P1") -> Fact:
    made = replace(one, ticket=ticket, at=at, counts=at, place={**one.place, "project": project})
    facts.add(made, f"{at.astimezone(archiving.policy_for({}).calendars['office'].zone):%Y-%m}")
    return made


def test_a_day_is_written_when_it_has_ended_and_holds_its_facts(world: World, bucket: dict[str, list[bytes]]):
    made = fact(world)
    assert archiving.archive(world.at).written == 0, "today's wait for their day to end"
    world.advance(hours=24)
    assert archiving.archive(world.at).written == 1
    rows = table(bucket[FIRST][0])
    assert list(rows.ticket) == [made.ticket] * len(stated(world.load(made.ticket)))
    assert list(rows.version) == [f.n for f in stated(world.load(made.ticket))]


def test_what_did_not_change_is_not_written_again(world: World, bucket: dict[str, list[bytes]]):
    fact(world)
    world.advance(hours=24)
    archiving.archive(world.at)
    again = archiving.archive(world.at)
    assert (again.seen, again.written) == (0, 0), "this night's is done"
    world.advance(hours=24)
    assert archiving.archive(world.at).written == 0
    assert [len(contents) for contents in bucket.values()] == [1]


def test_a_late_correction_writes_the_file_of_its_day_again_and_no_other(world: World, bucket: dict[str, list[bytes]]):
    made = fact(world)
    another(made, made.counts + timedelta(days=1), "T-NEXT")
    world.advance(hours=72)
    archiving.archive(world.at)
    corrected = replace(made, n=made.n + 1, why="corrected", at=world.at, cost=12_300)
    facts.add(corrected, "2026-03")
    world.advance(hours=24)
    assert archiving.archive(world.at).written == 1
    assert {key: len(contents) for key, contents in bucket.items()} == {
        FIRST: 2,
        "facts/day=2026-03-03/project=P1/facts.parquet": 1,
    }
    last = table(bucket[FIRST][-1]).sort_values("version").groupby("ticket").tail(1)
    assert list(last.cost) == [12_300]


def test_days_are_those_of_the_office_calendar(world: World, bucket: dict[str, list[bytes]]):
    made = fact(world)
    another(made, datetime.fromisoformat("2026-03-31T15:59:59Z"), "T-MARCH")
    another(made, datetime.fromisoformat("2026-03-31T16:00:00Z"), "T-APRIL")
    archiving.archive(datetime.fromisoformat("2026-04-03T00:00:00Z"))
    march, april = (bucket[f"facts/day={day}/project=P1/facts.parquet"][0] for day in ("2026-03-31", "2026-04-01"))
    assert list(table(march).ticket) == ["T-MARCH"]
    assert list(table(april).ticket) == ["T-APRIL"]


def test_cut_off_between_a_file_and_its_note_the_same_bytes_are_written_once_more(
    world: World, bucket: dict[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
):
    fact(world)
    world.advance(hours=24)

    def cut(*args: Any) -> None:
        raise Cut

    with monkeypatch.context() as broken:
        broken.setattr(archived, "keep", cut)
        assert archiving.archive(world.at).failed == 1
    world.advance(hours=24)
    archiving.archive(world.at)
    first, second = bucket[FIRST]
    assert first == second


def test_out_of_time_the_next_run_goes_on_with_the_next_project(world: World, bucket: dict[str, list[bytes]]):
    made = fact(world)
    another(made, made.counts, "T-P2", project="P2")
    world.advance(hours=24)
    left = iter([True, False])
    assert archiving.archive(world.at, lambda: next(left)).more is True
    assert list(bucket) == [FIRST]
    second = archiving.archive(world.at)
    assert second.more is False
    assert {key: len(contents) for key, contents in bucket.items()} == {FIRST: 1, FIRST.replace("P1", "P2"): 1}


def test_by_hand_older_months_are_looked_at_too(
    world: World, bucket: dict[str, list[bytes]], monkeypatch: pytest.MonkeyPatch
):
    old = another(fact(world), datetime.fromisoformat("2024-05-05T04:00:00Z"), "T-OLD")
    world.advance(hours=24)
    archiving.archive(world.at)
    assert list(bucket) == [FIRST]
    monkeypatch.setattr(function, "now", lambda: world.at)
    assert function.archive({"since": "2024-05"}, None)["written"] == 1
    assert list(table(bucket["facts/day=2024-05-05/project=P1/facts.parquet"][0]).ticket) == [old.ticket]
    with pytest.raises(ValueError, match="month"):
        function.archive({"since": "last year"}, None)


def test_no_person_and_no_word_of_anybody_is_in_a_file(world: World, bucket: dict[str, list[bytes]]):
    fact(world)
    world.advance(hours=24)
    archiving.archive(world.at)
    cells = {str(one) for one in leaves(table(bucket[FIRST][0]).to_dict("records"))}
    assert "sign_off" in cells, "what lies in lists is looked at too"
    assert not cells & {*STAFF, "reporter"}
    private = [row["body"] for part in world.table.parts.values() for sk, row in part.items() if "PRIVATE" in sk]
    words = {word for body in private for word in re.findall(r"[\u4e00-\u9fff]{2,}|\d{7,}", body)}
    assert {"卫生间漏水"} <= words
    assert not [cell for cell in cells for word in words if word in cell]
