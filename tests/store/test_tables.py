"""What services may rely on of a table, tried on the deployed one and on its twin in memory alike."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any

import pytest

from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import COLUMNS, INDEXES, PROJECTED, Change, Conflict, Delete, Put, Row, Table
from tests.store.tables import definition, deployed

_fresh = count()


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, Any]]:
    with deployed() as table:
        yield {"memory": MemoryTable(), "dynamo": table}


@pytest.fixture(params=["memory", "dynamo"])
def table(request: pytest.FixtureRequest, tables: dict[str, Any]) -> Table:
    made: Table = tables[request.param]
    return made


@pytest.fixture
def pk() -> str:
    """A partition of its own for each test."""
    return f"P#{next(_fresh)}"


def rows(table: Table, pk: str, n: int, **more: Any) -> list[Row]:
    made = [{"pk": pk, "sk": f"{i:03d}", "id": f"{pk}/{i}"} | more for i in range(n)]
    for row in made:
        table.write(Put(row))
    return made


def test_the_indexes_are_those_of_the_template():
    keys = {
        index["IndexName"]: tuple(key["AttributeName"] for key in index["KeySchema"])
        for index in definition()["GlobalSecondaryIndexes"]
    }
    assert keys == dict(INDEXES)
    shown = {
        index["IndexName"]: tuple(index["Projection"].get("NonKeyAttributes", ()))
        for index in definition()["GlobalSecondaryIndexes"]
    }
    assert shown == dict(PROJECTED)


def test_the_columns_are_those_that_the_deployed_table_knows():
    from chalicelib.store.dynamo import Item

    assert set(Item.get_attributes()) == COLUMNS


# one row


@pytest.mark.parametrize(
    "write", [Put({"pk": "P", "sk": "A", "number": "1"}), Change(("P", "A"), sets={"number": "1"})]
)
def test_a_column_that_there_is_not_is_refused(table: Table, write: Put | Change):
    with pytest.raises((ValueError, AttributeError), match="number"):
        table.write(write)


def test_what_is_put_is_got(table: Table, pk: str):
    row = {"pk": pk, "sk": "A", "body": "漏水", "v": 3, "ttl": 1772413200}
    table.write(Put(row))
    assert table.get(pk, "A") == row
    assert table.get(pk, "A", consistent=True) == row
    assert table.get(pk, "B") is None


def test_a_row_is_put_over_as_a_whole(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "A", "body": "x", "v": 1}))
    table.write(Put({"pk": pk, "sk": "A", "v": 2}))
    assert table.get(pk, "A") == {"pk": pk, "sk": "A", "v": 2}


def test_what_is_new_is_put_once(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "A", "v": 1}, new=True))
    with pytest.raises(Conflict) as lost:
        table.write(Put({"pk": pk, "sk": "A", "v": 2}, new=True))
    assert lost.value.which == (0,)
    assert table.get(pk, "A") == {"pk": pk, "sk": "A", "v": 1}


def test_a_put_holds_only_while_things_stand_as_seen(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "A", "v": 1}))
    table.write(Put({"pk": pk, "sk": "A", "v": 2}, when={"v": 1, "armed": None}))
    for when in ({"v": 1}, {"v": 2, "armed": "x"}, {"v": None}):
        with pytest.raises(Conflict):
            table.write(Put({"pk": pk, "sk": "A", "v": 9}, when=when))
    with pytest.raises(Conflict):
        table.write(Put({"pk": pk, "sk": "none", "v": 9}, when={"v": 1}))


def test_a_change_sets_removes_and_adds_and_answers_the_row(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "A", "body": "x", "armed": "y", "n": 1}))
    answer = table.write(Change((pk, "A"), sets={"body": "z", "armed": None}, adds={"n": 2}))
    assert answer == table.get(pk, "A") == {"pk": pk, "sk": "A", "body": "z", "n": 3}


def test_a_change_makes_the_row_unless_it_must_exist(table: Table, pk: str):
    assert table.write(Change((pk, "A"), adds={"n": 1}, sets={"ttl": 5})) == {"pk": pk, "sk": "A", "n": 1, "ttl": 5}
    with pytest.raises(Conflict):
        table.write(Change((pk, "B"), sets={"state": "sent"}, exists=True))
    assert table.get(pk, "B") is None


def test_a_counter_stops_at_its_limit(table: Table, pk: str):
    for _ in range(3):
        table.write(Change((pk, "A"), adds={"n": 1}, below={"n": 3}))
    with pytest.raises(Conflict):
        table.write(Change((pk, "A"), adds={"n": 1}, below={"n": 3}))
    row = table.get(pk, "A")
    assert row is not None
    assert row["n"] == 3


def test_parts_of_a_counter_have_limits_of_their_own(table: Table, pk: str):
    def count(part: str) -> None:
        table.transact([Change((pk, "A"), adds={"n": 1, part: 1}, below={"n": 4, part: 2})])

    for part in ("n-a_-9", "n-a_-9", "n-B"):
        count(part)
    with pytest.raises(Conflict):
        count("n-a_-9")
    table.write(Change((pk, "A"), adds={"n": 1, "n-B": 1}, below={"n": 4, "n-B": 2}))
    with pytest.raises(Conflict):
        count("n-c")
    row = table.get(pk, "A")
    assert row is not None
    assert row["n"] == 4


def test_a_delete_may_ask_first_and_may_find_nothing(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "A", "v": 1}))
    with pytest.raises(Conflict):
        table.write(Delete((pk, "A"), when={"v": 2}))
    table.write(Delete((pk, "A"), when={"v": 1}))
    table.write(Delete((pk, "A")))
    assert table.get(pk, "A") is None


# several rows


def test_a_query_answers_a_stretch_in_order(table: Table, pk: str):
    for sk in ("HEAD", "EVENT#000002", "EVENT#000010", "EVENT#000001", "PRIVATE#000001", "TOLD#1"):
        table.write(Put({"pk": pk, "sk": sk}))
    found = [row["sk"] for row in table.query(pk, "EVENT#", "PRIVATE~", consistent=True).rows]
    assert found == ["EVENT#000001", "EVENT#000002", "EVENT#000010", "HEAD", "PRIVATE#000001"]
    assert [row["sk"] for row in table.query(pk, descending=True).rows] == sorted([*found, "TOLD#1"], reverse=True)
    assert table.query(f"{pk}/none").rows == []


@pytest.mark.parametrize("descending", [False, True])
def test_pages_join_without_gap_or_repetition(table: Table, pk: str, descending: bool):
    made = rows(table, pk, 7)
    found: list[str] = []
    start = None
    for _ in range(9):
        page = table.query(pk, limit=3, start=start, descending=descending)
        assert len(page.rows) <= 3
        found += [row["sk"] for row in page.rows]
        start = page.next
        if start is None:
            break
    assert start is None
    assert found == sorted((row["sk"] for row in made), reverse=descending)


def test_a_range_that_ends_before_it_begins_holds_nothing(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "10:30", "dk": pk, "due": "2026-03-02"}))
    assert table.query(pk, "10:00", "09:59~").rows == []
    assert table.index("due", pk, low="2026-03", high="2026-02").rows == []


def test_an_index_lists_by_its_own_order_and_within_bounds(table: Table, pk: str):
    for i, by in enumerate(("2026-03-05", "2026-03-01", "2026-03-03", "9999")):
        table.write(Put({"pk": f"{pk}/{i}", "sk": "HEAD", "id": str(i), "line": "{}", "qk": pk, "by": by}))
    table.write(Put({"pk": f"{pk}/9", "sk": "HEAD", "qk": f"{pk}/other", "by": "2026-03-01"}))
    assert [row["id"] for row in table.index("queue", pk).rows] == ["1", "2", "0", "3"]
    assert [row["id"] for row in table.index("queue", pk, high="2026-03-03").rows] == ["1", "2"]
    assert [row["id"] for row in table.index("queue", pk, low="2026-03-02", high="2026-04").rows] == ["2", "0"]
    assert table.count("queue", pk) == 4
    assert table.count("queue", f"{pk}/none") == 0


def test_pages_of_an_index_join_where_keys_are_equal(table: Table, pk: str):
    for i in range(7):
        table.write(Put({"pk": f"{pk}/{i}", "sk": "HEAD", "dk": pk, "due": f"2026-03-0{1 + i // 4}"}))
    found: list[str] = []
    start = None
    for _ in range(9):
        page = table.index("due", pk, limit=2, start=start)
        found += [row["pk"] for row in page.rows]
        start = page.next
        if start is None:
            break
    assert start is None
    assert sorted(found) == sorted({f"{pk}/{i}" for i in range(7)})


def test_an_index_shows_what_it_carries_and_no_more(table: Table, pk: str):
    row = {
        "pk": pk,
        "sk": "HEAD",
        "id": "1",
        "line": "{}",
        "body": "x",
        "v": 1,
        "hk": pk,
        "by": "9",
        "dk": pk,
        "due": "9",
    }
    table.write(Put(row))
    assert set(table.index("work", pk).rows[0]) == {"pk", "sk", "hk", "by", "line", "id"}
    assert set(table.index("due", pk).rows[0]) == {"pk", "sk", "dk", "due"}


def test_a_row_leaves_an_index_with_its_key(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "HEAD", "dk": pk, "due": "2026"}))
    table.write(Change((pk, "HEAD"), sets={"due": "2027"}))
    assert [row["pk"] for row in table.index("due", pk, low="2027").rows] == [pk]
    table.write(Change((pk, "HEAD"), sets={"dk": None, "due": None}))
    assert table.index("due", pk).rows == []
    table.write(Put({"pk": pk, "sk": "HEAD", "dk": pk, "due": "2026"}))
    table.write(Delete((pk, "HEAD")))
    assert table.index("due", pk).rows == []


def test_a_batch_answers_what_is_there(table: Table, pk: str):
    rows(table, pk, 5)
    found = table.batch([(pk, "001"), (pk, "003"), (pk, "009"), (pk, "001")])
    assert sorted(row["sk"] for row in found) == ["001", "003"]
    assert table.batch([]) == []


# transactions


def test_a_transaction_writes_all(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "gone"}))
    table.transact(
        [
            Put({"pk": pk, "sk": "A", "v": 1}, new=True),
            Change((pk, "B"), adds={"n": 1}, below={"n": 5}),
            Delete((pk, "gone")),
        ]
    )
    assert [row["sk"] for row in table.query(pk).rows] == ["A", "B"]


def test_a_transaction_writes_nothing_where_one_condition_fails_and_names_it(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "taken", "v": 1}))
    with pytest.raises(Conflict) as lost:
        table.transact(
            [
                Change((pk, "counter"), adds={"n": 1}, below={"n": 1}),
                Put({"pk": pk, "sk": "new"}, new=True),
                Delete((pk, "other")),
                Put({"pk": pk, "sk": "taken"}, new=True),
            ]
        )
    assert (lost.value.which, lost.value.of) == ((3,), 4)
    assert [row["sk"] for row in table.query(pk).rows] == ["taken"]


def test_a_transaction_names_every_condition_that_failed(table: Table, pk: str):
    table.write(Put({"pk": pk, "sk": "head", "v": 2}))
    table.write(Put({"pk": pk, "sk": "slow", "n": 6}))
    with pytest.raises(Conflict) as lost:
        table.transact(
            [
                Put({"pk": pk, "sk": "event"}, new=True),
                Put({"pk": pk, "sk": "head", "v": 2}, when={"v": 1}),
                Change((pk, "slow"), adds={"n": 1}, below={"n": 6}),
            ]
        )
    assert sorted(lost.value.which) == [1, 2]


def test_the_same_token_writes_once_in_memory():
    table = MemoryTable()
    writes = [Put({"pk": "P", "sk": "A"}, new=True)]
    table.transact(writes, token="once")
    table.transact(writes, token="once")
    assert [row["sk"] for row in table.query("P").rows] == ["A"]


def test_a_walk_finds_every_row_with_a_sort_key_once(table: Table, pk: str):
    for n in range(5):
        table.write(Put({"pk": f"{pk}/{n}", "sk": f"{pk}/WALKED", "id": str(n)}))
        table.write(Put({"pk": f"{pk}/{n}", "sk": "OTHER"}))
    found, start = [], None
    while True:
        page = table.walk(f"{pk}/WALKED", limit=2, start=start)
        found += [row["id"] for row in page.rows]
        start = page.next
        if not start:
            break
    assert sorted(found) == ["0", "1", "2", "3", "4"]
