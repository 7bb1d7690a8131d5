"""Reading the table's stream: each change once more or less, a failed one reported alone, those behind it run again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.log import logger


@dataclass(frozen=True, slots=True)
class Changed:
    """A change on the stream: `count` events from `first` on."""

    ticket: str
    first: int
    count: int


def changed(record: Mapping[str, Any]) -> Changed:
    """The one place that turns a stream record into what changed."""
    image = record["dynamodb"]["NewImage"]
    events = json.loads(image["body"]["S"])["e"]
    return Changed(image["pk"]["S"].partition("#")[2], int(image["sk"]["S"].partition("#")[2]), len(events))


def each(batch: Mapping[str, Any], does: Callable[[Changed], None]) -> dict[str, list[dict[str, str]]]:
    """Run `does` on every change; from the first that fails on, the stream delivers again."""
    for record in batch["Records"]:
        try:
            change = changed(record)
            does(change)
        except Exception:  # whatever it is: the record goes back, and after its tries to the dead letters
            number = record["dynamodb"]["SequenceNumber"]
            logger.exception("change failed", extra={"sequence": number, "keys": _ids(record)})
            return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}


def _ids(record: Mapping[str, Any]) -> list[str]:
    keys = record["dynamodb"].get("Keys", {})
    return [str(value.get("S", "")) for value in keys.values()]
