"""Subsidiaries' months: made every night, final once, the bonus sheet made outside every request, always the same."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.adapters import archive
from chalicelib.domain.measures.facts import ClockResult, fact_of
from chalicelib.functions import export
from chalicelib.services.measures import reading, rolling, standing
from chalicelib.services.record.numbers import policy_for
from chalicelib.store import facts, standings
from tests.world import World

FINAL = datetime(2026, 4, 3, 1, tzinfo=UTC)
MARCH = "2026-03"


def closed(world: World, many: int, bad: int, unit: str = "U1", **more: Any) -> None:
    """So many repairs closed in March, `bad` of them with one star and climbed to the group."""
    ticket = world.report("漏水", unit=unit)
    made = fact_of(world.load(ticket), policy_for(ticket.place), "closed")
    at = datetime(2026, 3, 10, tzinfo=UTC)
    for n in range(many):
        stars = 1 if n < bad else 5
        one = replace(
            made,
            ticket=f"{ticket.id[:-3]}{n:03}",
            kind="repair",
            state="closed",
            counts=at + timedelta(seconds=n),
            at=at,
            scores={"overall": stars},
            rated=at,
            verified=True,
            clocks=(),
            climbed=((3, "breach"),) if n < bad else (),
            **more,
        )
        facts.add(one, MARCH)


@pytest.fixture
def stood(world: World) -> World:
    """Two subsidiaries: one with 10 bad of 100, one with 30 of 100; the month is final."""
    closed(world, 100, 10)
    closed(world, 100, 30, unit="V1")
    world.at = FINAL
    rolling.roll(MARCH, world.at)
    standing.stand(MARCH, world.at)
    return world


def test_each_subsidiary_has_its_points_with_the_tickets_and_its_rank(stood: World) -> None:
    made = {one.subsidiary: one for one in standings.of_month(["S1", "S2"], MARCH)}
    given = {name: {point.rule: point.tenths for point in one.points} for name, one in made.items()}
    # 90 % and 70 % satisfied beside 85; nothing late beside 35 %; half a point for each that reached the group
    assert given["S1"] == {"satisfaction": 25, "beyond_standard": 70, "reached_group": -50}
    assert given["S2"] == {"satisfaction": -100, "beyond_standard": 70, "reached_group": -100}
    assert {name: (one.total, one.rank, one.among) for name, one in made.items()} == {
        "S1": (1045, 1, 2),
        "S2": (870, 2, 2),
    }
    assert (made["S1"].rewards, made["S2"].penalties) == (("above_plan",), ("talk", "plan_due"))
    point = next(p for p in made["S2"].points if p.rule == "satisfaction")
    assert len(point.tickets) == 30


def test_a_final_month_stays_as_it_was_whatever_comes_later(stood: World) -> None:
    before = standings.of_month(["S1", "S2"], MARCH)
    closed(stood, 50, 50)
    rolling.roll(MARCH, stood.at)
    assert standing.stand(MARCH, stood.at + timedelta(days=1)).final
    assert standings.of_month(["S1", "S2"], MARCH) == before


def test_before_it_is_final_it_is_made_anew_every_night_and_no_sheet_is(world: World) -> None:
    closed(world, 40, 0)
    for day in (20, 21):
        world.at = datetime(2026, 3, day, tzinfo=UTC)
        rolling.roll(MARCH, world.at)
        assert not standing.stand(MARCH, world.at).final
    assert world.queue.sheets == []
    first = standings.of_month(["S1"], MARCH)
    closed(world, 60, 60, unit="U2")
    rolling.roll(MARCH, world.at)
    standing.stand(MARCH, world.at)
    assert standings.of_month(["S1"], MARCH)[0].total < first[0].total


def test_cut_off_nothing_is_written(world: World) -> None:
    closed(world, 40, 0)
    world.at = FINAL
    left = iter([True])
    assert standing.stand(MARCH, world.at, lambda: next(left, False)).more
    assert standings.of_month(["S1", "S2"], MARCH) == []


def test_a_night_that_was_missed_is_made_up(world: World) -> None:
    closed(world, 40, 0)
    world.at = FINAL + timedelta(days=9)
    rolling.roll(MARCH, world.at)
    standing.stand_all(world.at)
    assert standings.is_final("S1", MARCH)


def test_below_thirty_cases_there_is_no_rank_and_nothing_follows(world: World) -> None:
    closed(world, 29, 29)
    closed(world, 40, 0, unit="V1")
    world.at = FINAL
    rolling.roll(MARCH, world.at)
    standing.stand(MARCH, world.at)
    few = next(one for one in standings.of_month(["S1"], MARCH))
    assert (few.rank, few.factor, few.penalties) == (0, "", ())


def test_the_sheet_is_asked_for_until_it_is_there_and_is_the_same_whenever_it_is_made(stood: World) -> None:
    assert stood.queue.sheets == [MARCH]
    standing.stand(MARCH, stood.at)  # the queue lost it
    assert len(stood.queue.sheets) == 2
    body = json.dumps({"standing": MARCH})
    answer = export.export({"Records": [{"messageId": "m1", "body": body}]}, None)
    assert answer == {"batchItemFailures": []}
    key = standings.sheet(MARCH)
    assert key.startswith("exports/standing/2026/2026-03/")
    assert archive.read(key) == standing.workbook(MARCH, "zh_CN")
    assert standing.make_sheet(MARCH, stood.at + timedelta(days=5)) == key
    standing.stand(MARCH, stood.at)
    assert len(stood.queue.sheets) == 2


def test_the_sheet_says_factor_rank_and_what_follows_and_every_ticket(stood: World, tmp_path: Any) -> None:
    import openpyxl

    path = tmp_path / "s.xlsx"
    path.write_bytes(standing.workbook(MARCH, "zh_CN"))
    book = openpyxl.load_workbook(path)
    summary = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert summary[0][1:6] == ["S1", 100, 104.5, "1/2", 1.045]
    assert summary[1][1:6] == ["S2", 100, 87, "2/2", 0.87]
    assert summary[1][6] == "约谈、限期整改"
    detail = [[cell.value for cell in row] for row in book.worksheets[1].iter_rows(min_row=2)]
    assert sum(row[1] == "升级至集团" for row in detail) == 40
    text = str(summary) + str(detail)
    assert "测试" not in text
    assert "1990000" not in text


def test_a_complaint_answered_by_a_template_costs_its_point_and_stands_behind_it(world: World) -> None:
    closed(world, 40, 0)
    ticket = world.report("漏水")
    made = fact_of(world.load(ticket), policy_for(ticket.place), "closed")
    at, hour = datetime(2026, 3, 10, tzinfo=UTC), timedelta(hours=1)
    run = ClockResult("feedback", at, at + hour, 24 * hour, hour, at + 24 * hour, at + 24 * hour, "kept")
    for n in range(40):
        name, reply = f"{ticket.id[:-3]}{900 + n}", f"own words {n}" if n < 30 else "the usual"
        facts.add(
            replace(
                made,
                ticket=name,
                kind="complaint",
                why="answered",
                counts=at + n * hour,
                at=at,
                clocks=(run,),
                reply=reply,
            ),
            MARCH,
        )
    world.at = FINAL
    rolling.roll(MARCH, world.at)
    standing.stand(MARCH, world.at)
    figure = reading.months_of("subsidiary#S1", MARCH)[0].figures["answered_in_time"]
    assert (figure.n, figure.d) == (30, 40)
    [one] = standings.of_month(["S1"], MARCH)
    [point] = [point for point in one.points if point.rule == "answered_in_time"]
    assert point.tenths < 0
    assert sorted(point.tickets) == [f"{ticket.id[:-3]}{n}" for n in range(930, 940)]
