"""Reading the table's stream: each change at least once; one that fails is reported alone, those behind it run again.

What can't be read is set aside at once, by name: trying again would hold up all behind it, and help nobody. The nightly
walk names it again, and does what can be done.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.metrics import ring
from chalicelib.store.reading import FAULTS, Unreadable
from chalicelib.store.records import named

INVITED = "INVITED#"


@dataclass(frozen=True, slots=True)
class Changed:
    """A change of a record: `count` events from `first` on; or an invitation (see its store), by its sort key."""

    record: str
    first: int
    count: int
    invitation: str = ""


def changed(record: Mapping[str, Any]) -> Changed:
    """The one place that turns a stream record into what changed."""
    image = record["dynamodb"]["NewImage"]
    if image["sk"]["S"].startswith(INVITED):
        return Changed(image["pk"]["S"].removeprefix(INVITED), 0, 0, image["sk"]["S"])
    events = json.loads(image["body"]["S"])["e"]
    return Changed(named(image["pk"]["S"]), int(image["sk"]["S"].partition("#")[2]), len(events))


def each(batch: Mapping[str, Any], does: Callable[[Changed], None]) -> dict[str, list[dict[str, str]]]:
    """Run `does` on every change; from the first that fails on, the stream delivers again."""
    for record in batch["Records"]:
        try:
            change = changed(record)
        except FAULTS as fault:
            _set_aside(record, type(fault).__name__)
            continue
        try:
            does(change)
        except Unreadable as fault:
            _set_aside(record, str(fault))
        except Exception:  # whatever it is: the record goes back, and after its tries to the dead letters
            number = record["dynamodb"]["SequenceNumber"]
            logger.exception("change failed", extra={"sequence": number, "keys": _ids(record)})
            return {"batchItemFailures": [{"itemIdentifier": number}]}
    return {"batchItemFailures": []}


def _set_aside(record: Mapping[str, Any], why: str) -> None:
    number = record["dynamodb"].get("SequenceNumber", "")
    logger.error("change set aside", extra={"sequence": number, "keys": _ids(record), "why": why})
    ring("ChangesSetAside")


def _ids(record: Mapping[str, Any]) -> list[str]:
    keys = record["dynamodb"].get("Keys", {})
    return [str(value.get("S", "")) for value in keys.values()]
