"""Simulated time: paced, moved, kept over a restart, never backwards; and the product reads what is written."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from infra.local import anchor as module
from infra.local.anchor import DEMO_START, Anchor

HOUR = timedelta(hours=1)


class Wall:
    """A wall clock that stands until it is moved."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def goes_on(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture
def wall(monkeypatch: pytest.MonkeyPatch) -> Wall:
    clock = Wall()
    monkeypatch.setattr(module, "wall_now", clock)
    return clock


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "time.json"


def test_the_demo_begins_on_a_monday_at_nine_in_china():
    assert f"{DEMO_START:%A %H:%M %z}" == "Monday 09:00 +0800"


def test_sixty_makes_a_minute_an_hour(path, wall):
    clock = Anchor.open(path, speed=60)
    wall.goes_on(timedelta(minutes=1))
    assert clock.now() == DEMO_START + HOUR


def test_it_moves_forward_by_and_to(path, wall):
    clock = Anchor.open(path, speed=1)
    assert clock.advance(by=HOUR) == DEMO_START + HOUR
    assert clock.advance(to=DEMO_START + 5 * HOUR) == DEMO_START + 5 * HOUR


def test_it_never_moves_back(path, wall):
    clock = Anchor.open(path, speed=1)
    clock.advance(by=HOUR)
    assert clock.advance(to=DEMO_START) == DEMO_START + HOUR
    assert clock.advance(by=-HOUR) == DEMO_START + HOUR


def test_it_goes_on_where_it_was_and_stood_still_while_nothing_ran(path, wall):
    clock = Anchor.open(path, speed=60)
    wall.goes_on(timedelta(minutes=2))
    stopped = wall.at
    wall.goes_on(timedelta(days=1))
    again = Anchor.open(path, speed=1, stopped=stopped)
    assert again.now() == DEMO_START + 2 * HOUR
    assert clock.point.speed == 60
    assert again.point.speed == 1


def test_a_stop_that_was_noted_before_the_last_move_takes_nothing_back(path, wall):
    clock = Anchor.open(path, speed=1)
    noted = wall.at
    wall.goes_on(timedelta(seconds=1))
    clock.advance(by=24 * HOUR)
    shown = clock.now()
    assert Anchor.open(path, speed=1, stopped=noted).now() >= shown


def test_a_wall_time_is_told_by_the_anchor_that_was_in_force(path, wall):
    clock = Anchor.open(path, speed=60)
    wall.goes_on(timedelta(minutes=1))
    came = wall.at
    wall.goes_on(timedelta(minutes=1))
    clock.advance(by=24 * HOUR)
    assert clock.simulated(came) == DEMO_START + HOUR
    assert Anchor.open(path, speed=1).simulated(came) == DEMO_START + HOUR


def test_the_file_is_replaced_whole(path, wall):
    clock = Anchor.open(path, speed=1)
    clock.advance(by=HOUR)
    record = json.loads(path.read_text())
    assert record["simulated"] == "2026-03-02T02:00:00+00:00"
    assert record["speed"] == 1
    assert [p.name for p in path.parent.iterdir()] == ["time.json"]


def test_the_product_reads_it(path, monkeypatch):
    from chalicelib.adapters import time

    monkeypatch.setattr(time, "ANCHOR", str(path))
    clock = Anchor.open(path, speed=60)
    clock.advance(by=HOUR)
    assert abs(time.now() - clock.now()) < timedelta(minutes=1)
    assert time.to_wall(clock.point.simulated + HOUR) == clock.point.wall + timedelta(minutes=1)


def test_it_is_slowed_for_a_while_and_goes_on_from_there(path, wall):
    clock = Anchor.open(path, speed=60)
    with clock.slowed(0.5):
        wall.goes_on(timedelta(minutes=1))
        assert clock.now() == DEMO_START + timedelta(seconds=30)
    wall.goes_on(timedelta(minutes=1))
    assert clock.now() == DEMO_START + HOUR + timedelta(seconds=30)
