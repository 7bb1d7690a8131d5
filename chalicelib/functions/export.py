"""Goes on with what finance asked for: batches, workbooks, long files. Every night it proves the ledger."""

from __future__ import annotations

import json
from typing import Any

from chalicelib.adapters.log import logger, where
from chalicelib.adapters.metrics import ring
from chalicelib.adapters.time import now
from chalicelib.functions.budget import until_nearly_out
from chalicelib.services.money import batches, checking, jobs, making, sealing


def export(event: dict[str, Any], context: object) -> dict[str, Any]:
    """The consumer of the queue of exports. A batch or job that fails comes again alone, at last to the dead letters.

    By schedule, without any of these, the nightly proof.
    """
    if "Records" not in event:
        return prove(context)
    failed = [one["messageId"] for one in event["Records"] if not _go_on(one, context)]
    return {"batchItemFailures": [{"itemIdentifier": number} for number in failed]}


def prove(context: object) -> dict[str, Any]:
    """By schedule: the ledger of every entity. Whatever does not add up rings, were it a cent."""
    goes_on, wrong = until_nearly_out(context), 0
    for entity in batches.entities():
        if not goes_on():
            ring("LedgerUnproved")
            break
        for left in jobs.of_entity(entity):
            jobs.ask(left)
        proof = checking.check(entity)
        facts = {"entity": entity, "entries": proof.entries, "batches": proof.batches, "wrong": len(proof.wrong)}
        logger.info("ledger proved", extra=facts)
        for fault in proof.wrong:
            logger.error("ledger wrong", extra={"entity": entity, "about": fault.about, "what": fault.what})
        wrong += len(proof.wrong)
    if wrong:
        ring("LedgerWrong", wrong)
    return {"wrong": wrong}


def _go_on(entry: dict[str, Any], context: object) -> bool:
    """Whether the entry may leave the queue. What time did not suffice for is asked for again."""
    facts: dict[str, Any] = {"queued": entry["messageId"]}
    try:
        asked = json.loads(entry["body"])
        if "job" in asked:
            entity, name = asked["job"]
            _job(entity, name, context)
            return True
        if "standing" in asked:
            from chalicelib.services.measures import standing

            logger.info("bonus sheet made", extra=facts | {"key": standing.make_sheet(str(asked["standing"]), now())})
            return True
        facts["record"] = str(asked["batch"])
        one = making.go_on(facts["record"], now(), until_nearly_out(context))
        if one.outstanding:
            sealing.ask(one.id)
    except Exception as fault:
        logger.error("batch not made", extra=facts | {"fault": type(fault).__name__, "at": where(fault)})
        return False
    logger.info("batch handled", extra=facts | {"state": one.state.value, "count": one.count})
    return True


def _job(entity: str, name: str, context: object) -> None:
    job = jobs.go_on(entity, name, now(), until_nearly_out(context))
    if job.at_work:
        jobs.ask(job)
    facts = {"entity": entity, "job": name, "state": job.state.value, "done": job.done}
    logger.info("job handled", extra=facts)
