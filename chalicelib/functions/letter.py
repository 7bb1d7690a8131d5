"""Makes the PDFs of letters that were released, of evidence packs, of statements. It alone carries the typesetter, in a
layer of its own.

{"letter": number}   {"pack": deduction}   {"statement": company/language}   {"report": month/scope}: what is asked for
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from chalicelib.adapters.log import logger, where
from chalicelib.adapters.time import now
from chalicelib.services.contractor import pressing
from chalicelib.services.measures import monthly
from chalicelib.services.money import packing, statements

LAST_TRY = 5  # maxReceiveCount of the queue, in infra/resources.yaml
MAKES: Mapping[str, Callable[[str, datetime], str]] = {
    "letter": pressing.make,
    "pack": packing.make,
    "statement": statements.make,
    "report": monthly.make,
}
GIVES_UP: Mapping[str, Callable[[str, datetime], None]] = {"pack": packing.give_up}  # before its last try


def letter(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The press queue's consumer. A letter that fails comes again alone, and after its tries to the dead letters."""
    failed = [one["messageId"] for one in event["Records"] if not _make(one)]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def _make(entry: dict[str, Any]) -> bool:
    """Whether the entry may leave the queue. What went wrong is logged by kind and place, never by its text."""
    facts: dict[str, Any] = {"queued": entry["messageId"]}
    try:
        asked = json.loads(entry["body"])
        what = next(name for name in MAKES if name in asked)
        facts[what] = str(asked[what])
        _give_up(entry, facts)
        outcome = MAKES[what](facts[what], now())
    except Exception as fault:  # a text of a fault may quote the letter
        logger.error("letter not made", extra=facts | {"fault": type(fault).__name__, "at": where(fault)})
        return False
    logger.info("letter handled", extra=facts | {"state": outcome})
    return True


def _give_up(entry: Mapping[str, Any], facts: Mapping[str, Any]) -> None:
    """What the sweep asks for is asked for no more once its last try begins: that may end the process. What this try
    makes is made all the same. Where giving up fails, the sweep goes on."""
    for what, give_up in GIVES_UP.items():
        if what in facts and int(entry["attributes"]["ApproximateReceiveCount"]) >= LAST_TRY:
            try:
                give_up(facts[what], now())
            except Exception as fault:
                extra = {**facts, "fault": type(fault).__name__, "at": where(fault)}
                logger.error("not given up", extra=extra)
