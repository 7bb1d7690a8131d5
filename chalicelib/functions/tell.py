"""Writes the messages of each change as items on the record and queues them for `send`."""

from __future__ import annotations

from typing import Any

from chalicelib.adapters.log import logger
from chalicelib.adapters.messages import enqueue
from chalicelib.adapters.time import now
from chalicelib.functions.stream import Changed, each
from chalicelib.services.record import telling


def tell(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The stream's handler. Runs at least once per change; telling twice writes once."""
    return each(event, _tell)


def _tell(change: Changed) -> None:
    if change.invitation:
        enqueue([(change.record, change.invitation)])
        return
    told = telling.tell(change.record, change.first, change.count, now())
    logger.info("told", extra={"record": change.record, "version": change.first, "messages": told})
