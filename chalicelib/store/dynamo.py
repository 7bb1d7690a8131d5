"""The primitives of `table.py` on DynamoDB, through one PynamoDB model."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import reduce
from typing import Any, TypeVar

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection
from pynamodb.exceptions import PutError, PynamoDBException, TransactWriteError, UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib.store.table import INDEXES, LAST, Change, Conflict, Delete, Key, Page, Put, Row, Write

CONNECT_SECONDS, READ_SECONDS, RETRIES = 2, 5, 4
REGION = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")  # None: the profile's, or an error
ENDPOINT = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL") or None
MEETINGS, FIRST_PAUSE_SECONDS = 5, 0.05  # 0.75 s in all at most
TOO_MANY = frozenset({"ThrottlingError", "ProvisionedThroughputExceeded", "RequestLimitExceeded"})
pause = time.sleep
LOST = "ConditionalCheckFailedException"
MET = "TransactionConflictException"  # a transaction on the same item was under way


Done = TypeVar("Done")


class WorkIndex(GlobalSecondaryIndex["Item"]):
    class Meta:
        index_name = "work"
        projection = IncludeProjection(["line", "id"])

    hk = UnicodeAttribute(hash_key=True)
    by = UnicodeAttribute(range_key=True)


class QueueIndex(GlobalSecondaryIndex["Item"]):
    class Meta:
        index_name = "queue"
        projection = IncludeProjection(["line", "id"])

    qk = UnicodeAttribute(hash_key=True)
    by = UnicodeAttribute(range_key=True)


class DueIndex(GlobalSecondaryIndex["Item"]):
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    dk = UnicodeAttribute(hash_key=True)
    due = UnicodeAttribute(range_key=True)


class PlaceIndex(GlobalSecondaryIndex["Item"]):
    class Meta:
        index_name = "place"
        projection = KeysOnlyProjection()

    lk = UnicodeAttribute(hash_key=True)
    id = UnicodeAttribute(range_key=True)


class Item(Model):
    class Meta:
        table_name = os.environ.get("TABLE_NAME", "baoxiu")
        region = REGION
        host = ENDPOINT
        billing_mode = "PAY_PER_REQUEST"
        connect_timeout_seconds = CONNECT_SECONDS
        read_timeout_seconds = READ_SECONDS
        max_retry_attempts = RETRIES

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    id = UnicodeAttribute(null=True)
    body = UnicodeAttribute(null=True)
    line = UnicodeAttribute(null=True)
    hk = UnicodeAttribute(null=True)
    by = UnicodeAttribute(null=True)
    qk = UnicodeAttribute(null=True)
    dk = UnicodeAttribute(null=True)
    due = UnicodeAttribute(null=True)
    lk = UnicodeAttribute(null=True)
    armed = UnicodeAttribute(null=True)
    state = UnicodeAttribute(null=True)
    v = NumberAttribute(null=True)
    gen = NumberAttribute(null=True)
    act = NumberAttribute(null=True)
    tell = NumberAttribute(null=True)
    ttl = NumberAttribute(null=True)
    n = NumberAttribute(null=True)

    work = WorkIndex()
    queue = QueueIndex()
    due_index = DueIndex()
    place = PlaceIndex()


_INDEX = {"work": Item.work, "queue": Item.queue, "due": Item.due_index, "place": Item.place}


def _row(item: Item) -> Row:
    return {k: v for k, v in item.attribute_values.items() if v is not None}


def _item(row: Row) -> Item:
    return Item(**{k: v for k, v in row.items() if v is not None})


def _condition(
    when: Mapping[str, Any], new: bool = False, exists: bool = False, below: Mapping[str, int] | None = None
) -> Condition | None:
    terms: list[Condition] = [Item.pk.does_not_exist()] if new else []
    if exists:
        terms.append(Item.pk.exists())
    for name, value in when.items():
        attribute = getattr(Item, name)
        terms.append(attribute.does_not_exist() if value is None else attribute == value)
    for name, limit in (below or {}).items():
        attribute = _counter(name)
        terms.append(attribute.does_not_exist() | (attribute < limit))
    return reduce(lambda a, b: a & b, terms) if terms else None


def _actions(change: Change) -> list[Action]:
    actions: list[Action] = [
        getattr(Item, name).remove() if value is None else getattr(Item, name).set(value)
        for name, value in change.sets.items()
    ]
    return actions + [_counter(name).add(by) for name, by in change.adds.items()]


def _counter(name: str) -> Any:
    """A counter; those of parts (`n-…`) have names that no model knows."""
    return getattr(Item, name, None) or Path([name])


def _start(start: Mapping[str, str] | None) -> dict[str, Any] | None:
    return {k: {"S": v} for k, v in start.items()} if start else None


def _page(found: Any) -> Page:
    rows = [_row(item) for item in found]
    last = found.last_evaluated_key
    return Page(rows, {k: v["S"] for k, v in last.items()} if last else None)


class DynamoTable:
    """See `table.Table`."""

    def get(self, pk: str, sk: str, *, consistent: bool = False) -> Row | None:
        try:
            return _row(Item.get(pk, sk, consistent_read=consistent))
        except Item.DoesNotExist:
            return None

    def query(
        self,
        pk: str,
        low: str = "",
        high: str = LAST,
        *,
        consistent: bool = False,
        limit: int | None = None,
        start: Mapping[str, str] | None = None,
        descending: bool = False,
    ) -> Page:
        if low > high:
            return Page([], None)  # DynamoDB refuses such a range
        between = Item.sk.between(low or " ", high)
        found = Item.query(
            pk,
            between,
            consistent_read=consistent,
            limit=limit,
            last_evaluated_key=_start(start),
            scan_index_forward=not descending,
        )
        return _page(found)

    def index(
        self,
        name: str,
        key: str,
        low: str = "",
        high: str = LAST,
        *,
        limit: int | None = None,
        start: Mapping[str, str] | None = None,
        descending: bool = False,
    ) -> Page:
        if low > high:
            return Page([], None)
        range_key = getattr(Item, INDEXES[name][1])
        found = _INDEX[name].query(
            key,
            range_key.between(low or " ", high),
            limit=limit,
            last_evaluated_key=_start(start),
            scan_index_forward=not descending,
        )
        return _page(found)

    def walk(self, sk: str, *, limit: int, start: Mapping[str, str] | None = None) -> Page:
        return _page(Item.scan(Item.sk == sk, limit=limit, page_size=limit, last_evaluated_key=_start(start)))

    def count(self, name: str, key: str) -> int:
        return int(_INDEX[name].count(key))

    def batch(self, keys: Iterable[Key], *, consistent: bool = False) -> list[Row]:
        wanted = list(dict.fromkeys(keys))
        return [_row(item) for item in Item.batch_get(wanted, consistent_read=consistent)] if wanted else []

    def write(self, write: Write) -> Row | None:
        return _patiently(lambda: self._write(write))

    def _write(self, write: Write) -> Row | None:
        try:
            if isinstance(write, Put):
                _item(write.row).save(condition=_condition(write.when, new=write.new))
                return write.row
            if isinstance(write, Delete):
                Item(*write.key).delete(condition=_condition(write.when))
                return None
            item = Item(*write.key)
            item.update(actions=_actions(write), condition=_condition(write.when, False, write.exists, write.below))
            return _row(item)
        except (PutError, UpdateError, PynamoDBException) as fault:
            if fault.cause_response_code in (LOST, MET):
                raise Conflict([0] if fault.cause_response_code == LOST else []) from fault
            raise

    def transact(self, writes: Sequence[Write], token: str = "") -> None:
        _patiently(lambda: self._transact(writes, token))

    def _transact(self, writes: Sequence[Write], token: str) -> None:
        order = sorted(range(len(writes)), key=lambda i: (Delete, Put, Change).index(type(writes[i])))
        try:
            with TransactWrite(connection=_connection(), client_request_token=token or None) as together:
                for write in (writes[i] for i in order):
                    if isinstance(write, Put):
                        together.save(_item(write.row), condition=_condition(write.when, new=write.new))
                    elif isinstance(write, Delete):
                        together.delete(Item(*write.key), condition=_condition(write.when))
                    else:
                        condition = _condition(write.when, False, write.exists, write.below)
                        together.update(Item(*write.key), actions=_actions(write), condition=condition)
        except TransactWriteError as fault:
            if fault.cause_response_code != "TransactionCanceledException":
                raise
            codes = [reason.code if reason else "" for reason in fault.cancellation_reasons]
            lost = [order[i] for i, code in enumerate(codes) if code == "ConditionalCheckFailed"]
            if lost or "TransactionConflict" in codes:
                raise Conflict(lost, len(writes)) from fault
            if TOO_MANY.intersection(codes):
                raise _Throttled from fault
            raise


class _Throttled(Exception):
    """A transaction was cancelled because too much is asked of a partition; the client itself does not try again."""


def _patiently(does: Callable[[], Done]) -> Done:
    """Try again, at random moments, what met another transaction or was throttled within one. A lost condition is told.

    Raises Conflict, and the store's own error where it stays throttled.
    """
    for attempt in range(MEETINGS):
        try:
            return does()
        except Conflict as met:
            if met.which or attempt == MEETINGS - 1:
                raise
        except _Throttled as fault:
            if attempt == MEETINGS - 1:
                raise fault.__cause__ or fault from None
        pause(random.uniform(0, FIRST_PAUSE_SECONDS * 2**attempt))
    raise AssertionError("unreachable")


def _connection() -> Connection:
    """The client that the model uses, so that a process has one."""
    connection: Connection = Item._get_connection().connection
    return connection


def connect() -> None:
    """Make the client now, while the function starts, instead of at the first request."""
    _ = _connection().client
