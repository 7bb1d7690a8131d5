"""What the deployed table answers when writers meet: a conflict, and no error that nobody expects."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError
from pynamodb.exceptions import PynamoDBException

from chalicelib.store import dynamo
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.table import Change, Conflict, Delete, Put
from tests.store.tables import deployed

WRITES = [Put({"pk": "P", "sk": "A"}), Change(("P", "A"), sets={"v": 1}), Delete(("P", "A"))]


@pytest.fixture(scope="module")
def table() -> Iterator[DynamoTable]:
    with deployed() as made:
        yield made


def answers(monkeypatch: pytest.MonkeyPatch, code: str, reasons: list[dict[str, Any]] | None = None) -> None:
    """The next calls are refused with this code."""

    def refuse(name: str, *_: Any) -> None:
        response = {"Error": {"Code": code, "Message": code}, "CancellationReasons": reasons or []}
        raise ClientError(response, name)  # type: ignore[arg-type]

    monkeypatch.setattr(dynamo._connection().client, "_make_api_call", refuse)


@pytest.fixture(autouse=True)
def pauses(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited between tries, in seconds; nobody waits here."""
    waited: list[float] = []
    monkeypatch.setattr(dynamo, "pause", waited.append)
    return waited


@pytest.mark.parametrize("write", WRITES, ids=["put", "change", "delete"])
def test_a_write_that_meets_a_transaction_is_a_conflict(
    table: DynamoTable, monkeypatch: pytest.MonkeyPatch, write: Any
):
    answers(monkeypatch, "TransactionConflictException")
    with pytest.raises(Conflict) as lost:
        table.write(write)
    assert lost.value.which == ()


def test_two_transactions_that_meet_are_a_conflict_of_no_condition(table: DynamoTable, monkeypatch: pytest.MonkeyPatch):
    reasons = [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "ongoing"}]
    answers(monkeypatch, "TransactionCanceledException", reasons)
    with pytest.raises(Conflict) as lost:
        table.transact(WRITES[:2])
    assert (lost.value.which, lost.value.of) == ((), 2)


@pytest.mark.parametrize("code", ["ThrottlingException", "ValidationException"])
def test_every_other_error_is_no_conflict(table: DynamoTable, monkeypatch: pytest.MonkeyPatch, code: str):
    answers(monkeypatch, code)
    for write in WRITES:
        with pytest.raises(PynamoDBException) as fault:
            table.write(write)
        assert fault.value.cause_response_code == code
    with pytest.raises(PynamoDBException) as fault:
        table.transact(WRITES[:2])
    assert fault.value.cause_response_code == code


def test_a_transaction_carries_its_token(table: DynamoTable, monkeypatch: pytest.MonkeyPatch):
    sent: list[dict[str, Any]] = []
    monkeypatch.setattr(dynamo._connection().client, "_make_api_call", lambda _, call: sent.append(call) or {})
    table.transact(WRITES[:2], token="once")
    assert sent[0]["ClientRequestToken"] == "once"


MET = [{"Code": "None"}, {"Code": "TransactionConflict", "Message": "ongoing"}]
SLOWED = [{"Code": "ThrottlingError", "Message": "too many"}, {"Code": "None"}]
LOST = [{"Code": "ConditionalCheckFailed", "Message": "no"}, {"Code": "ThrottlingError", "Message": "too many"}]


def answers_at_last(monkeypatch: pytest.MonkeyPatch, tries: int, reasons: list[dict[str, Any]]) -> list[str]:
    """So many transactions are cancelled, the next one is taken; what was asked for."""
    asked: list[str] = []

    def answer(name: str, *_: Any) -> dict[str, Any]:
        asked.append(name)
        if len(asked) <= tries:
            response = {"Error": {"Code": "TransactionCanceledException"}, "CancellationReasons": reasons}
            raise ClientError(response, name)  # type: ignore[arg-type]
        return {}

    monkeypatch.setattr(dynamo._connection().client, "_make_api_call", answer)
    return asked


@pytest.mark.parametrize("reasons", [MET, SLOWED], ids=["met", "throttled"])
def test_a_transaction_that_met_another_or_was_throttled_is_tried_again_at_random_moments(
    table: DynamoTable, monkeypatch: pytest.MonkeyPatch, pauses: list[float], reasons: list[dict[str, Any]]
):
    asked = answers_at_last(monkeypatch, 3, reasons)
    table.transact(WRITES[:2])
    assert len(asked) == 4
    assert len(set(pauses)) == 3
    assert all(0 <= pause <= 0.05 * 2**n for n, pause in enumerate(pauses))


def test_a_lost_condition_is_told_at_once(table: DynamoTable, monkeypatch: pytest.MonkeyPatch, pauses: list[float]):
    asked = answers_at_last(monkeypatch, 9, LOST)
    with pytest.raises(Conflict) as lost:
        table.transact(WRITES[:2])
    assert lost.value.which == (0,)
    assert len(asked) == 1
    assert pauses == []


def test_what_stays_throttled_is_said_so_after_a_while(
    table: DynamoTable, monkeypatch: pytest.MonkeyPatch, pauses: list[float]
):
    asked = answers_at_last(monkeypatch, 99, SLOWED)
    with pytest.raises(PynamoDBException) as fault:
        table.transact(WRITES[:2])
    assert fault.value.cause_response_code == "TransactionCanceledException"
    assert len(asked) == len(pauses) + 1 == dynamo.MEETINGS


def test_a_range_that_ends_before_it_begins_is_not_asked_for(table: DynamoTable, monkeypatch: pytest.MonkeyPatch):
    """DynamoDB refuses it."""
    answers(monkeypatch, "ValidationException")
    assert table.query("P", "10:00", "09:59~").rows == []
    assert table.index("due", "P", low="2026-03", high="2026-02").rows == []
