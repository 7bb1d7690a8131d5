"""Makes the PDFs of letters that were released. It alone carries the typesetter, in a layer of its own."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.adapters.log import logger, where
from chalicelib.adapters.time import now
from chalicelib.services.contractor import pressing


def letter(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The press queue's consumer. A letter that fails comes again alone, and after its tries to the dead letters."""
    failed = [one["messageId"] for one in event["Records"] if not _make(one)]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def _make(entry: dict[str, Any]) -> bool:
    """Whether the entry may leave the queue. What went wrong is logged by kind and place, never by its text."""
    facts: dict[str, Any] = {"queued": entry["messageId"]}
    try:
        facts["letter"] = str(json.loads(entry["body"])["letter"])
        outcome = pressing.make(facts["letter"], now())
    except Exception as fault:  # a text of a fault may quote the letter
        logger.error("letter not made", extra=facts | {"fault": type(fault).__name__, "at": where(fault)})
        return False
    logger.info("letter handled", extra=facts | {"state": outcome})
    return True
