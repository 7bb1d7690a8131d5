"""The command that makes figures anew, and proves them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from chalicelib.commands import measures as command
from chalicelib.store import measures
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
