"""The command that makes figures anew, and proves them."""

from __future__ import annotations

import copy
import json
from dataclasses import replace

import pytest

from chalicelib.commands import measures as command
from chalicelib.services.measures import reading
from chalicelib.store import measures
from chalicelib.store.portraits import screen
from chalicelib.store.table import Put
from tests.services.measures.test_rolling import lived
from tests.world import World

KEY = ("MEASURE#project#P1", "2026-03")


def kept(world: World) -> dict[str, dict[str, dict[str, object]]]:
    return {
        pk: {sk: dict(row) for sk, row in rows.items()}
        for pk, rows in world.table.parts.items()
        if pk.startswith(("MEASURE#", "PARTS#", "PORTRAIT#"))
    }


def test_a_month_is_made_of_its_facts_the_same_again_and_proved(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lived(world, 5)
    lived(world, 2)
    assert command.main(["2026-03", "--lang", "en"]) == 0
    assert "2026-03: 2 projects" in capsys.readouterr().out
    first = kept(world)
    assert command.main(["2026-03", "--check", "--lang", "en"]) == 0
    assert "2026-03: 0 scopes differ" in capsys.readouterr().out
    assert kept(world) == first
    for pk in first:
        del world.table.parts[pk]
    for pk in [pk for pk in world.table.parts if pk.startswith("TALLY#")]:
        del world.table.parts[pk]
    assert command.main(["2026-03"]) == 0
    assert kept(world) == first, "the same bytes, whenever they are made"


def test_a_row_that_somebody_changed_is_named_and_nothing_is_written(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    lived(world, 2)
    command.main(["2026-03"])
    row = dict(world.table.parts[KEY[0]][KEY[1]])
    body = json.loads(row["body"])
    body["f"]["satisfaction"] = [1, 1]
    world.table.write(Put(row | {"body": json.dumps(body)}))
    changed = kept(world)
    assert command.main(["2026-03", "--check", "--lang", "en"]) == 1
    assert "2026-03 project#P1: not what the facts give" in capsys.readouterr().err
    assert kept(world) == changed


def test_a_check_writes_nothing_even_the_first_time(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    lived(world, 2)
    before = copy.deepcopy(world.table.parts)
    assert command.main(["2026-03", "--check", "--lang", "en"]) == 1
    assert "2026-03 project#P1: not what the facts give" in capsys.readouterr().err
    assert world.table.parts == before


@pytest.mark.parametrize(
    ("pk", "inside", "name", "value"),
    [
        ("MEASURE#project#P1", "r", "satisfaction", [2, 2]),
        ("MEASURE#team#P1/building", "f", "rated", [9, 9]),
        ("PARTS#subsidiary#S1", "category#water_leak", "satisfaction", [1, 1]),
        ("PORTRAIT#group", "b", "arrive", {"S1": [[9, 9]] * 8}),
    ],
)
def test_whatever_of_a_scope_somebody_changed_is_named_and_mended(
    world: World, capsys: pytest.CaptureFixture[str], pk: str, inside: str, name: str, value: object
) -> None:
    lived(world, 2)
    command.main(["2026-03"])
    first = kept(world)
    row = world.table.parts[pk]["2026-03"]
    body = json.loads(row["body"])
    body[inside] = {**body[inside], name: value}
    world.table.write(Put({**row, "body": json.dumps(body)}))
    capsys.readouterr()
    assert command.main(["2026-03", "--check", "--lang", "en"]) == 1
    assert capsys.readouterr().err.splitlines() == [f"2026-03 {pk.partition('#')[2]}: not what the facts give"]
    assert command.main(["2026-03"]) == 0
    assert kept(world) == first


@pytest.mark.parametrize("room", ["MEASURE", "PARTS", "PORTRAIT"])
def test_a_row_of_a_scope_that_there_is_not_is_named_and_emptied(
    world: World, capsys: pytest.CaptureFixture[str], room: str
) -> None:
    lived(world, 2)
    command.main(["2026-03"])
    row = world.table.parts[f"{room}#project#P1"]["2026-03"]
    world.table.write(Put({**row, "pk": f"{room}#project#P9"}))
    capsys.readouterr()
    assert command.main(["2026-03", "--check", "--lang", "en"]) == 1
    assert capsys.readouterr().err.splitlines() == ["2026-03 project#P9: not what the facts give"]
    assert command.main(["2026-03"]) == 0
    assert command.main(["2026-03", "--check"]) == 0
    assert (reading.parts("project#P9", "2026-03"), screen("project#P9", ["2026-03"]).portrait.worst) == ({}, [])
    assert not [one for one in reading.months_of("project#P9", "2026-03") if one.figures or one.ranks]


def test_a_place_that_is_called_otherwise_by_now_is_no_difference(world: World) -> None:
    lived(world, 2)
    command.main(["2026-03"])
    row = world.table.parts["PORTRAIT#group"]["2026-03"]
    body = json.loads(row["body"])
    assert body["n"]
    world.table.write(Put({**row, "body": json.dumps(body | {"n": dict.fromkeys(body["n"], "then")})}))
    assert command.main(["2026-03", "--check"]) == 0


def test_a_count_that_somebody_changed_is_counted_anew(world: World) -> None:
    lived(world, 2)
    command.main(["2026-03"])
    first = kept(world)
    one = measures.counted("P1", "2026-03")
    assert one is not None
    measures.keep_counted(replace(one, tallies={}))
    assert command.main(["2026-03"]) == 0
    assert kept(world) == first
    assert command.main(["2026-03", "--check"]) == 0


@pytest.mark.parametrize("month", ["2026-13", "2026-3", "march", "２０２６-03"])
def test_what_is_no_month_is_refused(world: World, month: str) -> None:
    with pytest.raises(SystemExit):
        command.main([month])
