"""Loading contracts costs in proportion to them, and loading them again writes nothing."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.services.loading import loading
from chalicelib.services.record import numbers
from chalicelib.store import contracts, table
from chalicelib.store.memory import MemoryTable
from infra.seed.demo import demo
from tests.services.loading.test_loading import Held, Rows
from tests.world import MONDAY

GROUP_WIDE = ("BJ", "HD", "集团")
OF_CONTRACTS = ("entity", "company", "company_person", "contract", "certificate", "matrix", "seasons")


class Asked(MemoryTable):
    """A table that counts what it is asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: Counter[str] = Counter()

    def get(self, *args: Any, **kwargs: Any) -> Any:
        self.asked["get"] += 1
        return super().get(*args, **kwargs)

    def query(self, *args: Any, **kwargs: Any) -> Any:
        self.asked["query"] += 1
        return super().query(*args, **kwargs)

    def batch(self, keys: Any) -> Any:
        self.asked["batch"] += 1
        return super().batch(keys)

    def transact(self, writes: Any, token: str = "") -> None:
        self.asked["transact"] += 1
        super().transact(writes, token)


@pytest.fixture
def kept() -> Iterator[Asked]:
    """An empty table."""
    made = Asked()
    table.use(made)
    numbers.forget()
    yield made
    table.use(None)
    numbers.forget()


def group(projects: int) -> Rows:
    """So many projects like the demo's first one, each with its contracts."""
    rows = demo()
    wide = {"contractors", "third_parties", "company_people", "prices", "subsidiaries"}
    made: Rows = {name: rows[name] for name in wide}
    made["third_parties"] = [row | {"projects": ""} for row in made["third_parties"]]
    made["contacts"] = [row for row in rows["contacts"] if row["place"] in GROUP_WIDE]
    made["staff"] = [row for row in rows["staff"] if row["place"] in GROUP_WIDE]
    for n in range(projects):
        for sheet in ("projects", "phases", "contacts", "departments", "staff", "entities", "contracts", "clauses"):
            theirs = (row for row in copy.deepcopy(rows[sheet]) if "YS" in str(row))
            for row in theirs:
                named = {key: value.replace("YS", f"P{n}") for key, value in row.items() if isinstance(value, str)}
                made.setdefault(sheet, []).append(row | named)
    return made


def calls(kept: Asked, projects: int) -> int:
    """How often the table is asked while a group of so many projects is loaded for the first time."""
    kept.parts.clear()
    kept.asked.clear()
    numbers.forget()
    loaded = loading.load_book(Held(group(projects)), MONDAY)
    assert loaded.faults == []
    assert loaded.counts["contract"]["added"] == 2 * projects
    return kept.asked.total()


def test_each_project_more_asks_the_table_as_often_as_the_one_before(kept: Asked) -> None:
    few, more, many = (calls(kept, projects) for projects in (4, 8, 16))
    assert many - more <= 2.2 * (more - few)


def test_loading_contracts_again_writes_nothing_and_says_so(kept: Asked) -> None:
    loading.load_book(Held(demo()), MONDAY)
    kept.asked.clear()
    again = loading.load_book(Held(demo()), MONDAY)
    assert kept.asked["transact"] == 0
    assert again.waiting == []
    assert {kind: +again.counts[kind] for kind in OF_CONTRACTS} == {
        kind: Counter(unchanged=again.counts[kind].total()) for kind in OF_CONTRACTS
    }


def test_a_fault_in_a_clause_writes_nothing_at_all(kept: Asked) -> None:
    rows = demo()
    rows["clauses"][0] |= {"term": "4年"}
    loaded = loading.load_book(Held(rows), MONDAY)
    assert [(fault.sheet, fault.row, fault.reason) for fault in loaded.faults] == [("clauses", 2, "term_short")]
    assert not any(kept.parts.values())
    assert contracts.of_project("YS") == contracts.Held()
