"""What lies beside records, on the deployed table and its twin alike: originals, snag lists, what is held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.store import holds, originals, snags
from chalicelib.store.memory import MemoryTable
from chalicelib.store.table import use
from tests.domain.contractor.letters import AT
from tests.store.tables import deployed


@pytest.fixture(scope="module")
def tables() -> Iterator[dict[str, Any]]:
    with deployed() as table:
        yield {"memory": MemoryTable(), "dynamo": table}


@pytest.fixture(params=["memory", "dynamo"])
def table(request: pytest.FixtureRequest, tables: dict[str, Any]) -> Iterator[Any]:
    use(tables[request.param])
    yield tables[request.param]
    use(None)


def test_a_list_is_begun_once_and_says_how_far_it_came(table: Any) -> None:
    first = snags.begin("P1", "L1", "hash", 5, 4, AT)
    assert snags.begin("P1", "L1", "other", 9, 9, AT + timedelta(days=1)) == first
    assert (first.hash, first.began, first.rows, first.tickets, first.done, first.state) == (
        "hash",
        AT,
        5,
        4,
        0,
        snags.LOADING,
    )
    snags.note(first, 4, snags.LOADED)
    [stored] = snags.of_project("P1")
    assert (stored.done, stored.state, stored.hash) == (4, snags.LOADED, "hash")
    assert snags.get("P1", "L2") is None


def test_what_is_held_waits_for_its_day_until_it_is_over(table: Any) -> None:
    holds.hold("T1", AT + timedelta(days=2), AT)
    holds.hold("T2", None, AT)
    assert list(holds.waiting(AT)) == ["T2"]
    assert list(holds.waiting(AT + timedelta(days=2))) == ["T1", "T2"]
    holds.look_again("T2", AT + timedelta(days=9))
    holds.look_again("T1", None)
    assert list(holds.waiting(AT)) == ["T1"]
    holds.over("T1", AT)
    holds.over("T1", AT)
    assert list(holds.waiting(AT + timedelta(days=8))) == []


def test_an_upload_is_what_became_of_it(table: Any) -> None:
    originals.refuse("T7", "A")
    assert originals.note("T7", "77", "B", "h1", "same", AT) == []
    assert originals.note("T8", "88", "C", "h2", "same", AT) == [("T7", "77")]
    found = originals.become(table.query("TICKET#T7", "PHOTO#", "PHOTO~").rows)
    assert found["refused"] == frozenset({"/A"})
    assert found["originals"]["/B"].hash == "h1"
    other = originals.become(table.query("TICKET#T8", "PHOTO#", "PHOTO~").rows)
    assert (other["originals"]["/C"].also, other["originals"]["/C"].at) == ((("T7", "77"),), AT)
