"""The policy files: what ships holds the numbers of the product, and a slip is refused with file and line."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from chalicelib.adapters import policies
from chalicelib.adapters.policies import read
from chalicelib.domain.policy.reading import duration
from chalicelib.domain.record.errors import PolicyError
from chalicelib.domain.ticket.ticket import Kind, Priority
from tests.frozen import SHIPPED

POLICY = read(SHIPPED)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ALWAYS = ("always",) * 3
SERVICE = ("always", "service", "service")
TARGETS = {  # emergency, urgent, normal; how each counts; the levels told after the deadline
    "response": ((10 * MINUTE, 30 * MINUTE, 30 * MINUTE), ALWAYS, [2]),
    "dispatch": ((15 * MINUTE,) * 3, ALWAYS, [2]),
    "acknowledge": ((10 * MINUTE, 30 * MINUTE, 30 * MINUTE), SERVICE, [2]),
    "arrive": ((HOUR, 2 * HOUR, 4 * HOUR), SERVICE, [2, 3]),
    "resolve": ((24 * HOUR, 48 * HOUR, 72 * HOUR), SERVICE, [2, 3]),
    "decide": ((4 * HOUR, 15 * HOUR, 15 * HOUR), ("always", "office", "office"), [2]),
    "sign_off": ((7 * DAY,) * 3, ALWAYS, [2]),
    "rectify": ((DAY, 7 * DAY, 30 * DAY), ALWAYS, [2]),
    "recheck": ((DAY, 3 * DAY, 7 * DAY), ALWAYS, [2]),
    "follow_up": ((24 * HOUR,) * 3, ALWAYS, [2]),
    "relay": ((HOUR, 4 * HOUR, 24 * HOUR), ALWAYS, [2, 3]),
    "result": ((24 * HOUR, 22.5 * HOUR, 22.5 * HOUR), ("always", "office", "office"), [2, 3]),  # 3 days of 7.5 h
    "satisfaction": ((7 * DAY,) * 3, ALWAYS, [1]),
    "feedback": ((4 * HOUR, 24 * HOUR, 24 * HOUR), ALWAYS, [2, 3]),
}


@pytest.mark.parametrize("name", TARGETS)
def test_the_clocks_that_ship_are_those_of_the_product(name: str):
    targets, counts, levels = TARGETS[name]
    rule = POLICY.clocks[name]
    order = (Priority.EMERGENCY, Priority.URGENT, Priority.NORMAL)
    assert tuple(rule.target[p] for p in order) == targets
    assert tuple(rule.counts[p] for p in order) == counts
    assert [level for level, _ in rule.levels] == levels


def test_there_is_no_other_clock():
    assert set(POLICY.clocks) == set(TARGETS)


def test_an_enquiry_stops_at_level_2():
    assert [level for level, _ in POLICY.clocks["feedback"].levels_for(Kind.ENQUIRY)] == [2]


def test_an_emergency_may_have_the_time_of_its_category():
    arrive = POLICY.clocks["arrive"]
    assert arrive.target_for(Priority.EMERGENCY, "lift_trapped") == 30 * MINUTE
    assert arrive.target_for(Priority.EMERGENCY, "gas_smell") == HOUR
    resolve = POLICY.clocks["resolve"]
    assert resolve.target_for(Priority.EMERGENCY, "gas_smell") == 4 * HOUR
    assert resolve.target_for(Priority.NORMAL, "gas_smell") == 72 * HOUR


def test_an_absent_contractor_is_no_pause_and_no_pause_stops_what_it_does_not_name():
    assert set(POLICY.pauses) == {
        *("owner_absent", "owner_asked", "parts", "other_trade", "utility", "weather", "agreed_plan")
    }
    assert all(stops <= {"arrive", "resolve"} for stops in POLICY.pauses.values())
    assert POLICY.pauses["parts"] == {"resolve"}


@pytest.mark.parametrize(("text", "is_"), [("90s", 90), ("30m", 1800), ("4h", 14400), ("7d", 604800), ("0m", 0)])
def test_durations_are_read(text: str, is_: int):
    assert duration(text, "x") == timedelta(seconds=is_)


@pytest.mark.parametrize("text", ["", "4", "h", "1.5h", "-1h", "4 h", "1w", 4, None])
def test_what_is_no_duration_is_refused(text: object):
    with pytest.raises(PolicyError):
        duration(text, "x")


SLIPS = [
    ("clocks.toml", 'emergency = "10m", urgent = "30m"', 'emergency = "10 minutes", urgent = "30m"', "clock.response"),
    ("clocks.toml", 'levels = [[2, "0m"], [3, "4h"]]', 'levels = [[3, "4h"], [2, "0m"]]', "clock.arrive.levels"),
    ("clocks.toml", 'levels = [[2, "0m"], [3, "4h"]]', 'levels = [[2, "0m"], [4, "4h"]]', "clock.arrive.levels"),
    ("clocks.toml", 'gas_smell = "4h"', 'gas_smel = "4h"', "clock.resolve.category.gas_smel"),
    ("clocks.toml", 'stops = ["arrive", "resolve"]', 'stops = ["arrive", "resolv"]', "pause.owner_absent.stops"),
    ("clocks.toml", 'kinds = ["complaint"]', 'kinds = ["grumble"]', "clock.relay.kinds"),
    ("clocks.toml", 'urgent = "service", normal = "service" }', 'urgent = "nights", normal = "service" }', "clock.ack"),
    ("clocks.toml", "reassign = true", "reasign = true", "clock.acknowledge.reasign"),
    ("clocks.toml", 'warn_from = "2h"', 'warn_from = "2"', "warn_from"),
    ("clocks.toml", "warn = [0.5, 0.8]", "warn = [0.5, 1.8]", "warn"),
    ("clocks.toml", '"13:30-18:00"], fri', '"13:30~18:00"], fri', "calendars.office"),
    ("clocks.toml", 'holidays = "china"', 'holidays = "mars"', "calendars.office.holidays"),
    ("categories.toml", 'default = "urgent"', 'default = "soonish"', "category."),
    ("categories.toml", "[category.other]", "[category.others]", "category.other"),
    ("routing.toml", 'kind = ["complaint"]', 'knd = ["complaint"]', "rule 1"),
    ("routing.toml", 'team = "building"', 'team = "building"\ndesk = 1', "rule 5"),
    ("telling.toml", 'to = "reporter"', 'to = "everybody"', "message 1"),
    ("telling.toml", 'event = "reported"', 'event = "reportd"', "message 1"),
    ("clocks.toml", 'call = "desk"', 'call = "anybody"', "care.call"),
    ("telling.toml", 'hands = "desk"', 'hands = "dsk"', "message"),
    ("telling.toml", 'hands = "desk"', 'clocks = ["folow_up"]', "message"),
    ("clocks.toml", 'starts = ["completed"]', 'starts = ["complete"]', "clock.sign_off.starts"),
    ("clocks.toml", 'stops = ["arrived"]', 'stops = ["arived"]', "clock.arrive.stops"),
    ("clocks.toml", 'hands = "owner"', 'hands = "tenant"', "clock.sign_off.hands"),
    ("clocks.toml", 'shown = ["staff"]', 'shown = ["nobody"]', "clock.acknowledge.shown"),
    ("clocks.toml", 'awaited = ["completed"]', 'awaited = ["complete"]', "clock.sign_off.awaited"),
    ("clocks.toml", 'appointment = "delays"', 'appointment = "delay"', "clock.resolve.appointment"),
    ("clocks.toml", 'moved = ["owner"]', 'moved = ["owners"]', "clock.arrive.moved"),
    ("routing.toml", 'team = "building"', 'team = "bilding"', "rule 5"),
    ("telling.toml", 'by = ["owner"]', 'by = ["owners"]', "message"),
    ("telling.toml", 'unless = "answered"', 'unles = "answered"', "message"),
]


@pytest.mark.parametrize(("name", "was", "slip", "where"), SLIPS, ids=[f"{n}:{s[:30]}" for n, _, s, _ in SLIPS])
def test_a_slip_is_refused_with_file_line_and_key(tmp_path: Path, name: str, was: str, slip: str, where: str):
    for file in policies.FOLDER.glob("*.toml"):
        shutil.copy(file, tmp_path)
    text = (tmp_path / name).read_text(encoding="utf-8")
    assert was in text
    (tmp_path / name).write_text(text.replace(was, slip, 1), encoding="utf-8")
    with pytest.raises(PolicyError) as fault:
        read(tmp_path)
    said = str(fault.value)
    assert said.startswith(name)
    assert where in said
    lines = text.replace(was, slip, 1).splitlines()
    if number := re.match(rf"{re.escape(name)}:(\d+):", said):
        stretch = "\n".join(lines[int(number[1]) - 1 : int(number[1]) + 8])
        assert slip.splitlines()[-1] in stretch or where.split(" ")[0] in stretch
    else:
        assert "is missing" in said


def test_a_file_that_is_no_toml_is_refused_by_name(tmp_path: Path):
    for file in policies.FOLDER.glob("*.toml"):
        shutil.copy(file, tmp_path)
    (tmp_path / "routing.toml").write_text("[[rule", encoding="utf-8")
    with pytest.raises(PolicyError, match=r"routing\.toml"):
        read(tmp_path)
