"""Writing in bulk, on the table as deployed: what differs is written, whole records at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from moto import mock_aws

os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")

from chalicelib.domain.policy.overrides import Override
from chalicelib.domain.register.place import Place, Resident
from chalicelib.store import bulk, names, places, rules, table
from chalicelib.store.bulk import Wanted
from chalicelib.store.memory import MemoryTable
from chalicelib.store.places import Registered
from chalicelib.store.table import Change, Conflict, Put, Table


@pytest.fixture(params=["deployed", "memory"])
def kept(request: pytest.FixtureRequest) -> Iterator[Table]:
    """An empty table of each kind."""
    if request.param == "memory":
        table.use(MemoryTable())
        yield table.table()
        table.use(None)
        return
    from chalicelib.store import dynamo

    with mock_aws():
        dynamo.Item._connection = None
        dynamo.Item.create_table(wait=True)
        table.use(dynamo.DynamoTable())
        yield table.table()
    table.use(None)
    dynamo.Item._connection = None


def unit(number: int, name: str = "") -> Place:
    above = {"project": "P", "building": "B"}
    return Place(f"U{number}", "unit", name or str(number), "B", f"P B {number}", above, {}, f"{number:06d}")


def wanted(place: Place) -> Wanted:
    return Wanted(places.put_place(place), "PLACE", gone=lambda old: places.moved(old, place))


def home(*who: tuple[str, str]) -> Wanted:
    """A household of (name, hash of the phone)."""
    residents = [Registered(Resident(name, "U1", "owner", name, "1000"), phone, f"of {name}") for name, phone in who]
    return Wanted(
        places.put_household("U1", residents), "RESIDENT#", 1 + len(who), lambda old: places.moved_out(old, residents)
    )


def test_many_records_are_added_then_unchanged_then_changed(kept: Table) -> None:
    records = [wanted(unit(n)) for n in range(130)]
    assert bulk.write(records) == {"added": 130, "removed": 0}
    assert bulk.write(records) == {"unchanged": 130, "removed": 0}
    records[7] = wanted(unit(7, "新名"))
    assert bulk.write(records) == {"unchanged": 129, "changed": 1, "removed": 0}
    assert len(places.children("B")) == 130


def test_a_place_that_is_ordered_anew_stands_once_in_its_list(kept: Table) -> None:
    bulk.write([wanted(unit(1))])
    moved = Place("U1", "unit", "1", "B", "P B 1", {}, {}, "000009")
    bulk.write([wanted(moved)])
    assert [c.id for c in places.children("B")] == ["U1"]


def test_who_moves_out_takes_the_number_along_unless_somebody_else_there_has_it(kept: Table) -> None:
    assert bulk.write([home(("a", "h1"), ("b", "h2"))]) == {"added": 2, "removed": 0}
    assert bulk.write([home(("a", "h1"), ("c", "h2"))]) == {"added": 1, "unchanged": 1, "removed": 1}
    assert places.units_of("h2") == ["U1"]
    assert bulk.write([home()]) == {"removed": 2}
    assert places.units_of("h1") == places.units_of("h2") == []
    assert places.with_residents("U1")[1] == []


def test_who_moves_out_is_found_by_name_no_more(kept: Table) -> None:
    bulk.write([home(("a", "h1"), ("b", "h2"))])
    assert names.registered(["of a"]) == {"U1": "a"}
    bulk.write([home(("a", "h1"), ("c", "h2"))])
    assert names.registered(["of a"]) == {"U1": "a"}
    assert names.registered(["of b"]) == {}
    assert names.registered(["of c"]) == {"U1": "c"}


def test_a_household_that_was_stored_before_names_were_found_gets_them_when_it_is_loaded_again(kept: Table) -> None:
    now = home(("a", "h1"))
    [household, resident, phone, _] = now.rows
    for row in ({**household, "body": '{"a":"h1"}'}, resident, phone):
        kept.write(Put(row))
    assert bulk.write([now]) == {"unchanged": 1, "removed": 0}
    assert names.registered(["of a"]) == {"U1": "a"}
    assert bulk.write([home()]) == {"removed": 1}
    assert names.registered(["of a"]) == {}


def test_a_record_that_somebody_else_wrote_meanwhile_is_a_conflict(kept: Table) -> None:
    bulk.write([wanted(unit(1))])

    def meddle(old: object) -> tuple[()]:
        kept.write(Change(("PLACE#U1", "PLACE"), sets={"body": "{}"}))
        return ()

    with pytest.raises(Conflict):
        bulk.write([Wanted(places.put_place(unit(1, "neu")), "PLACE", gone=meddle)])


def test_rules_are_read_back_in_one_call_as_they_were_stored(kept: Table) -> None:
    from datetime import date, timedelta

    overrides = (Override("arrive", "normal", timedelta(hours=3), "always", "x"),)
    years = {2031: {date(2031, 1, 1): False, date(2031, 1, 4): True}}
    rows = [*rules.put_overrides("P", overrides), *rules.put_years(years)]
    bulk.write([Wanted([row], row["sk"]) for row in rows])
    stored, holidays = rules.read("P")
    assert rules.overrides(stored) == overrides
    assert rules.years(holidays) == years
    assert rules.read("Q") == ("", holidays)
