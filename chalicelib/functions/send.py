"""Sends what is queued. Each message is in a group of its own: one that fails comes again alone, others go on."""

from __future__ import annotations

import json
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from chalicelib.adapters.delivery import NotDelivered
from chalicelib.adapters.log import logger, where
from chalicelib.adapters.time import now
from chalicelib.domain.record import retries
from chalicelib.services.access import inviting
from chalicelib.services.record import sending
from chalicelib.store.invitations import PREFIX

LAST_TRY = retries.TRIES  # maxReceiveCount of the queue, in infra/resources.yaml


def send(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The queue's consumer. Side by side, so that a provider who hangs costs the batch one time limit, not five."""
    records = event["Records"]
    with ThreadPoolExecutor(max_workers=max(1, len(records))) as side_by_side:
        done = list(side_by_side.map(_send, records))
    failed = [r["messageId"] for r, is_done in zip(records, done, strict=True) if not is_done]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def _send(record: Mapping[str, Any]) -> bool:
    """Whether the record may leave the queue. What went wrong is logged by kind and place, never by its text."""
    tries = int(record["attributes"]["ApproximateReceiveCount"])
    facts: dict[str, Any] = {"queued": record["messageId"], "try": tries}
    try:
        wanted = json.loads(record["body"])
        of = wanted.get("record") or wanted["ticket"]  # as entries of before name it
        facts |= {"record": of, "told": wanted["message"]}
        go = inviting.send if wanted["message"].startswith(PREFIX) else sending.send
        outcome = go(of, wanted["message"], now(), last=tries >= LAST_TRY)
    except NotDelivered as fault:
        logger.warning("message held up", extra=facts | {"cause": fault.cause})
        _try_later(record, facts, emergency=fault.emergency)
        return False
    except Exception as fault:  # a text of a fault may name who was written to
        logger.error("message failed", extra=facts | {"fault": type(fault).__name__, "at": where(fault)})
        _try_later(record, facts)
        return False
    logger.info("message handled", extra=facts | {"state": outcome.state, "via": outcome.via, "cause": outcome.cause})
    return True


def _try_later(record: Mapping[str, Any], facts: Mapping[str, Any], *, emergency: bool = False) -> None:
    """Have it back soon. Where that fails too, it comes back after the queue's time-out, or with the sweep."""
    of, told = facts.get("record", ""), facts.get("told", "")
    try:
        sending.try_later(of, told, record["receiptHandle"], facts["try"], now(), emergency=emergency)
    except Exception as fault:
        logger.error("message comes late", extra={**facts, "fault": type(fault).__name__, "at": where(fault)})
