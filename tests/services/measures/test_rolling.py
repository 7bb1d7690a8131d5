"""Figures of a month from the facts of real lives: counted once, made again alike, final on a day, moved openly."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.domain.ticket.ticket import Ticket
from chalicelib.services.measures import counting, reading, rolling
from chalicelib.services.record.numbers import NOWHERE, policy_for
from chalicelib.store import measures
from chalicelib.store.table import Put, Row, Write, key_of
from tests.world import World


def lived(world: World, stars: int) -> Ticket:
    """A repair from its report to the stars."""
    ticket = world.report(phone="19911112222")
    world.pump()
    for minutes, move in ((5, "acknowledge"), (30, "arrive"), (90, "complete")):
        world.advance(minutes=minutes)
        world.do(ticket, move)
    world.pump()
    world.do(
        ticket, "sign_off", "reporter", scores=dict.fromkeys(("overall", "speed", "thoroughness", "manners"), stars)
    )
    world.advance(hours=2)
    world.do(ticket, "follow_up", "d1", fixed=True)
    world.pump()
    return world.load(ticket)


def test_a_months_figures_are_those_of_its_tickets_at_every_level(world: World) -> None:
    for stars in (5, 4, 2):
        lived(world, stars)
    done = rolling.roll("2026-03", world.at)
    assert (done.projects, done.more) == (2, False)
    for scope in ("project#P1", "subsidiary#S1", "group"):
        figures = reading.months_of(scope, "2026-03")[0].figures
        assert (figures["satisfaction"].n, figures["satisfaction"].d) == (2, 3)
        assert (figures["rated"].n, figures["rated"].d) == (3, 3)
        assert figures["first_time_fix"].d == 3
        assert figures["response_time"].d == 3
    assert reading.parts("group", "2026-03")["category#water_leak"]["satisfaction"].d == 3


def test_making_them_again_writes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    lived(world, 5)
    assert rolling.roll("2026-03", world.at).written > 0
    written: list[str] = []
    write = world.table.write

    def noted(one: Write) -> Row | None:
        written.append(key_of(one)[0])
        return write(one)

    monkeypatch.setattr(world.table, "write", noted)
    assert rolling.roll("2026-03", world.at).written == 0
    assert set(written) == {"MEASURED"}, "but how far it has come"


@pytest.mark.parametrize("body", ["AAAAA", "", "\u7f3a", "half"])
def test_a_damaged_count_is_counted_anew_and_rings(world: World, body: str) -> None:
    lived(world, 4)
    rolling.roll("2026-03", world.at)
    pages = {key: dict(row) for key, row in measures.every("2026-03").items()}
    row = world.table.parts["TALLY#P1"]["2026-03#000"]
    whole = row["body"]
    world.table.write(Put({**row, "body": whole[: len(whole) // 2] if body == "half" else body}))
    done = rolling.roll("2026-03", world.at)
    assert (done.counted, done.written, done.more) == (1, 0, False)
    assert world.rings["RowsUnreadable"] == 1
    assert world.table.parts["TALLY#P1"]["2026-03#000"]["body"] == whole
    assert measures.every("2026-03") == pages


def test_a_damaged_row_of_figures_is_made_anew(world: World) -> None:
    lived(world, 4)
    rolling.roll("2026-03", world.at)
    pages = {key: dict(row) for key, row in measures.every("2026-03").items()}
    world.table.write(Put({**pages["MEASURE#project#P1", "2026-03"], "body": "{"}))
    assert rolling.roll("2026-03", world.at).written == 1
    assert measures.every("2026-03") == pages


def test_what_moves_a_month_that_is_final_stands_beside_what_it_was(world: World) -> None:
    lived(world, 5)
    final = datetime(2026, 4, 3, 4, tzinfo=UTC)
    rolling.roll("2026-03", final)
    was = measures.month("project#P1", "2026-03")
    assert was is not None
    assert was.final
    assert was.first == {}
    lived(world, 1)
    rolling.roll("2026-03", final.replace(day=9))
    now = measures.month("project#P1", "2026-03")
    assert now is not None
    assert now.first == was.figures
    assert now.final == was.final
    assert now.figures["satisfaction"].d == 2


@pytest.mark.parametrize(
    ("at", "due"),
    [
        ("2026-03-20", ["2026-03"]),
        ("2026-04-01", ["2026-03", "2026-04"]),
        ("2026-04-03", ["2026-03", "2026-04"]),
        ("2026-04-04", ["2026-04"]),
    ],
)
def test_a_month_is_made_until_its_third_working_day_after(world: World, at: str, due: list[str]) -> None:
    assert counting.months_due(datetime.fromisoformat(f"{at}T04:00:00+00:00"), policy_for(NOWHERE)) == due


def test_from_every_number_there_is_a_way_to_its_tickets(world: World) -> None:
    bad = lived(world, 1)
    good = lived(world, 5)
    behind = reading.tickets_behind("P1", "2026-03", "satisfaction")
    assert [(one.fact.ticket, one.n) for one in behind] == [(bad.id, 0), (good.id, 1)]
    assert reading.tickets_behind("P1", "2026-03", "satisfaction", "category#lift") == []
