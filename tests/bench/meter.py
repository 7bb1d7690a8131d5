"""What a piece of work asks of AWS, seen where botocore sends it: calls, write units, read units.

write units   as DynamoDB answers them (ReturnConsumedCapacity=INDEXES), table and indexes
read units    computed from the sizes of what came back, for the emulator counts requests only:
              0.5 per 4 KB begun, 1 where consistent; a query on the sum, a batch on each item
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import botocore.client

Params = dict[str, Any]
Plays = Callable[[str, Params], Any]


@dataclass
class Work:
    """What one step used."""

    name: str
    calls: list[str] = field(default_factory=list)
    written: float = 0
    read: float = 0
    detail: list[dict[str, Any]] = field(default_factory=list)
    cpu_seconds: float = 0


class Meter:
    """Counts while it is on. `plays`: services that are answered here instead of being called."""

    def __init__(self, plays: Mapping[str, Plays] | None = None) -> None:
        self.plays = dict(plays or {})
        self.steps: list[Work] = []
        self._now: Work | None = None
        self._off = 0

    @contextmanager
    def on(self) -> Iterator[Meter]:
        """Meter every client of this process."""
        meter, send = self, botocore.client.BaseClient._make_api_call

        def metered(client: Any, operation: str, params: Params) -> Any:
            return meter._metered(client, operation, params, send)

        botocore.client.BaseClient._make_api_call = metered
        try:
            yield self
        finally:
            botocore.client.BaseClient._make_api_call = send

    @contextmanager
    def step(self, name: str) -> Iterator[Work]:
        """Put what is asked for meanwhile down to a step."""
        self._now = work = Work(name)
        self.steps.append(work)
        try:
            yield work
        finally:
            self._now = None

    @contextmanager
    def off(self) -> Iterator[None]:
        """Calls of the bench itself."""
        self._off += 1
        try:
            yield
        finally:
            self._off -= 1

    def _metered(self, client: Any, operation: str, params: Params, send: Callable[..., Any]) -> Any:
        service = client.meta.service_model.service_name
        work = self._now
        if self._off or work is None:
            return self.plays[service](operation, params) if service in self.plays else send(client, operation, params)
        work.calls.append(f"{service}.{operation}")
        if service in self.plays:
            return self.plays[service](operation, params)
        if service != "dynamodb":
            return send(client, operation, params)
        answer = send(client, operation, params | {"ReturnConsumedCapacity": "INDEXES"})
        if operation in WRITES:
            units, by = written(answer)
            work.written += units
            work.detail.append({"call": operation, "written": units, **by, "keys": _keys(params)})
        else:
            if params.get("Select") == "COUNT":
                with self.off():
                    full = send(client, operation, {k: v for k, v in params.items() if k != "Select"})
                units = read(operation, params, full)
            else:
                units = read(operation, params, answer)
            work.read += units
            what = params.get("IndexName") or next(iter(_keys(params)), "")
            work.detail.append({"call": operation, "read": units, "what": what})
        return answer


WRITES = frozenset({"PutItem", "UpdateItem", "DeleteItem", "TransactWriteItems", "BatchWriteItem"})


def written(answer: Mapping[str, Any]) -> tuple[float, dict[str, float]]:
    """Write units of an answer, and how they divide over table and indexes."""
    consumed = answer.get("ConsumedCapacity") or []
    total = 0.0
    by: dict[str, float] = {}
    for one in consumed if isinstance(consumed, list) else [consumed]:
        total += one["CapacityUnits"]
        for name, part in one.get("GlobalSecondaryIndexes", {}).items():
            by[name] = by.get(name, 0) + part["CapacityUnits"]
    by["table"] = total - sum(by.values())
    return total, by


def read(operation: str, params: Mapping[str, Any], answer: Mapping[str, Any]) -> float:
    """Read units of an answer, from the sizes of its items."""
    if operation == "BatchGetItem":
        found = [item for items in answer["Responses"].values() for item in items]
        missing = sum(len(asked["Keys"]) for asked in params["RequestItems"].values()) - len(found)
        return sum(units(size(item), False) for item in found) + missing * units(0, False)
    items = answer.get("Items", [answer["Item"]] if "Item" in answer else [])
    return units(sum(size(item) for item in items), bool(params.get("ConsistentRead")))


def units(size_bytes: int, consistent: bool) -> float:
    return max(1, -(-size_bytes // 4096)) * (1.0 if consistent else 0.5)


def size(item: Mapping[str, Mapping[str, Any]]) -> int:
    """An item's size in bytes as DynamoDB counts: names and values in UTF-8, numbers by their digits."""
    total = 0
    for name, value in item.items():
        total += len(name.encode())
        kind, inner = next(iter(value.items()))
        if kind == "S":
            total += len(inner.encode())
        elif kind == "N":
            total += (len(inner.lstrip("-").replace(".", "")) + 1) // 2 + 1
        elif kind == "B":
            total += len(inner)
        else:
            total += 1
    return total


def _keys(params: Mapping[str, Any]) -> list[str]:
    """Where a call goes, with ids left out."""
    found = []
    for one in params.get("TransactItems", [params]):
        inner = next(iter(one.values())) if "TransactItems" in params else one
        key = inner.get("Key") or inner.get("Item") or {}
        if "pk" in key:
            found.append(f"{key['pk']['S'].partition('#')[0]}/{key['sk']['S'].partition('#')[0]}")
        elif inner.get("ExpressionAttributeValues"):
            first = next(iter(inner["ExpressionAttributeValues"].values()))
            found.append(first.get("S", "").partition("#")[0])
    return found
